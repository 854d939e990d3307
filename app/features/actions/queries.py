"""What staff see of all actions: a page of the board, what it may be narrowed to, what is late."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app.access import Actor
from app.access.records import board, saved_views
from app.domain.board import Filters, Sort, read_query
from app.domain.kinds import ActionState, TableRoleName
from app.domain.states import UNFINISHED
from app.features.actions.board_rows import BoardRow, rows_of
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable, Covenant, FollowUp, Organisation, Person, SavedView, TableRole

PER_PAGE = 50
PER_COLUMN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One possibility of a filter."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view somebody keeps; it is named by what it shows."""

    id: uuid.UUID
    filters: Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be chosen in the filters of this person, and the views kept.

    ``people`` only of the organisation asked about. ``names`` are of all ids that may stand in a
    filter of these views; ``verifies``: some table looks at what was reported as done.
    """

    tables: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    people: tuple[Choice, ...]
    views: tuple[KeptView, ...]
    names: Mapping[uuid.UUID, str]
    verifies: bool


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; ``is_more``: there are more than ``found``, nobody counted on."""

    rows: tuple[BoardRow, ...]
    found: int
    is_more: bool
    number: int
    is_last: bool

    @property
    def pages(self) -> int | None:
        """How many pages there are, where everything was counted."""
        return None if self.is_more else max(1, -(-self.found // PER_PAGE))


@dataclass(frozen=True, slots=True)
class Column:
    """One state on the board by state: the first few, and how many there are."""

    state: ActionState
    rows: tuple[BoardRow, ...]
    found: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class LateCount:
    """How many actions of one organisation are late at one table."""

    table_id: uuid.UUID
    table: str
    organisation_id: uuid.UUID
    organisation: str
    late: int


def board_choices(
    actor: Actor,
    *,
    organisation_id: uuid.UUID | None = None,
    case_ids: Collection[uuid.UUID | None] = (),
) -> Choices:
    """Tables served, who takes part in them, and the views kept; two statements at most.

    ``case_ids``: of which cases the board is narrowed to the actions or to those of the household.
    """
    now = clock.now()
    with reading() as session:
        rows = session.execute(_choices(actor, organisation_id)).all()
        by_kind = {
            kind: tuple(Choice(row.id, row.name) for row in rows if row.kind == kind)
            for kind in ("table", "organisation", "person")
        }
        views = tuple(KeptView(row.id, read_query(row.name)) for row in rows if row.kind == "view")
        names = {one.id: one.name for kind in by_kind.values() for one in kind}
        names |= _names(session, actor, views, case_ids, known=names, now=now)
    return Choices(
        tables=by_kind["table"],
        organisations=by_kind["organisation"],
        people=by_kind["person"],
        views=views,
        names=names,
        verifies=any(row.kind == "verifies" for row in rows),
    )


def _names(
    session: Session,
    actor: Actor,
    views: Sequence[KeptView],
    case_ids: Collection[uuid.UUID | None],
    *,
    known: Mapping[Any, str],
    now: datetime,
) -> dict[uuid.UUID, str]:
    wanted = [one.filters for one in views]
    people = {one.person_id for one in wanted} - {None, *known}
    cases = {*case_ids, *(one.household_of for one in wanted), *(one.case_id for one in wanted)}
    return saved_views.names(
        session,
        actor,
        person_ids=[one for one in people if one],
        case_ids=[one for one in cases if one],
        now=now,
    )


def _choices(actor: Actor, organisation_id: uuid.UUID | None) -> Any:  # noqa: ANN401 - a statement
    tables = select(literal("table").label("kind"), CaseTable.id, CaseTable.name).where(
        CaseTable.id.in_(actor.staff_table_ids)
    )
    organisations = (
        select(literal("organisation"), Organisation.id, Organisation.name)
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .where(Covenant.table_id.in_(actor.staff_table_ids))
    )
    people = (
        select(literal("person"), Person.id, Person.name)
        .join(TableRole, TableRole.person_id == Person.id)
        .where(
            Person.organisation_id == organisation_id,
            TableRole.table_id.in_(actor.staff_table_ids),
            TableRole.role == TableRoleName.REPRESENTATIVE,
        )
    )
    views = saved_views.own_views(actor).with_only_columns(
        literal("view"), SavedView.id, SavedView.query
    )
    verifies = select(literal("verifies"), FollowUp.table_id, literal("")).where(
        FollowUp.table_id.in_(actor.staff_table_ids), FollowUp.verifies.is_(True)
    )
    kinds = [tables, organisations.distinct(), views, verifies]
    if organisation_id is not None:
        kinds.append(people.distinct())
    every = union_all(*kinds).subquery()
    return select(every).order_by(every.c.name, every.c.id)


def board_page(actor: Actor, filters: Filters, *, number: int) -> Board:
    """One page of 50; a page beyond the last is the last one asked for, empty."""
    now = clock.now()
    with reading() as session:
        rows = session.execute(
            board.page(actor, filters, now=now, size=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
        ).all()
        is_last = len(rows) <= PER_PAGE
        found = (
            (number - 1) * PER_PAGE + len(rows)
            if is_last and (rows or number == 1)
            else board.count(session, actor, filters, now=now)
        )
    return Board(
        rows_of(rows[:PER_PAGE]),
        min(found, board.MOST_COUNTED),
        found > board.MOST_COUNTED,
        number,
        is_last,
    )


def board_columns(actor: Actor, filters: Filters) -> tuple[Column, ...]:
    """The first few of every state, soonest first; of what is over the latest. Three statements."""
    now = clock.now()
    by_state = {
        state: replace(
            filters,
            state=state,
            checked=filters.checked if state is ActionState.DONE else None,
            sort=Sort.DUE,
            descending=state not in UNFINISHED,
        )
        for state in ActionState
    }
    with reading() as session:
        rows = session.execute(
            board.firsts(actor, list(by_state.values()), now=now, most=PER_COLUMN)
        ).all()
        counted = board.counts(session, actor, list(by_state.values()), now=now)
    opened = rows_of(rows)
    return tuple(
        Column(
            state,
            _in_order([row for row in opened if row.state is state], by_state[state]),
            min(found, board.MOST_COUNTED),
            found > board.MOST_COUNTED,
        )
        for state, found in zip(by_state, counted, strict=True)
    )


def _in_order(rows: Sequence[BoardRow], filters: Filters) -> tuple[BoardRow, ...]:
    by_id = sorted(rows, key=lambda row: row.id)
    return tuple(sorted(by_id, key=lambda row: row.due_on, reverse=filters.descending))


def late_counts(actor: Actor) -> tuple[LateCount, ...]:
    """Per table and organisation how many are late; one statement."""
    with reading() as session:
        rows = session.execute(board.late_counts(actor, now=clock.now())).all()
    return tuple(
        LateCount(row.table_id, row.table, row.organisation_id, row.organisation, row.late)
        for row in rows
    )
