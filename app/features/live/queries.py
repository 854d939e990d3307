"""The working page of a meeting: its course and the screen in the room, beside the item on it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, scopes
from app.access.administration.kinds_in_force import of_code
from app.access.case_life.order_clocks import days_of
from app.access.meetings.acting import acting_columns, acting_of
from app.access.meetings.quorum import required_column
from app.access.meetings.room_view import RoomRead, RoomView, read_for_staff, timer_of
from app.access.oversight import emergency_review
from app.access.own_content import Day
from app.access.records import interventions
from app.domain import quorum
from app.domain.course import Leg, Outlook, outlook
from app.domain.errors import NotVisible
from app.domain.kind_document import KindDocument
from app.domain.kinds import ItemKind, RequiredRole, TableKind
from app.features.live.pages import CurrentItem, Step, Worksheet
from app.features.live.reading_item import ReadItem, Wanted, current_item, read_item, sealed_texts
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import AgendaItem, Case, CaseTable, Meeting

Course = Sequence[Row[*tuple[Any, ...]]]


def worksheet(
    actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID | None, wanted: Wanted | None = None
) -> Worksheet:
    """The page with the asked item, else the open one; thirteen statements at most.

    One or two more where the table agrees on an order of interventions, or days count.
    """
    now = clock.now()
    read, room, kind = None, None, None
    order: tuple[interventions.Step, ...] = ()
    days: tuple[Day, ...] = ()
    with transaction() as session:
        rows = _course(session, actor, meeting_id, now)
        meeting = _meeting(session, actor, meeting_id, rows)
        chosen = _choose(rows, item_id)
        if chosen is not None:
            read = read_item(session, actor, chosen, wanted or Wanted(), now=now)
            kind = of_code(session, rows[0].kind_code or rows[0].kind.value, now).document
            order = _order(session, actor, chosen, kind, now=now)
            days = _days(session, meeting, chosen, rows[0].kind)
        table_name = rows[0].table_name if rows else _name_of(session, meeting)
        to_discuss = emergency_review.review_items(session, actor, meeting, now=now)
        if meeting.started_at is not None and meeting.closed_at is None:
            room = read_for_staff(session, actor, meeting, now=now)
    item, screen, safe = _opened(read, room, kind, order)
    return Worksheet(
        meeting_id=meeting.id,
        table_name=table_name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        started=meeting.started_at is not None,
        closed=meeting.closed_at is not None,
        adopted=meeting.adopted_at is not None,
        cancelled=meeting.cancelled_at is not None,
        now=now,
        outlook=_outlook(meeting, rows, now),
        steps=tuple(_step(row, chosen) for row in rows),
        to_discuss=to_discuss,
        room=screen,
        item=item,
        order=interventions.views_of(order, safe, now=now) if _agrees_on_order(kind) else None,
        acting=acting_of(rows[0]) if rows else None,
        missing=_missing(read, rows),
        has_family=kind is not None and kind.has_family_part,
        days=days,
    )


def _days(
    session: Session, meeting: Meeting, chosen: LoadedItem, kind: TableKind
) -> tuple[Day, ...]:
    """The days that count in the case; asked only where a table is for exclusion orders."""
    if kind is not TableKind.EXCLUSION_ORDER or chosen.case is None:
        return ()
    table = session.get_one(CaseTable, meeting.table_id)
    return days_of(session, table, [chosen.case.id]).get(chosen.case.id, ())


def _course(session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime) -> Course:
    """The items in order, each with the meeting and, unless it bars the actor, its case."""
    return session.execute(
        scopes.staff_items(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(CaseTable.name.label("table_name"), CaseTable.kind, CaseTable.kind_code)
        .add_columns(required_column().label("required"), *acting_columns(now))
        .where(Meeting.id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def _missing(read: ReadItem | None, rows: Course) -> tuple[RequiredRole, ...]:
    """Who has to be there at the item and is not."""
    if read is None:
        return ()
    return quorum.missing(quorum.parse(rows[0].required), [one.expected for one in read.seats])


def _meeting(session: Session, actor: Actor, meeting_id: uuid.UUID, rows: Course) -> Meeting:
    """What stands with its items; an empty agenda does not tell."""
    if rows:
        meeting: Meeting = rows[0].Meeting
        return meeting
    return access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)


def _name_of(session: Session, meeting: Meeting) -> str:
    return session.get_one(CaseTable, meeting.table_id).name


def _choose(rows: Course, item_id: uuid.UUID | None) -> LoadedItem | None:
    """The asked item, else the open one, else the first case still to come."""
    cases = [LoadedItem(row.AgendaItem, row.Meeting, row.Case) for row in rows if row.Case]
    if item_id is not None:
        found = next((one for one in cases if one.item.id == item_id), None)
        if found is None:
            raise NotVisible
        return found
    is_open = (one for one in cases if one.item.opened_at and not one.item.closed_at)
    to_come = (one for one in cases if not one.item.closed_at)
    return next(is_open, None) or next(to_come, None) or (cases[-1] if cases else None)


def _step(row: Row[*tuple[Any, ...]], chosen: LoadedItem | None) -> Step:
    item: AgendaItem = row.AgendaItem
    case: Case | None = row.Case
    return Step(
        item_id=item.id,
        kind=item.kind,
        discussion=item.discussion if case else None,
        reference=case.reference if case else "",
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        opened=item.opened_at is not None,
        closed=item.closed_at is not None,
        current=chosen is not None and chosen.item.id == item.id,
    )


def _outlook(meeting: Meeting, rows: Course, now: datetime) -> Outlook | None:
    """When it is expected to end, by what is done and what is to come."""
    if meeting.started_at is None or meeting.closed_at is not None:
        return None
    return outlook(
        [_leg(row.AgendaItem, now) for row in rows],
        started_at=meeting.started_at,
        planned_end=meeting.ends_at,
        now=now,
    )


def _leg(item: AgendaItem, now: datetime) -> Leg:
    timer = timer_of(item) if item.closed_at is None else None
    return Leg(
        minutes=item.minutes + item.extra_minutes,
        is_case=item.kind is ItemKind.CASE,
        fixed_at=item.fixed_at,
        ends_at=timer.ends_at(now) if timer else None,
        closed_at=item.closed_at,
    )


def _opened(
    read: ReadItem | None,
    room: RoomRead | None,
    kind: KindDocument | None,
    order: Sequence[interventions.Step],
) -> tuple[CurrentItem | None, RoomView | None, list[str]]:
    """All texts of the page opened at once: of the item, on the screen, of the agreed order."""
    of_item = sealed_texts(read) if read else []
    of_order = [one.text for one in order]
    texts = iter(crypto.unseal_many([*of_item, *(room.sealed if room else []), *of_order]))
    item = current_item(read, texts, kind) if read and kind else None
    return item, room.opened(texts) if room else None, list(texts)


def _agrees_on_order(kind: KindDocument | None) -> bool:
    return kind is not None and kind.works_as is TableKind.ACTION


def _order(
    session: Session, actor: Actor, chosen: LoadedItem, kind: KindDocument, *, now: datetime
) -> tuple[interventions.Step, ...]:
    """The agreed order of interventions of the case, at a table that has one."""
    if chosen.case is None:
        return ()
    return interventions.steps_of(session, actor, chosen.case, kind.works_as, now=now)
