"""On which ground somebody reads, and how the log says so; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    """The ground of access.md §2 on which content is seen."""

    SEAT = "seat"
    STAFF = "staff"
    SOURCE = "source"
    BREAK_GLASS = "break-glass"
    TASK = "task"


class LogRole(StrEnum):
    """The role in which somebody did what the access log says (NEN 7513)."""

    ACTING_CHAIR = "acting-chair"
    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    COORDINATOR = "coordinator"
    EMERGENCY_READER = "emergency-reader"
    PRIVACY_OFFICER = "privacy-officer"
    PROFESSIONAL = "professional"
    REPRESENTATIVE = "representative"
    SEAT_HOLDER = "seat-holder"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
    TASK_HOLDER = "task-holder"


class OddReading(StrEnum):
    """What makes a reading stand out in the log; a question to ask, not a verdict."""

    OUTSIDE_MEETING = "outside-meeting"
    MANY_CASES = "many-cases"
    NIGHT = "night"
    NOT_PRESENT = "not-present"


class TaskKind(StrEnum):
    """Why somebody without a seat is given named fields of one case (access.md §1)."""

    GUEST = "guest"
    INFORMATION_REQUEST = "information-request"
    HANDOVER = "handover"
    SECRETARY = "secretary"
    ACCESS_REVIEW = "access-review"
    CASE_LEAD = "case-lead"


class SharedWay(StrEnum):
    """How a text of a case came to an organisation, where no task says so."""

    SEAT = "seat"
    INPUT_REQUEST = "input-request"
    DECISION = "decision"
    ACTION = "action"
    EMERGENCY = "emergency"
