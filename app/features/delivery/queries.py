"""What the pages about delivery show: recipient, kind, moment and how it went, never a text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission, load_meeting, undelivered
from app.domain.kinds import MailState
from app.infra.db import reading
from app.infra.outbox import OutboxRow
from app.models import CaseTable


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that will not be tried again by itself; ``reason`` is a code."""

    message_id: uuid.UUID
    kind: str
    recipient: str
    asked_at: datetime
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class SentMail:
    """One line of the mail log."""

    kind: str
    recipient: str
    at: datetime
    state: MailState


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """The messages about one meeting; none where ``has_closed`` keeps them from the reader."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    has_closed: bool
    given_up: tuple[GivenUp, ...]
    sent: tuple[SentMail, ...]


def all_given_up() -> tuple[GivenUp, ...]:
    """For the functional administrator."""
    with reading() as session:
        return tuple(_given_up(row.OutboxRow, row.name) for row in undelivered.given_up(session))


def read_messages(actor: Actor, meeting_id: uuid.UUID) -> MessagesPage:
    """For staff of the meeting's table; NotVisible otherwise."""
    with reading() as session:
        meeting = load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
        return MessagesPage(
            meeting_id=meeting.id,
            table_id=meeting.table_id,
            table_name=session.get_one(CaseTable, meeting.table_id).name,
            starts_at=meeting.starts_at,
            has_closed=undelivered.has_closed(session, actor, meeting_id),
            given_up=tuple(
                _given_up(row.OutboxRow, row.name)
                for row in undelivered.given_up_at(session, actor, meeting_id)
            ),
            sent=_sent(session, actor, meeting_id),
        )


def _given_up(row: OutboxRow, recipient: str) -> GivenUp:
    return GivenUp(row.id, row.kind, recipient, row.created_at, row.attempts, row.reason)


def _sent(session: Session, actor: Actor, meeting_id: uuid.UUID) -> tuple[SentMail, ...]:
    return tuple(
        SentMail(row.MailLog.kind, row.name, row.MailLog.at, row.MailLog.state)
        for row in undelivered.sent_about(session, actor, meeting_id)
    )
