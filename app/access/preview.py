"""View as seat: the actor a seat's occupant will be once the papers are open, for staff only.

The preview runs through the same scopes as the occupant's own page, at the moment the window is
open and confidentiality accepted; a savepoint that is always rolled back supplies what is still
missing (publication, acceptance). It never signs anybody in and never leaves a trace but the
viewer's own reading.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor, load_actor
from app.access.loaders import LoadedSeat
from app.access.slots import OwnMeetingContent, read_own_meeting
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.models import Acceptance, Case, SeatHold


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
    try:
        occupant = load_actor(session, holder_id, now=now)
    except NotVisible:
        raise Refusal(Reason.PERSON_NOT_ACTIVE) from None
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


@dataclass(frozen=True, slots=True)
class Preview:
    """What the occupant of a seat gets; content is None when that is nothing at all."""

    occupant: Actor
    content: OwnMeetingContent | None


def read_as_occupant(
    session: Session, viewer: Actor, loaded: LoadedSeat, *, now: datetime
) -> Preview:
    """The occupant's own page of this meeting; each section read is recorded as the viewer's.

    The occupant may also sit at a case the viewer is barred from: that one stays out.
    """
    with as_occupant(session, loaded, now=now) as view:
        occupant = view.actor
        try:
            content = read_own_meeting(session, occupant, loaded.meeting.id, now=view.now)
        except NotVisible:
            return Preview(occupant, None)
    allowed = _allowed_cases(session, viewer, content, now)
    items = tuple(item for item in content.items if item.case_id in allowed)
    shown = {item.item_id for item in items}
    content = replace(
        content,
        items=items,
        own_input=tuple(one for one in content.own_input if one.case_id in allowed),
        decisions=tuple(one for one in content.decisions if one.item_id in shown),
    )
    _record(session, viewer, loaded, content)
    return Preview(occupant, content)


def _allowed_cases(
    session: Session, viewer: Actor, content: OwnMeetingContent, now: datetime
) -> set[uuid.UUID]:
    wanted = {item.case_id for item in content.items} | {one.case_id for one in content.own_input}
    statement = scopes.staff_cases(viewer, now=now).where(Case.id.in_(wanted))
    return set(session.scalars(statement.with_only_columns(Case.id)))


def _record(
    session: Session, viewer: Actor, loaded: LoadedSeat, content: OwnMeetingContent
) -> None:
    sections = [one for item in content.items for one in item.sections] + list(content.own_input)
    audit.record_all(
        session,
        viewer,
        [
            audit.Entry(
                event=audit.Event.READ,
                object_kind="section",
                object_id=one.section_id,
                section_id=one.section_id,
                case_id=one.case_id,
                table_id=loaded.meeting.table_id,
                meeting_id=loaded.meeting.id,
                ground=Ground.STAFF,
            )
            for one in sections
        ],
    )
