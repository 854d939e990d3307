"""What staff see of new facts: the list of what waits, and one with all that was done about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case, scopes
from app.access.case_life import new_facts
from app.access.case_life.new_facts import StaffFact
from app.access.meetings.live import seats_at
from app.access.records.addressing import readers_of
from app.access.records.notes import staff_notes
from app.domain.urgent import kinds_of
from app.features.facts import answering
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import AgendaItem, CaseTable, Meeting, NewFact, Note, Organisation, Person, Seat

MOST_LISTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """A fact in the list, without a word of what happened."""

    id: uuid.UUID
    reference: str
    table: str
    organisation: str
    is_danger: bool
    reported_at: datetime
    answered_at: datetime | None


def listed(actor: Actor, *, case_id: uuid.UUID | None = None) -> tuple[FactLine, ...]:
    """What was reported at the tables served, or about one case: what waits first."""
    statement = new_facts.staff_list(actor).limit(MOST_LISTED)
    if case_id is not None:
        statement = statement.where(NewFact.case_id == case_id)
    with reading() as session:
        if case_id is not None:
            load_case(session, actor, case_id, Permission.FACT_ANSWER)
        rows = session.execute(statement).all()
    return tuple(
        FactLine(
            id=row.NewFact.id,
            reference=row.Case.reference,
            table=row.table,
            organisation=row.organisation,
            is_danger=row.NewFact.is_danger,
            reported_at=row.NewFact.reported_at,
            answered_at=row.NewFact.answered_at,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """A seat that may be told."""

    id: uuid.UUID
    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class Place:
    """An item of the case: where a note goes, or where it comes up."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """The note that was written about it, for whom and when."""

    text: str
    recorded_at: datetime
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """One fact with everything staff did about it and may do."""

    id: uuid.UUID
    case_id: uuid.UUID
    table_id: uuid.UUID
    reference: str
    table: str
    reporter: str
    organisation: str
    what: str
    source: str
    is_danger: bool
    happened_at: datetime
    reported_at: datetime
    read_at: datetime
    answered_at: datetime | None
    answered_by: str
    answer: str
    note: WrittenNote | None
    forward: Place | None
    urgent: Place | None
    at: Place | None
    seats: tuple[SeatChoice, ...]
    coming: tuple[Place, ...]
    can_start_urgent: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a fact, still sealed."""

    note: Note | None
    readers: tuple[str, ...]
    answered_by: str
    forward: Place | None
    urgent: Place | None
    can_start_urgent: bool


def fact_page(actor: Actor, fact_id: uuid.UUID) -> FactPage:
    """Open one fact; the first time its reporter sees that it was read. Recorded."""
    with transaction() as session:
        one = new_facts.load_staff_fact(session, actor, fact_id)
        read_at = new_facts.first_read(session, [one.fact]).get(fact_id, clock.now())
        around = _around(session, actor, one)
        at = answering.item_for_note(session, actor, one.case)
        seats = seats_at(session, at.item) if at else []
        coming = answering.coming(session, actor, one.case)
        audit.record(session, actor, new_facts.entry(one.fact, audit.Event.READ))
        sealed = new_facts.sealed(one.fact)
    note = around.note
    words = Sealed(note.text_ct, f"note:{note.id}:text") if note else Sealed(None, "")
    what, source, answer, text = crypto.unseal_left([*sealed, words])
    return FactPage(
        **_facts(one),
        read_at=read_at,
        what=what,
        source=source,
        answer=answer,
        answered_by=around.answered_by,
        note=WrittenNote(text, note.recorded_at, around.readers) if note else None,
        forward=around.forward,
        urgent=around.urgent,
        can_start_urgent=around.can_start_urgent,
        at=_place(at.item, at.meeting) if at else None,
        seats=tuple(SeatChoice(s.seat.id, s.organisation, s.person) for s in seats),
        coming=tuple(_place(each.item, each.meeting) for each in coming),
    )


def _facts(one: StaffFact) -> dict[str, Any]:
    fact = one.fact
    return {
        "id": fact.id,
        "case_id": one.case.id,
        "table_id": one.case.table_id,
        "reference": one.case.reference,
        "table": one.table,
        "reporter": one.reporter,
        "organisation": one.organisation,
        "is_danger": fact.is_danger,
        "happened_at": fact.happened_at,
        "reported_at": fact.reported_at,
        "answered_at": fact.answered_at,
    }


def _around(session: Session, actor: Actor, one: StaffFact) -> _Around:
    fact = one.fact
    table = session.get_one(CaseTable, one.case.table_id)
    answerer = session.get(Person, fact.answered_by_id) if fact.answered_by_id else None
    note = _note(session, actor, fact)
    return _Around(
        note,
        _readers(session, note) if note else (),
        answerer.name if answerer else "",
        _forward(session, actor, fact),
        _urgent(session, actor, fact),
        bool(kinds_of(table.kind)) and table.ended_at is None,
    )


def _forward(session: Session, actor: Actor, fact: NewFact) -> Place | None:
    if fact.forward_item_id is None:
        return None
    row = session.execute(
        scopes.staff_items(actor, now=clock.now()).where(AgendaItem.id == fact.forward_item_id)
    ).one_or_none()
    return _place(row.AgendaItem, row.Meeting) if row else None


def _urgent(session: Session, actor: Actor, fact: NewFact) -> Place | None:
    if fact.urgent_meeting_id is None:
        return None
    found = session.scalars(
        scopes.staff_meetings(actor).where(Meeting.id == fact.urgent_meeting_id)
    ).one_or_none()
    return Place(found.id, found.id, found.starts_at) if found else None


def _note(session: Session, actor: Actor, fact: NewFact) -> Note | None:
    if fact.note_id is None:
        return None
    row = session.execute(
        staff_notes(actor, now=clock.now()).where(Note.id == fact.note_id)
    ).one_or_none()
    return row.Note if row else None


def _readers(session: Session, note: Note) -> tuple[str, ...]:
    names = session.scalars(
        select(Organisation.name)
        .join(Seat, Seat.organisation_id == Organisation.id)
        .where(Seat.id.in_(readers_of(session, note)))
        .order_by(Organisation.name)
    )
    return tuple(names)


def _place(item: AgendaItem, meeting: Meeting) -> Place:
    return Place(item.id, meeting.id, item.starts_at)
