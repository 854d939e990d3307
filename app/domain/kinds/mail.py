"""Mail, its answers and calendars; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class MailState(StrEnum):
    """What is known of a mail: on its way, answer lost, taken, or surely not taken."""

    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    FAILED = "failed"


class Participation(StrEnum):
    """What a calendar says of whoever was invited (PARTSTAT of RFC 5545)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    NONE = "none"


class ReplyState(StrEnum):
    """What became of an answer that came by mail."""

    APPLIED = "applied"
    HELD = "held"
    OLD = "old"
    QUARANTINED = "quarantined"
    BOUNCED = "bounced"


class ReplyReason(StrEnum):
    """Why an answer by mail was not simply applied."""

    AUTOMATIC = "automatic"
    CONTRADICTS = "contradicts"
    DELEGATED = "delegated"
    ENTRY_ENDED = "entry-ended"
    NEWER_ANSWER = "newer-answer"
    NO_ACCOUNT = "no-account"
    NO_ANSWER = "no-answer"
    NO_SEAT = "no-seat"
    NO_SECRET = "no-secret"  # noqa: S105 - a reason, not a password
    NOT_AUTHENTICATED = "not-authenticated"
    OLDER_ENTRY = "older-entry"
    OTHER_OCCURRENCE = "other-occurrence"
    PROPOSAL = "proposal"
    SENDER_DIFFERS = "sender-differs"
    SERIES = "series"
    SOMEBODY_ELSE = "somebody-else"
    TOO_LARGE = "too-large"
    UNKNOWN_ENTRY = "unknown-entry"
    UNREADABLE = "unreadable"
    WORDS = "words"


class FeedContent(StrEnum):
    """What a calendar subscription says of a meeting: only that one is busy, or also where."""

    BUSY = "busy"
    MEETING = "meeting"
