"""Settles what may be told of a quarter when it is closed, and stores that: it never changes.

Of the earlier ones what was told then is given, whatever their numbers or the rules are by now.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.administration.kinds_in_force import code_of
from app.domain.kinds import Measure
from app.domain.lattice import OF_ORGANISATIONS, is_line
from app.domain.publication import WORKED_OUT, Publication, publication
from app.domain.related import Counted, Key
from app.domain.report import Span, year_span
from app.domain.worked_out import worked_out
from app.models import CaseTable, ClosedQuarter, FigureCell, ToldNumber


def told_with(
    session: Session, quarter_on: date, now_counted: Iterable[Counted]
) -> dict[Key, int | None]:
    """What is told with a quarter of which this was counted: its numbers, and a year that it ends.

    Only reads; what is told with the quarters before it has to be stored.
    """
    checks.note()
    closed = frozenset(session.scalars(select(ClosedQuarter.first_on))) | {quarter_on}
    year = year_span(quarter_on.year)
    counted = [*_counted(session, year), *now_counted]
    before = told_where(
        session,
        closed - {quarter_on},
        or_(
            ToldNumber.first_on.in_(year.quarter_days),
            (ToldNumber.measure == Measure.CASES) & ToldNumber.organisation_id.is_(None),
        ),
    )
    now = _settled(counted, closed.intersection(year.quarter_days), _kinds(session), before)
    told = {
        key: now.told(key)
        for key in now.numbers
        if key.span in (Span(quarter_on), year) and is_line(key)
    }
    both = Publication(
        closed,
        {**before.numbers, **{key: now.numbers[key] for key in told}},
        before.shown | (told.keys() & now.shown),
    )
    told |= worked_out(both, counted, quarter_on)
    return told | dict.fromkeys(_taking_part(counted, quarter_on))


def told_where(session: Session, closed: frozenset[date], *of: ColumnElement[bool]) -> Publication:
    """What was told of these quarters, as far as that is asked for. One statement."""
    checks.note()
    rows = session.execute(
        select(
            ToldNumber.measure,
            ToldNumber.first_on,
            ToldNumber.quarters,
            ToldNumber.category,
            ToldNumber.table_id,
            ToldNumber.organisation_id,
            ToldNumber.kind,
            ToldNumber.number,
        ).where(*of)
    )
    told: dict[Key, int | None] = {}
    for measure, first_on, quarters, category, table_id, organisation_id, kind, number in rows:
        span = Span(first_on, quarters)
        told[Key(measure, span, category, table_id, organisation_id, kind)] = number
    return Publication.of(closed, told)


def _settled(
    counted: Iterable[Counted],
    quarters: frozenset[date],
    kinds: Mapping[uuid.UUID, str],
    before: Publication,
) -> Publication:
    of_year = [one for one in counted if one.quarter_on in quarters]
    return publication(of_year, quarters, frozenset(kinds.items()), before)


def _counted(session: Session, year: Span) -> list[Counted]:
    """The numbers of a year, and of any quarter those that something is worked out of."""
    rows = session.execute(
        select(
            FigureCell.quarter_on,
            FigureCell.table_id,
            FigureCell.organisation_id,
            FigureCell.measure,
            FigureCell.category,
            FigureCell.number,
            FigureCell.kind,
        ).where(
            or_(FigureCell.quarter_on.in_(year.quarter_days), FigureCell.measure.in_(WORKED_OUT))
        )
    )
    return [Counted(*row) for row in rows]


def _kinds(session: Session) -> dict[uuid.UUID, str]:
    return {one.id: code_of(one) for one in session.scalars(select(CaseTable))}


def _taking_part(counted: Iterable[Counted], quarter_on: date) -> Iterable[Key]:
    """Of an organisation at one table nothing is told of a quarter but that it took part."""
    for one in counted:
        if one.quarter_on == quarter_on and one.measure in OF_ORGANISATIONS:
            span = Span(quarter_on)
            yield Key(one.measure, span, "", one.table_id, one.organisation_id)


def store(session: Session, quarter_on: date, told: Mapping[Key, int | None]) -> None:
    """Keep what is told for good; what is 0 needs no row, but for what was worked out."""
    checks.note()
    rows = [
        {
            "id": uuid.uuid4(),
            "closed_on": quarter_on,
            "first_on": key.span.first_on,
            "quarters": key.span.quarters,
            "measure": key.measure,
            "category": key.category,
            "table_id": key.table_id,
            "organisation_id": key.organisation_id,
            "kind": key.kind,
            "number": number,
        }
        for key, number in told.items()
        if number != 0 or key.measure in WORKED_OUT
    ]
    if rows:
        session.execute(insert(ToldNumber), rows)
