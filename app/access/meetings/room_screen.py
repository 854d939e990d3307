"""What the screen in the room shows: one item or nothing, always starting without a sentence.

Never decides who may change it: whoever calls this loaded the meeting or the item before.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import ProjectedLine, RoomScreen


def blank(session: Session, meeting_id: uuid.UUID) -> None:
    """Nothing any more: what was shown does not come back by itself."""
    screen = _held(session, meeting_id)
    screen.item_id, screen.is_blank, screen.changed_at = None, True, clock.now()
    session.flush()


def show(session: Session, meeting_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """The timer and the seats of one item; sentences of an earlier turn do not come back."""
    screen = _held(session, meeting_id)
    screen.item_id, screen.is_blank, screen.changed_at = item_id, False, clock.now()
    session.execute(
        update(ProjectedLine)
        .where(
            ProjectedLine.meeting_id == meeting_id,
            ProjectedLine.item_id == item_id,
            ProjectedLine.taken_away_at.is_(None),
        )
        .values(taken_away_at=clock.now())
    )


def cover(session: Session, meeting_id: uuid.UUID, *, is_blank: bool) -> bool:
    """Dark for a moment, or light again with what was shown before; False when it was so."""
    screen = _held(session, meeting_id)
    wanted = is_blank or screen.item_id is None
    if screen.is_blank is wanted:
        return False
    screen.is_blank, screen.changed_at = wanted, clock.now()
    return True


def _held(session: Session, meeting_id: uuid.UUID) -> RoomScreen:
    """The locked row of a meeting, made when there is none yet."""
    locked = (
        select(RoomScreen)
        .where(RoomScreen.meeting_id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(locked).one_or_none()
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(RoomScreen(meeting_id=meeting_id, changed_at=clock.now(), is_blank=True))
    except IntegrityError:  # somebody else made it just now
        pass
    return session.scalars(locked).one()
