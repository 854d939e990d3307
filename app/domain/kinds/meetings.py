"""Meetings, their agenda and whoever sits there; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands; derived from its stored moments (domain.md §5)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    CLOSED = "closed"
    ADOPTED = "adopted"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    """A case on the agenda, or a fixed block."""

    CASE = "case"
    OPENING = "opening"
    BREAK = "break"
    CLOSING = "closing"


class DiscussionKind(StrEnum):
    """Why a case stands on the agenda (domain.md §1.2)."""

    NEW = "new"
    FOLLOW_UP = "follow-up"
    INFORMATION = "information"
    CLOSING = "closing"


class InvitationAnswer(StrEnum):
    """Answer of an occupant to the invitation."""

    OPEN = "open"
    YES = "yes"
    NO = "no"


class InputAnswer(StrEnum):
    """Answer to a request for input; KNOWN where nothing more than that was asked."""

    NOT_KNOWN = "not-known"
    KNOWN = "known"
    NOTHING_PARTICULAR = "nothing-particular"
    TEXT = "text"
    SPOKEN = "spoken"


class PresenceState(StrEnum):
    """Roll call per seat."""

    PRESENT = "present"
    REMOTE = "remote"
    DEPUTY = "deputy"
    ABSENT_NOTICE = "absent-notice"
    ABSENT = "absent"


AT_TABLE = (PresenceState.PRESENT, PresenceState.REMOTE, PresenceState.DEPUTY)


class CallOutcome(StrEnum):
    """What came of calling somebody for a meeting at short notice."""

    CALLED = "called"
    COMING = "coming"
    NO_ANSWER = "no-answer"
    BY_TELEPHONE = "by-telephone"


class HoldEnd(StrEnum):
    """Why a person stopped holding a seat."""

    HANDED_OVER = "handed-over"
    HANDED_BACK = "handed-back"
    RECUSED = "recused"
    REVOKED = "revoked"
