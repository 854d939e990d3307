"""What the pages about delivery show: recipient, kind, moment and how it went, never a text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.access import Actor, Permission, load_meeting
from app.access.messages import undelivered
from app.access.messages.undelivered import Found
from app.access.messages.unseen import unseen
from app.domain.kinds import MailState
from app.domain.paging import Paging
from app.infra import clock
from app.infra.db import reading
from app.infra.outbox import OutboxRow
from app.models import CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A message that will not be tried again by itself; ``reason`` is a code.

    ``starts_at`` of its meeting and ``series_id`` are known for what was stopped.
    """

    message_id: uuid.UUID
    kind: str
    recipient: str
    asked_at: datetime
    attempts: int
    reason: str
    meeting_id: uuid.UUID | None = None
    starts_at: datetime | None = None
    series_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class GivenUpPage:
    """One page of such messages."""

    rows: tuple[GivenUp, ...]
    paging: Paging


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
    given_up: GivenUpPage
    sent: tuple[SentMail, ...]
    paging: Paging


def all_given_up(asked: str | None) -> GivenUpPage:
    """For the functional administrator."""
    with reading() as session:
        return _given_up(undelivered.given_up(session, asked))


def all_stopped(actor: Actor, asked: str | None) -> GivenUpPage:
    """What was stopped for what it says of cases the actor may see."""
    with reading() as session:
        found = undelivered.stopped(session, actor, asked)
        rows = tuple(
            replace(
                _row(row),
                meeting_id=row.OutboxRow.meeting_id,
                starts_at=row.starts_at,
                series_id=row.series_id,
            )
            for row in found.rows
        )
        return GivenUpPage(rows, found.paging)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A stopped message of which no staff may know: what it was, where, for which day."""

    kind: str
    stopped_at: datetime
    table: str
    starts_at: datetime | None


def all_unseen(actor: Actor) -> tuple[Unseen, ...]:
    """For the privacy officer."""
    with reading() as session:
        return tuple(
            Unseen(
                kind=row.kind,
                stopped_at=row.dead_at,
                table=row.table or "",
                starts_at=row.starts_at,
            )
            for row in unseen(session, actor, now=clock.now())
        )


def read_messages(
    actor: Actor, meeting_id: uuid.UUID, asked: str | None, asked_given_up: str | None
) -> MessagesPage:
    """For staff of the meeting's table; NotVisible otherwise."""
    with reading() as session:
        meeting = load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
        sent = undelivered.sent_about(session, actor, meeting_id, asked)
        return MessagesPage(
            meeting_id=meeting.id,
            table_id=meeting.table_id,
            table_name=session.get_one(CaseTable, meeting.table_id).name,
            starts_at=meeting.starts_at,
            has_closed=undelivered.has_closed(session, actor, meeting_id),
            given_up=_given_up(undelivered.given_up_at(session, actor, meeting_id, asked_given_up)),
            sent=tuple(
                SentMail(row.MailLog.kind, row.name, row.MailLog.at, row.MailLog.state)
                for row in sent.rows
            ),
            paging=sent.paging,
        )


def _given_up(found: Found) -> GivenUpPage:
    return GivenUpPage(tuple(_row(row) for row in found.rows), found.paging)


def _row(row: Any) -> GivenUp:  # noqa: ANN401 - a row
    message: OutboxRow = row.OutboxRow
    return GivenUp(
        message_id=message.id,
        kind=message.kind,
        recipient=row.name,
        asked_at=message.created_at,
        attempts=message.attempts,
        reason=message.reason,
    )
