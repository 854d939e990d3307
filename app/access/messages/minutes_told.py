"""Whom to tell that minutes can be read, and whether that still holds when the mail leaves.

What is told is the reader's own: that there is something, never what, nor of how many others.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.meetings.planning import invited_people
from app.access.records.afterwards import own_additions
from app.access.records.extract_rows import items_of
from app.access.records.extracts import adopted_at
from app.access.records.was_there import people_at
from app.infra import outbox
from app.models import Addendum, AddendumReader, AgendaItem, Meeting, Seat, SeatHold


class Told(StrEnum):
    """What somebody is told, and the folder of its mail."""

    CONCEPT = "minutes_concept"
    ADOPTED = "minutes_adopted"
    ADDED = "minutes_added"
    CHANGED = "minutes_changed"


def queue_concepts(session: Session, meeting_id: uuid.UUID) -> None:
    """Tell everybody with a seat once that agreements and actions can be read."""
    for person_id in _people(session, meeting_id):
        queue_mail(session, meeting_id, person_id, Told.CONCEPT)


def queue_fixing(session: Session, payload: Mapping[str, str]) -> None:
    """Have the extract of everybody with a seat fixed; who has something new is told after."""
    meeting_id = uuid.UUID(payload["meeting_id"])
    for person_id in _people(session, meeting_id):
        outbox.add_once(
            session,
            "minutes.fix",
            unique_key=f"minutes.fix:{payload['row']}:{person_id}",
            payload={"meeting_id": meeting_id, "person_id": person_id},
        )


def queue_changed(session: Session, payload: Mapping[str, str]) -> None:
    """Tell who was at an item that it reads otherwise now, and can be corrected again."""
    item_id = uuid.UUID(payload["item_id"])
    for person_id in sorted(people_at(session, [item_id]).get(item_id, {})):
        meeting_id = uuid.UUID(payload["meeting_id"])
        queue_mail(session, meeting_id, person_id, Told.CHANGED, about=payload["row"])


def queue_added(session: Session, payload: Mapping[str, str], *, now: datetime) -> None:
    """Have fixed and told what was added, for who holds a seat it was written for."""
    meeting_id, added_id = uuid.UUID(payload["meeting_id"]), uuid.UUID(payload["addendum_id"])
    people = session.scalars(
        select(SeatHold.person_id)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .join(AddendumReader, AddendumReader.seat_id == Seat.id)
        .where(AddendumReader.addendum_id == added_id, is_held(now))
        .distinct()
    )
    for person_id in sorted(people):
        about = {"meeting_id": meeting_id, "person_id": person_id, "addendum_id": added_id}
        key = f"minutes.fix:{added_id}:{person_id}"
        outbox.add_once(session, "minutes.fix", unique_key=key, payload=about)


def queue_mail(
    session: Session,
    meeting_id: uuid.UUID,
    person_id: uuid.UUID,
    told: Told,
    *,
    addendum_id: str = "",
    about: str = "",
) -> None:
    """One mail to one person about this, once; ``about`` tells two of the same kind apart."""
    outbox.add_once(
        session,
        "minutes.tell",
        unique_key=f"minutes.tell:{told.value}:{about or addendum_id or meeting_id}:{person_id}",
        payload={
            "mail_id": uuid.uuid4(),
            "meeting_id": meeting_id,
            "person_id": person_id,
            "told": told.value,
            "addendum_id": addendum_id,
        },
    )


def _people(session: Session, meeting_id: uuid.UUID) -> list[uuid.UUID]:
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.closed_at is None or meeting.cancelled_at is not None:
        return []
    return sorted(invited_people(session, meeting))


def still_told(
    session: Session,
    actor: Actor,
    meeting_id: uuid.UUID,
    told: Told,
    *,
    now: datetime,
    addendum_id: str = "",
) -> datetime | None:
    """When the actor's own part began, if what the mail says still holds; else None.

    Who did not accept confidentiality yet is told of a concept too: the page asks for it first.
    """
    rows = items_of(session, actor, meeting_id, now=now)
    starts_at: datetime | None = rows[0].AgendaItem.starts_at if rows else None
    if told is Told.CONCEPT:
        return starts_at or session.scalar(
            scopes.own_slots(actor, now=now)
            .where(Meeting.id == meeting_id, Meeting.closed_at.is_not(None))
            .with_only_columns(AgendaItem.starts_at)
            .order_by(AgendaItem.starts_at)
            .limit(1)
        )
    if told is Told.ADOPTED:
        return starts_at if all(adopted_at(row) for row in rows) else None
    if told is Told.CHANGED:
        return starts_at if any(_is_open_again(row, now) for row in rows) else None
    added = own_additions(actor, now=now).where(Addendum.id == uuid.UUID(addendum_id))
    found = session.execute(added.with_only_columns(Addendum.id)).first()
    return starts_at if found else None


def _is_open_again(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """The words of an item changed after its period, and it can be corrected since."""
    until = row.AgendaItem.corrections_until_at
    return until is not None and now < until and adopted_at(row) is None
