"""A temporary exclusion order (huisverbod): its clocks run in calendar time from its service.

Every function stands at a case that was loaded with its table. Which clocks there are, and which of
them plans a meeting, stands in the kind of the table; nothing here is ever rolled to a working day.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import Event
from app.access.case_life import plans
from app.access.case_life.order_clocks import OrderClock, clocks_of, ends_of
from app.access.meetings.drafts import make_draft, move_draft
from app.access.meetings.placing import NewCaseItem, put_on_agenda
from app.access.meetings.planning import READY_FOR_AGENDA
from app.access.records.new_cases import record
from app.access.referrals import clocks
from app.domain.case_clocks import due
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.exclusion_order import proposed_start
from app.domain.kind_document import Words
from app.domain.kinds import CaseState, ClockStart, DiscussionKind, TableKind
from app.infra import clock
from app.infra.holidays_nl import is_holiday
from app.models import Case, CaseTable, ExclusionOrder, Meeting


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that another moment of service gave another end."""

    text: Words
    was: datetime
    now: datetime


def table_of(session: Session, case: Case) -> CaseTable:
    """The table of a loaded case, if such orders are what it is for. NotVisible."""
    table = session.get_one(CaseTable, case.table_id)
    if table.kind is not TableKind.EXCLUSION_ORDER:
        raise NotVisible
    return table


def order_of(session: Session, case: Case) -> ExclusionOrder | None:
    """The order of a loaded case, if it was ever served."""
    return session.get(ExclusionOrder, case.id)


def record_service(
    session: Session, actor: Actor, case: Case, table: CaseTable, served_at: datetime
) -> tuple[Moved, ...]:
    """The order was served at that moment; a second time corrects it, and says what moved by it.

    Plans the meetings its kind asks for. SAID_IN_FUTURE.
    """
    if served_at > clock.now():
        raise Refusal(Reason.SAID_IN_FUTURE, "day")
    plans.hold(session, case)
    order = order_of(session, case)
    if order is None:
        clocks.start(session, case, table, ClockStart.SERVICE, served_at)
        order = ExclusionOrder(
            case_id=case.id,
            table_id=table.id,
            served_at=served_at,
            ends_at=served_at,
            recorded_by_id=actor.person_id,
        )
        session.add(order)
        moved: tuple[Moved, ...] = ()
    else:
        moved = _move(session, clocks_of(session, table, [case.id]), order, served_at)
    order.served_at, order.recorded_by_id = served_at, actor.person_id
    _settle(session, order, clocks_of(session, table, [case.id]))
    _plan(session, actor, case, table)
    event = Event.CHANGE if moved else Event.ADD
    record(session, actor, event, case, kind="exclusion-order", object_id=case.id)
    return moved


def _move(
    session: Session, running: Sequence[OrderClock], order: ExclusionOrder, served_at: datetime
) -> tuple[Moved, ...]:
    """Give each clock its end by the right moment; what was met stays met.

    An order that was withdrawn before begins anew.
    """
    is_new = order.withdrawn_at is not None
    if is_new:
        order.withdrawn_at = order.extended_at = None
    moved = []
    for one in running:
        row, was = one.row, one.row.due_at
        row.started_at, row.due_at = served_at, due(one.rule, served_at, is_holiday)
        row.told_at = row.ended_at = None
        if is_new:
            row.met_at = row.met_by_id = row.meeting_id = None
        if row.due_at != was:
            moved.append(Moved(one.rule.text, was, row.due_at))
        clocks.watch(session, row, row.due_at)
    return tuple(moved)


def _settle(session: Session, order: ExclusionOrder, running: Sequence[OrderClock]) -> None:
    """The end of an extended order counts once it is extended, the other one till then."""
    ends = ends_of(running)
    if ends is None:
        order.ends_at = order.served_at
        return
    now = clock.now()
    if ends.extended is None or order.extended_at is None:
        order.ends_at = ends.plain.row.due_at
        _run(session, ends.plain)
        if ends.extended is not None:
            ends.extended.row.ended_at = now
        return
    order.ends_at = ends.extended.row.due_at
    ends.plain.row.ended_at = now
    _run(session, ends.extended)


