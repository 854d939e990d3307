"""One decision costs so little that explaining a whole case is nothing."""

import dataclasses
from datetime import UTC, datetime, timedelta
from time import process_time

from app.access.policy import (
    ALWAYS,
    NEVER,
    EmergencyFacts,
    SeatFacts,
    SectionFacts,
    Span,
    TaskFacts,
    decide,
)
from app.domain.kinds import Ground, Regime

NOW = datetime(2026, 6, 10, tzinfo=UTC)
TIMES = 2000


def facts_that_ask_everything() -> SectionFacts:
    """Three seats and a task that each fail at the last question, and an emergency that opens."""
    seat = SeatFacts(
        hold=ALWAYS, same_organisation=True, seat_live=True, on_agenda=True, window=ALWAYS, published=ALWAYS,
        accepted=True, covenant=ALWAYS, disclosed=True, source_decided=True, knows_nobody=True,
    )  # fmt: skip
    task = TaskFacts(
        span=ALWAYS, accepted=ALWAYS, same_organisation=True, at_table=True, is_case_lead=False,
        case_goes_on=True, item_live=True, window=ALWAYS, named=True, is_plan=False,
        source_decided=True, knows_nobody=False,
    )  # fmt: skip
    return SectionFacts(
        active=True, administrator=False, excluded=NEVER, recused=False, staff_role=NEVER,
        representative_role=NEVER, is_source=False, regime=Regime.MEDICAL,
        seats=(dataclasses.replace(seat, knows_nobody=False),) * 3, tasks=(task,),
        emergencies=(EmergencyFacts(span=Span(NOW, NOW + timedelta(minutes=15)), eligible=ALWAYS, at_table=True),),
    )  # fmt: skip


def test_one_decision_takes_at_most_fifty_microseconds() -> None:
    facts = facts_that_ask_everything()
    assert decide(facts, NOW) is Ground.BREAK_GLASS
    fastest = min(_seconds_of_many(facts) for _ in range(5))
    assert fastest / TIMES <= 50e-6


def _seconds_of_many(facts: SectionFacts) -> float:
    began = process_time()
    for _ in range(TIMES):
        decide(facts, NOW)
    return process_time() - began
