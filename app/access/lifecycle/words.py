"""How long what people wrote with an answer by mail is kept; it never decides what a case takes.

Such words may tell of every case the answer was about. They go with the first of those, and without
one, or sooner, once their own term is past.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.kinds import TermSubject
from app.domain.local_time import local_date
from app.domain.terms import Terms, ends_on
from app.infra import clock, wall
from app.infra.wall import System
from app.models import (
    AccessRequest,
    AgendaItem,
    InvitationItem,
    LegalHold,
    Meeting,
    Reply,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was written with one answer: until when it is kept, and whether a case holds it."""

    reply_id: uuid.UUID
    table_id: uuid.UUID
    due_on: date
    is_held: bool

    def is_due(self, today: date) -> bool:
        """Past its term, and nothing holds it."""
        return self.due_on <= today and not self.is_held


def is_about(case: ColumnElement[bool]) -> ColumnElement[bool]:
    """``Reply`` answers for an item of a case for which ``case`` holds, or its sender sat at one.

    ``case`` is a condition on ``AgendaItem.case_id``. An entry may span other items by now than
    it did when it was answered.
    """
    spans = exists().where(
        InvitationItem.invitation_id == Reply.invitation_id,
        AgendaItem.id == InvitationItem.item_id,
        case,
    )
    sat = exists().where(
        SeatHold.person_id == Reply.person_id,
        Seat.id == SeatHold.seat_id,
        AgendaItem.id == Seat.item_id,
        AgendaItem.meeting_id == Reply.meeting_id,
        case,
    )
    return or_(spans, sat)


def words_of_case(session: Session, case_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The answers whose words may tell of one case."""
    return session.scalars(
        select(Reply.id).where(Reply.text_ct.is_not(None), is_about(AgendaItem.case_id == case_id))
    ).all()


def words_of_tables(
    session: Session,
    table_ids: Collection[uuid.UUID],
    terms: Mapping[uuid.UUID, Terms],
    *,
    actor: Actor | None = None,
) -> list[Words]:
    """All words kept at these tables; with ``actor`` minus those about a case that bars them."""
    checks.note()
    statement = _words().where(Reply.table_id.in_(table_ids))
    if actor is not None:
        has_case = AgendaItem.case_id.is_not(None)
        free = c.is_not_barred(actor, clock.now(), case_id=AgendaItem.case_id)
        statement = statement.where(~is_about(and_(has_case, ~free)))
    with wall.opened_for(session, System.RETENTION):
        rows = session.execute(statement).all()
    return [
        Words(
            reply_id=row.id, table_id=row.table_id, is_held=row.is_held,
            due_on=_due_on(row, terms[row.table_id]),
        )
        for row in rows
    ]  # fmt: skip


def _words() -> Select[*tuple[Any, ...]]:
    held = exists().where(LegalHold.case_id == AgendaItem.case_id, LegalHold.lifted_at.is_(None))
    asked = exists().where(
        AccessRequest.case_id == AgendaItem.case_id, AccessRequest.closed_at.is_(None)
    )
    return (
        select(
            Reply.id, Reply.table_id, Reply.received_at, Meeting.ends_at,
            is_about(or_(held, asked)).label("is_held"),
        )
        .outerjoin(Meeting, Meeting.id == Reply.meeting_id)
        .where(Reply.text_ct.is_not(None), Reply.table_id.is_not(None))
    )  # fmt: skip


def _due_on(row: Any, terms: Terms) -> date:  # noqa: ANN401 - a row of _words
    """The term begins when the answer came, or with the end of its meeting when that is later."""
    subject = TermSubject.KEEP_REPLIES
    since = max(row.received_at, row.ends_at or row.received_at)
    return ends_on(subject, local_date(since), terms[subject].amount)
