"""Writing down at an item while a meeting is held: decisions, actions, notes, what was said aloud.

What an explanation aloud said is stored nowhere. A line that comes twice is stored once: its row
has the number its sender gave it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, Permission
from app.access.administration.kinds_in_force import in_force
from app.access.meetings.live import SeatAt, seats_at
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import interventions, oral_marks
from app.access.tasks import minute_taking
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AT_TABLE, ActionState, Chain, DecisionKind, RetentionClass
from app.features.live.service import live_item, record, refuse_empty, words_changed
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import (
    Action,
    ActionEvent,
    CaseTable,
    Decision,
    DecisionAddressee,
    Note,
    NoteReader,
    OralMark,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision as typed; no addressees means the seats present, no taker everybody there."""

    text: str
    kind: DecisionKind = DecisionKind.AGREEMENT
    dissent: str = ""
    addressee_ids: tuple[uuid.UUID, ...] = ()
    taken_by_seat_id: uuid.UUID | None = None
    dissent_seat_id: uuid.UUID | None = None
    oral_mark_id: uuid.UUID | None = None
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """An action as typed: one seat's organisation and person hold it.

    ``due_at`` is an hour of ``due_on``; without ``chain`` it is that of the organisation.
    """

    seat_id: uuid.UUID
    due_on: date
    due_at: datetime | None = None
    chain: Chain | None = None
    safe: str
    full: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note as typed; without readers it is for staff alone."""

    text: str
    reader_ids: tuple[uuid.UUID, ...] = ()
    id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOralMark:
    """Whose seat explained something aloud; there is no text."""

    seat_id: uuid.UUID
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def record_decision(actor: Actor, item_id: uuid.UUID, new: NewDecision) -> uuid.UUID:
    """Write a decision down for its addressees: by default the seats present. GATE_WAITS.

    VALUE_UNKNOWN for a kind this table does not take; ORAL_NOT_AGREED while the partner it rests on
    did not agree.
    """
    refuse_unworded(new)
    with transaction() as session:
        loaded = _at_table(session, actor, item_id, Permission.DECISION_RECORD)
        chosen = seats_for(session, actor, loaded, new)
        session.add(
            Decision(
                id=new.id,
                item_id=item_id,
                case_id=_case_id(loaded),
                kind=new.kind,
                taken_by_seat_id=new.taken_by_seat_id,
                dissent_seat_id=new.dissent_seat_id if new.dissent else None,
                oral_mark_id=new.oral_mark_id,
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
                **sealed_decision(loaded, new.id, new),
            )
        )
        for seat_id in chosen:
            session.add(DecisionAddressee(decision_id=new.id, seat_id=seat_id))
        record(session, actor, loaded.meeting, "decision", loaded, object_id=new.id)
        return new.id


def refuse_unworded(new: NewDecision) -> None:
    """Refuse a decision without words, and a dissent that is nobody's."""
    refuse_empty(new.text, "text")
    if new.dissent.strip() and new.dissent_seat_id is None:
        raise Refusal(Reason.VALUE_MISSING, "dissent_seat")


def seats_for(
    session: Session,
    actor: Actor,
    at: LoadedItem,
    new: NewDecision,
    *,
    rests_on: uuid.UUID | None = None,
) -> set[uuid.UUID]:
    """The seats a decision is for; Refusal where it cannot stand so.

    ``rests_on`` is the explanation it rested on before.
    """
    table = session.get_one(CaseTable, at.meeting.table_id)
    if new.kind not in in_force(session, table, clock.now()).document.decision_kinds:
        raise Refusal(Reason.VALUE_UNKNOWN, "kind")
    seats = seats_at(session, at.item)
    named = minute_taking.nameable(actor, at, seats)
    _refuse_strangers(named, new)
    if new.oral_mark_id not in {None, rests_on}:
        oral_marks.refuse_not_agreed(session, at, new.oral_mark_id)
    addressees = _addressees(seats, named, new.addressee_ids)
    refuse_naming(actor, at, seats, new.text, new.dissent, readers=addressees)
    return addressees


def record_action(actor: Actor, item_id: uuid.UUID, new: NewAction) -> uuid.UUID:
    """Write an action down for one holder, with its safe and its full text. GATE_WAITS."""
    refuse_empty(new.safe, "safe")
    if new.due_on < clock.today() or (new.due_at and new.due_at < clock.now()):
        raise Refusal(Reason.DATE_IN_PAST, "due_on")
    with transaction() as session:
        loaded = _at_table(session, actor, item_id, Permission.ACTION_RECORD)
        seats = {one.seat.id: one for one in seats_at(session, loaded.item)}
        seat = seats.get(new.seat_id)
        if seat is None or not minute_taking.nameable(actor, loaded, [seat]):
            raise Refusal(Reason.VALUE_UNKNOWN, "holder")
        refuse_naming(actor, loaded, seats.values(), new.full, readers=[new.seat_id])
        action = _action(loaded, actor, new, seat)
        interventions.place(action, new.chain, seat.kind)
        session.add(action)
        session.add(
            ActionEvent(
                action_id=new.id,
                at=clock.now(),
                state=ActionState.OPEN,
                recorded_by_id=actor.person_id,
            )
        )
        record(session, actor, loaded.meeting, "action", loaded, object_id=new.id)
        return new.id


