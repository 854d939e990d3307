"""New facts: from where somebody may report one, which one may be opened, and what was done.

Whoever reports keeps the own words and the answer, and learns nothing else of the case by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.access import audit, grounds, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.case_life import between_meetings
from app.access.case_life.fact_notices import ANSWERED
from app.domain.errors import NotVisible
from app.domain.kinds import CaseState, RetentionClass, TaskKind
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope, Sealed
from app.models import (
    Action,
    AgendaItem,
    AuditEvent,
    Case,
    CaseTable,
    Meeting,
    NewFact,
    Organisation,
    Person,
    Seat,
    TableContact,
    Task,
)

KIND = "new-fact"
OVER = (CaseState.REFUSED, CaseState.CLOSED, CaseState.DESTROYED)
MOST_PLACES = 20


class By(StrEnum):
    """What somebody reports from."""

    SEAT = "seat"
    ACTION = "action"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An own seat, action or task at a live case; to its holder it tells what that one shows.

    ``reference`` is empty where the own page of that seat or task does not show it now.
    """

    by: By
    id: uuid.UUID
    case_id: uuid.UUID
    table_id: uuid.UUID
    table: str
    at: datetime | None
    reference: str
    text: Sealed


def places(session: Session, actor: Actor) -> list[Place]:
    """Everything the actor may report from, the latest seats first. Three statements."""
    found: list[Place] = []
    for by in By:
        rows = session.execute(_own(actor, by).limit(MOST_PLACES)).all()
        found += [_place(by, row) for row in rows]
    return found


def load_place(session: Session, actor: Actor, by: By, place_id: uuid.UUID) -> Place:
    """One of them; NotVisible otherwise."""
    key: Any = {By.SEAT: Seat.id, By.ACTION: Action.id, By.TASK: Task.id}[by]
    row = session.execute(_own(actor, by).where(key == place_id)).one_or_none()
    if row is None:
        raise NotVisible
    return _place(by, row)


def _own(actor: Actor, by: By) -> Select[*tuple[Any, ...]]:
    """Own seats from the invitation on, unfinished or finished actions, accepted case leads.

    Who holds an action alone learns neither where its case went nor that it is over.
    """
    now = clock.now()
    stands_at: SQLColumnExpression[uuid.UUID] = Case.table_id
    shows_reference: ColumnElement[bool] = c.always()
    is_live: ColumnElement[bool] = Case.state.not_in(OVER)
    own: Select[*tuple[Any, ...]]
    if by is By.SEAT:
        own = scopes.own_slots(actor, now=now).order_by(AgendaItem.starts_at.desc(), Seat.id)
        shows_reference = c.is_open_seat(actor, now)
    elif by is By.ACTION:
        own = (
            scopes.own_actions(actor, now=now)
            .where(grounds.goes_on(actor))
            .order_by(Action.due_on.desc(), Action.id)
        )
        stands_at, is_live = _made_at(), Case.state != CaseState.DESTROYED
    else:
        own = (
            grounds.own_tasks(actor, now=now)
            .where(Task.kind == TaskKind.CASE_LEAD, Task.accepted_at <= now)
            .order_by(Task.accepted_at.desc(), Task.id)
        )
        shows_reference = grounds.is_open(actor, now)
    return (
        own.join(CaseTable, CaseTable.id == stands_at)
        .add_columns(
            Case.id.label("case_id"),
            CaseTable.id.label("table_id"),
            CaseTable.name.label("table"),
            case((shows_reference, Case.reference), else_="").label("shown_reference"),
        )
        .where(is_live)
    )


def _made_at() -> ColumnElement[uuid.UUID]:
    """The table at whose meeting an action was made; that of its case where it was at none."""
    made = (
        select(Meeting.table_id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.id == Action.item_id)
        .correlate(Action)
        .scalar_subquery()
    )
    return func.coalesce(made, Case.table_id)


