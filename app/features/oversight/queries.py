"""What the pages about readers show: lines of the access log, marked; opening them is logged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.oversight import alarms, emergency_review, readers
from app.access.oversight.alarms import AlarmLine
from app.access.oversight.reader_lines import Reading, readings_of
from app.domain.local_time import start_of_day
from app.domain.paging import Paging, page_of
from app.infra import clock
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import AuditEvent, BreakGlass, Case

PAGE_SIZE: Final = 50
# Marks are made of lines, not asked of the database: only so many are looked through for them.
MOST_MARKED: Final = 500
ALARMS_SHOWN: Final = 10
EMERGENCIES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked of the list; ``odd``: only what stands out. Days are Dutch days."""

    person: str = ""
    reference: str = ""
    since: date | None = None
    until: date | None = None
    section_id: uuid.UUID | None = None
    odd: bool = False
    page: str | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked at all."""
        return any((self.person, self.reference, self.since, self.until, self.section_id, self.odd))


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """One page of readings; ``partial`` when only the last lines were looked through for marks."""

    readings: tuple[Reading, ...]
    paging: Paging
    partial: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """The page of who watches over it all: the readings, and what raised an alarm."""

    page: ReadersPage
    alarms: tuple[AlarmLine, ...]


@dataclass(frozen=True, slots=True)
class CaseReaders:
    """The readers of one case."""

    case_id: uuid.UUID
    reference: str
    page: ReadersPage


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEmergency:
    """A case with text of the own organisation, opened in an emergency."""

    reference: str
    reader: str
    organisation: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class OwnReaders:
    """The readers of the sections of the own organisation."""

    page: ReadersPage
    emergencies: tuple[OwnEmergency, ...]


def log_page(actor: Actor, search: Search, *, most_cases: int) -> LogPage:
    """Everything the actor watches over, newest first."""
    with transaction() as session, opened_for(session, System.OVERSIGHT):
        statement = _narrowed(readers.watched_lines(actor, now=clock.now()), search)
        page = _page(session, actor, statement, search, most_cases=most_cases)
        found = alarms.lines(session, actor, most=ALARMS_SHOWN)
        audit.record(session, actor, readers.opening(actor, "readers"))
    return LogPage(page, found)


def case_readers(
    actor: Actor, case_id: uuid.UUID, search: Search, *, most_cases: int
) -> CaseReaders:
    """Who opened what of one case. NotVisible."""
    now = clock.now()
    with transaction() as session, opened_for(session, System.OVERSIGHT):
        reference = readers.load_watched_case(session, actor, case_id, now=now)
        lines = readers.watched_lines(actor, now=now).where(AuditEvent.case_id == case_id)
        page = _page(session, actor, _narrowed(lines, search), search, most_cases=most_cases)
        audit.record(session, actor, readers.opening(actor, "case-readers", case_id=case_id))
    return CaseReaders(case_id, reference, page)


def own_readers(actor: Actor, search: Search, *, most_cases: int) -> OwnReaders:
    """Who opened sections of the organisation the actor represents, and what was opened in need."""
    now = clock.now()
    with transaction() as session, opened_for(session, System.OVERSIGHT):
        lines = _narrowed(readers.own_section_lines(actor, now=now), search)
        page = _page(session, actor, lines, search, most_cases=most_cases)
        opened = session.execute(
            emergency_review.of_own_sections(actor, now=now)
            .order_by(BreakGlass.from_at.desc())
            .limit(EMERGENCIES_SHOWN)
        ).all()
        audit.record(session, actor, readers.opening(actor, "own-readers"))
    return OwnReaders(page, tuple(_own_emergency(row) for row in opened))


def _own_emergency(row: Any) -> OwnEmergency:  # noqa: ANN401 - a joined row
    opened = row.BreakGlass
    return OwnEmergency(
        reference=row.Case.reference,
        reader=row.Person.name,
        organisation=row.Organisation.name,
        from_at=opened.from_at,
        until_at=opened.ended_at or opened.until_at,
    )


def _narrowed(statement: Any, search: Search) -> Any:  # noqa: ANN401 - a select of many columns
    if search.person:
        statement = statement.where(
            func.lower(AuditEvent.person_name).contains(search.person.lower(), autoescape=True)
        )
    if search.reference:
        statement = statement.where(Case.reference == search.reference)
    if search.section_id:
        statement = statement.where(AuditEvent.section_id == search.section_id)
    if search.since:
        statement = statement.where(AuditEvent.at >= start_of_day(search.since))
    if search.until:
        statement = statement.where(AuditEvent.at < start_of_day(search.until + timedelta(days=1)))
    return statement


def _page(
    session: Session,
    actor: Actor,
    statement: Any,  # noqa: ANN401 - as above
    search: Search,
    *,
    most_cases: int,
) -> ReadersPage:
    newest = statement.order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if search.odd:
        rows = session.execute(newest.limit(MOST_MARKED)).all()
        marked = _marked(session, actor, rows, most_cases=most_cases)
        paging = page_of(len(marked), search.page, size=PAGE_SIZE)
        shown = marked[paging.offset : paging.offset + PAGE_SIZE]
        return ReadersPage(tuple(shown), paging, partial=len(rows) == MOST_MARKED)
    number = session.scalar(
        statement.with_only_columns(func.count(AuditEvent.id), maintain_column_froms=True)
    )
    paging = page_of(number or 0, search.page, size=PAGE_SIZE)
    rows = session.execute(newest.offset(paging.offset).limit(PAGE_SIZE)).all()
    return ReadersPage(tuple(readings_of(session, actor, rows, most_cases=most_cases)), paging)


def _marked(
    session: Session, actor: Actor, rows: Sequence[Any], *, most_cases: int
) -> list[Reading]:
    found = []
    for at in range(0, len(rows), PAGE_SIZE):
        part = rows[at : at + PAGE_SIZE]
        found += [
            one for one in readings_of(session, actor, part, most_cases=most_cases) if one.odd
        ]
    return found
