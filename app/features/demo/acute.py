"""What the demo region does at once: on the spot, in the rapid response team, and after an order.

No meeting is planned for these: they are counted, and handed over to a team within a day.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Final

from app.domain import presets
from app.domain.kinds import CaseState, ConcernedRole, TableKind
from app.domain.local_time import local_date, local_to_utc
from app.features.demo.batch import Batch
from app.features.demo.calendar_years import YEAR, Stretch, last_and_this
from app.features.demo.ground import World
from app.features.demo.phrases import AGREEMENTS, HOUSEHOLDS, SENTENCES
from app.features.demo.tell import ToldCase, add_case, add_concerned, add_section
from app.models import DailyCount, ExclusionOrder, Handover, Screening

ON_THE_SPOT: Final = 120
SCREENED: Final = 200
CHATS: Final = 429
TEAM: Final = "LT-OW"
DAY_OF_THE_MEETING: Final = timedelta(days=3)
TERM: Final = timedelta(days=10)


def add_order(
    batch: Batch, world: World, told: ToldCase, meets_at: datetime, began: datetime
) -> None:
    """A case at the table for exclusion orders has one, served three days before its meeting."""
    if world.table_kinds[told.table] is TableKind.EXCLUSION_ORDER and meets_at < world.now:
        served_at = max(meets_at - DAY_OF_THE_MEETING, began)
        batch.link(
            ExclusionOrder,
            case_id=told.case_id,
            table_id=world.tables[told.table],
            served_at=served_at,
            ends_at=served_at + TERM,
            recorded_by_id=world.people["joost"],
        )


def add_acute(batch: Batch, world: World) -> None:
    """Agreements on the spot, the daily list of the rapid response team, and chats."""
    last, this = last_and_this(local_date(world.now))
    for stretch in (last, Stretch(this.since, 0, share=-this.since / YEAR)):
        _add_on_the_spot(batch, world, stretch)
        _add_screened(batch, world, stretch)
        _add_chats(batch, world, stretch)


def _add_on_the_spot(batch: Batch, world: World, stretch: Stretch) -> None:
    for day in _days(stretch, ON_THE_SPOT):
        at = _moment(world, day, time(batch.chance.randrange(24), 20))
        told = _handed_over(batch, world, "spot", at, source="POL", after=timedelta(hours=6))
        add_section(
            batch, world, told, code=presets.AGREEMENTS, source="POL", at=at,
            text=batch.chance.choice(AGREEMENTS),
        )  # fmt: skip


def _add_screened(batch: Batch, world: World, stretch: Stretch) -> None:
    for number, day in enumerate(_days(stretch, SCREENED)):
        at = _moment(world, day, time(9, 30))
        told = _handed_over(batch, world, "spoed", at, source="VT", after=timedelta(hours=20))
        batch.link(
            Screening,
            case_id=told.case_id,
            table_id=world.tables["spoed"],
            listed_on=local_date(at),
            is_urgent=number % 3 == 0,
            listed_by_id=world.people["imane"],
            picked_up_at=at + timedelta(hours=2),
            picked_up_by_id=world.people["sanne"],
        )


def _days(stretch: Stretch, a_year: int) -> list[int]:
    """So many as its share of a year, spread evenly; counted from today."""
    count = round(a_year * stretch.share)
    span = stretch.until - stretch.since
    return [stretch.since + number * span // count for number in range(count)]


def _moment(world: World, days: int, clock: time) -> datetime:
    """A moment that exists on every day."""
    day = local_date(world.now) + timedelta(days=days)
    return local_to_utc(day, clock.replace(hour=4) if clock.hour in (2, 3) else clock)


def _handed_over(
    batch: Batch, world: World, table: str, at: datetime, *, source: str, after: timedelta
) -> ToldCase:
    """A case that a municipal team accepted, and which is closed at the table since then."""
    told = ToldCase(batch.new_id(), table)
    accepted_at = min(at + after, world.now)
    add_case(
        batch, world, told=told, brought_by=source, state=CaseState.CLOSED, question="",
        created_at=at, channel="on-the-spot" if table == "spot" else "",
        imported_number=None, team_id=world.organisations[TEAM],
        closed_days=(world.now - accepted_at).days,
    )  # fmt: skip
    for position, (role, label) in enumerate(batch.chance.choice(HOUSEHOLDS), start=1):
        add_concerned(
            batch, told, position=position, role=ConcernedRole(role), label=label, relation="",
            address=1,
        )  # fmt: skip
    add_section(
        batch, world, told, code="cause", source=source, at=at,
        text=batch.chance.choice(SENTENCES["cause"]),
    )  # fmt: skip
    _accept(batch, world, told.case_id, table, proposed_at=at, accepted_at=accepted_at)
    return told


def _accept(
    batch: Batch,
    world: World,
    case_id: uuid.UUID,
    table: str,
    *,
    proposed_at: datetime,
    accepted_at: datetime,
) -> None:
    batch.add(
        Handover,
        case_id=case_id,
        from_table_id=world.tables[table],
        to_organisation_id=world.organisations[TEAM],
        proposed_by_id=world.people["imane"],
        proposed_at=proposed_at,
        due_at=proposed_at + timedelta(days=1),
        accepted_by_id=world.people["pieter"],
        accepted_at=accepted_at,
    )


def _add_chats(batch: Batch, world: World, stretch: Stretch) -> None:
    """So many a day that they add up to the number of the year."""
    for day, amount in Counter(_days(stretch, CHATS)).items():
        batch.link(
            DailyCount,
            table_id=world.tables["spoed"],
            code="chats",
            counted_on=local_date(world.now) + timedelta(days=day),
            amount=amount,
            recorded_by_id=world.people["imane"],
            recorded_at=world.now + timedelta(days=day),
        )
