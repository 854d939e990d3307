"""How organisations keep what was agreed at a table, as it stands now: numbers and nothing else.

Whose numbers: staff see the organisations that take part in the tables they serve; who represents
an organisation, leads its team or is its contact sees that one alone, at every table it takes part
in. Nobody else sees any; who holds an office is no contact meanwhile.

Actions at cases that bar the reader do not count: the reader's own list and board leave them out
as well, and a number that held one more than these would tell of the case. No number of the present
is told as it is: the callers tell it in steps of five, so that a single action moves nothing that a
colleague could lay beside it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.records.actions import is_past_due
from app.domain.kinds import ActionState
from app.domain.local_time import local_date, start_of_day
from app.domain.promises import Age, Kept, ended_as, oldest_terms, quarter_of
from app.domain.states import UNFINISHED
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System, opened_for
from app.models import (
    Action,
    CaseTable,
    Covenant,
    Organisation,
    OrganisationContact,
    TermRequest,
)

# An organisation at a table.
Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation that takes part in a table."""

    organisation_id: uuid.UUID
    organisation: str
    table_id: uuid.UUID
    table: str

    @property
    def pair(self) -> Pair:
        """What its numbers are kept under."""
        return self.organisation_id, self.table_id


@dataclass(frozen=True, slots=True)
class Standing:
    """How one organisation stands at one table, to the last action; never shown as it is."""

    kept: Counter[Kept] = field(default_factory=Counter)
    ages: Counter[Age] = field(default_factory=Counter)


def parts(
    session: Session, actor: Actor, *, now: datetime, organisation_id: uuid.UUID | None = None
) -> list[Part]:
    """Whom the actor may see, by name; perhaps nobody. One statement.

    By name alone, never by a number: this is no ranking.
    """
    checks.note()
    statement = (
        select(Organisation.id, Organisation.name, CaseTable.id, CaseTable.name)
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .join(CaseTable, CaseTable.id == Covenant.table_id)
        .where(or_(c.is_staff_table(actor, Covenant.table_id), _is_own(actor, now)))
        .distinct()
        .order_by(Organisation.name, CaseTable.name, Organisation.id, CaseTable.id)
    )
    if organisation_id is not None:
        statement = statement.where(Organisation.id == organisation_id)
    return [Part(*row) for row in session.execute(statement)]


def _is_own(actor: Actor, now: datetime) -> c.Condition:
    """``Covenant`` is of the actor's organisation, which the actor represents or answers for."""
    named = exists().where(
        OrganisationContact.person_id == actor.person_id,
        OrganisationContact.organisation_id == actor.organisation_id,
        c.is_live(OrganisationContact.from_at, OrganisationContact.until_at, now),
        or_(
            OrganisationContact.table_id.is_(None),
            OrganisationContact.table_id == Covenant.table_id,
        ),
    )
    represents = literal(bool(actor.representative_table_ids))
    answers = represents if actor.holds_office else or_(represents, named)
    return and_(Covenant.organisation_id == actor.organisation_id, answers)


def standings(
    session: Session, actor: Actor, of: Collection[Part], *, now: datetime
) -> Mapping[Pair, Standing]:
    """How each of these stands to the actor: what is unfinished, and what ended this quarter.

    Two statements, whatever the number of organisations and actions.
    """
    found = {one.pair: Standing() for one in of}
    with opened_for(session, System.FIGURES):
        unfinished = session.execute(_unfinished(actor, of, now)).all()
        ended = session.execute(_ended(actor, of, now)).all()
    for row in unfinished:
        standing = found.get((row.organisation_id, row.table_id))
        if standing is not None:
            standing.kept[Kept(row.kept)] += row.number
            standing.ages[Age(row.age)] += row.number
    for action in ended:
        standing = found.get((action.organisation_id, action.table_id))
        if standing is not None:
            how = ended_as(
                action.state, action.finished_at, due_on=action.due_on, due_at=action.due_at
            )
            standing.kept[how] += 1
    return found


def _of(actor: Actor, parts: Collection[Part], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Agreed actions of these organisations at any of these tables; the pairs are picked after."""
    return (
        Action.organisation_id.in_({one.organisation_id for one in parts}),
        Action.table_id.in_({one.table_id for one in parts}),
        Action.taken_back_at.is_(None),
        c.is_not_barred(actor, now, case_id=Action.case_id),
    )


def _unfinished(actor: Actor, parts: Collection[Part], now: datetime) -> Select[*tuple[Any, ...]]:
    """How many, by age and by whether anything was heard of what is past its term."""
    late = is_past_due(now)
    asked = exists().where(TermRequest.action_id == Action.id)
    silent = and_(late, Action.state == ActionState.OPEN, ~asked)
    terms = oldest_terms(local_date(now), is_holiday)
    age = case(
        *((and_(late, Action.due_on >= day), one.value) for one, day in terms.items()),
        (late, Age.MORE.value),
        else_=Age.NOT_YET.value,
    )
    each = (
        select(
            Action.organisation_id,
            Action.table_id,
            case((silent, Kept.SILENT.value), else_=Kept.RUNNING.value).label("kept"),
            age.label("age"),
        )
        .where(*_of(actor, parts, now), Action.state.in_(UNFINISHED))
        .subquery()
    )
    return select(*each.c, func.count().label("number")).group_by(*each.c)


def _ended(actor: Actor, parts: Collection[Part], now: datetime) -> Select[*tuple[Any, ...]]:
    """What ended since the quarter began. By the day of Amsterdam, which no database counts in."""
    since = start_of_day(quarter_of(local_date(now)))
    return select(
        Action.organisation_id,
        Action.table_id,
        Action.state,
        Action.due_on,
        Action.due_at,
        Action.finished_at,
    ).where(*_of(actor, parts, now), Action.state.not_in(UNFINISHED), Action.finished_at >= since)
