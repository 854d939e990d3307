"""Reads one exclusion order with its clocks for staff; no text of the case ever comes here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission, case_scopes, load_case, scopes
from app.access.case_life import exclusion_orders as orders
from app.access.case_life.order_clocks import OrderClock, clocks_of, ends_of
from app.access.meetings.planning import READY_FOR_AGENDA
from app.domain.errors import NotVisible
from app.domain.kinds import TableKind
from app.domain.states import SHUT
from app.infra import clock
from app.infra.db import reading
from app.models import Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One clock of the order; ``meeting_at`` is when it is to be spoken about."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    due_at: datetime
    met_at: datetime | None
    is_past: bool
    is_off: bool
    plans_meeting: bool
    meeting_id: uuid.UUID | None
    meeting_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """The order of a case; ``served_at`` is None as long as none was recorded."""

    case_id: uuid.UUID
    reference: str
    table: str
    is_open: bool
    served_at: datetime | None
    ends_at: datetime | None
    extended_at: datetime | None
    withdrawn_at: datetime | None
    is_over: bool
    may_extend: bool
    may_plan: bool
    clocks: tuple[ClockLine, ...]

    @property
    def is_running(self) -> bool:
        """The order was served, and neither withdrawn nor over."""
        return self.served_at is not None and self.withdrawn_at is None and not self.is_over


def order_page(actor: Actor, case_id: uuid.UUID) -> OrderPage:
    """The order of a case at such a table served. NotVisible."""
    now = clock.now()
    with reading() as session:
        case = load_case(session, actor, case_id, Permission.CASE_READ)
        table = orders.table_of(session, case)
        order = orders.order_of(session, case)
        found = clocks_of(session, table, [case.id]) if order else []
        meetings = _meetings(session, actor, found)
        ends = ends_of(found)
        lines = tuple(_line(one, meetings, now) for one in found)
        is_ready = case.state in READY_FOR_AGENDA
        return OrderPage(
            case_id=case.id,
            reference=case.reference,
            table=table.name,
            is_open=case.state not in SHUT,
            served_at=order.served_at if order else None,
            ends_at=order.ends_at if order else None,
            extended_at=order.extended_at if order else None,
            withdrawn_at=order.withdrawn_at if order else None,
            is_over=order is not None and order.ends_at <= now,
            may_extend=order is not None
            and order.extended_at is None
            and ends is not None
            and ends.extended is not None,
            may_plan=is_ready and any(_is_to_plan(one, now) for one in lines),
            clocks=lines,
        )


def _is_to_plan(line: ClockLine, now: datetime) -> bool:
    is_done = line.met_at is not None or line.is_off or line.due_at <= now
    return line.plans_meeting and not is_done and line.meeting_at is None


def _meetings(session: Session, actor: Actor, found: list[OrderClock]) -> dict[uuid.UUID, Meeting]:
    ids = [one.row.meeting_id for one in found if one.row.meeting_id]
    if not ids:
        return {}
    statement = scopes.staff_meetings(actor).where(
        Meeting.id.in_(ids), Meeting.cancelled_at.is_(None)
    )
    return {one.id: one for one in session.scalars(statement)}


def _line(one: OrderClock, meetings: dict[uuid.UUID, Meeting], now: datetime) -> ClockLine:
    row = one.row
    meeting = meetings.get(row.meeting_id) if row.meeting_id else None
    is_off = row.met_at is None and row.ended_at is not None
    return ClockLine(
        id=row.id,
        label_nl=one.rule.text.nl,
        label_en=one.rule.text.en,
        due_at=row.due_at,
        met_at=row.met_at,
        is_past=row.met_at is None and not is_off and row.due_at <= now,
        is_off=is_off,
        plans_meeting=one.rule.plans_meeting,
        meeting_id=meeting.id if meeting else None,
        meeting_at=meeting.starts_at if meeting else None,
    )


@dataclass(frozen=True, slots=True)
class NewOrderChoices:
    """The tables for such orders the actor serves, and who may bring one in."""

    tables: tuple[tuple[uuid.UUID, str], ...]
    organisations: tuple[tuple[uuid.UUID, str], ...]


def new_order_choices(actor: Actor) -> NewOrderChoices:
    """What the form for an order at once offers. NotVisible without such a table."""
    with reading() as session:
        served = session.scalars(case_scopes.served_tables(actor)).all()
        tables = [one for one in served if one.kind is TableKind.EXCLUSION_ORDER]
        if not tables:
            raise NotVisible
        sources = session.scalars(case_scopes.participants(*(one.id for one in tables)))
        return NewOrderChoices(
            tuple((one.id, one.name) for one in tables),
            tuple((one.id, one.name) for one in sources),
        )
