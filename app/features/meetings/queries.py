"""The list of meetings and the small pages around one; no confidential text ever comes here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, scopes
from app.access.meetings import late, planning
from app.access.meetings.acting import Acting, acting_columns, acting_of
from app.access.meetings.quorum import required_column
from app.access.meetings.rooms import RoomChoice, rooms_to_choose
from app.access.records.paper_copies import outside_column
from app.domain import quorum
from app.domain.errors import NotVisible
from app.domain.kinds import DiscussionKind, ItemKind, MeetingState, RequiredRole, TableKind
from app.infra import clock
from app.infra.db import reading
from app.models import Case, CaseTable, Meeting

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """One possibility of a select; ``kind`` is that of a table."""

    id: uuid.UUID
    name: str
    kind: TableKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """One meeting in the list."""

    id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    state: MeetingState
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingList:
    """One page of the list, coming or past, of all tables served or of one."""

    rows: tuple[MeetingRow, ...]
    tables: tuple[Choice, ...]
    past: bool
    table_id: uuid.UUID | None
    number: int
    pages: int


def list_meetings(
    actor: Actor, *, past: bool, table_id: uuid.UUID | None, number: int
) -> MeetingList:
    """Coming meetings soonest first, past ones latest first; a page beyond the last is the last."""
    now = clock.now()
    ordering = Meeting.ends_at
    scope = scopes.staff_meetings(actor).where(ordering <= now if past else ordering > now)
    if table_id is not None:
        scope = scope.where(Meeting.table_id == table_id)
    with reading() as session:
        tables = served_tables(session, actor)
        found = session.scalar(scope.with_only_columns(func.count())) or 0
        pages = max(1, -(-found // PER_PAGE))
        number = min(max(1, number), pages)
        statement = (
            scope.join(CaseTable, CaseTable.id == Meeting.table_id)
            .add_columns(CaseTable.name, planning.case_count().label("cases"))
            .order_by(Meeting.starts_at.desc() if past else Meeting.starts_at, Meeting.id)
            .limit(PER_PAGE)
            .offset((number - 1) * PER_PAGE)
        )
        rows = tuple(
            MeetingRow(
                id=row.Meeting.id,
                table_name=row.name,
                starts_at=row.Meeting.starts_at,
                ends_at=row.Meeting.ends_at,
                place=row.Meeting.place,
                state=state_of(row.Meeting),
                cases=row.cases,
            )
            for row in session.execute(statement)
        )
    return MeetingList(
        rows=rows, tables=tables, past=past, table_id=table_id, number=number, pages=pages
    )


def served_tables(session: Session, actor: Actor) -> tuple[Choice, ...]:
    """The tables the actor serves that still meet, by name."""
    statement = (
        select(CaseTable)
        .where(CaseTable.id.in_(actor.staff_table_ids), CaseTable.ended_at.is_(None))
        .order_by(CaseTable.name)
    )
    return tuple(Choice(table.id, table.name, table.kind) for table in session.scalars(statement))


def tables_to_plan(actor: Actor) -> tuple[Choice, ...]:
    """The tables a new meeting may be of."""
    # Which tables one serves was settled when the actor was loaded.
    access.checks.note()
    with reading() as session:
        return served_tables(session, actor)


def rooms_to_book(meeting: MeetingHead | None = None) -> tuple[RoomChoice, ...]:
    """The rooms a meeting may be in."""
    with reading() as session:
        return rooms_to_choose(session, also=meeting.room_id if meeting else None)


def state_of(meeting: Meeting) -> MeetingState:
    """Where the meeting stands, from its stored moments."""
    if meeting.cancelled_at:
        return MeetingState.CANCELLED
    if meeting.adopted_at:
        return MeetingState.ADOPTED
    if meeting.closed_at:
        return MeetingState.CLOSED
    if meeting.started_at:
        return MeetingState.RUNNING
    return MeetingState.PUBLISHED if meeting.published_at else MeetingState.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHead:
    """What every page about one meeting says first."""

    id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    room_id: uuid.UUID | None
    place: str
    link: str
    state: MeetingState
    opens_at: datetime | None
    closes_at: datetime | None
    version: int
    series_id: uuid.UUID | None
    planned_at: datetime | None
    opens_with_item: bool
    required: frozenset[RequiredRole]
    acting: Acting | None
    papers_out: int

    @property
    def last_day(self) -> datetime | None:
        """A moment on the last day the papers can be read: the window ends at a midnight."""
        return self.closes_at - timedelta(microseconds=1) if self.closes_at else None

    @property
    def can_plan(self) -> bool:
        """Whether the agenda may still change."""
        return self.state in (MeetingState.DRAFT, MeetingState.PUBLISHED)


def find_head(session: Session, actor: Actor, meeting_id: uuid.UUID) -> tuple[Meeting, MeetingHead]:
    """The meeting and its head in one statement; NotVisible when the actor serves no such table."""
    row = session.execute(
        scopes.staff_meetings(actor)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(
            CaseTable.name,
            required_column().label("required"),
            outside_column(actor, now=clock.now()),
            *acting_columns(clock.now()),
        )
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.Meeting, _head(row)


def _head(row: Row[*tuple[Any, ...]]) -> MeetingHead:
    meeting = row.Meeting
    return MeetingHead(
        id=meeting.id,
        table_id=meeting.table_id,
        table_name=row.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        room_id=meeting.room_id,
        place=meeting.place,
        link=meeting.link,
        state=state_of(meeting),
        opens_at=meeting.opens_at,
        closes_at=meeting.closes_at,
        version=meeting.version,
        series_id=meeting.series_id,
        planned_at=meeting.planned_at,
        opens_with_item=meeting.opens_with_item,
        required=quorum.parse(row.required),
        acting=acting_of(row),
        papers_out=row.papers_out,
    )


def read_head(actor: Actor, meeting_id: uuid.UUID) -> MeetingHead:
    """The head alone, for a form about the meeting."""
    with reading() as session:
        return find_head(session, actor, meeting_id)[1]


@dataclass(frozen=True, slots=True)
class CaseChoices:
    """The cases that may be put on this agenda."""

    meeting: MeetingHead
    cases: tuple[Choice, ...]
    minutes: int
    closed_since: datetime | None


def read_case_choices(actor: Actor, meeting_id: uuid.UUID) -> CaseChoices:
    """Cases of the table's list not yet on this agenda, and the table's usual length."""
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        statement = planning.cases_for_agenda(actor, meeting, now=clock.now())
        cases = session.scalars(statement.order_by(Case.reference))
        choices = tuple(Choice(case.id, case.reference) for case in cases)
        table = session.get(CaseTable, meeting.table_id)
        usual = table.minutes_per_item if table else 30
        return CaseChoices(head, choices, usual, late.closed_since(session, meeting))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One agenda item as its own form shows it."""

    id: uuid.UUID
    meeting: MeetingHead
    kind: ItemKind
    reference: str
    discussion: DiscussionKind | None
    minutes: int
    fixed_at: datetime | None
    starts_at: datetime
    messages: int


def read_item(actor: Actor, item_id: uuid.UUID) -> ItemPage:
    """An item with the number of people who hear of its removal; a barred case is not visible."""
    with reading() as session:
        loaded = access.load_item(session, actor, item_id, Permission.MEETING_PLAN, with_case=False)
        item, case = loaded.item, loaded.case
        if item.kind is ItemKind.CASE and case is None:
            raise NotVisible
        meeting, head = find_head(session, actor, loaded.meeting.id)
        people = planning.invited_people(session, meeting, item_ids=[item.id])
        return ItemPage(
            id=item.id,
            meeting=head,
            kind=item.kind,
            reference=case.reference if case else "",
            discussion=item.discussion,
            minutes=item.minutes,
            fixed_at=item.fixed_at,
            starts_at=item.starts_at,
            messages=len(people),
        )
