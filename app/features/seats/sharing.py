"""What the own organisation shared, with whom, why and until when; asking to be asked; recall.

For the named representatives of the source. A text itself never shows here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.meetings.source_decisions import (
    close_section,
    own_sections,
    read_at_seats,
    read_by_leads,
    read_by_requests,
    read_by_tasks,
    read_in_emergency,
    reopen_requests,
)
from app.access.seats.own_input import is_discussed
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, Regime, SharedWay, TaskKind
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Case, Section, SectionType

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody an own section opened to; ``until`` is None while no end is known.

    ``organisation`` is None for a seat only staff know of. ``way`` says why where no ground is
    written down.
    """

    organisation: str | None
    way: SharedWay | TaskKind
    ground: str
    purpose: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSection:
    """One own section with everybody it opened to."""

    section_id: uuid.UUID
    reference: str
    table_name: str
    label_nl: str
    label_en: str
    regime: Regime
    asks_from: datetime | None
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class SharingPage:
    """A page of own sections, those changed last first."""

    sections: tuple[SharedSection, ...]
    number: int
    pages: int


def read_sharing(actor: Actor, *, number: int) -> SharingPage:
    """Own sections with their readers; seven statements."""
    now = clock.now()
    with reading() as session:
        mine = own_sections(actor, now=now)
        total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        rows = session.execute(
            mine.order_by(Section.updated_at.desc(), Section.id)
            .offset((number - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
        ).all()
        readers = _readers(session, actor, [row.Section.id for row in rows], now)
    shared = tuple(_section(row, readers[row.Section.id]) for row in rows)
    return SharingPage(shared, number, max(1, -(-total // PAGE_SIZE)))


def readers_still(
    session: Session, actor: Actor, section_id: uuid.UUID, *, now: datetime
) -> list[Reader]:
    """Who reads an own section now or will when the papers open; four statements."""
    readers = _readers(session, actor, [section_id], now)[section_id]
    return [one for one in readers if one.until is None or one.until > now]


def take_copy(actor: Actor) -> tuple[SharedSection, ...]:
    """Everything at once, to take along; that copy is recorded."""
    now = clock.now()
    with transaction() as session:
        rows = session.execute(
            own_sections(actor, now=now).order_by(Case.reference, SectionType.position, Section.id)
        ).all()
        readers = _readers(session, actor, None, now)
        entry = audit.Entry(
            event=audit.Event.COPY, object_kind="receipt", object_id=actor.organisation_id
        )
        audit.record(session, actor, entry)
    return tuple(_section(row, readers[row.Section.id]) for row in rows)


def lines_of(sections: Sequence[SharedSection]) -> Iterator[tuple[SharedSection, Reader]]:
    """One line per section and reader."""
    return ((section, reader) for section in sections for reader in section.readers)


def _section(row: Any, readers: list[Reader]) -> SharedSection:  # noqa: ANN401 - a row
    return SharedSection(
        section_id=row.Section.id,
        reference=row.Case.reference,
        table_name=row.CaseTable.name,
        label_nl=row.SectionType.label_nl,
        label_en=row.SectionType.label_en,
        regime=row.Section.regime,
        asks_from=row.Section.asks_from,
        readers=tuple(sorted(readers, key=lambda one: one.since, reverse=True)),
    )


def _readers(
    session: Session, actor: Actor, section_ids: Sequence[uuid.UUID] | None, now: datetime
) -> dict[uuid.UUID, list[Reader]]:
    found: dict[uuid.UUID, list[Reader]] = defaultdict(list)
    for row in session.execute(read_at_seats(actor, section_ids, now=now)):
        reader = _at_seat(row)
        if reader.until is None or reader.since < reader.until:
            found[row.Section.id].append(reader)
    for named in session.execute(read_by_tasks(actor, section_ids, now=now)):
        given, meeting = named.TaskSection, named.Meeting
        since = [given.source_decided_at, meeting and meeting.opens_at]
        until = [given.source_until_at, meeting and meeting.closes_at]
        found[named.Section.id].append(_by_task(named, since, until))
    for led in session.execute(read_by_leads(actor, section_ids, now=now)):
        found[led.Section.id].append(_by_task(led))
    for asked in session.execute(read_by_requests(actor, section_ids, now=now)):
        found[asked.Section.id].append(_by_request(asked))
    for opened in session.execute(read_in_emergency(actor, section_ids, now=now)):
        found[opened.Section.id].append(_in_emergency(opened))
    return found


def _at_seat(row: Any) -> Reader:  # noqa: ANN401 - a row
    given, meeting = row.Disclosure, row.Meeting
    ends = (meeting.closes_at, meeting.cancelled_at, given.withdrawn_at, given.source_until_at)
    return Reader(
        organisation=row.Organisation.name if row.Organisation else None,
        way=SharedWay.SEAT,
        ground=given.ground,
        purpose=given.purpose,
        since=_latest(meeting.opens_at, given.decided_at, given.source_decided_at),
        until=_earliest(*ends),
    )


def _by_task(
    row: Any,  # noqa: ANN401 - a row
    since: Sequence[datetime | None] = (),
    until: Sequence[datetime | None] = (),
) -> Reader:
    task = row.Task
    return Reader(
        organisation=row.Organisation.name if row.Organisation else None,
        way=task.kind,
        ground="",
        purpose="",
        since=_latest(task.accepted_at, *since),
        until=_earliest(task.until_at, task.ended_at, *until),
    )


def _by_request(row: Any) -> Reader:  # noqa: ANN401 - a row
    asked = row.InputRequest
    return Reader(
        organisation=row.Organisation.name if row.Organisation else None,
        way=SharedWay.INPUT_REQUEST,
        ground="",
        purpose="",
        since=asked.asked_at,
        until=_earliest(asked.deadline_at, asked.answered_at, asked.withdrawn_at),
    )


def _in_emergency(row: Any) -> Reader:  # noqa: ANN401 - a row
    opened = row.BreakGlass
    return Reader(
        organisation=row.Organisation.name if row.Organisation else None,
        way=SharedWay.EMERGENCY,
        ground="",
        purpose="",
        since=opened.from_at,
        until=_earliest(opened.until_at, opened.ended_at),
    )


def _latest(*moments: datetime | None) -> datetime:
    return max(moment for moment in moments if moment)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def ask_me(actor: Actor, section_id: uuid.UUID, *, wanted: bool) -> None:
    """From now on no extra reader without the own yes, or no longer so; who reads, reads on.

    Asked twice it stays the first moment: a later one would let in whoever came in between.
    """
    with transaction() as session:
        loaded = access.load_section(session, actor, section_id, Permission.INPUT_GIVE)
        section = loaded.section
        session.refresh(section, with_for_update=True)
        section.asks_from = (section.asks_from or clock.now()) if wanted else None
        _record(session, actor, audit.Event.AUTHORISE, loaded.section)


def recall(actor: Actor, section_id: uuid.UUID) -> None:
    """Take own input back before it is on the table: the text is gone and nobody reads it.

    The question it answered waits again until its deadline. Refusal INPUT_DISCUSSED after that.
    """
    now = clock.now()
    with transaction() as session:
        loaded = access.load_section(session, actor, section_id, Permission.INPUT_GIVE)
        section = loaded.section
        session.refresh(section, with_for_update=True)
        if not session.get_one(SectionType, section.section_type_id).is_input:
            raise NotVisible
        if section.text_ct is None or is_discussed(session, section_id):
            raise Refusal(Reason.INPUT_DISCUSSED)
        close_section(session, section_id, now=now)
        reopen_requests(session, section_id, now=now)
        section.text_ct, section.updated_at = None, now
        section.updated_by_id = actor.person_id
        _record(session, actor, audit.Event.DELETE, section)


def _record(session: Session, actor: Actor, event: audit.Event, section: Section) -> None:
    entry = audit.Entry(
        event=event,
        object_kind="section",
        object_id=section.id,
        section_id=section.id,
        case_id=section.case_id,
        ground=Ground.SOURCE,
    )
    audit.record(session, actor, entry)
