"""View as seat: the actor a seat's occupant will be once the papers are open, for staff only.

The preview runs through the same scopes as the occupant's own page, at the moment the window is
open, confidentiality accepted and the question about acquaintances answered; a savepoint that is
always rolled back supplies what is still missing. It never signs anybody in and leaves no trace but
the viewer's own reading.
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
from app.access.conditions import is_held
from app.access.loaders import LoadedSeat
from app.access.own_content import OwnMeetingContent
from app.access.seats.acquaintances import declare, undeclared_at
from app.access.seats.slots import read_own_meeting
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.models import Acceptance, AgendaItem, Case, Meeting, SeatHold


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
            is_held(now),
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
    """Publish, invite, accept and answer inside the savepoint; gives a moment in the window."""
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
    for case_id, identity in undeclared_at(session, occupant, meeting.id, now=now):
        declare(session, occupant.person_id, case_id, [identity])
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

    The occupant may also sit at a case the viewer is barred from: that one stays out, and so does
    its number.
    """
    with as_occupant(session, loaded, now=now) as view:
        occupant = view.actor
        try:
            content = read_own_meeting(session, occupant, loaded.meeting.id, now=view.now)
        except NotVisible:
            return Preview(occupant, None)
    allowed = _allowed_items(session, viewer, content, now)
    cases = set(allowed.values())
    content = replace(
        content,
        slots=tuple(
            replace(slot, number=number)
            for number, slot in enumerate((s for s in content.slots if s.item_id in allowed), 1)
        ),
        items=tuple(
            replace(item, number=number)
            for number, item in enumerate((i for i in content.items if i.item_id in allowed), 1)
        ),
        own_input=tuple(one for one in content.own_input if one.case_id in cases),
        decisions=tuple(one for one in content.decisions if one.item_id in allowed),
    )
    _record(session, viewer, loaded, content, allowed)
    return Preview(occupant, content)


def _allowed_items(
    session: Session, viewer: Actor, content: OwnMeetingContent, now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """The items of this meeting the viewer may see, with their cases."""
    statement = scopes.staff_items(viewer, now=now).where(
        Meeting.id == content.meeting_id, Case.id.is_not(None)
    )
    rows = session.execute(statement.with_only_columns(AgendaItem.id, Case.id))
    return {item_id: case_id for item_id, case_id in rows}  # noqa: C416 - typed as a row otherwise


def _record(
    session: Session,
    viewer: Actor,
    loaded: LoadedSeat,
    content: OwnMeetingContent,
    allowed: dict[uuid.UUID, uuid.UUID],
) -> None:
    """One line per section, question, decision and action, as in the occupant's own log."""
    sections = [one for item in content.items for one in item.sections] + list(content.own_input)
    carried = [one for item in content.items for one in item.carried if one.full.ciphertext]
    read: list[tuple[str, uuid.UUID, uuid.UUID | None, uuid.UUID]] = [
        *(("section", one.section_id, None, one.case_id) for one in sections),
        *(("question", item.case_id, item.item_id, item.case_id) for item in content.items),
        *(("decision", one.id, one.item_id, allowed[one.item_id]) for one in content.decisions),
        *(("action", one.action_id, one.item_id, one.case_id) for one in carried),
    ]
    lines = [
        audit.Entry(
            event=audit.Event.READ,
            object_kind=kind,
            object_id=object_id,
            section_id=object_id if kind == "section" else None,
            item_id=item_id,
            case_id=case_id,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            ground=Ground.STAFF,
        )
        for kind, object_id, item_id, case_id in read
    ]
    audit.record_all(session, viewer, lines)
