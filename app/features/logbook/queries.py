"""What the page of the access log shows, and how the lines of a copy are written; no content."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.access import Actor
from app.access.logbook import export, seals
from app.access.logbook.export import FIELDS, Line, Wanted
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.infra.clock import AMSTERDAM
from app.infra.db import reading, transaction
from app.infra.sheets import stream_csv
from app.models import CaseTable, Person


@dataclass(frozen=True, slots=True)
class TableOption:
    """A table whose lines may be asked for."""

    table_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """The page of the access log: how far it is sealed, and what may be chosen."""

    last_seal: seals.LastSeal | None
    tables: tuple[TableOption, ...]
    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: days as read from the form, an id and an address as text."""

    first_day: date | None
    last_day: date | None
    table: str
    email: str


def log_page(actor: Actor) -> LogPage:
    """What stands on the page; NotVisible for anybody but the privacy officer."""
    with reading() as session:
        last_seal = seals.last_seal(session, actor)
        tables = session.execute(select(CaseTable.id, CaseTable.name).order_by(CaseTable.name))
        options = tuple(TableOption(row.id, row.name) for row in tables)
    today = clock.today()
    return LogPage(last_seal, options, (today - timedelta(days=31), today))


def wanted_of(asked: Asked) -> Wanted:
    """Which lines were asked for. Refusal END_BEFORE_START or ACCOUNT_UNKNOWN."""
    if asked.first_day is None or asked.last_day is None or asked.last_day < asked.first_day:
        raise Refusal(Reason.END_BEFORE_START, "last_day")
    return Wanted(
        from_at=_midnight(asked.first_day),
        until_at=_midnight(asked.last_day + timedelta(days=1)),
        table_id=uuid.UUID(asked.table) if asked.table else None,
        person_id=_person(asked.email) if asked.email else None,
    )


def begin_copy(actor: Actor, wanted: Wanted) -> Iterator[Line]:
    """Record the copy, and give its lines one by one."""
    with transaction() as session:
        last_id = export.begin(session, actor, wanted)
    return export.lines(actor, wanted, last_id=last_id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _person(email: str) -> uuid.UUID:
    with reading() as session:
        found = session.scalar(select(Person.id).where(Person.email == email.strip().lower()))
    if found is None:
        raise Refusal(Reason.ACCOUNT_UNKNOWN, "email")
    return found


def as_csv(headings: dict[str, str], lines: Iterator[Line]) -> Iterator[bytes]:
    """A file for a spreadsheet; no cell is a formula."""
    yield from stream_csv(
        [headings[name] for name in FIELDS], ([line[name] for name in FIELDS] for line in lines)
    )


def as_json(lines: Iterator[Line]) -> Iterator[bytes]:
    """A list of objects, one to a line."""
    before = "[\n"
    for line in lines:
        yield (before + json.dumps(line, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"
