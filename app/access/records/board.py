"""Which actions stand on the board of who serves their tables: narrowed, sorted and counted.

Nothing here opens a text. A case that bars the reader stands nowhere, in no number either.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    UnaryExpression,
    and_,
    case,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.case_life import households
from app.access.records import verifying
from app.access.records.actions import is_past_due
from app.domain.board import Checked, Filters, Sort
from app.domain.chasing import NOT_AGAIN_WITHIN
from app.domain.kinds import ActionState
from app.domain.states import UNFINISHED
from app.models import (
    Action,
    ActionPause,
    Case,
    CaseTable,
    Organisation,
    Person,
    TermRequest,
)

# Further nobody counts: the page says there are more.
MOST_COUNTED: Final = 500

Rows = Select[*tuple[Any, ...]]
_SORTS: Final[dict[Sort, Callable[[], ColumnElement[Any]]]] = {
    Sort.DUE: lambda: Action.due_on.expression,
    Sort.CASE: lambda: Case.reference.expression,
    Sort.TABLE: lambda: CaseTable.name.expression,
    Sort.ORGANISATION: lambda: Organisation.name.expression,
    Sort.STATE: lambda: case(
        {state.value: at for at, state in enumerate(ActionState)}, value=Action.state
    ),
    Sort.REMINDED: lambda: func.coalesce(Action.reminded_at, Action.recorded_at),
}


def is_late(now: datetime) -> ColumnElement[bool]:
    """``Action`` is unfinished and past its term."""
    return and_(Action.state.in_(UNFINISHED), is_past_due(now))


def narrowed(actor: Actor, filters: Filters, *, now: datetime) -> Rows:
    """``Action`` and ``Case`` of the tables served, as far as the filters go."""
    return narrow(scopes.staff_actions(actor, now=now), actor, filters, now=now)


def narrow(statement: Rows, actor: Actor, filters: Filters, *, now: datetime) -> Rows:
    """A list of ``Action`` and ``Case`` somebody may see, as far as the filters go."""
    statement = statement.where(Action.taken_back_at.is_(None), Action.state.in_(filters.states))
    if set(filters.states) <= set(UNFINISHED):
        # The same in other words: what is unfinished stands ready by its term, in an index.
        statement = statement.where(Action.finished_at.is_(None))
    equal = {
        Action.table_id: filters.table_id,
        Action.organisation_id: filters.organisation_id,
        Action.person_id: filters.person_id,
        Action.case_id: filters.case_id,
    }
    for column, wanted in equal.items():
        if wanted is not None:
            statement = statement.where(column == wanted)
    if filters.without_holder:
        statement = statement.where(Action.person_id.is_(None))
    if filters.only_overdue:
        statement = statement.where(is_late(now))
    if filters.due_from is not None:
        statement = statement.where(Action.due_on >= filters.due_from)
    if filters.due_until is not None:
        statement = statement.where(Action.due_on <= filters.due_until)
    return _narrowed_by_acts(statement, actor, filters, now=now)


def _narrowed_by_acts(statement: Rows, actor: Actor, filters: Filters, *, now: datetime) -> Rows:
    if filters.household_of is not None:
        statement = statement.where(
            households.is_of_household(actor, filters.household_of, now=now)
        )
    if filters.checked is Checked.WAITS:
        statement = statement.where(verifying.is_waiting())
    if filters.checked is Checked.DONE:
        statement = statement.where(Action.verified_at.is_not(None))
    if filters.only_asked:
        # Few wait: looked up from there, not asked of every action.
        waits = select(TermRequest.action_id).where(TermRequest.answered_at.is_(None))
        statement = statement.where(Action.id.in_(waits))
    return statement


def page(actor: Actor, filters: Filters, *, now: datetime, size: int, offset: int) -> Rows:
    """One part of the board in its order, with everything a row shows; see ``with_names``.

    First only the ids are sorted: what a row shows is read for one part, not for all of it.
    """
    ids = (
        _joined(narrowed(actor, filters, now=now), filters.sort)
        .with_only_columns(Action.id)
        .order_by(*_order(filters))
        .limit(size)
        .offset(offset)
        .subquery()
    )
    return with_names(ids).order_by(*_order(filters))


def with_names(found: Subquery) -> Rows:
    """Actions somebody may see, by ``id``, with ``table``, ``organisation`` and ``holder``.

    What was found comes first: PostgreSQL joins in the order written, and would read all actions.
    ``asked_until`` is the term its holder asks for, ``paused_until`` the day until which nobody is
    told, ``verifies`` whether its table looks at what is done.
    """
    return (
        select(Action, Case)
        .select_from(found)
        .join(Action, Action.id == found.c.id)
        .join(Case, Case.id == Action.case_id)
        .join(CaseTable, CaseTable.id == Action.table_id)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .outerjoin(
            TermRequest,
            and_(TermRequest.action_id == Action.id, TermRequest.answered_at.is_(None)),
        )
        .outerjoin(
            ActionPause, and_(ActionPause.action_id == Action.id, ActionPause.ended_at.is_(None))
        )
        .add_columns(
            CaseTable.name.label("table"),
            Organisation.name.label("organisation"),
            Person.name.label("holder"),
            TermRequest.until_on.label("asked_until"),
            ActionPause.until_on.label("paused_until"),
            verifying.is_asked_for().label("verifies"),
        )
    )


def unfinished(
    actor: Actor, ids: Collection[uuid.UUID] | None, *, now: datetime, most: int
) -> Rows:
    """Those of these actions that still can be changed, soonest first.

    With None what is late, and of that first what nobody was reminded of for a while: who tells
    them part by part comes to the end.
    """
    wanted = is_late(now) if ids is None else Action.id.in_(ids)
    order = (*([_was_told(now)] if ids is None else []), Action.due_on, Action.id)
    found = (
        narrowed(actor, Filters(), now=now)
        .where(wanted)
        .with_only_columns(Action.id)
        .order_by(*order)
        .limit(most)
        .subquery()
    )
    return with_names(found).order_by(*order)


def _was_told(now: datetime) -> ColumnElement[int]:
    return case((Action.reminded_at > now - NOT_AGAIN_WITHIN, 1), else_=0)


def count(session: Session, actor: Actor, filters: Filters, *, now: datetime) -> int:
    """How many there are; one more than ``MOST_COUNTED`` means more than that. One statement."""
    return session.scalar(_counted(actor, filters, now=now)) or 0


def _counted(actor: Actor, filters: Filters, *, now: datetime) -> Select[int]:
    some = (
        narrowed(actor, filters, now=now)
        .with_only_columns(Action.id)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return select(func.count()).select_from(some)


def firsts(actor: Actor, each: Sequence[Filters], *, now: datetime, most: int) -> Rows:
    """The first few actions of each of these boards, in no order, as ``with_names`` gives them."""
    parts = [
        narrowed(actor, filters, now=now)
        .with_only_columns(Action.id)
        .order_by(*_order(filters))
        .limit(most)
        .subquery()
        for filters in each
    ]
    ids = union_all(*(select(part.c.id) for part in parts)).subquery()
    return with_names(ids)


def counts(
    session: Session, actor: Actor, each: Sequence[Filters], *, now: datetime
) -> Sequence[int]:
    """The same as ``count`` for several boards in one statement."""
    row = session.execute(
        select(*(_counted(actor, filters, now=now).scalar_subquery() for filters in each))
    ).one()
    return [int(found or 0) for found in row]


def _joined(statement: Rows, sort: Sort) -> Rows:
    if sort is Sort.TABLE:
        return statement.join(CaseTable, CaseTable.id == Action.table_id)
    if sort is Sort.ORGANISATION:
        return statement.join(Organisation, Organisation.id == Action.organisation_id)
    return statement


def _order(filters: Filters) -> tuple[ColumnElement[Any] | UnaryExpression[Any], ...]:
    """Always total: what is equal stands by its term, then by its id."""
    column = _SORTS[filters.sort]()
    first = column.desc() if filters.descending else column.asc()
    if filters.sort is not Sort.DUE:
        return first, Action.due_on.asc(), Action.id.asc()
    if set(filters.states) > set(UNFINISHED):
        # What still has to be done comes before what is over.
        return case((Action.state.in_(UNFINISHED), 0), else_=1), first, Action.id.asc()
    return first, Action.id.asc()


def by_day(actor: Actor, filters: Filters, *, now: datetime, most: int) -> Rows:
    """The first few actions due on each day, as ``with_names``; ``on_day`` is how many there are.

    For filters of a month or so: all of them are numbered.
    """
    numbered = (
        narrowed(actor, filters, now=now)
        .with_only_columns(
            Action.id,
            func.count().over(partition_by=Action.due_on).label("on_day"),
            func.row_number().over(partition_by=Action.due_on, order_by=Action.id).label("place"),
        )
        .subquery()
    )
    statement: Rows = (
        with_names(numbered)
        .add_columns(numbered.c.on_day)
        .where(numbered.c.place <= most)
        .order_by(Action.due_on, Action.id)
    )
    return statement


def waiting_columns(actor: Actor, *, now: datetime) -> tuple[ScalarSelect[int], ...]:
    """How many holders ask for more time, and how many actions staff still have to look at."""
    waits = (Filters(only_asked=True), Filters(checked=Checked.WAITS))
    return tuple(
        _counted(actor, filters, now=now).correlate(None).scalar_subquery() for filters in waits
    )


def late_counts(actor: Actor, *, now: datetime) -> Rows:
    """Per table and organisation how many actions are late, by name: never by how many."""
    statement: Rows = (
        scopes.staff_actions(actor, now=now)
        .join(CaseTable, CaseTable.id == Action.table_id)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .where(Action.taken_back_at.is_(None), is_late(now))
        .with_only_columns(
            Action.table_id,
            CaseTable.name.label("table"),
            Action.organisation_id,
            Organisation.name.label("organisation"),
            func.count().label("late"),
        )
        .group_by(Action.table_id, CaseTable.name, Action.organisation_id, Organisation.name)
        .order_by(CaseTable.name, Action.table_id, Organisation.name, Action.organisation_id)
    )
    return statement
