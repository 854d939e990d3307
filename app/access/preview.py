"""View as seat: the actor a seat's occupant will be once the papers are open, for staff only.

The preview runs through the same scopes as the occupant's own page, at the moment the window is
open and confidentiality accepted; a savepoint that is always rolled back supplies what is still
missing (publication, acceptance). It never signs anybody in and never leaves a trace but the
viewer's own reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, load_actor
from app.access.loaders import LoadedSeat
from app.domain.errors import Reason, Refusal
from app.models import Acceptance, SeatHold


@dataclass(frozen=True, slots=True)
class PreviewView:
    """As whom and at which moment the occupant's page is shown."""

    actor: Actor
    now: datetime


@contextmanager
def as_occupant(session: Session, loaded: LoadedSeat, *, now: datetime) -> Iterator[PreviewView]:
    """Stand in the occupant's place inside a savepoint; Refusal when nobody occupies the seat."""
    holder_id = session.scalar(
        select(SeatHold.person_id).where(
            SeatHold.seat_id == loaded.seat.id,
            SeatHold.from_at <= now,
            SeatHold.until_at.is_(None),
        )
    )
    if holder_id is None:
        raise Refusal(Reason.NO_OCCUPANT)
    occupant = load_actor(session, holder_id, now=now)
    savepoint = session.begin_nested()
    try:
        yield PreviewView(occupant, _open_the_papers(session, loaded, occupant, now))
    finally:
        savepoint.rollback()
        session.expire_all()


def _open_the_papers(
    session: Session, loaded: LoadedSeat, occupant: Actor, now: datetime
) -> datetime:
    """Publish, invite and accept inside the savepoint; gives a moment within the window."""
    meeting = loaded.meeting
    if meeting.published_at is None:
        meeting.published_at = now
        meeting.opens_at = now
        meeting.closes_at = meeting.ends_at + timedelta(days=1)
    if loaded.seat.invited_at is None:
        loaded.seat.invited_at = now
    accepted = session.scalar(
        select(Acceptance.id).where(
            Acceptance.person_id == occupant.person_id, Acceptance.meeting_id == meeting.id
        )
    )
    if accepted is None:
        session.add(
            Acceptance(
                person_id=occupant.person_id, meeting_id=meeting.id, at=now, statement="preview"
            )
        )
    session.flush()
    return max(now, meeting.opens_at or now)
