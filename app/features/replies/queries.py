"""What staff see of answers by mail: a list without texts, and one answer with what was written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.access import Actor, Permission, audit
from app.access.messages import replies as stored
from app.domain.kinds import Participation, ReplyReason
from app.domain.paging import Paging, page_of
from app.features.replies.deciding import (
    entry_of,
    is_undecided,
    may_put_aside,
    may_take_over,
)
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import CaseTable, Meeting, Organisation, Person, Reply

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """One answer that waits: who, about which meeting, and why it waits; never its text."""

    id: uuid.UUID
    person: str
    organisation: str
    table_name: str
    starts_at: datetime | None
    said_at: datetime
    participation: Participation
    reason: ReplyReason | None
    has_text: bool


@dataclass(frozen=True, slots=True)
class EntrySeat:
    """A seat of the entry, for naming somebody else."""

    id: uuid.UUID
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyPage:
    """One answer as staff read it; ``text`` is empty for whoever may not read what was written."""

    line: ReplyLine
    meeting_id: uuid.UUID | None
    sender: str
    attendee: str
    delegated_to: str
    proposed_starts_at: datetime | None
    proposed_ends_at: datetime | None
    text: str
    is_waiting: bool
    may_take_over: bool
    may_put_aside: bool
    seats: tuple[EntrySeat, ...]


@dataclass(frozen=True, slots=True)
class ReplyList:
    """One page of the answers that wait."""

    rows: tuple[ReplyLine, ...]
    paging: Paging


def waiting_replies(actor: Actor, asked: str | None) -> ReplyList:
    """The answers somebody has to look at, oldest first."""
    now = clock.now()
    with reading() as session:
        found = session.scalar(select(stored.number_waiting(actor, now=now))) or 0
        paging = page_of(found, asked, size=PER_PAGE)
        rows = session.execute(
            stored.staff_replies(actor, now=now)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .add_columns(Organisation.name)
            .where(stored.is_waiting(actor))
            .order_by(Reply.received_at, Reply.id)
            .limit(PER_PAGE)
            .offset(paging.offset)
        )
        lines = tuple(
            _line(row.Reply, row.CaseTable, row.Meeting, row.Person, row.name) for row in rows
        )
    return ReplyList(lines, paging)


def read_reply(actor: Actor, reply_id: uuid.UUID) -> ReplyPage:
    """One answer; for a coordinator with what was written, and opening that is recorded."""
    with transaction() as session:
        row = stored.load_reply(session, actor, reply_id, Permission.REPLY_READ)
        reply: Reply = row.Reply
        seats = stored.seats_of_reply(session, actor, reply, now=clock.now())
        organisation = session.get_one(Organisation, row.Person.organisation_id)
        opened = reply.text_ct if stored.may_read_words(actor, reply) else None
        if opened:
            audit.record(session, actor, entry_of(reply, audit.Event.READ))
        page = ReplyPage(
            line=_line(reply, row.CaseTable, row.Meeting, row.Person, organisation.name),
            meeting_id=reply.meeting_id,
            sender=reply.sender,
            attendee=reply.attendee,
            delegated_to=reply.delegated_to,
            proposed_starts_at=reply.proposed_starts_at,
            proposed_ends_at=reply.proposed_ends_at,
            text="",
            is_waiting=is_undecided(reply),
            may_take_over=may_take_over(reply) and bool(seats),
            may_put_aside=may_put_aside(actor, reply),
            seats=tuple(EntrySeat(one.Seat.id, one.Case.reference) for one in seats),
        )
        sealed = Sealed(opened, f"reply:{reply.id}:text")
    return replace(page, text=crypto.unseal(sealed))


def _line(
    reply: Reply, table: CaseTable, meeting: Meeting | None, person: Person, organisation: str
) -> ReplyLine:
    return ReplyLine(
        id=reply.id,
        person=person.name,
        organisation=organisation,
        table_name=table.name,
        starts_at=meeting.starts_at if meeting else None,
        said_at=reply.said_at,
        participation=reply.participation,
        reason=reply.reason,
        has_text=reply.text_ct is not None,
    )
