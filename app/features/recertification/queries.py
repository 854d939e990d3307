"""What a contact reads of colleagues, and the privacy officer of all rounds; of no case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.access.administration import recertifying
from app.access.conditions import is_live
from app.domain.kinds import AccountState, RecertificationAnswer, TableRoleName
from app.domain.paging import Paging, page_of
from app.infra import clock
from app.infra.db import reading
from app.models import (
    CaseTable,
    Organisation,
    Person,
    Recertification,
    RecertifiedPerson,
    TableRole,
)

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody a contact answers for; ``is_asked``: the round that goes on asks about them."""

    person_id: uuid.UUID
    name: str
    function: str
    state: AccountState
    is_asked: bool
    answered_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether an answer is asked for."""
        return self.is_asked and self.answered_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesPage:
    """The people one answers for; until when, where a round goes on."""

    rows: tuple[Colleague, ...]
    paging: Paging
    waiting: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguePage:
    """One colleague with the roles that end when somebody leaves; ``next_id`` waits as well."""

    colleague: Colleague
    email: str
    last_sign_in_at: datetime | None
    roles: tuple[tuple[str, TableRoleName], ...]
    may_end: bool
    due_at: datetime | None
    next_id: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """The last round of one organisation; ``ended`` names whose access ended by silence."""

    organisation: str
    opened_at: datetime
    due_at: datetime
    people: int
    answered: int
    left: int
    reminded_at: datetime | None
    escalated_at: datetime | None
    closed_at: datetime | None
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """One page of organisations with their last rounds."""

    rows: tuple[RoundRow, ...]
    paging: Paging


def colleagues(actor: Actor, *, asked_page: str | None) -> ColleaguesPage:
    """Who waits for an answer first, then by name. Three statements, however many there are."""
    now = clock.now()
    with reading() as session:
        going_on = _going_on(session, actor)
        mine = recertifying.people(actor, now=now)
        counted = session.execute(
            mine.with_only_columns(
                func.count(), recertifying.to_answer(actor, now=now).label("waiting")
            )
        ).one()
        paging = page_of(counted[0], asked_page, size=PAGE_SIZE)
        rows = session.execute(
            mine.outerjoin(RecertifiedPerson, _asked_in(going_on))
            .add_columns(RecertifiedPerson)
            .order_by(
                RecertifiedPerson.answered_at.is_not(None),
                RecertifiedPerson.person_id.is_(None),
                Person.name,
                Person.id,
            )
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        return ColleaguesPage(
            rows=tuple(_colleague(row.Person, row.RecertifiedPerson) for row in rows),
            paging=paging,
            waiting=counted.waiting,
            due_at=going_on.due_at if going_on else None,
        )


def colleague(actor: Actor, person_id: uuid.UUID) -> ColleaguePage:
    """One of them, and who waits after. NotVisible; five statements."""
    now = clock.now()
    with reading() as session:
        person = recertifying.load_colleague(session, actor, person_id, now=now)
        going_on = _going_on(session, actor)
        asked = (
            session.get(
                RecertifiedPerson,
                {"recertification_id": going_on.id, "person_id": person.id},
            )
            if going_on
            else None
        )
        roles = session.execute(
            select(CaseTable.name, TableRole.role)
            .join(CaseTable, CaseTable.id == TableRole.table_id)
            .where(
                TableRole.person_id == person.id,
                is_live(TableRole.from_at, TableRole.until_at, now),
            )
            .order_by(CaseTable.name, TableRole.role)
        ).all()
        return ColleaguePage(
            colleague=_colleague(person, asked),
            email=person.email,
            last_sign_in_at=person.last_sign_in_at,
            roles=tuple((row.name, row.role) for row in roles),
            may_end=recertifying.may_end(actor, person),
            due_at=going_on.due_at if going_on else None,
            next_id=_next(session, actor, going_on, but=person.id, now=now),
        )


def _going_on(session: Session, actor: Actor) -> Recertification | None:
    statement = recertifying.open_round_of(actor.organisation_id)
    found: Recertification | None = session.scalars(
        statement.order_by(Recertification.opened_at.desc())
    ).first()
    return found


def _next(
    session: Session,
    actor: Actor,
    going_on: Recertification | None,
    *,
    but: uuid.UUID,
    now: datetime,
) -> uuid.UUID | None:
    found: uuid.UUID | None = session.scalar(
        recertifying.people(actor, now=now)
        .join(RecertifiedPerson, _asked_in(going_on))
        .where(RecertifiedPerson.answer.is_(None), Person.id != but)
        .with_only_columns(Person.id)
        .order_by(Person.name, Person.id)
        .limit(1)
    )
    return found


def _asked_in(going_on: Recertification | None) -> ColumnElement[bool]:
    return and_(
        RecertifiedPerson.person_id == Person.id,
        RecertifiedPerson.recertification_id == (going_on.id if going_on else None),
    )


def _colleague(person: Person, asked: RecertifiedPerson | None) -> Colleague:
    return Colleague(
        person_id=person.id,
        name=person.name,
        function=person.function,
        state=person.state,
        is_asked=asked is not None,
        answered_at=asked.answered_at if asked else None,
    )


def rounds(actor: Actor, *, asked_page: str | None) -> RoundsPage:
    """The last round of every organisation, for the privacy officer. Three statements."""
    last = recertifying.last_rounds(actor)
    with reading() as session:
        found = session.scalar(last.with_only_columns(func.count())) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        rows = session.execute(
            last.order_by(
                Recertification.closed_at.is_not(None), Organisation.name, Recertification.id
            )
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        asked = session.execute(
            select(RecertifiedPerson, Person.name)
            .join(Person, Person.id == RecertifiedPerson.person_id)
            .where(
                RecertifiedPerson.recertification_id.in_([row.Recertification.id for row in rows])
            )
            .order_by(Person.name, Person.id)
        ).all()
    of: dict[uuid.UUID, list[tuple[RecertifiedPerson, str]]] = {}
    for one, name in asked:
        of.setdefault(one.recertification_id, []).append((one, name))
    return RoundsPage(
        tuple(
            _round(row.Recertification, row.name, of.get(row.Recertification.id, []))
            for row in rows
        ),
        paging,
    )


def _round(
    one: Recertification, organisation: str, asked: list[tuple[RecertifiedPerson, str]]
) -> RoundRow:
    gone = [(row, name) for row, name in asked if row.answer is RecertificationAnswer.LEAVES]
    ended = tuple(name for row, name in gone if row.answered_by_id is None)
    return RoundRow(
        organisation=organisation,
        opened_at=one.opened_at,
        due_at=one.due_at,
        people=len(asked),
        answered=sum(row.answered_by_id is not None for row, _ in asked),
        left=len(gone) - len(ended),
        reminded_at=one.reminded_at,
        escalated_at=one.escalated_at,
        closed_at=one.closed_at,
        ended=ended,
    )
