"""What a temporary exclusion order (huisverbod) asks of a calendar; it must never know a period.

Which days count stands in the kind of the table, and also with which of its clocks from service
(uitreiking) an order ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Generic, TypeVar

from app.domain.kind_document import ClockRule
from app.domain.local_time import local_date, local_to_utc

T = TypeVar("T")

# When people meet on a day, the latest first; none of these hours is ever skipped or doubled.
HOURS: Final = (time(14), time(10), time(9))
NOTICE: Final = timedelta(hours=1)
QUARTER: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ends(Generic[T]):
    """The clocks of an order in which it ends; without a second one it cannot be extended."""

    plain: T
    extended: T | None


def ends_of(clocks: Sequence[T], rule: Callable[[T], ClockRule]) -> Ends[T] | None:
    """Which of the clocks from service end the order by their rules; None where none does."""
    plain = next((one for one in clocks if rule(one).ends_order), None)
    extended = next((one for one in clocks if rule(one).ends_extended), None)
    return None if plain is None else Ends(plain, extended)


def proposed_start(due_at: datetime, *, now: datetime, length: timedelta) -> datetime | None:
    """When to meet before a clock runs out, UTC: at an hour people meet, on any day of the week.

    As late as there is time for; None when there is no time left for it.
    """
    latest = due_at - length
    soonest = _next_quarter(now + NOTICE)
    day = local_date(latest)
    while day >= local_date(soonest):
        found = _on(day, soonest, latest)
        if found is not None:
            return found
        day -= _DAY
    return soonest if soonest <= latest else None


def _on(day: date, soonest: datetime, latest: datetime) -> datetime | None:
    moments = (local_to_utc(day, hour) for hour in HOURS)
    return next((one for one in moments if soonest <= one <= latest), None)


def _next_quarter(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole + -((whole - moment) // QUARTER) * QUARTER
