"""That a partner explained something aloud: who, and whether a reason may rest on it; never what.

Staff read the marks of the tables they serve; what a partner does with its own stands elsewhere.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.loaders import LoadedItem, load_item
from app.access.permissions import Permission
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.models import AgendaItem, Decision, OralMark, Organisation, Seat


@dataclass(frozen=True, slots=True)
class MarkAt:
    """A mark at a loaded item, with the code of the organisation that explained."""

    mark: OralMark
    code: str


def marks_at(session: Session, item: AgendaItem) -> list[MarkAt]:
    """The marks at a loaded item, in order of writing down."""
    rows = session.execute(
        select(OralMark, Organisation.code)
        .join(Seat, Seat.id == OralMark.seat_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(OralMark.item_id == item.id, OralMark.deleted_at.is_(None))
        .order_by(OralMark.recorded_at, OralMark.id)
    )
    return [MarkAt(row.OralMark, row.code) for row in rows]


def load(session: Session, actor: Actor, mark_id: uuid.UUID) -> tuple[OralMark, LoadedItem]:
    """One mark with its item, for staff; held till the end."""
    found = session.get(OralMark, mark_id, with_for_update=True)
    if found is None or found.deleted_at is not None:
        raise NotVisible
    loaded = load_item(session, actor, found.item_id, Permission.DECISION_RECORD)
    return found, loaded


def refuse_not_agreed(session: Session, at: LoadedItem, mark_id: uuid.UUID) -> None:
    """Refusal unless it is a mark of this item whose partner agreed that a reason rests on it."""
    found = next((one.mark for one in marks_at(session, at.item) if one.mark.id == mark_id), None)
    if found is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "oral_mark")
    if found.agreed_at is None:
        raise Refusal(Reason.ORAL_NOT_AGREED, "oral_mark")


def refuse_rested_on(session: Session, mark: OralMark) -> None:
    """Refusal ORAL_RESTED_ON while a decision that stands rests on a loaded mark."""
    resting = select(Decision.id).where(
        Decision.oral_mark_id == mark.id, Decision.deleted_at.is_(None)
    )
    if session.scalar(resting.limit(1)) is not None:
        raise Refusal(Reason.ORAL_RESTED_ON)


def record_for(session: Session, actor: Actor, at: LoadedItem, mark: OralMark) -> None:
    """The line for an agreement taken down on behalf of whoever holds the seat."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="oral-mark",
            object_id=mark.id,
            ground=Ground.STAFF,
            on_behalf_of_id=mark.agreed_by_id,
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=at.item.case_id,
        ),
    )
