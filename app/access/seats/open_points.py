"""What is still missing at coming meetings, counted per meeting for its staff; numbers only."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.meetings.acting import acting_columns
from app.access.meetings.quorum import lacks_role
from app.domain.kinds import InvitationAnswer
from app.models import AgendaItem, Case, CaseTable, InputRequest, Meeting, Seat, SeatHold


def first_meetings(actor: Actor, *, now: datetime, most: int) -> Select[*tuple[Any, ...]]:
    """The first meetings still to come of tables served, not closed yet, and to adopt minutes of.

    With the name of the table, and who acts as chair.
    """
    ids = scopes.staff_meetings(actor).with_only_columns(Meeting.id).order_by(Meeting.starts_at)
    coming = ids.where(
        Meeting.ends_at > now, Meeting.cancelled_at.is_(None), Meeting.closed_at.is_(None)
    )
    is_over = ids.where(
        Meeting.ends_at <= now, Meeting.cancelled_at.is_(None), Meeting.closed_at.is_(None)
    )
    to_adopt = ids.where(Meeting.closed_at.is_not(None), Meeting.adopted_at.is_(None))
    return (
        scopes.staff_meetings(actor)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(CaseTable.name.label("table_name"), *acting_columns(now))
        .where(or_(*(Meeting.id.in_(few.limit(most)) for few in (coming, is_over, to_adopt))))
        .order_by(Meeting.starts_at, Meeting.id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoints:
    """Numbers of one meeting; a case barred to the reader counts nowhere."""

    cases: int = 0
    without_question: int = 0
    open_seats: int = 0
    unanswered: int = 0
    input_waiting: int = 0
    roles_missing: int = 0


def open_points(
    session: Session, actor: Actor, meeting_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, OpenPoints]:
    """Per meeting what is missing, in one statement; a meeting without cases is absent."""
    hold = and_(SeatHold.seat_id == Seat.id, is_held(now))
    asked = and_(InputRequest.seat_id == Seat.id, InputRequest.withdrawn_at.is_(None))
    is_open = or_(SeatHold.id.is_(None), SeatHold.answer == InvitationAnswer.NO)
    is_unanswered = and_(Seat.invited_at.is_not(None), SeatHold.answer == InvitationAnswer.OPEN)
    is_waiting = and_(InputRequest.id.is_not(None), InputRequest.answered_at.is_(None))
    none = literal(0)
    seats = (
        scopes.staff_seats(actor, now=now)
        .outerjoin(SeatHold, hold)
        .outerjoin(InputRequest, asked)
        .where(Meeting.id.in_(meeting_ids), Seat.is_proposed.is_(False))
        .with_only_columns(
            Meeting.id.label("meeting_id"),
            none.label("cases"),
            none.label("without_question"),
            func.sum(c.as_number(is_open)).label("open_seats"),
            func.sum(c.as_number(is_unanswered)).label("unanswered"),
            func.sum(c.as_number(is_waiting)).label("input_waiting"),
            none.label("roles_missing"),
        )
        .group_by(Meeting.id)
    )
    items = (
        scopes.staff_items(actor, now=now)
        .where(Meeting.id.in_(meeting_ids), Case.id.is_not(None))
        .with_only_columns(
            Meeting.id,
            func.count(AgendaItem.id),
            func.sum(c.as_number(Case.question_ct.is_(None))),
            none,
            none,
            none,
            func.sum(c.as_number(lacks_role(now))),
        )
        .group_by(Meeting.id)
    )
    both = union_all(seats, items).subquery()
    names = OpenPoints.__slots__
    statement = select(both.c.meeting_id, *(func.sum(both.c[name]) for name in names)).group_by(
        both.c.meeting_id
    )
    return {
        row[0]: OpenPoints(**dict(zip(names, map(int, row[1:]), strict=True)))
        for row in session.execute(statement)
    }
