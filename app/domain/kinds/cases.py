"""Cases, persons concerned, and the law a text comes from; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class Regime(StrEnum):
    """The law a section comes from (domain.md §3.8)."""

    AVG = "avg"
    WPG = "wpg"
    WJSG = "wjsg"
    MEDICAL = "medical"


class CaseState(StrEnum):
    """States of a case (domain.md §5)."""

    REFERRED = "referred"
    IN_TRIAGE = "in-triage"
    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    ON_AGENDA = "on-agenda"
    DISCUSSED = "discussed"
    IN_PROGRESS = "in-progress"
    CLOSED = "closed"
    DESTROYED = "destroyed"


class ConcernedRole(StrEnum):
    """Role of a person concerned in a case (access.md §1)."""

    ALLEGED_PERPETRATOR = "alleged-perpetrator"
    VICTIM = "victim"
    CHILD = "child"
    PARENTAL_AUTHORITY = "parental-authority"
    NETWORK = "network"
