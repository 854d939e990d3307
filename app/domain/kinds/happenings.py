"""What may happen to a case, as its line of time tells it; never stored."""

from __future__ import annotations

from enum import StrEnum


class Happening(StrEnum):
    """One kind of moment in the life of a case (domain.md §5)."""

    CREATED = "created"
    REFERRED = "referred"
    REFERRAL_DECIDED = "referral-decided"
    ASKED_BACK = "asked-back"
    ANSWERED = "answered"
    HANDOVER_PROPOSED = "handover-proposed"
    HANDOVER_ACCEPTED = "handover-accepted"
    HANDOVER_REFUSED = "handover-refused"
    HANDOVER_WITHDRAWN = "handover-withdrawn"
    ON_AGENDA = "on-agenda"
    DISCUSSED = "discussed"
    OUTCOME = "outcome"
    PHASE = "phase"
    ORDER_SERVED = "order-served"
    CLOCK_RUNNING = "clock-running"
    CLOCK_MISSED = "clock-missed"
    CLOCK_MET = "clock-met"
    LEAD_PROPOSED = "lead-proposed"
    LEAD_ACCEPTED = "lead-accepted"
    LEAD_ENDED = "lead-ended"
    FACT_REPORTED = "fact-reported"
    FACT_ANSWERED = "fact-answered"
    BRINGING_PROPOSED = "bringing-proposed"
    BRINGING_ACCEPTED = "bringing-accepted"
    BRINGING_REFUSED = "bringing-refused"
    BRINGING_WITHDRAWN = "bringing-withdrawn"
    SAFETY_AGREED = "safety-agreed"
    CLOSED = "closed"
