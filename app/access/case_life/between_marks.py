"""What waits of a case between its meetings, as columns of a statement staff already make: counts.

No word of a fact or a reason comes out here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import conditions as c
from app.access.actor import Actor
from app.access.case_life import between_meetings
from app.models import Case, Informing, NewFact, PersonConcerned

_LATER = aliased(Informing)
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """Facts nothing was done about, since when danger is told, and who is still to be informed.

    ``to_reconsider``: postponed until a day that has come. ``untold``: neither informed nor
    postponed with a reason.
    """

    facts: int = 0
    danger_since: datetime | None = None
    to_reconsider: int = 0
    untold: int = 0


def marks_of(values: Any) -> Marks:  # noqa: ANN401 - columns of a row, in their order
    """What the columns of ``of_case`` or ``of_tables`` say."""
    facts, danger_since, to_reconsider, untold = values
    return Marks(int(facts or 0), danger_since, int(to_reconsider or 0), int(untold or 0))


def is_due(today: date) -> ColumnElement[bool]:
    """``Informing`` is the last word about its person: it waits until a day that has come."""
    return and_(Informing.informed_on.is_(None), Informing.reconsider_on <= today, ~_is_overtaken())


def _is_overtaken() -> ColumnElement[bool]:
    """A later row says something else about the same person."""
    same = or_(
        _LATER.person_concerned_id == Informing.person_concerned_id,
        and_(_LATER.person_concerned_id.is_(None), Informing.person_concerned_id.is_(None)),
    )
    return exists().where(
        _LATER.case_id == Informing.case_id, same, _LATER.recorded_at > Informing.recorded_at
    )


def of_case(today: date) -> tuple[ScalarSelect[Any], ...]:
    """The four columns about ``Case`` of the statement around, which was found for its staff."""
    waits = and_(NewFact.case_id == Case.id, NewFact.answered_at.is_(None))
    told = exists().where(Informing.person_concerned_id == PersonConcerned.id)
    counts = (
        select(func.count()).select_from(NewFact).where(waits),
        select(func.min(NewFact.reported_at)).where(waits, NewFact.is_danger),
        select(func.count()).select_from(Informing).where(
            Informing.case_id == Case.id, is_due(today)
        ),
        select(func.count()).select_from(PersonConcerned).where(
            PersonConcerned.case_id == Case.id, ~told
        ),
    )  # fmt: skip
    return tuple(one.correlate(Case).scalar_subquery() for one in counts)


def of_tables(actor: Actor, *, now: datetime, today: date) -> tuple[ScalarSelect[Any], ...]:
    """The same four about all tables served; there nobody counts as untold."""
    facts = between_meetings.staff_facts(actor, now=now).where(NewFact.answered_at.is_(None))
    due = between_meetings.staff_informings(actor, now=now).where(is_due(today))
    danger = func.min(case((NewFact.is_danger, NewFact.reported_at)))
    return tuple(
        one.correlate(None).scalar_subquery()
        for one in (
            facts.with_only_columns(func.count()),
            facts.with_only_columns(danger),
            due.with_only_columns(func.count(Informing.case_id.distinct())),
            select(literal(0)),
        )
    )


def untold_of(session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime) -> int:
    """How many persons concerned of a loaded case were neither informed nor postponed."""
    statement = (
        select(of_case(now.date())[3])
        .select_from(Case)
        .where(Case.id == case_id, c.is_staff_table(actor, Case.table_id))
    )
    return session.scalar(statement) or 0
