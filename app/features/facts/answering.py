"""What staff do with a new fact: read it, answer, tell named seats, bring the case forward."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, or_
from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, audit, scopes
from app.access.case_life import fact_notices, new_facts
from app.access.case_life.new_facts import StaffFact
from app.access.meetings.live import SeatAt, seats_at
from app.access.messages.hidden_names import names_about
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import adoption
from app.domain.errors import Reason, Refusal
from app.domain.kinds import RetentionClass
from app.domain.leaks import findings
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import AgendaItem, Case, Meeting, NewFact, Note, NoteReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the reporter reads, and a note for staff and the seats chosen; either may be empty."""

    text: str
    note: str
    seat_ids: tuple[uuid.UUID, ...] = ()


def answer(actor: Actor, fact_id: uuid.UUID, said: Answer) -> None:
    """Answer a fact. VALUE_MISSING, VALUE_UNKNOWN for a seat elsewhere, NAMES_HIDDEN."""
    if not said.text and not said.note:
        raise Refusal(Reason.VALUE_MISSING, "text")
    if said.seat_ids and not said.note:
        raise Refusal(Reason.VALUE_MISSING, "note")
    with transaction() as session:
        one = new_facts.load_staff_fact(session, actor, fact_id, hold=True)
        fact = one.fact
        if said.text:
            _refuse_hidden(session, actor, one, said.text)
            fact.answer_ct = new_facts.seal(fact.case_id, fact.id, "answer", said.text)
        if said.note:
            _write_note(session, actor, one, said)
        new_facts.done(session, actor, fact)


def bring_forward(actor: Actor, fact_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Record that the case comes up sooner, at this coming item of its. VALUE_UNKNOWN."""
    with transaction() as session:
        one = new_facts.load_staff_fact(session, actor, fact_id, hold=True)
        if item_id not in {at.item.id for at in coming(session, actor, one.case)}:
            raise Refusal(Reason.VALUE_UNKNOWN, "item")
        one.fact.forward_item_id = item_id
        new_facts.done(session, actor, one.fact)


def coming(session: Session, actor: Actor, of: Case) -> list[LoadedItem]:
    """The items at which a loaded case is still to be discussed, soonest first."""
    rows = session.execute(
        scopes.staff_items(actor, now=clock.now())
        .where(AgendaItem.case_id == of.id, _is_coming())
        .order_by(AgendaItem.starts_at, AgendaItem.id)
    )
    return [LoadedItem(row.AgendaItem, row.Meeting, row.Case) for row in rows if row.Case]


def item_for_note(session: Session, actor: Actor, of: Case) -> LoadedItem | None:
    """Where a note about a loaded case belongs: the item under way, else the next, else the last.

    The last only as long as its minutes were not adopted.
    """
    is_running = and_(AgendaItem.opened_at.is_not(None), AgendaItem.closed_at.is_(None))
    place = case((is_running, 0), (_is_coming(), 1), else_=2)
    row = session.execute(
        scopes.staff_items(actor, now=clock.now())
        .where(
            AgendaItem.case_id == of.id,
            Meeting.table_id == of.table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.adopted_at.is_(None),
            AgendaItem.adopted_at.is_(None),
            or_(is_running, _is_coming(), AgendaItem.closed_at.is_not(None)),
        )
        .order_by(
            place,
            case((place == 1, AgendaItem.starts_at)),
            AgendaItem.starts_at.desc(),
            AgendaItem.id,
        )
        .limit(1)
    ).one_or_none()
    return LoadedItem(row.AgendaItem, row.Meeting, row.Case) if row and row.Case else None


def _is_coming() -> Any:  # noqa: ANN401 - a condition
    return and_(
        AgendaItem.opened_at.is_(None),
        AgendaItem.closed_at.is_(None),
        Meeting.cancelled_at.is_(None),
        Meeting.closed_at.is_(None),
        Meeting.ends_at > clock.now(),
    )


def _refuse_hidden(session: Session, actor: Actor, one: StaffFact, text: str) -> None:
    """Whoever reported it reads the answer; of a hidden organisation that is itself alone."""
    hidden = names_about(session, actor, one.case).but(one.organisation)
    if findings(text, hidden.words(())):
        raise Refusal(Reason.NAMES_HIDDEN, "text")


def _write_note(session: Session, actor: Actor, one: StaffFact, said: Answer) -> None:
    """A note at the item, read by staff and the seats chosen; who sits there is told."""
    at = item_for_note(session, actor, one.case)
    if at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED, "note")
    seats = seats_at(session, at.item)
    if not set(said.seat_ids) <= {each.seat.id for each in seats}:
        raise Refusal(Reason.VALUE_UNKNOWN, "seats")
    refuse_naming(actor, at, seats, said.note, readers=said.seat_ids)
    note_id, case_id = uuid.uuid4(), one.case.id
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    session.add(
        Note(
            id=note_id,
            item_id=at.item.id,
            case_id=case_id,
            text_ct=crypto.seal(scope, said.note, belongs_to=f"note:{note_id}:text"),
            recorded_by_id=actor.person_id,
            recorded_at=clock.now(),
        )
    )
    session.add_all(NoteReader(note_id=note_id, seat_id=seat_id) for seat_id in said.seat_ids)
    one.fact.note_id = note_id
    if at.meeting.closed_at is not None:
        adoption.words_changed(session, at.meeting, at.item, now=clock.now())
    _tell_seats(session, one.fact, at, [each for each in seats if each.seat.id in said.seat_ids])
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="note",
            object_id=note_id,
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=case_id,
        ),
    )


def _tell_seats(session: Session, fact: NewFact, at: LoadedItem, seats: Sequence[SeatAt]) -> None:
    """One neutral mail to whoever was invited and occupies such a seat."""
    people = {one.person_id for one in seats if one.person_id and one.seat.invited_at}
    for person_id in sorted(people):
        mail_id = uuid.uuid4()
        outbox.add(
            session,
            fact_notices.NOTED,
            unique_key=f"{fact_notices.NOTED}:{mail_id}",
            payload={
                "mail_id": mail_id,
                "person_id": person_id,
                "meeting_id": at.meeting.id,
                "case_id": fact.case_id,
            },
        )
