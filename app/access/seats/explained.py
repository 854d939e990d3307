"""What the own organisation explained aloud: that it did, and whether a reason may rest on it.

What was said is recorded nowhere, so nothing here opens a text.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import from_holds
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.infra import clock, wall
from app.infra.wall import System
from app.models import AgendaItem, Decision, Meeting, OralMark, Seat


def own_marks(actor: Actor, *, now: datetime) -> Select[OralMark, AgendaItem]:
    """Oral explanations staff noted at a seat the actor holds; there is no text to them."""
    checks.note()
    return (
        from_holds(OralMark, AgendaItem)
        .join(OralMark, OralMark.seat_id == Seat.id)
        .where(
            c.holds_seat(actor, now),
            c.is_on_agenda(),
            c.is_not_barred(actor, now),
            c.is_published(now),
            c.has_accepted(actor),
            OralMark.deleted_at.is_(None),
        )
    )


def agree_with_mark(
    session: Session, actor: Actor, mark_id: uuid.UUID, *, agree: bool
) -> uuid.UUID:
    """Say that a reason may rest on what was explained, or take that back; gives the meeting.

    Said once more it confirms what staff took down.

    NotVisible unless the mark is at an own seat; refused once minutes are adopted, and for taking
    back while a decision rests on it.
    """
    now = clock.now()
    row = session.execute(
        own_marks(actor, now=now)
        .where(OralMark.id == mark_id)
        .add_columns(Meeting)
        .with_for_update(of=OralMark)
    ).one_or_none()
    if row is None:
        raise NotVisible
    mark: OralMark = row.OralMark
    meeting_id: uuid.UUID = row.AgendaItem.meeting_id
    is_adopted = (row.AgendaItem.adopted_at or row.Meeting.adopted_at) is not None
    if is_adopted or (not agree and _is_rested_on(session, mark)):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    is_own = mark.agreed_at is not None and mark.agreement_recorded_by_id is None
    if is_own if agree else mark.agreed_at is None:
        return meeting_id
    mark.agreed_at = now if agree else None
    mark.agreed_by_id = actor.person_id if agree else None
    mark.agreement_recorded_by_id = None
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="oral-mark",
            object_id=mark.id,
            outcome="done" if agree else "refused",
            ground=Ground.SOURCE,
            table_id=row.Meeting.table_id,
            meeting_id=row.Meeting.id,
            item_id=row.AgendaItem.id,
            case_id=row.AgendaItem.case_id,
        ),
    )
    return meeting_id


def _is_rested_on(session: Session, mark: OralMark) -> bool:
    found = exists().where(Decision.oral_mark_id == mark.id, Decision.deleted_at.is_(None))
    with wall.opened_for(session, System.UNIQUENESS):
        return bool(session.scalar(select(found)))
