"""The fixed rhythm of the first table: a series after the weeks told in full, and a closure."""

from __future__ import annotations

from datetime import time, timedelta

from app.domain.local_time import local_date
from app.domain.rhythm import Rhythm, RhythmKind, occurrences
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.infra.holidays_nl import named_holidays
from app.models import ClosurePeriod, Meeting, Series

TABLE = "mda"
PLACE = "Huis van de Delta, kamer 2.14"
THURSDAY = 3
# After the meetings that are told in full, and far enough for a coordinator to extend.
STARTS_AFTER, LASTS = timedelta(weeks=5), timedelta(weeks=16)


def add_rhythm(batch: Batch, world: World) -> None:
    """Every other Thursday afternoon, holidays and a week of closure left out."""
    first_on = local_date(world.now) + STARTS_AFTER
    rhythm = Rhythm(
        kind=RhythmKind.WEEKLY,
        first_on=first_on,
        last_on=first_on + LASTS,
        start=time(13, 0),
        minutes=140,
        interval=2,
        weekdays=frozenset({THURSDAY}),
    )
    table_id = world.tables[TABLE]
    series_id = batch.add(
        Series,
        table_id=table_id,
        kind=rhythm.kind,
        interval=rhythm.interval,
        weekdays=str(THURSDAY),
        first_on=rhythm.first_on,
        last_on=rhythm.last_on,
        start=rhythm.start,
        minutes=rhythm.minutes,
        room_id=world.rooms[PLACE],
        place=PLACE,
        made_at=world.now - timedelta(days=60),
    )
    closed_on = rhythm.last_on + timedelta(days=1)
    batch.add(
        ClosurePeriod,
        table_id=table_id,
        name="Vakantieweek",
        first_on=closed_on,
        last_on=closed_on + timedelta(days=6),
    )
    free = named_holidays(rhythm.first_on, rhythm.last_on, good_friday=True, liberation_day=False)
    for one in occurrences(rhythm, free):
        if one.skipped is None:
            batch.add(
                Meeting,
                table_id=table_id,
                series_id=series_id,
                planned_at=one.starts_at,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                room_id=world.rooms[PLACE],
                place=PLACE,
            )