def _place(by: By, row: Any) -> Place:  # noqa: ANN401 - a row
    one = {By.SEAT: "Seat", By.ACTION: "Action", By.TASK: "Task"}[by]
    is_action = by is By.ACTION
    return Place(
        by=by,
        id=getattr(row, one).id,
        case_id=row.case_id,
        table_id=row.table_id,
        table=row.table,
        at=row.AgendaItem.starts_at if by is By.SEAT else None,
        reference=row.shown_reference,
        text=Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe")
        if is_action
        else Sealed(None, ""),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk with a number, of the organisation that hosts the table; never a person."""

    name: str
    phone: str


def desks_of(session: Session, table_id: uuid.UUID) -> tuple[Desk, ...]:
    """Whom to call of the table itself, besides 112 and Veilig Thuis."""
    rows = session.execute(
        select(TableContact.name, TableContact.phone)
        .join(CaseTable, CaseTable.id == TableContact.table_id)
        .where(
            TableContact.table_id == table_id,
            TableContact.organisation_id == CaseTable.host_organisation_id,
            TableContact.person_id.is_(None),
            TableContact.removed_at.is_(None),
        )
        .order_by(TableContact.position, TableContact.id)
    )
    return tuple(Desk(row.name, row.phone) for row in rows)


@dataclass(frozen=True, slots=True)
class StaffFact:
    """A fact with its case, who reported it and for whom."""

    fact: NewFact
    case: Case
    table: str
    reporter: str
    organisation: str


def staff_list(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Facts about cases of tables served, with who reported them: unanswered danger first."""
    return (
        between_meetings.staff_facts(actor, now=clock.now())
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Person, Person.id == NewFact.reported_by_id)
        .join(Organisation, Organisation.id == NewFact.organisation_id)
        .add_columns(
            CaseTable.name.label("table"),
            Person.name.label("reporter"),
            Organisation.name.label("organisation"),
        )
        .order_by(
            NewFact.answered_at.is_not(None),
            NewFact.is_danger.desc(),
            NewFact.reported_at.desc(),
            NewFact.id,
        )
    )


def load_staff_fact(
    session: Session, actor: Actor, fact_id: uuid.UUID, *, hold: bool = False
) -> StaffFact:
    """A fact about a case of a table served, with ``hold`` until the commit; NotVisible."""
    statement = staff_list(actor).where(NewFact.id == fact_id)
    if hold:
        statement = statement.with_for_update(of=NewFact)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotVisible
    return StaffFact(row.NewFact, row.Case, row.table, row.reporter, row.organisation)


def first_read(session: Session, facts: Sequence[NewFact]) -> dict[uuid.UUID, datetime]:
    """When staff first opened each of these loaded facts: the log says so. One statement."""
    by_reporter = or_(*(_is_of_reporter(one) for one in facts)) if facts else false()
    rows = session.execute(
        select(AuditEvent.object_id, func.min(AuditEvent.at))
        .where(
            AuditEvent.case_id.in_({one.case_id for one in facts}),
            AuditEvent.object_kind == KIND,
            AuditEvent.event == audit.Event.READ,
            AuditEvent.object_id.in_([one.id for one in facts]),
            ~by_reporter,
        )
        .group_by(AuditEvent.object_id)
    )
    return {row[0]: row[1] for row in rows if row[0]}


def _is_of_reporter(fact: NewFact) -> ColumnElement[bool]:
    return and_(AuditEvent.object_id == fact.id, AuditEvent.person_id == fact.reported_by_id)


def sealed(fact: NewFact) -> list[Sealed]:
    """What happened, from whom it comes, and the answer."""
    return [
        Sealed(fact.what_ct, _binding(fact.id, "what")),
        Sealed(fact.source_ct, _binding(fact.id, "source")),
        Sealed(fact.answer_ct, _binding(fact.id, "answer")),
    ]


def seal(case_id: uuid.UUID, fact_id: uuid.UUID, column: str, text: str) -> bytes:
    """One of the three for its row."""
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    return crypto.seal(scope, text, belongs_to=_binding(fact_id, column))


def _binding(fact_id: uuid.UUID, column: str) -> str:
    return f"new_fact:{fact_id}:{column}"


def entry(fact: NewFact, event: audit.Event, **more: Any) -> audit.Entry:  # noqa: ANN401 - as Entry
    """A line of the log about a fact."""
    return audit.Entry(
        event=event,
        object_kind=KIND,
        object_id=fact.id,
        table_id=fact.table_id,
        case_id=fact.case_id,
        **more,
    )


def note_urgent(
    session: Session, actor: Actor, fact_id: uuid.UUID, *, meeting_id: uuid.UUID, case_id: uuid.UUID
) -> None:
    """An urgent meeting about its case was made of a fact; NotVisible for another case."""
    one = load_staff_fact(session, actor, fact_id, hold=True)
    if one.case.id != case_id:
        raise NotVisible
    one.fact.urgent_meeting_id = meeting_id
    done(session, actor, one.fact)


def done(session: Session, actor: Actor, fact: NewFact) -> None:
    """Something was done about a held fact: when first, by whom; its reporter is told."""
    if fact.answered_at is None:
        fact.answered_at, fact.answered_by_id = clock.now(), actor.person_id
    mail_id = uuid.uuid4()
    outbox.add(
        session,
        ANSWERED,
        unique_key=f"{ANSWERED}:{mail_id}",
        payload={"mail_id": mail_id, "fact_id": fact.id, "person_id": fact.reported_by_id},
    )
    audit.record(session, actor, entry(fact, audit.Event.CHANGE))
