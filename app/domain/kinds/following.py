"""Codes about following actions up, about figures and about copies that leave the product."""

from __future__ import annotations

from enum import StrEnum


class NoticeStep(StrEnum):
    """Why somebody is told of an action: the holder by its term, others on the ladder."""

    BEFORE = "before"
    ON_THE_DAY = "on-the-day"
    AFTER = "after"
    DEPUTY = "deputy"
    CONTACT = "contact"
    CHAIR = "chair"


class ContactPart(StrEnum):
    """What somebody is to an organisation when its actions stay undone."""

    TEAM_LEAD = "team-lead"
    CONTACT = "contact"


class Measure(StrEnum):
    """What is counted per quarter; ``category`` of a cell says which part of it."""

    MEETINGS = "meetings"
    CASES = "cases"
    REFERRAL_SOURCES = "referral-sources"
    REFERRAL_OUTCOMES = "referral-outcomes"
    LEAD_DAYS = "lead-days"
    ALL_PRESENT = "all-present"
    ATTENDANCE = "attendance"
    INPUT = "input"
    MINUTES = "minutes"
    ACTIONS = "actions"
    HANDOVERS = "handovers"
    OUTCOMES = "outcomes"
    ANNUAL = "annual"


class MeasurementKind(StrEnum):
    """Which of the two measurements a period was chosen for."""

    BASELINE = "baseline"
    SECOND = "second"


class ExportKind(StrEnum):
    """What a copy holds."""

    ACTIONS = "actions"
    ORGANISATION_ACTIONS = "organisation-actions"


class ExportFormat(StrEnum):
    """As what file it comes."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportPurpose(StrEnum):
    """What a copy is for; asked before it is made, and recorded."""

    FOLLOW_UP = "follow-up"
    TABLE_TALK = "table-talk"
    ACCOUNTABILITY = "accountability"
    OWN_FILE = "own-file"
