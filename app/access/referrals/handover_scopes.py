"""Handovers somebody may see, as SQL: sent by a table served, offered to the actor, or arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.models import Case, Handover, Task


def is_unanswered() -> ColumnElement[bool]:
    """``Handover`` still waits: neither accepted nor refused nor withdrawn."""
    return and_(
        Handover.accepted_at.is_(None),
        Handover.refused_at.is_(None),
        Handover.withdrawn_at.is_(None),
    )


def sent_handovers(actor: Actor, *, now: datetime) -> Select[Handover]:
    """Handovers by a table served, whatever came of them; with why they were refused.

    Not joined to the case: one that was accepted has left.
    """
    checks.note()
    return select(Handover).where(
        c.is_staff_table(actor, Handover.from_table_id),
        c.is_not_barred(actor, now, case_id=Handover.case_id),
    )


def offered_handovers(actor: Actor, *, now: datetime) -> Select[Handover, Task, Case]:
    """Handovers the actor may answer: each through the own task that goes on."""
    checks.note()
    return (
        select(Handover, Task, Case)
        .join(Task, Task.handover_id == Handover.id)
        .join(Case, Case.id == Task.case_id)
        .where(grounds.is_held(actor, now), c.is_not_barred(actor, now))
    )


def arrived_handovers(actor: Actor, *, now: datetime) -> Select[Handover, Case]:
    """Accepted handovers to a table served of cases that stand at one: from where, and when."""
    checks.note()
    return (
        select(Handover, Case)
        .join(Case, Case.id == Handover.case_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, now),
            c.is_staff_table(actor, Handover.to_table_id),
            Handover.accepted_at.is_not(None),
        )
    )
