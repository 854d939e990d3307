"""What the pages of a series show, as plain frozen data."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from app.access.meetings.steps import Waiting
from app.access.messages.leak_findings import LeftOut
from app.domain.rhythm import LAST, Occurrence, RhythmKind, last_allowed
from app.features.series.deadlines import DeadlineLine
from app.infra import clock
from app.models import Meeting


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table served."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series as a sentence needs it."""

    id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    kind: RhythmKind
    interval: int
    weekdays: tuple[int, ...]
    nth: int
    first_on: date
    last_on: date
    start: time
    end: time
    place: str
    has_ended: bool
    coming: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.has_ended and self.last_on < max(clock.today(), self.first_on)

    @property
    def is_last_of_month(self) -> bool:
        """Whether it falls on the last such day of the month."""
        return self.nth == LAST

    @property
    def may_last_until(self) -> date:
        """The last day it may be extended to."""
        return last_allowed(clock.today())


@dataclass(frozen=True, slots=True)
class SeriesList:
    """The series of the tables served that still go on."""

    rows: tuple[SeriesView, ...]
    tables: tuple[TableChoice, ...]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of a series: when, and whether it stands apart from the rhythm."""

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    planned_at: datetime
    items: int

    @property
    def is_moved(self) -> bool:
        """Whether it is no longer at the moment its series gave it."""
        return self.starts_at != self.planned_at


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """One series with a page of its coming meetings."""

    series: SeriesView
    meetings: tuple[MeetingLine, ...]
    number: int
    pages: int
    waiting: Waiting | None
    left_out: frozenset[LeftOut]


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who gets a message."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What saving would do, and who hears of it. ``partners`` have a time of their own that moves.

    ``has_closed``: more of them may sit at a case closed to the reader. ``beside`` are days on
    which the table meets already, ``taken`` those on which others are in the room.
    """

    days: tuple[Occurrence, ...]
    skipped: tuple[Occurrence, ...]
    moved: int
    removed: int
    kept: tuple[MeetingLine, ...]
    beside: tuple[date, ...]
    taken: tuple[date, ...]
    deadlines: tuple[DeadlineLine, ...]
    people: tuple[Hearer, ...]
    partners: int
    has_closed: bool


def line_of(meeting: Meeting, items: int) -> MeetingLine:
    """A meeting as a line; one that left its series stands where it is."""
    planned_at = meeting.planned_at or meeting.starts_at
    return MeetingLine(meeting.id, meeting.starts_at, meeting.ends_at, planned_at, items)
