"""How the rows an act of planning may touch stand, to compare them later and to put them back.

A picture holds every plain column of those rows, and never a text of a case. Barred staff plan
too, so pictures look at all of a meeting; nobody gets to see one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Final

from sqlalchemy import LargeBinary, delete, inspect, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.access.meetings.many_rows import write_rows
from app.infra import clock, wall
from app.infra.wall import System
from app.models import (
    ActingChair,
    AgendaItem,
    Announcement,
    Case,
    Disclosure,
    InputRequest,
    Meeting,
    PlanningStep,
    Projection,
    RoomScreen,
    Seat,
    SeatHold,
    Series,
    SeriesEntry,
)

PICTURED: Final[Mapping[str, Any]] = {
    model.__tablename__: model
    for model in (
        Meeting, AgendaItem, Seat, SeatHold, Disclosure, InputRequest, Case, Series, SeriesEntry,
    )
}  # fmt: skip

# Per row, "table:id": its columns as JSON can hold them.
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an act may touch: whole meetings, series, and cases that may come onto an agenda."""

    meetings: frozenset[uuid.UUID] = frozenset()
    series: frozenset[uuid.UUID] = frozenset()
    cases: frozenset[uuid.UUID] = frozenset()

    def to_json(self) -> dict[str, list[str]]:
        """As JSON can hold it."""
        named = {"meetings": self.meetings, "series": self.series, "cases": self.cases}
        return {name: sorted(map(str, ids)) for name, ids in named.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, list[str]]) -> Scope:
        """The scope of ``to_json``."""
        return cls(**{name: frozenset(map(uuid.UUID, ids)) for name, ids in stored.items()})


def rows_of(session: Session, scope: Scope) -> Rows:
    """Every row in the scope as it is stored just now; a fixed number of statements."""
    with wall.opened_for(session, System.PLANNING):
        return {
            key: row
            for model, condition in _conditions(scope)
            for key, row in _rows(session, model, condition)
        }


def hold(session: Session, scope: Scope) -> None:
    """Hold the series and meetings of a scope till the end: series first, as everywhere."""
    for model, ids in ((Series, scope.series), (Meeting, scope.meetings)):
        if ids:
            held = select(model.id).where(model.id.in_(ids)).order_by(model.id)
            session.execute(held.with_for_update())


def mark_of(rows: Rows) -> str:
    """A hash: equal only while nothing in the rows differs."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def put_back(session: Session, changed: Rows) -> None:
    """Give rows their former columns again, in one statement per table and set of columns."""
    alike: dict[tuple[str, ...], dict[uuid.UUID, dict[str, Any]]] = defaultdict(dict)
    for key, values in changed.items():
        table, row_id = key.split(":")
        types = _columns(PICTURED[table])
        stored = {name: _stored(types[name], value) for name, value in values.items()}
        alike[table, *sorted(values)][uuid.UUID(row_id)] = stored
    for (table, *_), rows in alike.items():
        with wall.opened_for(session, System.PLANNING):
            write_rows(session, PICTURED[table], rows)


def take_away(session: Session, made: Collection[str]) -> None:
    """Take what the act made off again: an item leaves its agenda, the rest goes."""
    ids: dict[str, list[uuid.UUID]] = defaultdict(list)
    for key in made:
        table, row_id = key.split(":")
        ids[table].append(uuid.UUID(row_id))
    items, asked, meetings, series = (
        ids[model.__tablename__] for model in (AgendaItem, InputRequest, Meeting, Series)
    )
    if asked:
        session.execute(delete(InputRequest).where(InputRequest.id.in_(asked)))
    if items:
        gone = update(AgendaItem).where(AgendaItem.id.in_(items)).values(removed_at=clock.now())
        session.execute(gone)
    if meetings or series:
        about = or_(PlanningStep.meeting_id.in_(meetings), PlanningStep.series_id.in_(series))
        session.execute(delete(PlanningStep).where(about))
        for about_one in (ActingChair, Announcement, Projection, RoomScreen):
            session.execute(delete(about_one).where(about_one.meeting_id.in_(meetings)))
        session.execute(delete(Meeting).where(Meeting.id.in_(meetings)))
        session.execute(delete(Series).where(Series.id.in_(series)))


def _conditions(scope: Scope) -> Iterator[tuple[Any, Any]]:
    on_agenda = AgendaItem.meeting_id.in_(scope.meetings)
    items = select(AgendaItem.id).where(on_agenda)
    seats = select(Seat.id).where(Seat.item_id.in_(items))
    cases = select(AgendaItem.case_id).where(on_agenda)
    if scope.meetings:
        yield Meeting, Meeting.id.in_(scope.meetings)
        yield AgendaItem, on_agenda
        yield Seat, Seat.item_id.in_(items)
        for model in (SeatHold, Disclosure, InputRequest):
            yield model, model.seat_id.in_(seats)
        yield Case, or_(Case.id.in_(cases), Case.id.in_(scope.cases))
    if scope.series:
        yield Series, Series.id.in_(scope.series)
        yield SeriesEntry, SeriesEntry.series_id.in_(scope.series)


def _rows(session: Session, model: Any, condition: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any model
    names = list(_columns(model))
    statement = select(model.id, *(getattr(model, name) for name in names)).where(condition)
    for row in session.execute(statement).all():
        values = dict(zip(names, (_plain(value) for value in row[1:]), strict=True))
        yield f"{model.__tablename__}:{row[0]}", values


@cache
def _columns(model: Any) -> dict[str, TypeEngine[Any]]:  # noqa: ANN401 - any model
    """Every column but the key, the count of versions and ciphertext."""
    return {
        attribute.key: attribute.columns[0].type
        for attribute in inspect(model).column_attrs
        if attribute.key not in {"id", "version"}
        and not isinstance(attribute.columns[0].type, LargeBinary)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, uuid.UUID) else value


def _stored(column: TypeEngine[Any], value: Any) -> Any:  # noqa: ANN401 - a column's value
    kind = getattr(column, "impl_instance", column).python_type
    if value is None:
        return None
    if kind in {datetime, date, time}:
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum | uuid.UUID) else value
