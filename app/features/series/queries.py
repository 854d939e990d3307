"""Reads what the pages of series show: the list, one series, and how its form starts out."""

from __future__ import annotations

import uuid

from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.access import Actor, Permission
from app.access.case_scopes import served_tables
from app.access.meetings import steps
from app.access.meetings.rooms import RoomChoice, rooms_to_choose
from app.access.meetings.series import load_series, staff_series
from app.access.meetings.series_meetings import meetings_of
from app.access.meetings.series_preview import coming_meetings
from app.access.messages.leak_findings import left_out_of
from app.features.series.pages import (
    SeriesList,
    SeriesPage,
    SeriesView,
    TableChoice,
    line_of,
)
from app.features.series.plans import TypedRhythm
from app.features.series.service import typed_of
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable, Series

PER_PAGE = 26


def list_series(actor: Actor) -> SeriesList:
    """Every series of the tables served with days to come, by table and hour."""
    with reading() as session:
        rows = session.execute(
            staff_series(actor)
            .add_columns(coming_meetings(clock.now()).label("coming"))
            .where(or_(Series.ended_at.is_(None), Series.last_on >= clock.today()))
            .order_by(CaseTable.name, Series.start, Series.first_on)
        )
        views = tuple(_view(row.Series, row.CaseTable.name, coming=row.coming) for row in rows)
    return SeriesList(views, tables_served(actor))


def tables_served(actor: Actor) -> tuple[TableChoice, ...]:
    """The tables a series may be of."""
    with reading() as session:
        tables = served_tables(actor)
        return tuple(TableChoice(one.id, one.name) for one in session.scalars(tables))


def rooms_to_book(also: uuid.UUID | None = None) -> tuple[RoomChoice, ...]:
    """The rooms a series may be in."""
    with reading() as session:
        return rooms_to_choose(session, also=also)


def read_series(actor: Actor, series_id: uuid.UUID, *, number: int = 1) -> SeriesPage:
    """A series with the meetings still to come; a page beyond the last is the last.

    At most a year of them: that is how far a series reaches.
    """
    with reading() as session:
        series, view = _load(session, actor, series_id)
        found = meetings_of(session, series, from_at=clock.now())
        pages = max(1, -(-len(found) // PER_PAGE))
        number = min(max(1, number), pages)
        shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        lines = tuple(line_of(one.meeting, one.items) for one in shown)
        left_out = left_out_of(session, actor, series, {one.meeting.place for one in found})
        waiting = steps.last_step(session, actor, series, now=clock.now())
        return SeriesPage(view, lines, number, pages, waiting, left_out)


def read_typed(actor: Actor, series_id: uuid.UUID) -> tuple[SeriesView, TypedRhythm]:
    """A series as its form starts out."""
    with reading() as session:
        series, view = _load(session, actor, series_id)
        return view, typed_of(series)


def _load(session: Session, actor: Actor, series_id: uuid.UUID) -> tuple[Series, SeriesView]:
    series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
    table = session.get_one(CaseTable, series.table_id)
    return series, _view(series, table.name)


def _view(series: Series, table_name: str, *, coming: int = 0) -> SeriesView:
    typed = typed_of(series)
    return SeriesView(
        id=series.id,
        table_id=series.table_id,
        table_name=table_name,
        kind=series.kind,
        interval=series.interval,
        weekdays=tuple(sorted(typed.weekdays)),
        nth=series.nth,
        first_on=series.first_on,
        last_on=series.last_on,
        start=typed.start,
        end=typed.end,
        place=series.place,
        has_ended=series.ended_at is not None,
        coming=coming,
    )
