"""Access requests by persons concerned; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class IdentityCheck(StrEnum):
    """How it was made sure that who asks for access is who they say."""

    DOCUMENT = "document"
    ELECTRONIC = "electronic"
    LAWYER = "lawyer"


class AuthorityCheck(StrEnum):
    """Why somebody may ask about this person; for a child, whose authority was checked and how."""

    SELF = "self"
    PARENT_OF_YOUNG = "parent-of-young"
    PARENT_WITH_CONSENT = "parent-with-consent"
    GUARDIAN = "guardian"
    MANDATE = "mandate"


class AnswerKind(StrEnum):
    """What an access request is answered with."""

    FULL = "full"
    PART = "part"
    REFUSED = "refused"
    NEITHER = "neither"


class PartKind(StrEnum):
    """What kind of text an access request may open."""

    QUESTION = "question"
    SECTION = "section"
    DECISION = "decision"
    ACTION = "action"


class RedactionGround(StrEnum):
    """Why a passage is left out of the answer to an access request."""

    OTHER_PERSON = "other-person"
    SAFETY = "safety"
    INVESTIGATION = "investigation"
    SECRECY = "secrecy"


class SourceOpinion(StrEnum):
    """What a source says of giving what it brought; ``NONE`` is staff's word that it says nothing.

    Whoever asks has a right to an answer in time, also where a source has nobody left to speak.
    """

    YES = "yes"
    PART = "part"
    NO = "no"
    NONE = "none"
