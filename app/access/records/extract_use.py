"""What staff see of extracts that went out: looked at before, opened and taken along; no word."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.models import ExtractCheck, Meeting, MinutesExtract


@dataclass(frozen=True, slots=True)
class Use:
    """The version somebody has, and when one was first opened and last taken along."""

    version: int
    opened_at: datetime | None
    downloaded_at: datetime | None


def seen_at(
    session: Session, meeting: Meeting
) -> tuple[dict[uuid.UUID, Use], frozenset[uuid.UUID]]:
    """Of a loaded meeting who has a version, and whose part staff looked at as it reads now.

    One statement.
    """
    used = (
        select(
            MinutesExtract.person_id,
            func.max(MinutesExtract.version),
            func.min(MinutesExtract.opened_at),
            func.max(MinutesExtract.downloaded_at),
        )
        .where(MinutesExtract.meeting_id == meeting.id)
        .group_by(MinutesExtract.person_id)
    )
    # A version is never None: such a row says that somebody's part was looked at.
    checked = select(ExtractCheck.person_id, null(), null(), null()).where(
        ExtractCheck.meeting_id == meeting.id
    )
    rows: Sequence[Any] = session.execute(union_all(used, checked)).all()
    found = {row[0]: Use(row[1], row[2], row[3]) for row in rows if row[1] is not None}
    return found, frozenset(row[0] for row in rows if row[1] is None)


def note_check(
    session: Session, actor: Actor, meeting_id: uuid.UUID, person_id: uuid.UUID, *, now: datetime
) -> None:
    """Tick that staff looked at what this person gets."""
    one = session.get(ExtractCheck, (meeting_id, person_id))
    if one is None:
        one = ExtractCheck(meeting_id=meeting_id, person_id=person_id)
        session.add(one)
    one.checked_by_id, one.checked_at = actor.person_id, now
