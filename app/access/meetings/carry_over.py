"""Cases that come back by themselves: which items of earlier meetings a next agenda may take over.

For staff of the table, without cases that bar them. Taking over opens nothing: the seats of last
time are proposals, and no disclosure comes along (access.md §1).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.meetings.planning import READY_FOR_AGENDA
from app.domain.errors import NotVisible
from app.domain.states import UNFINISHED
from app.infra import clock
from app.models import Action, AgendaItem, Case, Covenant, Meeting, Seat

# How long a refusal stays in sight, to take it back.
IN_SIGHT = timedelta(days=1)
# A meeting nobody closed goes on at first, and was forgotten after this.
RUNS_LATE = timedelta(hours=4)
_LATER_ITEM, _LATER = aliased(AgendaItem), aliased(Meeting)


class CarryReason(StrEnum):
    """Why an item comes back."""

    NOT_DISCUSSED = "not-discussed"
    RETURNS = "returns"
    OPEN_ACTION = "open-action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A case that was on an earlier agenda and comes back, and why."""

    item_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    meeting_at: datetime
    reasons: tuple[CarryReason, ...]
    refused_at: datetime | None


def carried_to(session: Session, actor: Actor, meeting: Meeting) -> list[Carried]:
    """What comes back to a loaded meeting, what was refused a moment ago too; one statement.

    The last item of a case decides: not discussed, set to return, or with an action open. It ends
    when the case stands on a later agenda, is closed or moves to another table.
    """
    checks.note()
    now = clock.now()
    goes_on = exists().where(
        Action.case_id == Case.id,
        Action.table_id == meeting.table_id,
        Action.state.in_(UNFINISHED),
    )
    stands_later = exists().where(
        _LATER_ITEM.case_id == Case.id,
        _LATER_ITEM.removed_at.is_(None),
        _LATER_ITEM.id != AgendaItem.id,
        _LATER.id == _LATER_ITEM.meeting_id,
        _LATER.table_id == meeting.table_id,
        _LATER.cancelled_at.is_(None),
        _LATER.starts_at >= Meeting.starts_at,
    )
    rows = session.execute(
        select(AgendaItem, Meeting.starts_at, Case, goes_on.label("goes_on"))
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            Case.table_id == meeting.table_id,
            Case.state.in_(READY_FOR_AGENDA),
            c.is_not_barred(actor, now),
            Meeting.table_id == meeting.table_id,
            Meeting.cancelled_at.is_(None),
            or_(Meeting.closed_at.is_not(None), Meeting.ends_at <= now - RUNS_LATE),
            Meeting.starts_at < meeting.starts_at,
            AgendaItem.removed_at.is_(None),
            or_(
                AgendaItem.carry_refused_at.is_(None),
                AgendaItem.carry_refused_at > now - IN_SIGHT,
            ),
            or_(AgendaItem.opened_at.is_(None), AgendaItem.returns, goes_on),
            ~stands_later,
        )
        .order_by(Meeting.starts_at, AgendaItem.position, AgendaItem.id)
    )
    return [
        Carried(
            item_id=row.AgendaItem.id,
            case_id=row.Case.id,
            reference=row.Case.reference,
            meeting_at=row.starts_at,
            reasons=_reasons(row.AgendaItem, goes_on=bool(row.goes_on)),
            refused_at=row.AgendaItem.carry_refused_at,
        )
        for row in rows
    ]


def _reasons(item: AgendaItem, *, goes_on: bool) -> tuple[CarryReason, ...]:
    why = (
        (item.opened_at is None, CarryReason.NOT_DISCUSSED),
        (item.returns, CarryReason.RETURNS),
        (goes_on, CarryReason.OPEN_ACTION),
    )
    return tuple(reason for holds, reason in why if holds)


def load_carried(
    session: Session, actor: Actor, meeting: Meeting, item_id: uuid.UUID
) -> tuple[AgendaItem, Carried]:
    """An item that comes back to a loaded meeting, held until the end; NotVisible otherwise."""
    for one in carried_to(session, actor, meeting):
        if one.item_id == item_id:
            return session.get_one(AgendaItem, item_id, with_for_update=True), one
    raise NotVisible


def propose_seats(
    session: Session, meeting: Meeting, *, last: AgendaItem, item: AgendaItem
) -> list[Seat]:
    """The seats of last time as proposals at the new item, as far as there is a covenant."""
    live = exists().where(
        Covenant.organisation_id == Seat.organisation_id,
        Covenant.table_id == meeting.table_id,
        c.is_live(Covenant.from_at, Covenant.until_at, meeting.starts_at),
    )
    seats = session.scalars(
        select(Seat).where(
            Seat.item_id == last.id, Seat.removed_at.is_(None), Seat.is_proposed.is_(False), live
        )
    )
    proposed = [
        Seat(
            id=uuid.uuid4(),
            item_id=item.id,
            organisation_id=one.organisation_id,
            is_staff_only=one.is_staff_only,
            is_proposed=True,
        )
        for one in seats
    ]
    session.add_all(proposed)
    return proposed
