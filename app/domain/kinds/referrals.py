"""Referrals, handovers and what a case goes through; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral (aanmelding) stands."""

    DRAFT = "draft"
    SENT = "sent"
    IN_TRIAGE = "in-triage"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ADVISED = "advised"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


WAITING_REFERRALS = (ReferralState.SENT, ReferralState.IN_TRIAGE, ReferralState.RETURNED)


class Channel(StrEnum):
    """How what is referred reached whoever refers it."""

    FORM = "form"
    TELEPHONE = "telephone"
    POLICE_REPORT = "police-report"
    CHAT = "chat"
    OTHER_TABLE = "other-table"
    ON_THE_SPOT = "on-the-spot"


class Urgency(StrEnum):
    """How soon the referrer asks the table to look."""

    ACUTE = "acute"
    SOON = "soon"
    REGULAR = "regular"


class ClockStart(StrEnum):
    """What starts a clock of a table kind."""

    REFERRAL = "referral"
    HANDOVER = "handover"
    ACCEPTANCE = "acceptance"
    SERVICE = "service"


class ClockUnit(StrEnum):
    """In what a clock counts; only working days skip weekends and holidays."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    WEEKS = "weeks"


class Chain(StrEnum):
    """To which chain an intervention belongs."""

    CARE = "care"
    JUSTICE = "justice"


class Phase(StrEnum):
    """Phases of working together on safety (domain.md §1.0)."""

    DIRECT_SAFETY = "direct-safety"
    STABLE_SAFETY = "stable-safety"
    RECOVERY = "recovery"


class FamilyRole(StrEnum):
    """As whom somebody of the family takes part, without an account."""

    PARENT = "parent"
    CHILD = "child"
    RELATIVE = "relative"
    SUPPORT = "support"


class FamilyPart(StrEnum):
    """How somebody of the family took part in a discussion."""

    PRESENT = "present"
    HEARD_BEFORE = "heard-before"
    STAYED_AWAY = "stayed-away"
    NOT_INVITED = "not-invited"
