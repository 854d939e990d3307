"""Whether somebody read, by what an act of planning opened, before that act is taken back.

It asks the access log alone, and never tells who read, or what.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.audit import Event
from app.access.meetings.pictures import Rows
from app.domain.kinds import STAFF_ROLES
from app.infra import clock
from app.models import AgendaItem, AuditEvent, InputRequest, TableRole

# What gives access by a new row, or by another moment: an order or a cancelling gives nobody more.
_GIVING: Final = ("agenda_item:", "seat:", "seat_hold:", "disclosure:", "input_request:")
_MOMENTS: Final = frozenset(
    {"published_at", "opens_at", "closes_at", "invited_at", "asked_at", "deadline_at"}
)


def hold_requests(session: Session, touched: Iterable[str]) -> None:
    """Wait for whoever reads or answers a question the act touched, and let nobody begin."""
    mark = f"{InputRequest.__tablename__}:"
    ids = [uuid.UUID(key.removeprefix(mark)) for key in touched if key.startswith(mark)]
    if ids:
        held = select(InputRequest.id).where(InputRequest.id.in_(ids)).order_by(InputRequest.id)
        session.execute(held.with_for_update())


def opened_anything(changed: Rows, made: Iterable[str]) -> bool:
    """Whether the act may have let anybody read."""
    gave = any(key.startswith(_GIVING) for key in made)
    return gave or any(_MOMENTS & row.keys() for row in changed.values())


def was_read(session: Session, meeting_ids: Collection[uuid.UUID], *, since: datetime) -> bool:
    """Whether anybody but the staff of its table read at these meetings from ``since`` on."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id.in_(meeting_ids))
    is_staff = exists().where(
        TableRole.person_id == AuditEvent.person_id,
        TableRole.table_id == AuditEvent.table_id,
        TableRole.role.in_(STAFF_ROLES),
        c.is_live(TableRole.from_at, TableRole.until_at, clock.now()),
    )
    read = select(AuditEvent.id).where(
        AuditEvent.at >= since,
        AuditEvent.event.in_((Event.READ, Event.REVEAL)),
        AuditEvent.person_id.is_not(None),
        or_(AuditEvent.meeting_id.in_(meeting_ids), AuditEvent.item_id.in_(items)),
        ~is_staff,
    )
    return session.scalars(read.limit(1)).first() is not None
