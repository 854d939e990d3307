"""Answers that came by mail, and addresses mail does not reach; what people wrote is ciphertext."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import Participation, ReplyReason, ReplyState
from app.infra.db import Base, enum_of, fk


class Reply(Base):
    """One answer for one calendar entry, applied or waiting; ``said_at`` is its own moment.

    ``key_hash`` makes the same answer count once. One about nothing we know has no more than that.
    """

    __tablename__ = "reply"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime]
    state: Mapped[ReplyState] = mapped_column(enum_of(ReplyState))
    reason: Mapped[ReplyReason | None] = mapped_column(enum_of(ReplyReason))
    uid: Mapped[str] = mapped_column(String(80), default="")
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(fk("invitation.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    sender: Mapped[str] = mapped_column(String(254), default="")
    attendee: Mapped[str] = mapped_column(String(254), default="")
    delegated_to: Mapped[str] = mapped_column(String(254), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    said_at: Mapped[datetime]
    occurrence_at: Mapped[datetime | None]
    participation: Mapped[Participation] = mapped_column(
        enum_of(Participation), default=Participation.NONE
    )
    proposed_starts_at: Mapped[datetime | None]
    proposed_ends_at: Mapped[datetime | None]
    text_ct: Mapped[bytes | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    was_taken_over: Mapped[bool | None]
    __table_args__ = (
        Index("ix_reply_meeting", "meeting_id", "person_id"),
        Index("ix_reply_waiting", "table_id", "state", "decided_at"),
    )


class BouncedAddress(Base):
    """An address a mail came back from; it goes when an answer from there shows that mail works."""

    __tablename__ = "bounced_address"
    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    at: Mapped[datetime]
