"""The terms of actions by day, one month at a time: whole weeks, holidays by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from app.access import Actor
from app.access.records import board
from app.domain.board import Filters
from app.domain.local_time import FIRST_YEAR, LAST_YEAR
from app.features.actions.board_rows import BoardRow, rows_of
from app.infra import clock
from app.infra.db import reading
from app.infra.holidays_nl import named_holidays

PER_DAY: Final = 3
DAYS_OF_WEEK: Final = 7
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the first few actions due then, and how many more there are."""

    on: date
    is_of_month: bool
    is_today: bool
    holiday: str
    rows: tuple[BoardRow, ...]
    found: int

    @property
    def more(self) -> int:
        """How many do not show."""
        return self.found - len(self.rows)


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday, with its number of that year (ISO 8601)."""

    number: int
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in whole weeks; ``before`` and ``after`` are the first days of its neighbours."""

    first_on: date
    before: date
    after: date
    weeks: tuple[Week, ...]

    @property
    def days(self) -> Iterator[Day]:
        """The days of the month itself that have something to show."""
        return (
            day
            for week in self.weeks
            for day in week.days
            if day.is_of_month and (day.rows or day.holiday)
        )


def month_in(text: str) -> date:
    """The first day of a month as an address names it; this month where it names none."""
    found = _MONTH.fullmatch(text)
    if found:
        year, month = int(found[1]), int(found[2])
        if FIRST_YEAR < year < LAST_YEAR and 1 <= month <= _DECEMBER:
            return date(year, month, 1)
    return clock.today().replace(day=1)


def month_page(actor: Actor, filters: Filters, first_on: date) -> Month:
    """What is due in the weeks of a month; one statement, and one on the keys."""
    after = (first_on + timedelta(days=31)).replace(day=1)
    begins = first_on - timedelta(days=first_on.weekday())
    number = -(-(after - begins).days // DAYS_OF_WEEK)
    ends = begins + timedelta(weeks=number, days=-1)
    of_days = replace(
        filters,
        due_from=max(begins, filters.due_from or begins),
        due_until=min(ends, filters.due_until or ends),
    )
    with reading() as session:
        found = session.execute(board.by_day(actor, of_days, now=clock.now(), most=PER_DAY)).all()
    due: dict[date, list[BoardRow]] = defaultdict(list)
    for row in rows_of(found):
        due[row.due_on].append(row)
    totals = {row.Action.due_on: row.on_day for row in found}
    free = named_holidays(begins, ends, good_friday=True, liberation_day=False)

    def day(on: date) -> Day:
        is_of_month, is_today = (
            (on.year, on.month) == (first_on.year, first_on.month),
            on == clock.today(),
        )
        return Day(on, is_of_month, is_today, free.get(on, ""), tuple(due[on]), totals.get(on, 0))

    weeks = tuple(
        Week(
            (begins + timedelta(weeks=at)).isocalendar().week,
            tuple(day(begins + timedelta(weeks=at, days=on)) for on in range(DAYS_OF_WEEK)),
        )
        for at in range(number)
    )
    return Month(first_on, (first_on - timedelta(days=1)).replace(day=1), after, weeks)
