"""Small questions about the own seats of a person; every answer concerns that person alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.conditions import is_held, is_to_end
from app.access.own_content import FormerAnswer
from app.access.walks import from_holds
from app.domain.kinds import InvitationAnswer
from app.infra import clock
from app.models import (
    Acceptance,
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    Seat,
    SeatHold,
)


def has_accepted(session: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether the person already accepted confidentiality for this meeting."""
    accepted = exists().where(
        Acceptance.person_id == actor.person_id, Acceptance.meeting_id == meeting.id
    )
    return bool(session.scalar(select(accepted)))


def has_slot(session: Session, actor: Actor, meeting_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    """Whether the actor has an invited slot of its own about this case at this meeting."""
    own = scopes.own_slots(actor, now=clock.now()).where(
        Meeting.id == meeting_id, Case.id == case_id
    )
    return session.execute(own.limit(1)).first() is not None


def holds_at_case(
    session: Session, person_id: uuid.UUID, case_id: uuid.UUID, *, now: datetime
) -> list[tuple[SeatHold, uuid.UUID]]:
    """Holds of a person at every item of a case, coming ones too, with their meetings."""
    rows = session.execute(
        from_holds(SeatHold, AgendaItem.meeting_id).where(
            SeatHold.person_id == person_id,
            Case.id == case_id,
            is_to_end(now),
        )
    )
    return [(row.SeatHold, row.meeting_id) for row in rows]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of the actor in a list: first and last own time, never what lies between.

    ``former`` is what the slots without an answer were answered with before the meeting moved; OPEN
    when they differed.
    """

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    slots: int
    unanswered: int
    former: FormerAnswer | None


def read_own_meetings(
    session: Session, actor: Actor, *, now: datetime, past: bool, number: int, size: int
) -> tuple[tuple[MeetingLine, ...], int]:
    """Own meetings, coming or past, a page of them, and how many there are. Two statements."""
    mine = scopes.own_slots(actor, now=now).where(
        Meeting.ends_at <= now if past else Meeting.ends_at > now
    )
    is_open = SeatHold.answer == InvitationAnswer.OPEN
    former = case((is_open, SeatHold.former_answer))
    grouped = (
        mine.join(CaseTable, CaseTable.id == Meeting.table_id)
        .with_only_columns(
            Meeting.id,
            CaseTable.name,
            func.min(AgendaItem.starts_at).label("starts_at"),
            func.max(AgendaItem.ends_at).label("ends_at"),
            Meeting.place,
            func.count(Seat.id).label("slots"),
            func.sum(case((is_open, 1), else_=0)).label("unanswered"),
            func.min(former).label("least"),
            func.max(former).label("most"),
            func.min(case((is_open, SeatHold.former_starts_at))).label("former_at"),
        )
        .group_by(Meeting.id, CaseTable.name, Meeting.place, Meeting.starts_at)
        .order_by(Meeting.starts_at.desc() if past else Meeting.starts_at, Meeting.id)
    )
    total = session.scalar(select(func.count()).select_from(grouped.order_by(None).subquery()))
    rows = session.execute(grouped.offset((number - 1) * size).limit(size)).all()
    return tuple(_line(row) for row in rows), total or 0


def _line(row: Row[*tuple[Any, ...]]) -> MeetingLine:
    return MeetingLine(
        meeting_id=row.id,
        table_name=row.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        slots=row.slots,
        unanswered=row.unanswered,
        former=_former(row),
    )


def _former(row: Row[*tuple[Any, ...]]) -> FormerAnswer | None:
    if row.least is None or row.former_at is None:
        return None
    answer = row.least if row.least is row.most else InvitationAnswer.OPEN
    return FormerAnswer(answer, row.former_at)


def live_hold(session: Session, seat_id: uuid.UUID) -> SeatHold | None:
    """The live hold of a seat that was loaded for staff before."""
    return session.scalars(
        select(SeatHold).where(SeatHold.seat_id == seat_id, is_held(clock.now()))
    ).one_or_none()
