"""What adopting minutes does, to read before it is done; it changes nothing and opens no text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app import access
from app.access import Actor, Permission
from app.access.meetings.recipients import mailed_items
from app.domain.adoption import Readiness
from app.domain.errors import Reason, Refusal
from app.features.minutes.queries import MinutesPage, overview
from app.infra import clock
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """Before minutes are adopted: which cases become final, and which wait, by reference.

    ``corrections`` wait for an answer, ``unchecked`` are parts nobody looked at, of ``parts``.
    """

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ready: tuple[str, ...]
    waits: tuple[str, ...]
    mails: int
    parts: int
    unchecked: int
    corrections: int


def adopting(actor: Actor, meeting_id: uuid.UUID) -> Adopting:
    """What adopting now does; Refusal where nothing may be adopted."""
    page = overview(actor, meeting_id)
    if page.closed_at is None or page.adopted_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if not page.may_adopt:
        raise Refusal(Reason.MINUTES_WAIT)
    left = (Readiness.WAITS, Readiness.HELD_BACK)
    return Adopting(
        meeting_id=meeting_id,
        table_name=page.table_name,
        starts_at=page.starts_at,
        ready=tuple(one.reference for one in page.items if one.readiness is Readiness.READY),
        waits=tuple(one.reference for one in page.items if one.readiness in left),
        mails=_mails(actor, page),
        parts=len(page.recipients),
        unchecked=len(page.recipients) - page.checked,
        corrections=sum(one.is_taken_over is None for one in page.corrections),
    )


def _mails(actor: Actor, page: MinutesPage) -> int:
    """Who has a part that becomes final, and none that waits: the mail comes with the last one."""
    by = {kind: {one.item_id for one in page.items if one.readiness is kind} for kind in Readiness}
    waits = by[Readiness.WAITS] | by[Readiness.HELD_BACK]
    with transaction() as session:
        access.load_meeting(session, actor, page.meeting_id, Permission.MEETING_CLOSE)
        told = mailed_items(session, actor, page.meeting_id, now=clock.now())
    return sum(bool(own & by[Readiness.READY]) and not own & waits for own in told.values())
