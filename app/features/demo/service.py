"""Loads the demo region; it must never run in production nor on top of real data."""

from __future__ import annotations

import random
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.administration.accounts import staff_of
from app.access.meetings.series import live_series_of
from app.access.messages.invitations import single_meetings
from app.access.oversight import closing_quarters
from app.features.demo.acute import add_acute
from app.features.demo.batch import Batch
from app.features.demo.between import add_between
from app.features.demo.chasing import add_chasing
from app.features.demo.confirming import add_confirming
from app.features.demo.crowd import (
    add_log,
    add_region_people,
    add_stress_ground,
    stress_rhythms,
)
from app.features.demo.endings import add_endings
from app.features.demo.ground import World, lay_ground
from app.features.demo.people import TABLES
from app.features.demo.rhythm import add_rhythm
from app.features.demo.stories import STORIES
from app.features.demo.tell import tell
from app.features.demo.weeks import add_weeks
from app.features.demo.years import REGION, add_calendar_years, add_year
from app.infra import clock, wall
from app.infra.calendar_queue import queue_calendar, queue_series
from app.infra.db import learn_sizes, reading, transaction
from app.infra.wall import System
from app.models import Organisation

SEED: Final = 20261126
# domain.md §6; the hand-written people come on top.
REGION_PEOPLE: Final = 55
STRESS_PEOPLE: Final = 571
STRESS_LOG_ROWS: Final = 2_000_000


class Size(StrEnum):
    """How much is made (domain.md §6)."""

    SMALL = "small"
    REGION = "region"
    STRESS = "stress"


class NotEmptyError(RuntimeError):
    """The database already holds organisations; demo data never mixes with others."""


def is_empty() -> bool:
    """Whether nothing was loaded or typed in yet."""
    with reading() as session:
        return not session.scalar(select(func.count()).select_from(Organisation))


def load(size: Size, *, seed: int = SEED) -> int:
    """Write the region in one unit of work; gives the number of rows. The same for the same seed.

    :raises NotEmptyError: there is data already.
    """
    if not is_empty():
        raise NotEmptyError
    batch = Batch(random.Random(seed))  # noqa: S311 - repeatable on purpose, no secret
    # To the minute: two loads within one minute give the same moments too.
    now = clock.now().replace(second=0, microsecond=0)
    with wall.acting_as(System.DEMO), transaction() as session:
        keys = [key for key, *_ in TABLES]
        world = lay_ground(batch, now, keys[:2] if size is Size.SMALL else keys)
        told = {story.key: tell(batch, world, story) for story in STORIES}
        add_weeks(batch, world, told)
        add_endings(batch, world, told["vastgelopen"])
        add_rhythm(batch, world)
        add_between(batch, world, told)
        if size is Size.REGION:
            add_region_people(batch, world, count=REGION_PEOPLE)
        elif size is Size.STRESS:
            add_stress_ground(batch, world, organisations=60, tables=12)
            add_region_people(batch, world, count=STRESS_PEOPLE)
        chased = add_chasing(batch, world, seed=seed)
        confirmed = add_confirming(batch, world, seed=seed)
        count = batch.write(session)
        count += chased.write(session)
        count += confirmed.write(session)
        if size is Size.REGION:
            add_acute(batch, world)
            count += add_calendar_years(batch, world, session, REGION)
        elif size is Size.STRESS:
            count += add_year(batch, world, session, stress_rhythms(world))
            count += add_log(world, session, count=STRESS_LOG_ROWS)
        if size is not Size.STRESS:
            _fill_calendars(session, world)
        if size is not Size.SMALL:
            _close_quarters(session)
        audit.record(session, None, audit.Entry(event=audit.Event.ADD, object_kind="demo"))
    learn_sizes()
    return count


def _close_quarters(session: Session) -> None:
    """Count the quarters that are over, as the worker does once each is over."""
    now = clock.now()
    while quarter_on := closing_quarters.next_to_close(session, now=now):
        counted = closing_quarters.count(session, quarter_on)
        closing_quarters.keep(session, counted, now=now)


def _fill_calendars(session: Session, world: World) -> None:
    """Give the staff what their tables have coming, as if it had been planned here.

    Without that their first mail about a meeting would be an invitation to what they changed.
    """
    now = clock.now()
    for table_id in world.tables.values():
        staff = staff_of(session, frozenset({table_id}), now=now)
        for meeting_id in single_meetings(session, table_id, now=now):
            queue_calendar(session, meeting_id, staff)
        for series in live_series_of(session, [table_id]):
            queue_series(session, series.id, staff)
