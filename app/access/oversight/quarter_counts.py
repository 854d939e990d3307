"""What happened in a quarter, per table and organisation; a statement per source, numbers alone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.figures import Period
from app.domain.kinds import AT_TABLE, ActionState, Measure, PresenceState
from app.domain.local_time import local_date
from app.domain.promises import Kept, ended_as
from app.domain.report import WHOLE, AllPresent, Attended, Discussed, Given, HandedOver
from app.domain.states import UNFINISHED
from app.models import (
    Action,
    AgendaItem,
    Case,
    Handover,
    InputRequest,
    Meeting,
    Organisation,
    Referral,
    Seat,
    TermRequest,
)

# Within so long of the discussion before it, it is a repeat.
REPEAT_WITHIN: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Atom:
    """What one number of a quarter counts."""

    measure: Measure
    table_id: uuid.UUID
    organisation_id: uuid.UUID | None = None
    category: str = WHOLE


Atoms = Counter[Atom]


def counted(session: Session, quarter: Period) -> Atoms:
    """Everything but what the kinds of table count; seven statements."""
    found: Atoms = Counter()
    for source in (_meetings, _discussions, _seats, _input, _actions, _referrals, _handovers):
        for atom, number in source(session, quarter):
            found[atom] += number
    return found


Found = Iterator[tuple[Atom, int]]


def _held(quarter: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Meeting.cancelled_at.is_(None),
        Meeting.closed_at.is_not(None),
        Meeting.starts_at >= quarter.since,
        Meeting.starts_at < quarter.until,
    )


def _meetings(session: Session, quarter: Period) -> Found:
    statement = select(Meeting.table_id, func.count()).where(*_held(quarter))
    for table_id, number in session.execute(statement.group_by(Meeting.table_id)):
        yield Atom(Measure.MEETINGS, table_id), number


def _of_cases(quarter: Period) -> tuple[ColumnElement[bool], ...]:
    """Finished discussions of cases; join ``AgendaItem`` and ``Meeting``."""
    return (
        *_held(quarter),
        AgendaItem.case_id.is_not(None),
        AgendaItem.closed_at.is_not(None),
        AgendaItem.removed_at.is_(None),
    )


def _discussions(session: Session, quarter: Period) -> Found:
    """Which discussion of its case it was, how long it took, and how soon the first one came."""
    for row in session.execute(_discussed(quarter)):
        which = _which(row.starts_at, row.before_at)
        yield Atom(Measure.CASES, row.table_id, category=which), 1
        yield Atom(Measure.MINUTES, row.table_id), _minutes(row.AgendaItem)
        if which is Discussed.NEW:
            days = (local_date(row.starts_at) - local_date(row.came_at)).days
            yield Atom(Measure.LEAD_DAYS, row.table_id, category=str(max(days, 0))), 1


def _discussed(quarter: Period) -> Select[*tuple[Any, ...]]:
    earlier, met = aliased(AgendaItem), aliased(Meeting)
    before_at = (
        select(func.max(met.starts_at))
        .join(earlier, earlier.meeting_id == met.id)
        .where(
            earlier.case_id == AgendaItem.case_id,
            earlier.closed_at.is_not(None),
            earlier.removed_at.is_(None),
            met.table_id == Meeting.table_id,
            met.cancelled_at.is_(None),
            met.closed_at.is_not(None),
            met.starts_at < Meeting.starts_at,
        )
        .scalar_subquery()
    )
    return (
        select(
            AgendaItem,
            Meeting.table_id,
            Meeting.starts_at,
            before_at.label("before_at"),
            func.coalesce(Referral.sent_at, Case.created_at).label("came_at"),
        )
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .outerjoin(Referral, Referral.case_id == Case.id)
        .where(*_of_cases(quarter))
    )


def _which(starts_at: datetime, before_at: datetime | None) -> Discussed:
    if before_at is None:
        return Discussed.NEW
    return Discussed.REPEAT if starts_at - before_at <= REPEAT_WITHIN else Discussed.AGAIN


def _minutes(item: AgendaItem) -> int:
    """By its timer; what was planned where that did not run, or ran twice."""
    if item.opened_at is None or item.closed_at is None or item.reopened_at is not None:
        return item.minutes + item.extra_minutes
    ran = (item.closed_at - item.opened_at).total_seconds() - item.paused_seconds
    return max(0, round(ran / 60))


_ATTENDED: Final = {
    PresenceState.PRESENT: Attended.PRESENT,
    PresenceState.REMOTE: Attended.PRESENT,
    PresenceState.DEPUTY: Attended.DEPUTY,
    PresenceState.ABSENT_NOTICE: Attended.ABSENT,
    PresenceState.ABSENT: Attended.ABSENT,
}


def _seats(session: Session, quarter: Period) -> Found:
    """Who was there of whom was invited; an item without roll call says nothing of anybody."""
    statement = (
        select(Meeting.table_id, Seat.item_id, Seat.organisation_id, Seat.presence)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(*_of_cases(quarter), Seat.invited_at.is_not(None), Seat.removed_at.is_(None))
    )
    seen: dict[tuple[uuid.UUID, uuid.UUID], list[PresenceState | None]] = {}
    for table_id, item_id, organisation_id, presence in session.execute(statement):
        seen.setdefault((table_id, item_id), []).append(presence)
        if presence is not None:
            yield Atom(Measure.ATTENDANCE, table_id, organisation_id, _ATTENDED[presence]), 1
    for (table_id, _), states in seen.items():
        if any(states):
            whole = AllPresent.ALL if all(s in AT_TABLE for s in states) else AllPresent.NOT_ALL
            yield Atom(Measure.ALL_PRESENT, table_id, category=whole), 1


def _input(session: Session, quarter: Period) -> Found:
    """By the day it was asked for; whoever said not to know the family has answered."""
    statement = (
        select(Meeting.table_id, Seat.organisation_id, InputRequest)
        .join(Seat, Seat.id == InputRequest.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            InputRequest.deadline_at >= quarter.since,
            InputRequest.deadline_at < quarter.until,
            InputRequest.withdrawn_at.is_(None),
            Seat.removed_at.is_(None),
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
        )
    )
    for table_id, organisation_id, asked in session.execute(statement):
        yield Atom(Measure.INPUT, table_id, organisation_id, _given(asked)), 1


def _given(asked: InputRequest) -> Given:
    if asked.answer is None or asked.answered_at is None:
        return Given.SILENT
    return Given.IN_TIME if asked.answered_at <= asked.deadline_at else Given.LATE


def _actions(session: Session, quarter: Period) -> Found:
    """Actions whose term was in the quarter, but what lapsed."""
    asked = exists().where(TermRequest.action_id == Action.id)
    statement = select(
        Action.table_id,
        Action.organisation_id,
        Action.state,
        Action.finished_at,
        Action.due_on,
        Action.due_at,
        asked.label("asked"),
    ).where(
        Action.due_on >= quarter.first,
        Action.due_on < quarter.after,
        Action.taken_back_at.is_(None),
        Action.state != ActionState.LAPSED,
    )
    for row in session.execute(statement):
        if row.state in UNFINISHED:
            heard = row.asked or row.state is not ActionState.OPEN
            kept = Kept.RUNNING if heard else Kept.SILENT
        else:
            kept = ended_as(row.state, row.finished_at, due_on=row.due_on, due_at=row.due_at)
        yield Atom(Measure.ACTIONS, row.table_id, row.organisation_id, kept), 1


def _referrals(session: Session, quarter: Period) -> Found:
    """Where they came from when they were sent, and what became of those that were decided."""
    statement = (
        select(
            Referral.table_id,
            Referral.sent_at,
            Referral.decided_at,
            Referral.state,
            Organisation.kind,
        )
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(Referral.table_id.is_not(None), Referral.sent_at < quarter.until)
        .where(
            (Referral.sent_at >= quarter.since)
            | ((Referral.decided_at >= quarter.since) & (Referral.decided_at < quarter.until))
        )
    )
    for row in session.execute(statement):
        if row.sent_at >= quarter.since:
            yield Atom(Measure.REFERRAL_SOURCES, row.table_id, category=row.kind), 1
        if row.decided_at and quarter.since <= row.decided_at < quarter.until:
            yield Atom(Measure.REFERRAL_OUTCOMES, row.table_id, category=row.state), 1


def _handovers(session: Session, quarter: Period) -> Found:
    """Handovers to be answered in the quarter, at the table that proposed them."""
    statement = select(Handover.from_table_id, Handover.accepted_at, Handover.due_at).where(
        Handover.due_at >= quarter.since,
        Handover.due_at < quarter.until,
        Handover.withdrawn_at.is_(None),
    )
    for table_id, accepted_at, due_at in session.execute(statement):
        in_time = accepted_at is not None and accepted_at <= due_at
        which = HandedOver.IN_TIME if in_time else HandedOver.NOT
        yield Atom(Measure.HANDOVERS, table_id, category=which), 1