def _action(loaded: LoadedItem, actor: Actor, new: NewAction, seat: SeatAt) -> Action:
    case_id = _case_id(loaded)
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    return Action(
        id=new.id,
        item_id=loaded.item.id,
        case_id=case_id,
        table_id=loaded.meeting.table_id,
        organisation_id=seat.seat.organisation_id,
        person_id=seat.person_id,
        safe_ct=crypto.seal(scope, new.safe, belongs_to=f"action:{new.id}:safe"),
        full_ct=crypto.seal(scope, new.full, belongs_to=f"action:{new.id}:full")
        if new.full
        else None,
        due_on=new.due_on,
        due_at=new.due_at,
        state=ActionState.OPEN,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )


def record_note(actor: Actor, item_id: uuid.UUID, new: NewNote) -> uuid.UUID:
    """Write a note down for staff, and for the seats chosen. GATE_WAITS."""
    refuse_empty(new.text, "text")
    with transaction() as session:
        loaded = _at_table(session, actor, item_id, Permission.DECISION_RECORD)
        case_id = _case_id(loaded)
        scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
        if new.reader_ids:
            seats = minute_taking.nameable(actor, loaded, seats_at(session, loaded.item))
            refuse_others(seats, new.reader_ids, "readers")
            refuse_naming(actor, loaded, seats, new.text, readers=new.reader_ids)
        session.add(
            Note(
                id=new.id,
                item_id=item_id,
                case_id=case_id,
                text_ct=crypto.seal(scope, new.text, belongs_to=f"note:{new.id}:text"),
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
            )
        )
        for seat_id in set(new.reader_ids):
            session.add(NoteReader(note_id=new.id, seat_id=seat_id))
        record(session, actor, loaded.meeting, "note", loaded, object_id=new.id)
        return new.id


def record_oral_mark(actor: Actor, item_id: uuid.UUID, new: NewOralMark) -> uuid.UUID:
    """Write down that a partner explained something aloud, and nothing of it. GATE_WAITS."""
    with transaction() as session:
        loaded = _at_table(session, actor, item_id, Permission.DECISION_RECORD)
        seats = minute_taking.nameable(actor, loaded, seats_at(session, loaded.item))
        refuse_others(seats, (new.seat_id,), "seat")
        session.add(
            OralMark(
                id=new.id,
                item_id=item_id,
                seat_id=new.seat_id,
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
            )
        )
        record(session, actor, loaded.meeting, "oral-mark", loaded, object_id=new.id)
        return new.id


def record_agreement(actor: Actor, mark_id: uuid.UUID) -> LoadedItem:
    """Take down that the partner agrees that a reason rests on what it explained; once.

    It is taken down for whoever holds the seat, who sees it on the own account. NO_OCCUPANT where
    nobody does.
    """
    with transaction() as session:
        mark, loaded = oral_marks.load(session, actor, mark_id)
        live_item(session, actor, loaded.item.id, Permission.DECISION_RECORD)
        if mark.agreed_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        holder = next(
            (one for one in seats_at(session, loaded.item) if one.seat.id == mark.seat_id), None
        )
        if holder is None or holder.person_id is None:
            raise Refusal(Reason.NO_OCCUPANT)
        mark.agreed_at, mark.agreed_by_id = clock.now(), holder.person_id
        mark.agreement_recorded_by_id = actor.person_id
        words_changed(session, loaded)
        oral_marks.record_for(session, actor, loaded, mark)
        return loaded


def _at_table(
    session: Session, actor: Actor, item_id: uuid.UUID, permission: Permission
) -> LoadedItem:
    loaded = live_item(session, actor, item_id, permission)
    minute_taking.refuse_at_the_gate(session, actor, loaded)
    return loaded


def _refuse_strangers(seats: list[SeatAt], new: NewDecision) -> None:
    """Whoever takes it or sees it otherwise sits at this item."""
    for seat_id, name in (
        (new.taken_by_seat_id, "taken_by"),
        (new.dissent_seat_id, "dissent_seat"),
    ):
        if seat_id is not None:
            refuse_others(seats, (seat_id,), name)


def refuse_others(seats: list[SeatAt], chosen: tuple[uuid.UUID, ...], name: str) -> None:
    """Refuse seats that are none of these."""
    if not set(chosen) <= {one.seat.id for one in seats}:
        raise Refusal(Reason.VALUE_UNKNOWN, name)


def _addressees(
    seats: list[SeatAt], named: list[SeatAt], chosen: tuple[uuid.UUID, ...]
) -> set[uuid.UUID]:
    """Those chosen among ``named``, else everybody there, also who may not be named.

    NOBODY_THERE where that is nobody: an agreement no participant would ever read.
    """
    if chosen:
        refuse_others(named, chosen, "addressees")
        return set(chosen)
    there = {one.seat.id for one in seats if one.seat.presence in AT_TABLE}
    if not there:
        raise Refusal(Reason.NOBODY_THERE, "addressees")
    return there


def sealed_decision(
    loaded: LoadedItem, decision_id: uuid.UUID, new: NewDecision
) -> dict[str, bytes | None]:
    """Both texts of a decision, sealed for its row."""
    scope = KeyScope.of_case(_case_id(loaded), RetentionClass.DECISIONS)
    return {
        "text_ct": crypto.seal(scope, new.text, belongs_to=f"decision:{decision_id}:text"),
        "dissent_ct": crypto.seal(scope, new.dissent, belongs_to=f"decision:{decision_id}:dissent")
        if new.dissent
        else None,
    }


def _case_id(loaded: LoadedItem) -> uuid.UUID:
    if loaded.case is None:
        raise NotVisible
    return loaded.case.id
