"""The meetings of a series or a table as they stand, for whoever plans them; never their cases."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access import conditions as c
from app.access.meetings.series import hold
from app.domain.local_time import local_date
from app.infra import clock
from app.models import AgendaItem, Meeting, Series


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """One meeting of a series with whether anything was prepared for it."""

    meeting: Meeting
    items: int

    @property
    def is_bare(self) -> bool:
        """Nothing was done with it yet, so a new rhythm may take it away."""
        untouched = self.meeting.published_at is None and self.meeting.started_at is None
        return untouched and not self.items


def meetings_of(
    session: Session, series: Series, *, from_at: datetime | None = None
) -> list[PlannedMeeting]:
    """Meetings of a loaded series that still go on, in order.

    With ``from_at`` those planned from then on, and those that were moved to then or later.
    """
    wanted = [Meeting.series_id == series.id]
    if from_at is not None:
        wanted.append(or_(Meeting.planned_at >= from_at, Meeting.starts_at >= from_at))
    return _planned(session, wanted, Meeting.planned_at)


def meetings_between(
    session: Session, table_id: uuid.UUID, between: tuple[datetime, datetime]
) -> list[PlannedMeeting]:
    """Meetings of a table served that start between two moments and still go on, in order."""
    wanted = [Meeting.table_id == table_id, Meeting.starts_at.between(*between)]
    return _planned(session, wanted, Meeting.starts_at)


def _planned(
    session: Session, wanted: list[c.Condition], order: InstrumentedAttribute[Any]
) -> list[PlannedMeeting]:
    items = (
        select(func.count())
        .where(AgendaItem.meeting_id == Meeting.id, AgendaItem.removed_at.is_(None))
        .correlate(Meeting)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Meeting, items.label("items"))
        .where(Meeting.cancelled_at.is_(None), *wanted)
        .order_by(order)
    )
    return [PlannedMeeting(row.Meeting, row.items) for row in rows]


def cancelled_days(session: Session, series: Series) -> frozenset[date]:
    """Days of a loaded series, as it stands, on which its meeting was cancelled."""
    cancelled = session.scalars(
        select(Meeting.planned_at).where(
            Meeting.series_id == series.id, Meeting.cancelled_at.is_not(None)
        )
    )
    days = {local_date(one) for one in cancelled if one is not None}
    return frozenset(one for one in days if series.first_on <= one <= series.last_on)


def live_by_room(
    session: Session, meeting_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Meeting]]:
    """Held meetings that go on, per room; those without a room are left out."""
    found: dict[uuid.UUID, list[Meeting]] = defaultdict(list)
    meetings = select(Meeting).where(
        Meeting.id.in_(meeting_ids), Meeting.cancelled_at.is_(None), Meeting.room_id.is_not(None)
    )
    for one in session.scalars(meetings):
        if one.room_id is not None:
            found[one.room_id].append(one)
    return found


def hold_all(
    session: Session, found: Collection[PlannedMeeting]
) -> dict[uuid.UUID, tuple[Series, frozenset[uuid.UUID]]]:
    """Hold the series of planned meetings, then the meetings: the order of all acts.

    Gives the series by id, each with all its coming meetings.
    """
    held = {}
    for series_id in sorted({one.meeting.series_id for one in found if one.meeting.series_id}):
        series = session.get_one(Series, series_id)
        held[series_id] = (series, hold(session, series, now=clock.now()))
    single = [one.meeting.id for one in found if one.meeting.series_id is None]
    waits = select(Meeting.id).where(Meeting.id.in_(single)).order_by(Meeting.id)
    session.execute(waits.with_for_update())
    return held
