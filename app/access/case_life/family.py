"""Who of the family took part in the discussion of a case: as what and how, never by name.

Counted where others read it; only staff of the item know of which person concerned a line is.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.loaders import LoadedItem
from app.access.records import adoption
from app.domain.errors import NotVisible
from app.domain.kinds import FamilyPart, FamilyRole
from app.domain.minutes_text import FamilyLine
from app.infra import clock
from app.models import FamilyAttendance

_ROLES, _PARTS = list(FamilyRole), list(FamilyPart)


def counted(
    session: Session, item_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[FamilyLine, ...]]:
    """Per item that somebody may read: how many took part as what and how. One statement."""
    rows = session.execute(
        select(FamilyAttendance.item_id, FamilyAttendance.role, FamilyAttendance.part, func.count())
        .where(FamilyAttendance.item_id.in_(item_ids), FamilyAttendance.removed_at.is_(None))
        .group_by(FamilyAttendance.item_id, FamilyAttendance.role, FamilyAttendance.part)
    ).all()
    found: dict[uuid.UUID, tuple[FamilyLine, ...]] = {}
    for item_id, role, part, number in sorted(
        rows, key=lambda row: (_ROLES.index(row[1]), _PARTS.index(row[2]))
    ):
        found[item_id] = (*found.get(item_id, ()), FamilyLine(role, part, number))
    return found


def lines_at(session: Session, at: LoadedItem) -> list[FamilyAttendance]:
    """Every line of a loaded item, in the order they were recorded."""
    return list(
        session.scalars(
            select(FamilyAttendance)
            .where(FamilyAttendance.item_id == at.item.id, FamilyAttendance.removed_at.is_(None))
            .order_by(FamilyAttendance.recorded_at, FamilyAttendance.id)
        )
    )


def add(session: Session, actor: Actor, at: LoadedItem, line: FamilyAttendance) -> None:
    """Record one line at a loaded item."""
    line.id, line.item_id = uuid.uuid4(), at.item.id
    line.recorded_by_id, line.recorded_at = actor.person_id, clock.now()
    session.add(line)
    _record(session, actor, at, audit.Event.ADD, line.id)


def take_back(session: Session, actor: Actor, at: LoadedItem, line_id: uuid.UUID) -> None:
    """A line was wrong; NotVisible when it is of another item."""
    line = next((one for one in lines_at(session, at) if one.id == line_id), None)
    if line is None:
        raise NotVisible
    line.removed_at = clock.now()
    _record(session, actor, at, audit.Event.DELETE, line.id)


def _record(
    session: Session, actor: Actor, at: LoadedItem, event: audit.Event, line_id: uuid.UUID
) -> None:
    if at.meeting.closed_at is not None:
        adoption.words_changed(session, at.meeting, at.item, now=clock.now())
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="family-attendance",
            object_id=line_id,
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=at.item.case_id,
        ),
    )
