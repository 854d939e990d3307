"""Carries a plan out on the meetings of a series; who hears of it is for the act to say."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration.accounts import staff_of
from app.access.meetings import rooms
from app.access.meetings.many_rows import write_rows
from app.access.meetings.series_meetings import live_by_room, meetings_of
from app.access.meetings.timetable import NewTimes, shift
from app.domain.rhythm import Occurrence
from app.features.series.plans import Plan, TypedRhythm
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.models import CaseTable, Meeting, Series


def carry_out(session: Session, actor: Actor, table: CaseTable, series: Series, plan: Plan) -> None:
    """Move, detach and cancel meetings as planned, then plan the new days."""
    touched = [one.meeting.id for one in (*plan.kept, *plan.removed)]
    touched += [one.meeting.id for one, _ in plan.moved]
    _move(session, actor, series, plan)
    kept = [one.meeting.id for one in plan.kept]
    alone = {"series_id": None, "planned_at": None}
    write_meetings(session, {one.meeting: alone for one in plan.kept})
    gone = {"cancelled_at": clock.now()}
    write_meetings(session, {one.meeting: gone for one in plan.removed})
    record_meetings(session, actor, table.id, touched)
    plan_days(session, table, series, plan.added)
    session.flush()
    staff = staff_of(session, frozenset({table.id}), now=clock.now()) if plan.kept else ()
    for meeting_id in kept:
        queue_calendar(session, meeting_id, staff)


def _move(session: Session, actor: Actor, series: Series, plan: Plan) -> None:
    """The same day at another hour or place, with everything that was prepared."""
    place = {"place": series.place, "link": series.link, "room_id": series.room_id}
    bare = {}
    for one, occurrence in plan.moved:
        starts_at, ends_at = occurrence.starts_at, occurrence.ends_at
        if one.is_bare:
            bare[one.meeting] = {
                "series_id": series.id, "planned_at": starts_at,
                "starts_at": starts_at, "ends_at": ends_at, **place,
            }  # fmt: skip
            continue
        one.meeting.series_id, one.meeting.planned_at = series.id, starts_at
        times = NewTimes(
            starts_at=starts_at,
            ends_at=ends_at,
            place=series.place,
            link=series.link,
            room_id=series.room_id,
        )
        shift(session, actor, one.meeting, times)
    write_meetings(session, bare)


def write_meetings(session: Session, values: Mapping[Meeting, Mapping[str, Any]]) -> None:
    """Give held meetings their values, in one statement for all of them."""
    write_rows(session, Meeting, {one.id: row for one, row in values.items()})
    for one in values:
        session.expire(one)


def plan_days(
    session: Session, table: CaseTable, series: Series, days: Iterable[Occurrence]
) -> None:
    """A draft for each of these days but the skipped ones."""
    session.add_all(
        Meeting(
            id=uuid.uuid4(),
            table_id=table.id,
            series_id=series.id,
            planned_at=one.starts_at,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            room_id=series.room_id,
            place=series.place,
            link=series.link,
            opens_working_days=table.opens_working_days,
            closes_working_days=table.closes_working_days,
            opens_with_item=table.sections_open_with_item,
        )
        for one in days
        if one.skipped is None
    )


def in_room(session: Session, typed: TypedRhythm, *, held: uuid.UUID | None = None) -> TypedRhythm:
    """The room is held from here on, and is the place of the series."""
    if typed.room_id is None:
        return typed
    return replace(typed, place=rooms.claim(session, typed.room_id, (), held=held).place)


def claim_room(session: Session, series: Series) -> None:
    """All coming meetings that are in the room of the series, in one go."""
    if series.room_id is None:
        return
    session.flush()
    found = [one.meeting for one in meetings_of(session, series)]
    _claim(session, series.room_id, (one for one in found if one.room_id == series.room_id))


def claim_again(session: Session, meeting_ids: Collection[uuid.UUID]) -> None:
    """The rooms these meetings are in once more; Refusal where one was taken meanwhile."""
    found = live_by_room(session, meeting_ids)
    for room_id in sorted(found):
        _claim(session, room_id, found[room_id])


def _claim(session: Session, room_id: uuid.UUID, meetings: Iterable[Meeting]) -> None:
    coming = [
        rooms.Booking(one.id, one.starts_at, one.ends_at)
        for one in meetings
        if one.starts_at > clock.now()
    ]
    rooms.claim(session, room_id, coming, held=room_id)


def record_series(
    session: Session,
    actor: Actor,
    event: audit.Event,
    *,
    series_id: uuid.UUID,
    table_id: uuid.UUID,
) -> None:
    """One line in the access log about the series as a whole."""
    entry = audit.Entry(event=event, object_kind="series", object_id=series_id, table_id=table_id)
    audit.record(session, actor, entry)


def record_meetings(
    session: Session, actor: Actor, table_id: uuid.UUID, meeting_ids: Iterable[uuid.UUID]
) -> None:
    """A line for every meeting that moved, left the series or was cancelled."""
    entries = [
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="meeting",
            object_id=one,
            table_id=table_id,
            meeting_id=one,
        )
        for one in sorted(meeting_ids)
    ]
    audit.record_all(session, actor, entries)
