"""Case tables and their terms; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class TableKind(StrEnum):
    """How a case table works (domain.md §1.1): which pages of its own it has.

    A kind of table is data that works in one of these ways; several kinds may work alike.
    """

    MDA = "mda"
    ZSM = "zsm"
    ACTION = "action"
    ON_THE_SPOT = "on-the-spot"
    SCREENING = "screening"
    SAFETY_HOUSE = "safety-house"
    YOUTH_PROTECTION = "youth-protection"
    EXCLUSION_ORDER = "exclusion-order"
    THEMATIC = "thematic"

    @property
    def is_acute(self) -> bool:
        """Within hours or days of what happened: what is agreed there waits for no working day."""
        return self in (TableKind.ACTION, TableKind.ON_THE_SPOT, TableKind.SCREENING)


class RetentionClass(StrEnum):
    """What a data key protects; each class of a case is destroyed on its own (architecture §4)."""

    SUMMARY = "summary"
    DECISIONS = "decisions"
    IDENTITY = "identity"


class TermSubject(StrEnum):
    """What a term of a table is about: keeping something, or answering under a regime."""

    KEEP_SUMMARY = "keep-summary"
    KEEP_DECISIONS = "keep-decisions"
    KEEP_IDENTITY = "keep-identity"
    KEEP_REPLIES = "keep-replies"
    REPLY_AVG = "reply-avg"
    REPLY_WPG = "reply-wpg"
    REPLY_WJSG = "reply-wjsg"


class SeriesAudience(StrEnum):
    """For whom a recurring calendar entry stands: whoever serves the table, or all partners."""

    STAFF = "staff"
    RESERVATION = "reservation"


class FigureSource(StrEnum):
    """What a figure of the year counts at the tables of a kind."""

    CASES_RECEIVED = "cases-received"
    CASES_DISCUSSED = "cases-discussed"
    OUTCOMES = "outcomes"
    SCREENINGS = "screenings"
    DAILY_COUNTS = "daily-counts"
    EXCLUSION_ORDERS = "exclusion-orders"