def _run(session: Session, one: OrderClock) -> None:
    """A clock that did not count counts again."""
    if one.row.ended_at is not None:
        one.row.ended_at = None
        clocks.watch(session, one.row, one.row.due_at)


def extend(
    session: Session, actor: Actor, case: Case, table: CaseTable, *, is_extended: bool
) -> None:
    """The order is extended, so that the later of its ends counts; or it is not, after all.

    NotVisible, STATE_NOT_ALLOWED.
    """
    order = _live(session, case)
    running = clocks_of(session, table, [case.id])
    ends = ends_of(running)
    if (order.extended_at is not None) is is_extended or ends is None or ends.extended is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    order.extended_at = clock.now() if is_extended else None
    _settle(session, order, running)
    record(session, actor, Event.CHANGE, case, kind="exclusion-order", object_id=case.id)


def withdraw(session: Session, actor: Actor, case: Case, table: CaseTable) -> None:
    """The order is withdrawn: nothing of it runs any more. NotVisible."""
    order, now = _live(session, case), clock.now()
    order.withdrawn_at = now
    for one in clocks_of(session, table, [case.id]):
        if one.row.met_at is None and one.row.ended_at is None:
            one.row.ended_at = now
    record(session, actor, Event.CHANGE, case, kind="exclusion-order", object_id=case.id)


def meet(session: Session, actor: Actor, case: Case, table: CaseTable, clock_id: uuid.UUID) -> None:
    """What one clock of the order asks for was done. NotVisible."""
    _live(session, case)
    codes = [one.row.code for one in clocks_of(session, table, [case.id]) if one.row.id == clock_id]
    if not clocks.meet_code(session, case, table, codes, actor):
        raise NotVisible
    record(session, actor, Event.CHANGE, case, kind="case-clock", object_id=clock_id)


def plan_meetings(session: Session, actor: Actor, case: Case, table: CaseTable) -> None:
    """Plan what is still to be planned; for a case that was accepted later. STATE_NOT_ALLOWED."""
    _live(session, case)
    if case.state not in READY_FOR_AGENDA or not _plan(session, actor, case, table):
        raise Refusal(Reason.STATE_NOT_ALLOWED)


def _live(session: Session, case: Case) -> ExclusionOrder:
    """The order of a loaded case, held, as long as it was not withdrawn. NotVisible."""
    plans.hold(session, case)
    order = order_of(session, case)
    if order is None or order.withdrawn_at is not None:
        raise NotVisible
    return order


def _plan(session: Session, actor: Actor, case: Case, table: CaseTable) -> bool:
    """A draft meeting before each clock that asks for one; a draft that stands moves along."""
    has_planned = False
    for one in clocks_of(session, table, [case.id]):
        row = one.row
        if not one.rule.plans_meeting or row.met_at is not None or row.ended_at is not None:
            continue
        length = timedelta(minutes=table.minutes_per_item)
        starts_at = proposed_start(row.due_at, now=clock.now(), length=length)
        if starts_at is None:
            continue
        planned = session.get(Meeting, row.meeting_id) if row.meeting_id else None
        if planned is not None and planned.cancelled_at is None:
            move_draft(session, actor, planned, starts_at)
        elif case.state in READY_FOR_AGENDA:
            meeting = make_draft(session, actor, table, starts_at, starts_at + length)
            put_on_agenda(session, actor, meeting, case, _item(case, table))
            row.meeting_id = meeting.id
            has_planned = True
    session.flush()
    return has_planned


def _item(case: Case, table: CaseTable) -> NewCaseItem:
    is_new = case.state in (CaseState.ACCEPTED, CaseState.ON_AGENDA)
    discussion = DiscussionKind.NEW if is_new else DiscussionKind.FOLLOW_UP
    return NewCaseItem(case_id=case.id, minutes=table.minutes_per_item, discussion=discussion)
