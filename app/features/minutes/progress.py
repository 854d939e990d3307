"""Where the minutes stand, item by item, as staff see it: who was there, said yes, or corrected."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.records import adoption, corrections
from app.access.records.adoption import ItemState
from app.domain.adoption import Readiness
from app.models import AgendaItem, Case, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProgress:
    """One item: how many of those present approved, whose yes is missing, what waits."""

    item_id: uuid.UUID
    reference: str
    starts_at: datetime
    present: int
    approved: int
    missing: tuple[str, ...]
    unsettled: int
    readiness: Readiness
    adopted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """A correction, without its words."""

    id: uuid.UUID
    reference: str
    organisation: str
    person: str
    at: datetime
    is_taken_over: bool | None


def items(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> tuple[ItemProgress, ...]:
    """The items of a loaded meeting that the actor may see, in order."""
    seen = scopes.staff_items(actor, now=now).where(Meeting.id == meeting.id, Case.id.is_not(None))
    references = {row.AgendaItem.id: row.Case.reference for row in session.execute(seen)}
    states = adoption.states_of(session, meeting, now=now, only=references.keys())
    return tuple(_progress(one, references[one.item.id], meeting) for one in states)


def _progress(state: ItemState, reference: str, meeting: Meeting) -> ItemProgress:
    item: AgendaItem = state.item
    return ItemProgress(
        item_id=item.id,
        reference=reference,
        starts_at=item.starts_at,
        present=len(state.present),
        approved=len(state.approved & state.present.keys()),
        missing=tuple(name for key, name in state.present.items() if key not in state.approved),
        unsettled=state.unsettled,
        readiness=state.readiness,
        adopted_at=item.adopted_at or meeting.adopted_at,
    )


def said(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[CorrectionLine, ...]:
    """The corrections to the minutes of a meeting, those that wait first."""
    return tuple(
        CorrectionLine(
            id=row.Correction.id,
            reference=row.reference,
            organisation=row.organisation,
            person=row.person,
            at=row.Correction.at,
            is_taken_over=row.Correction.is_taken_over,
        )
        for row in corrections.staff_rows(session, actor, meeting_id, now=now)
    )
