"""Corrections and approvals of the minutes by those who were there; staff read and settle them.

Whoever corrects reads no more for it than its own extract: what may be corrected is loaded from
there. Nobody sees what another said.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.access.loaders import LoadedItem, load_item
from app.access.permissions import Permission, audience_of
from app.access.records.adoption import ends_at
from app.access.records.afterwards import staff_corrections
from app.access.records.extract_rows import items_of
from app.access.records.was_there import sat_there
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra.crypto import Sealed
from app.models import (
    AgendaItem,
    Case,
    Correction,
    ItemApproval,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnItem:
    """An item of the own extract at which the actor sat; ``is_open`` while it can be corrected."""

    item: AgendaItem
    meeting: Meeting
    case: Case
    is_approved: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class OwnCorrection:
    """What the actor said of an item, and what staff answered, still sealed."""

    id: uuid.UUID
    item_id: uuid.UUID
    text: Sealed
    answer: Sealed
    is_taken_over: bool | None
    at: datetime


def own_items(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> list[OwnItem]:
    """The items of the own extract at which the actor sat, in order; three statements at most."""
    if not actor.belongs_to(audience_of(Permission.MINUTES_CORRECT)):
        raise NotVisible
    rows = items_of(session, actor, meeting_id, now=now)
    if not rows or rows[0].Meeting.corrections_until_at is None:
        return []
    ids = [row.AgendaItem.id for row in rows]
    sat = {row[0]: row[1] for row in session.execute(_sat_and_approved(actor, ids))}
    return [
        OwnItem(
            item=row.AgendaItem,
            meeting=row.Meeting,
            case=row.Case,
            is_approved=sat[row.AgendaItem.id],
            is_open=_is_before_end(row, now)
            and row.Meeting.adopted_at is None
            and row.AgendaItem.adopted_at is None,
        )
        for row in {row.AgendaItem.id: row for row in rows}.values()
        if row.AgendaItem.id in sat
    ]


def _is_before_end(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    until = ends_at(row.Meeting, row.AgendaItem)
    return until is not None and now < until


def _sat_and_approved(actor: Actor, ids: Sequence[uuid.UUID]) -> Select[uuid.UUID, bool]:
    is_approved = exists().where(
        ItemApproval.item_id == Seat.item_id, ItemApproval.person_id == actor.person_id
    )
    return (
        select(Seat.item_id, is_approved)
        .select_from(Seat)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(SeatHold, SeatHold.seat_id == Seat.id)
        .where(
            Seat.item_id.in_(ids),
            Seat.organisation_id == actor.organisation_id,
            SeatHold.person_id == actor.person_id,
            sat_there(),
        )
    )


def load_open_item(
    session: Session, actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID, *, now: datetime
) -> OwnItem:
    """One item the actor may correct or approve now.

    NotVisible where the actor did not sit there, Refusal where the period is over.
    """
    found = {one.item.id: one for one in own_items(session, actor, meeting_id, now=now)}
    if item_id not in found:
        raise NotVisible
    if not found[item_id].is_open:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return found[item_id]


def take_back_approval(session: Session, actor: Actor, item_id: uuid.UUID) -> None:
    """Whoever corrects an item that ``load_open_item`` gave no longer approves it."""
    given = session.get(ItemApproval, (item_id, actor.person_id))
    if given is not None:
        session.delete(given)


def own_corrections(
    session: Session, actor: Actor, item_ids: Sequence[uuid.UUID]
) -> list[OwnCorrection]:
    """What the actor said of items that ``own_items`` gave, in order."""
    rows = session.scalars(
        select(Correction)
        .where(Correction.person_id == actor.person_id, Correction.item_id.in_(item_ids))
        .order_by(Correction.at, Correction.id)
    )
    return [
        OwnCorrection(
            one.id,
            one.item_id,
            text_of(one),
            answer_of(one),
            one.is_taken_over,
            one.at,
        )
        for one in rows
    ]


def staff_rows(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The corrections to the minutes of a meeting with who said them, open ones first."""
    return session.execute(
        staff_corrections(actor, now=now)
        .join(Person, Person.id == Correction.person_id)
        .join(Organisation, Organisation.id == Correction.organisation_id)
        .with_only_columns(
            Correction,
            Case.reference,
            Person.name.label("person"),
            Organisation.name.label("organisation"),
        )
        .where(Meeting.id == meeting_id)
        .order_by(Correction.settled_at.is_not(None), Case.reference, Correction.at)
    ).all()


@dataclass(frozen=True, slots=True)
class LoadedCorrection:
    """A correction with its item, its case and who said it."""

    correction: Correction
    at: LoadedItem
    person: str
    organisation: str


def load_correction(
    session: Session, actor: Actor, correction_id: uuid.UUID, *, now: datetime
) -> LoadedCorrection:
    """A correction to the minutes of a table served."""
    checks.note()
    row = session.execute(
        staff_corrections(actor, now=now)
        .join(Person, Person.id == Correction.person_id)
        .join(Organisation, Organisation.id == Correction.organisation_id)
        .with_only_columns(Correction, Person.name, Organisation.name)
        .where(Correction.id == correction_id)
        .with_for_update(of=Correction)
    ).one_or_none()
    if row is None:
        raise NotVisible
    at = load_item(
        session, actor, row.Correction.item_id, Permission.MEETING_CLOSE, with_case=False
    )
    return LoadedCorrection(row.Correction, at, row[1], row[2])


def text_of(one: Correction) -> Sealed:
    """What was said, sealed."""
    return Sealed(one.text_ct, f"correction:{one.id}:text")


def answer_of(one: Correction) -> Sealed:
    """What staff answered, sealed."""
    return Sealed(one.answer_ct, f"correction:{one.id}:answer")
