"""Series of meetings: a table's rhythm, its closures, and what each calendar was told of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import SeriesAudience
from app.domain.rhythm import RhythmKind
from app.infra.db import Base, enum_of, fk


class Series(Base):
    """A rhythm as data; its meetings are rows of their own. Clock times are Dutch wall times.

    ``weekdays`` are digits, 0 is Monday; ``nth`` is 1 to 4, or -1 for the last of a month.
    """

    __tablename__ = "series"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    kind: Mapped[RhythmKind] = mapped_column(enum_of(RhythmKind))
    interval: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    nth: Mapped[int] = mapped_column(default=1)
    first_on: Mapped[date]
    last_on: Mapped[date]
    start: Mapped[time]
    minutes: Mapped[int]
    skips_holidays: Mapped[bool] = mapped_column(default=True)
    free_on_good_friday: Mapped[bool] = mapped_column(default=True)
    free_on_liberation_day: Mapped[bool] = mapped_column(default=False)
    room_id: Mapped[uuid.UUID | None] = mapped_column(fk("room.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(400), default="")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ClosurePeriod(Base):
    """Days on which a table does not meet, both ends included."""

    __tablename__ = "closure_period"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    first_on: Mapped[date]
    last_on: Mapped[date]


class SeriesEntry(Base):
    """One recipient's recurring calendar entry: own UID, one SEQUENCE for it and its exceptions.

    ``told`` is the rule last decided on, as JSON; ``master_sequence`` the number it goes with.
    ``sent_sequence`` is the last number that left the house, -1 before the first.
    """

    __tablename__ = "series_entry"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    series_id: Mapped[uuid.UUID] = mapped_column(fk("series.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    audience: Mapped[SeriesAudience] = mapped_column(enum_of(SeriesAudience))
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    master_sequence: Mapped[int] = mapped_column(default=0)
    sent_sequence: Mapped[int] = mapped_column(default=-1)
    told: Mapped[str] = mapped_column(Text())
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_series_entry_pair", "series_id", "person_id"),)


class SeriesException(Base):
    """One occurrence told on its own; ``planned_at`` is its RECURRENCE-ID for ever."""

    __tablename__ = "series_exception"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    entry_id: Mapped[uuid.UUID] = mapped_column(fk("series_entry.id"))
    planned_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("entry_id", "planned_at"),)
