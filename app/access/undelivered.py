"""Messages that did not arrive, and what was sent: to whom, of what kind and when; never a text.

The functional administrator sees all of them without a case or a meeting. Staff see those of a
meeting they serve, but none of a meeting where a case is closed to them: how often somebody was
told, and of what, tells who sits at that case.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import Condition
from app.access.loaders import load_meeting
from app.access.permissions import Audience, Permission
from app.domain.errors import NotVisible
from app.infra import clock
from app.infra.outbox import OutboxRow
from app.models import AgendaItem, Case, MailLog, Meeting, Person

MOST_SHOWN = 200


def given_up(session: Session) -> list[Row[OutboxRow, str]]:
    """Every message given up and not dropped, newest first, with its recipient's name."""
    checks.note()
    return list(session.execute(_given_up().limit(MOST_SHOWN)).all())


def given_up_at(session: Session, actor: Actor, meeting_id: uuid.UUID) -> list[Row[OutboxRow, str]]:
    """Those about a meeting of a table served."""
    load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
    statement = _given_up().where(
        OutboxRow.meeting_id == meeting_id, ~_is_closed(actor, meeting_id)
    )
    return list(session.execute(statement.limit(MOST_SHOWN)).all())


def count_at(session: Session, actor: Actor, meeting_id: uuid.UUID) -> int:
    """How many there are of them; the caller loaded the meeting."""
    statement = _given_up().where(
        OutboxRow.meeting_id == meeting_id, ~_is_closed(actor, meeting_id)
    )
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def sent_about(session: Session, actor: Actor, meeting_id: uuid.UUID) -> list[Row[MailLog, str]]:
    """The mail log of a meeting of a table served, newest first, with the recipients' names."""
    load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
    statement = (
        select(MailLog, Person.name)
        .join(Person, Person.id == MailLog.person_id)
        .where(MailLog.meeting_id == meeting_id, ~_is_closed(actor, meeting_id))
        .order_by(MailLog.at.desc(), Person.name)
    )
    return list(session.execute(statement.limit(MOST_SHOWN)).all())


def load_given_up(
    session: Session, actor: Actor, message_id: uuid.UUID, *, meeting_id: uuid.UUID | None
) -> OutboxRow:
    """One message given up, held for this transaction; ``meeting_id`` None is the administrator's.

    Raises NotVisible when it is not there, or not the actor's to decide about.
    """
    if meeting_id is None:
        checks.note()
        if not actor.belongs_to(Audience.ADMINISTRATOR):
            raise NotVisible
        rows = given_up(session)
    else:
        load_meeting(session, actor, meeting_id, Permission.INVITATION_SEND)
        rows = given_up_at(session, actor, meeting_id)
    for row in rows:
        if row.OutboxRow.id == message_id:
            session.refresh(row.OutboxRow, with_for_update=True)
            found: OutboxRow = row.OutboxRow
            return found
    raise NotVisible


def _given_up() -> Select[*tuple[Any, ...]]:
    return (
        select(OutboxRow, func.coalesce(Person.name, "").label("name"))
        .outerjoin(Person, Person.id == OutboxRow.person_id)
        .where(OutboxRow.dead_at.is_not(None), OutboxRow.dropped_at.is_(None))
        .order_by(OutboxRow.dead_at.desc(), OutboxRow.id)
    )


def has_closed(session: Session, actor: Actor, meeting_id: uuid.UUID) -> bool:
    """Whether the messages of a meeting are kept from the actor; the caller loaded the meeting."""
    return bool(session.scalar(select(_is_closed(actor, meeting_id))))


def _is_closed(actor: Actor, meeting_id: uuid.UUID) -> Condition:
    """A case is or was on the agenda that the actor may not know of."""
    barred = ~c.is_not_barred(actor, clock.now())
    elsewhere = and_(AgendaItem.removed_at.is_(None), Case.table_id != Meeting.table_id)
    return exists().where(
        AgendaItem.meeting_id == meeting_id,
        Meeting.id == AgendaItem.meeting_id,
        Case.id == AgendaItem.case_id,
        or_(barred, elsewhere),
    )
