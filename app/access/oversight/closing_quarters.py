"""Counts a quarter that is over, once and for all: what was counted never changes afterwards.

A number counted anew would tell of one case by subtraction, when that was destroyed or put right
in between. Every case counts, barred ones too; nothing of a case but its being counted is kept.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.administration.kinds_in_force import code_of
from app.access.oversight import figure_rows, quarter_counts, telling
from app.access.oversight.quarter_counts import Atoms
from app.domain.figures import Period
from app.domain.kinds import Measure
from app.domain.local_time import local_date
from app.domain.related import Counted, Key
from app.domain.report import later
from app.infra.wall import System, opened_for
from app.models import CaseTable, ClosedQuarter, DailyCount, FigureCell, Meeting

# What was done in a quarter is typed in by then.
DAYS_AFTER: Final = 14


@dataclass(frozen=True, slots=True)
class Closing:
    """A quarter as it was counted at one moment, and what may be told with it."""

    quarter_on: date
    counted: tuple[Counted, ...]
    told: Mapping[Key, int | None]


def published_from(quarter_on: date) -> date:
    """From which day on a quarter is counted."""
    return later(quarter_on, 1) + timedelta(days=DAYS_AFTER)


def next_to_close(session: Session, *, now: datetime) -> date | None:
    """The earliest quarter since the year of the first meeting that can be counted and is not."""
    checks.note()
    first = _first_day(session)
    if first is None:
        return None
    closed = set(session.scalars(select(ClosedQuarter.first_on)))
    quarter_on = date(first.year, 1, 1)
    while quarter_on in closed:
        quarter_on = later(quarter_on, 1)
    return quarter_on if published_from(quarter_on) <= local_date(now) else None


def count(session: Session, quarter_on: date) -> Closing:
    """Count one quarter and settle what is told of it; nothing is written, and no lock is held.

    To be called where every statement sees the same moment: a case that was discussed in between
    would be in some of the numbers alone.
    """
    checks.note()
    with opened_for(session, System.FIGURES):
        atoms = quarter_counts.counted(session, _period(quarter_on))
        atoms.update(_annual(session, quarter_on))
    kinds = {one.id: code_of(one) for one in session.scalars(select(CaseTable))}
    counted = tuple(
        Counted(
            quarter_on,
            one.table_id,
            one.organisation_id,
            one.measure,
            one.category,
            number,
            kinds[one.table_id],
        )
        for one, number in atoms.items()
        if number
    )
    return Closing(quarter_on, counted, telling.told_with(session, quarter_on, counted))


def keep(session: Session, closing: Closing, *, now: datetime) -> None:
    """Store what was counted and what is told of it.

    :raises IntegrityError: it was closed meanwhile, by another worker.
    """
    checks.note()
    session.execute(insert(ClosedQuarter).values(first_on=closing.quarter_on, closed_at=now))
    rows = [{"id": uuid.uuid4(), **asdict(one)} for one in closing.counted]
    if rows:
        session.execute(insert(FigureCell), rows)
    telling.store(session, closing.quarter_on, closing.told)


def _annual(session: Session, quarter_on: date) -> Atoms:
    """What the kinds count, each case in the quarter that first counted it in its year.

    So the quarters of a year add up to the cases of that year.
    """
    year = Period(date(quarter_on.year, 1, 1), quarter_on)
    quarter = _period(quarter_on)
    before = figure_rows.occurrences(session, year, as_of=quarter.until)
    found = figure_rows.occurrences(session, quarter, as_of=quarter.until)
    return Counter(
        {
            quarter_counts.Atom(Measure.ANNUAL, table_id, None, code): len(
                cases - before.get((table_id, code), set())
            )
            for (table_id, code), cases in found.items()
        }
    ) + Counter(
        {
            quarter_counts.Atom(Measure.ANNUAL, table_id, None, code): number
            for (table_id, code), number in figure_rows.amounts(
                session, quarter, as_of=quarter.until
            ).items()
        }
    )


def _period(quarter_on: date) -> Period:
    return Period(quarter_on, later(quarter_on, 1))


def _first_day(session: Session) -> date | None:
    """When the tables began."""
    met = session.scalar(select(func.min(Meeting.starts_at)))
    counted = session.scalar(select(func.min(DailyCount.counted_on)))
    days = [one for one in (local_date(met) if met else None, counted) if one]
    return min(days, default=None)
