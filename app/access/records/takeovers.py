"""What somebody who is gone left open at the tables one serves, and who may take each line over.

Gone is whose account is blocked or ended, or who works elsewhere than where the line belongs. What
is kept from the actor is no line and no number. Nothing is handed over by itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.administration.accounts import staff_of, tables_concerned
from app.domain.kinds import AccountState, HoldEnd, TaskKind
from app.domain.states import UNFINISHED
from app.infra import outbox
from app.infra.wall import System, opened_for
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
    Task,
)

WAITING: Final = "takeovers.waiting"
# What somebody else can be given in the same words; a guest is of one item, a review of a request.
TASKS: Final = (TaskKind.CASE_LEAD, TaskKind.INFORMATION_REQUEST, TaskKind.SECRETARY)
_OUT: Final = (AccountState.BLOCKED, AccountState.LEFT)
_LATER, _OTHER, _NOW_THERE = aliased(SeatHold), aliased(SeatHold), aliased(Person)


class Part(StrEnum):
    """What kind of line it is."""

    SEAT = "seat"
    ACTION = "action"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is open: a seat ahead, an action, a task; moments are aware UTC."""

    part: Part
    id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    table: str
    organisation_id: uuid.UUID
    organisation: str
    starts_at: datetime | None = None
    due_on: date | None = None
    kind: TaskKind | None = None
    has_question: bool = False


