"""Answers by mail: staff of the table see them, unless a case the sender sat at bars them.

Who may not know of a case may not learn from an answer that somebody sits at it. What was written
beside an answer is for the coordinator alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, delete, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.permissions import Permission, audience_of
from app.access.scopes import staff_seats
from app.domain.errors import NotVisible
from app.domain.kinds import Participation, ReplyState
from app.infra import clock
from app.models import (
    AgendaItem,
    BouncedAddress,
    Case,
    CaseTable,
    Invitation,
    InvitationItem,
    MailLog,
    Meeting,
    Person,
    Reply,
    Seat,
    SeatHold,
)


def staff_replies(actor: Actor, *, now: datetime) -> Select[Reply, CaseTable, Meeting, Person]:
    """Answers to entries of tables served; ``Meeting`` is None for one to a series."""
    checks.note()
    listed = exists().where(Case.id == AgendaItem.case_id, Case.table_id == Reply.table_id)
    spans = exists().where(
        InvitationItem.invitation_id == Reply.invitation_id,
        AgendaItem.id == InvitationItem.item_id,
        AgendaItem.case_id.is_not(None),
        or_(~c.is_not_barred(actor, now, case_id=AgendaItem.case_id), ~listed),
    )
    # An entry spans other items than it did when it was answered: what was said stays.
    sat = exists().where(
        SeatHold.person_id == Reply.person_id,
        Seat.id == SeatHold.seat_id,
        AgendaItem.id == Seat.item_id,
        AgendaItem.meeting_id == Reply.meeting_id,
        ~c.is_not_barred(actor, now, case_id=AgendaItem.case_id),
    )
    return (
        select(Reply, CaseTable, Meeting, Person)
        .join(CaseTable, CaseTable.id == Reply.table_id)
        .join(Person, Person.id == Reply.person_id)
        .outerjoin(Meeting, Meeting.id == Reply.meeting_id)
        .where(c.is_staff_table(actor, CaseTable.id), ~spans, ~sat)
    )


def may_read_words(actor: Actor, reply: Reply) -> bool:
    """People write more than they should: whoever arranges the table reads it, nobody else."""
    return reply.table_id in actor.coordinator_table_ids


def is_waiting(actor: Actor) -> c.Condition:
    """``Reply`` waits for the actor to look at it.

    An answer that was applied speaks for itself; what was typed beside it does not.
    """
    has_words = and_(Reply.text_ct.is_not(None), Reply.table_id.in_(actor.coordinator_table_ids))
    return and_(
        Reply.decided_at.is_(None),
        or_(
            Reply.state == ReplyState.HELD,
            and_(Reply.state.in_((ReplyState.APPLIED, ReplyState.OLD)), has_words),
        ),
    )


def number_waiting(actor: Actor, *, now: datetime) -> ScalarSelect[int]:
    """How many answers wait for the actor, as a column of whatever statement is asked anyway."""
    waiting = staff_replies(actor, now=now).where(is_waiting(actor)).with_only_columns(Reply.id)
    return select(func.count()).select_from(waiting.correlate(None).subquery()).scalar_subquery()


def load_reply(
    session: Session, actor: Actor, reply_id: uuid.UUID, permission: Permission
) -> Row[Reply, CaseTable, Meeting, Person]:
    """An answer of a table served, its meeting and whom it is about; NotVisible otherwise."""
    checks.note()
    if not actor.belongs_to(audience_of(permission)):
        raise NotVisible
    row = session.execute(
        staff_replies(actor, now=clock.now()).where(Reply.id == reply_id).with_for_update(of=Reply)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row


def seats_of_reply(
    session: Session, actor: Actor, reply: Reply, *, now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The seats ahead that the person of a loaded reply still holds within its entry."""
    return session.execute(
        staff_seats(actor, now=now)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .join(InvitationItem, InvitationItem.item_id == AgendaItem.id)
        .add_columns(SeatHold)
        .where(
            InvitationItem.invitation_id == reply.invitation_id,
            SeatHold.person_id == reply.person_id,
            Seat.invited_at.is_not(None),
            Meeting.closed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at > now,
        )
        .order_by(Seat.id)
        .with_for_update(of=SeatHold)
    ).all()


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """What came by mail from one person about one item.

    ``applied`` is the newest answer that counted, ``waiting`` those that wait for a look.
    """

    applied: Participation | None = None
    waiting: tuple[uuid.UUID, ...] = ()


def answers_by_mail(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> dict[tuple[uuid.UUID, uuid.UUID], MailAnswer]:
    """Per person and item what came by mail about a meeting, for its preparation page."""
    # What was said of an earlier time is no answer to this one.
    is_of_now = and_(
        Reply.state == ReplyState.APPLIED, Reply.sequence >= Invitation.sequence
    ).label("is_of_now")
    rows = session.execute(
        staff_replies(actor, now=now)
        .join(Invitation, Invitation.id == Reply.invitation_id)
        .join(InvitationItem, InvitationItem.invitation_id == Reply.invitation_id)
        .add_columns(InvitationItem.item_id, is_of_now, is_waiting(actor).label("is_waiting"))
        .where(Reply.meeting_id == meeting_id)
        .order_by(Reply.said_at, Reply.received_at, Reply.id)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], MailAnswer] = {}
    for row in rows:
        so_far = found.get((row.Person.id, row.item_id), MailAnswer())
        found[row.Person.id, row.item_id] = MailAnswer(
            applied=row.Reply.participation if row.is_of_now else so_far.applied,
            waiting=(*so_far.waiting, row.Reply.id) if row.is_waiting else so_far.waiting,
        )
    return found


def find_reply(session: Session, key_hash: str) -> Reply | None:
    """The stored answer with this key; for the reader of mail."""
    return session.scalars(select(Reply).where(Reply.key_hash == key_hash)).one_or_none()


def last_applied_at(session: Session, uid: str, occurrence_at: datetime | None) -> datetime | None:
    """When the newest applied answer about this entry was given; for the reader of mail."""
    is_same = (
        Reply.occurrence_at.is_(None)
        if occurrence_at is None
        else Reply.occurrence_at == occurrence_at
    )
    return session.scalar(
        select(func.max(Reply.said_at)).where(
            Reply.uid == uid, Reply.state == ReplyState.APPLIED, is_same
        )
    )


def forget_quarantined(session: Session, *, before: datetime) -> None:
    """Delete what was about nothing of ours; nothing of its content was kept."""
    session.execute(
        delete(Reply).where(Reply.state == ReplyState.QUARANTINED, Reply.received_at < before)
    )


def mark_bounced(session: Session, address: str, *, at: datetime) -> None:
    """Note that mail to this address comes back."""
    marked = session.get(BouncedAddress, address)
    if marked is None:
        session.add(BouncedAddress(address=address, at=at))
    else:
        marked.at = at


def clear_bounced(session: Session, address: str) -> None:
    """Mail from this address shows that it works."""
    session.execute(delete(BouncedAddress).where(BouncedAddress.address == address))


def recipient_of(session: Session, message_ids: Collection[str]) -> uuid.UUID | None:
    """Who was sent one of these mails, which only its recipient could name."""
    return session.scalar(
        select(MailLog.person_id).where(MailLog.message_id.in_(message_ids)).limit(1)
    )
