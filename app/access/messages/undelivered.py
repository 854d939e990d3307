"""Messages that did not arrive, and what was sent: to whom, of what kind and when; never a text.

The functional administrator sees those of the mail server, without a case or a meeting, and none
that was stopped for what it says: who can type words and see which are stopped learns names. Staff
see those of a meeting they serve, but none of a meeting where a case is closed to them: how often
somebody was told, and of what, tells who sits at that case. What was stopped is shown to whoever
may see every case it was stopped for.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import Condition
from app.access.loaders import load_meeting
from app.access.messages.leak_findings import STOPPED
from app.access.permissions import Audience, Permission
from app.domain.errors import NotVisible
from app.domain.paging import Paging, page_of
from app.infra import clock
from app.infra.outbox import OutboxRow
from app.models import AgendaItem, Case, LeakFinding, MailLog, Meeting, Person

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list of messages; a row holds the message and the recipient's name."""

    rows: tuple[Row[Any], ...]
    paging: Paging


def given_up(session: Session, asked: str | None = None) -> Found:
    """Every message the post gave up and nobody dropped, newest first: for the administrator."""
    checks.note()
    return _page(session, _given_up().where(~_is_stopped()), asked)


def given_up_at(
    session: Session, actor: Actor, meeting_id: uuid.UUID, asked: str | None = None
) -> Found:
    """Those about a meeting; the caller loaded the meeting."""
    return _page(session, _given_up_at(actor, meeting_id), asked)


def stopped(session: Session, actor: Actor, asked: str | None = None) -> Found:
    """What was stopped for what it says of cases the actor may see.

    A row also has the ``starts_at`` of its meeting and the ``series_id``, where it is about one.
    """
    checks.note()
    # All findings of one message are about the same meeting or series.
    series = select(LeakFinding.series_id).where(LeakFinding.outbox_id == OutboxRow.id).limit(1)
    statement = (
        _stopped(actor)
        .outerjoin(Meeting, Meeting.id == OutboxRow.meeting_id)
        .add_columns(Meeting.starts_at, series.scalar_subquery().label("series_id"))
    )
    return _page(session, statement, asked)


def number_stopped(actor: Actor) -> ScalarSelect[int]:
    """How many there are of them, as a column of whatever statement is asked anyway."""
    found = _stopped(actor).with_only_columns(OutboxRow.id).order_by(None)
    return select(func.count()).select_from(found.correlate(None).subquery()).scalar_subquery()


def count_at(session: Session, actor: Actor, meeting_id: uuid.UUID) -> int:
    """How many messages about a meeting were given up; the caller loaded the meeting."""
    return _count(session, _given_up_at(actor, meeting_id))


def sent_about(
    session: Session, actor: Actor, meeting_id: uuid.UUID, asked: str | None = None
) -> Found:
    """The mail log of a meeting, newest first, with the recipients' names; the caller loaded it."""
    checks.note()
    statement: Select[*tuple[Any, ...]] = (
        select(MailLog, Person.name)
        .join(Person, Person.id == MailLog.person_id)
        .where(MailLog.meeting_id == meeting_id, ~_is_closed(actor, meeting_id))
        .order_by(MailLog.at.desc(), Person.name, MailLog.id)
    )
    return _page(session, statement, asked)


def load_given_up(session: Session, actor: Actor, message_id: uuid.UUID) -> OutboxRow:
    """One message the post gave up, held for this transaction; the administrator's to decide about.

    Raises NotVisible when it is not there, or not the actor's.
    """
    checks.note()
    if not actor.belongs_to(Audience.ADMINISTRATOR):
        raise NotVisible
    return _load(session, _given_up().where(~_is_stopped()), message_id)


def load_given_up_at(
    session: Session, actor: Actor, message_id: uuid.UUID, *, meeting_id: uuid.UUID
) -> OutboxRow:
    """The same for staff of a meeting."""
    load_meeting(session, actor, meeting_id, Permission.INVITATION_SEND)
    return _load(session, _given_up_at(actor, meeting_id), message_id)


def load_stopped(session: Session, actor: Actor, message_id: uuid.UUID) -> OutboxRow:
    """The same for who may see the cases it was stopped for."""
    checks.note()
    if not actor.belongs_to(Audience.STAFF):
        raise NotVisible
    return _load(session, _stopped(actor), message_id)


def _load(
    session: Session, statement: Select[*tuple[Any, ...]], message_id: uuid.UUID
) -> OutboxRow:
    row = session.execute(statement.where(OutboxRow.id == message_id)).one_or_none()
    if row is None:
        raise NotVisible
    found: OutboxRow = row.OutboxRow
    session.refresh(found, with_for_update=True)
    return found


def _page(session: Session, statement: Select[*tuple[Any, ...]], asked: str | None) -> Found:
    paging = page_of(_count(session, statement), asked, size=PER_PAGE)
    rows = session.execute(statement.limit(PER_PAGE).offset(paging.offset))
    return Found(tuple(rows), paging)


def _count(session: Session, statement: Select[*tuple[Any, ...]]) -> int:
    ids = statement.with_only_columns(func.count()).order_by(None)
    return session.scalar(ids) or 0


def _given_up() -> Select[*tuple[Any, ...]]:
    return (
        select(OutboxRow, func.coalesce(Person.name, "").label("name"))
        .outerjoin(Person, Person.id == OutboxRow.person_id)
        .where(OutboxRow.dead_at.is_not(None), OutboxRow.dropped_at.is_(None))
        .order_by(OutboxRow.dead_at.desc(), OutboxRow.id)
    )


def _given_up_at(actor: Actor, meeting_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return _given_up().where(OutboxRow.meeting_id == meeting_id, ~_is_closed(actor, meeting_id))


def _is_stopped() -> Condition:
    return OutboxRow.reason.startswith(STOPPED, autoescape=True)


def _stopped(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Every case it was stopped for is the actor's to see, and nothing at its meeting is closed."""
    seen = and_(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, clock.now()))
    found = and_(LeakFinding.outbox_id == OutboxRow.id, Case.id == LeakFinding.case_id)
    return _given_up().where(
        _is_stopped(),
        exists().where(found, seen),
        ~exists().where(
            LeakFinding.outbox_id == OutboxRow.id,
            ~exists().where(Case.id == LeakFinding.case_id, seen),
        ),
        ~_is_closed(actor, OutboxRow.meeting_id),
    )


def has_closed(session: Session, actor: Actor, meeting_id: uuid.UUID) -> bool:
    """Whether the messages of a meeting are kept from the actor; the caller loaded the meeting."""
    return bool(session.scalar(select(_is_closed(actor, meeting_id))))


def _is_closed(
    actor: Actor, meeting_id: uuid.UUID | InstrumentedAttribute[uuid.UUID | None]
) -> Condition:
    """A case is or was on the agenda that the actor may not know of."""
    barred = ~c.is_not_barred(actor, clock.now(), case_id=AgendaItem.case_id)
    listed = exists().where(Case.id == AgendaItem.case_id, Case.table_id == Meeting.table_id)
    elsewhere = and_(AgendaItem.removed_at.is_(None), ~listed)
    return exists().where(
        AgendaItem.meeting_id == meeting_id,
        Meeting.id == AgendaItem.meeting_id,
        AgendaItem.case_id.is_not(None),
        or_(barred, elsewhere),
    )
