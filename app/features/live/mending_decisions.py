"""Mending a decision until the minutes are adopted: all that was asked when it was recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.administration.kinds_in_force import in_force
from app.access.meetings import room_lines
from app.access.meetings.live import seats_at
from app.access.records import addressing, oral_marks
from app.access.records.item_log import What
from app.domain.errors import StaleEdit
from app.domain.kinds import DecisionKind
from app.features.live.pages import Mark, Place, Removed
from app.features.live.reading_item import place_of
from app.features.live.recording import (
    NewDecision,
    refuse_unworded,
    sealed_decision,
    seats_for,
)
from app.features.live.service import live_item, record
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import CaseTable, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionToEdit:
    """A decision as it stands, with what may be chosen instead."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    is_running: bool
    stands: NewDecision
    version: int
    decision_kinds: tuple[DecisionKind, ...]
    places: tuple[Place, ...]
    marks: tuple[Mark, ...]


def decision_to_edit(actor: Actor, decision_id: uuid.UUID) -> DecisionToEdit:
    """Open one decision for editing; recorded as read."""
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        at = access.load_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        table = session.get_one(CaseTable, at.meeting.table_id)
        kind = in_force(session, table, clock.now()).document
        seats = seats_at(session, at.item)
        readers = addressing.addressees_of(session, decision)
        marks = oral_marks.marks_at(session, at.item)
        _record_reading(session, actor, at, decision)
    text, dissent = crypto.unseal_many(_sealed_words(decision))
    return DecisionToEdit(
        meeting_id=at.meeting.id,
        item_id=decision.item_id,
        is_running=at.meeting.closed_at is None,
        stands=NewDecision(
            id=decision.id,
            text=text,
            kind=decision.kind,
            dissent=dissent,
            addressee_ids=tuple(one.seat.id for one in seats if one.seat.id in readers),
            taken_by_seat_id=decision.taken_by_seat_id,
            dissent_seat_id=decision.dissent_seat_id,
            oral_mark_id=decision.oral_mark_id,
        ),
        version=decision.version,
        decision_kinds=kind.decision_kinds,
        places=tuple(place_of(one) for one in seats),
        marks=tuple(Mark(one.mark.id, one.code, one.mark.agreed_at is not None) for one in marks),
    )


def change_decision(
    actor: Actor, decision_id: uuid.UUID, new: NewDecision, *, version: int
) -> uuid.UUID:
    """Let a decision read, and be read by, as is said now; gives the item.

    Refusal as when recording it; a stale edit shows what stands now.
    """
    refuse_unworded(new)
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        loaded = live_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        is_late = decision.version != version
        if is_late:
            _record_reading(session, actor, loaded, decision)
        else:
            chosen = seats_for(session, actor, loaded, new, rests_on=decision.oral_mark_id)
            _write(decision, loaded, new)
            addressing.address(session, loaded, decision, chosen)
            room_lines.follow(session, actor, loaded, decision_id=decision.id)
            record(session, actor, loaded.meeting, "decision", loaded, object_id=decision.id)
    if is_late:
        theirs = "\n".join(filter(None, crypto.unseal_many(_sealed_words(decision))))
        raise StaleEdit(theirs, decision.version)
    return decision.item_id


def _write(decision: Decision, at: LoadedItem, new: NewDecision) -> None:
    sealed = sealed_decision(at, decision.id, new)
    decision.text_ct, decision.dissent_ct = sealed["text_ct"] or b"", sealed["dissent_ct"]
    decision.kind, decision.taken_by_seat_id = new.kind, new.taken_by_seat_id
    decision.dissent_seat_id = new.dissent_seat_id if new.dissent else None
    decision.oral_mark_id = new.oral_mark_id


def delete_decision(actor: Actor, decision_id: uuid.UUID, *, version: int) -> Removed:
    """Take back a decision as it was seen, before the minutes are adopted."""
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        loaded = live_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        if decision.version != version:
            raise StaleEdit("", decision.version)
        decision.deleted_at = clock.now()
        room_lines.follow(session, actor, loaded, decision_id=decision.id)
        record(session, actor, loaded.meeting, "decision", loaded, object_id=decision.id)
        session.flush()
        return Removed(
            decision.item_id,
            What.DECISION,
            decision.id,
            decision.recorded_at,
            decision.version,
        )


def _sealed_words(decision: Decision) -> tuple[Sealed, Sealed]:
    return (
        Sealed(decision.text_ct, f"decision:{decision.id}:text"),
        Sealed(decision.dissent_ct, f"decision:{decision.id}:dissent"),
    )


def _record_reading(session: Session, actor: Actor, at: LoadedItem, decision: Decision) -> None:
    """What a form or a refused save shows is read, in the transaction that fetched it."""
    record(
        session, actor, at.meeting, "decision", at, object_id=decision.id, event=audit.Event.READ
    )