def seats(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Seats ahead whose last occupant is gone, with that ``Person``.

    Two may have begun in the same moment: whoever sits there now is asked apart.
    """
    occupied = exists().where(
        _OTHER.seat_id == Seat.id,
        c.is_live(_OTHER.from_at, _OTHER.until_at, now),
        _NOW_THERE.id == _OTHER.person_id,
        _NOW_THERE.state.not_in(_OUT),
        _NOW_THERE.organisation_id == Seat.organisation_id,
    )
    later = exists().where(
        _LATER.seat_id == Seat.id,
        _LATER.from_at <= now,
        or_(
            _LATER.from_at > SeatHold.from_at,
            and_(_LATER.from_at == SeatHold.from_at, _LATER.id > SeatHold.id),
        ),
    )
    return (
        scopes.staff_seats(actor, now=now)
        .join(SeatHold, SeatHold.seat_id == Seat.id)
        .join(Person, Person.id == SeatHold.person_id)
        .where(
            Seat.is_proposed.is_(False),
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
            Meeting.ends_at > now,
            SeatHold.from_at <= now,
            or_(c.is_held(now), SeatHold.ended == HoldEnd.REVOKED),
            _is_gone(Seat.organisation_id),
            ~occupied,
            ~later,
        )
    )


def actions(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Unfinished actions whose holder is gone, with that ``Person``."""
    return (
        scopes.staff_actions(actor, now=now)
        .join(Person, Person.id == Action.person_id)
        .where(
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
            _is_gone(Action.organisation_id),
        )
    )


def tasks(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Tasks that go on whose holder is gone, with that ``Person``."""
    checks.note()
    return (
        select(Task, Case)
        .join(Case, Case.id == Task.case_id)
        .join(Person, Person.id == Task.person_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            Task.table_id == Case.table_id,
            c.is_not_barred(actor, now),
            Task.kind.in_(TASKS),
            Task.handover_id.is_(None),
            Task.ended_at.is_(None),
            or_(Task.until_at.is_(None), Task.until_at > now),
            _is_gone(Task.organisation_id),
        )
    )


def _is_gone(of: InstrumentedAttribute[uuid.UUID]) -> c.Condition:
    return or_(Person.state.in_(_OUT), Person.organisation_id != of)


def number_waiting(actor: Actor, *, now: datetime) -> ScalarSelect[int]:
    """How many people left something open, for a column of another statement."""
    found = (
        seats(actor, now=now).with_only_columns(Person.id).order_by(None)
        .union(
            actions(actor, now=now).with_only_columns(Person.id).order_by(None),
            tasks(actor, now=now).with_only_columns(Person.id).order_by(None),
        )
        .subquery()
    )  # fmt: skip
    return select(func.count()).select_from(found).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who left something open, and how much."""

    person_id: uuid.UUID
    name: str
    state: AccountState
    lines: int


def gone(
    session: Session, actor: Actor, *, now: datetime, person_id: uuid.UUID | None = None
) -> tuple[Gone, ...]:
    """Everybody who left something open at the tables served, by name. Three statements."""
    found: dict[uuid.UUID, Gone] = {}
    for statement in (seats(actor, now=now), actions(actor, now=now), tasks(actor, now=now)):
        numbers = (
            statement.with_only_columns(Person.id, Person.name, Person.state, func.count())
            .order_by(None)
            .group_by(Person.id, Person.name, Person.state)
        )
        if person_id is not None:
            numbers = numbers.where(Person.id == person_id)
        for who, name, state, number in session.execute(numbers):
            before = found[who].lines if who in found else 0
            found[who] = Gone(who, name, state, before + number)
    return tuple(sorted(found.values(), key=lambda one: (one.name, str(one.person_id))))


def lines_of(
    session: Session, actor: Actor, person_id: uuid.UUID, *, now: datetime
) -> tuple[Line, ...]:
    """What this person left open: seats by time, then actions by day, then tasks. No text."""
    common = (CaseTable.name.label("table"), Organisation.name.label("organisation"))
    at_seats = (
        _named(seats(actor, now=now), Meeting.table_id, Seat.organisation_id)
        .where(Person.id == person_id)
        .with_only_columns(
            Seat.id, Case.id.label("case_id"), Case.reference, Seat.organisation_id,
            AgendaItem.starts_at, _is_asked().label("has_question"), *common,
        )
        .order_by(AgendaItem.starts_at, Seat.id)
    )  # fmt: skip
    held = (
        _named(actions(actor, now=now), Action.table_id, Action.organisation_id)
        .where(Person.id == person_id)
        .with_only_columns(
            Action.id, Case.id.label("case_id"), Case.reference, Action.organisation_id,
            Action.due_on, *common,
        )
        .order_by(Action.due_on, Action.id)
    )  # fmt: skip
    given = (
        _named(tasks(actor, now=now), Task.table_id, Task.organisation_id)
        .where(Person.id == person_id)
        .with_only_columns(
            Task.id, Case.id.label("case_id"), Case.reference, Task.organisation_id, Task.kind,
            *common,
        )
        .order_by(Case.reference, Task.id)
    )  # fmt: skip
    return tuple(
        Line(part=part, **row)
        for part, statement in ((Part.SEAT, at_seats), (Part.ACTION, held), (Part.TASK, given))
        for row in session.execute(statement).mappings()
    )


def _is_asked() -> c.Condition:
    return exists().where(
        InputRequest.seat_id == Seat.id,
        InputRequest.answer.is_(None),
        InputRequest.withdrawn_at.is_(None),
    )


def _named(
    statement: Select[*tuple[Any, ...]],
    table_id: InstrumentedAttribute[uuid.UUID],
    organisation_id: InstrumentedAttribute[uuid.UUID],
) -> Select[*tuple[Any, ...]]:
    return statement.join(CaseTable, CaseTable.id == table_id).join(
        Organisation, Organisation.id == organisation_id
    )


def ask(session: Session, person_id: uuid.UUID, *, now: datetime) -> None:
    """Have the staff told of each table where somebody whose access ends leaves something open.

    Before it ends. What each of them may see of it is asked again when the mail leaves.
    """
    with opened_for(session, System.LEAVING):
        followed = session.scalars(
            select(Action.table_id).where(
                Action.person_id == person_id, Action.state.in_(UNFINISHED)
            )
        ).all()
    given = session.scalars(
        select(Task.table_id).where(
            Task.person_id == person_id, Task.kind.in_(TASKS), Task.ended_at.is_(None)
        )
    )
    at = tables_concerned(session, person_id, now=now).union(followed, given)
    cause = uuid.uuid4()
    for staff_id in sorted(staff_of(session, at, now=now) - {person_id}):
        outbox.add(
            session,
            WAITING,
            unique_key=f"{WAITING}:{cause}:{staff_id}",
            payload={"person_id": staff_id, "about_id": person_id, "mail_id": uuid.uuid4()},
        )
