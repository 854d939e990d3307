"""What is told of a case between its meetings, as SQL: new facts, and who of the family knows.

A new fact is for staff, and stays the own words of whoever reported it. Who was informed, or why
not yet, is for staff and the case lead.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, false, select

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.models import Case, Informing, NewFact


def staff_facts(actor: Actor, *, now: datetime) -> Select[NewFact, Case]:
    """What was reported about cases on the lists of tables served."""
    checks.note()
    return (
        select(NewFact, Case)
        .join(Case, Case.id == NewFact.case_id)
        .where(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))
    )


def own_facts(actor: Actor, *, now: datetime) -> Select[NewFact]:
    """What the actor reported for the organisation it still belongs to."""
    checks.note()
    return select(NewFact).where(
        NewFact.reported_by_id == actor.person_id,
        NewFact.organisation_id == actor.organisation_id,
        c.is_not_barred(actor, now, case_id=NewFact.case_id),
        grounds.goes_on(actor) if not actor.is_administrator else false(),
    )


def staff_informings(actor: Actor, *, now: datetime) -> Select[Informing, Case]:
    """Who of the family was told, and what waits, in cases of tables served."""
    checks.note()
    return (
        select(Informing, Case)
        .join(Case, Case.id == Informing.case_id)
        .where(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))
    )


def led_informings(actor: Actor, *, now: datetime) -> Select[Informing, Case]:
    """The same in cases the actor leads."""
    checks.note()
    return (
        select(Informing, Case)
        .join(Case, Case.id == Informing.case_id)
        .where(grounds.leads_case(actor, now), c.is_not_barred(actor, now))
    )
