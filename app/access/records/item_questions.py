"""What was asked of the table at an item, kept as it read when the item was finished.

The ciphertext is copied as it stands at the case: keeping opens nothing, so it needs no reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, literal, or_, select
from sqlalchemy.orm import Session

from app.infra import wall
from app.infra.db import UtcDateTime
from app.infra.wall import System
from app.models import AgendaItem, Case, ItemQuestion, Meeting


def keep(session: Session, item_ids: Collection[uuid.UUID], *, at: datetime) -> None:
    """Keep the question of these items as it reads now, where none is kept yet."""
    _copy(session, AgendaItem.id.in_(item_ids), at)


def keep_of_meeting(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """The same for every item of a meeting that ends, also those nobody came to."""
    _copy(session, AgendaItem.meeting_id == meeting.id, at)


def let_go(session: Session, item_id: uuid.UUID) -> None:
    """The item is taken up again: what is asked now is asked at it too."""
    with wall.opened_for(session, System.PLANNING):
        session.execute(delete(ItemQuestion).where(ItemQuestion.item_id == item_id))


def of_item(session: Session, item: AgendaItem) -> ItemQuestion | None:
    """What is kept of a loaded item; nothing is as long as it goes on."""
    return session.get(ItemQuestion, item.id) if item.closed_at is not None else None


def is_kept(session: Session, case: Case) -> bool:
    """Whether what is asked about a loaded case now was kept at a discussion of it."""
    kept = select(ItemQuestion.item_id).where(
        ItemQuestion.case_id == case.id, ItemQuestion.question_ct == case.question_ct
    )
    return session.execute(kept.limit(1)).first() is not None


def asked_before(session: Session, case: Case) -> Sequence[ItemQuestion]:
    """What was asked at this table about a loaded case and reads otherwise now, oldest first."""
    return session.scalars(
        select(ItemQuestion)
        .join(AgendaItem, AgendaItem.id == ItemQuestion.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            ItemQuestion.case_id == case.id,
            Meeting.table_id == case.table_id,
            ItemQuestion.question_ct.is_not(None),
            or_(literal(case.question_ct).is_(None), ItemQuestion.question_ct != case.question_ct),
        )
        .order_by(ItemQuestion.at, ItemQuestion.item_id)
    ).all()


def _copy(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    stands = exists().where(ItemQuestion.item_id == AgendaItem.id)
    found = (
        select(AgendaItem.id, Case.id, Case.question_ct, literal(at, UtcDateTime()))
        .join(Case, Case.id == AgendaItem.case_id)
        .where(which, ~stands)
    )
    columns = ["item_id", "case_id", "question_ct", "at"]
    with wall.opened_for(session, System.PLANNING):
        session.execute(insert(ItemQuestion).from_select(columns, found))
