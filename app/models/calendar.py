"""Calendar invitations per recipient and span, and the mail log (never any text)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import MailState
from app.infra.db import Base, enum_of, fk


class Invitation(Base):
    """One calendar entry of one recipient: own UID, SEQUENCE that only rises (RFC 5546 §2.1.4).

    It spans own items, or the ``is_whole`` meeting for those who serve its table.
    """

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    is_whole: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_invitation_pair", "meeting_id", "person_id"),)


class InvitationItem(Base):
    """Which agenda items one invitation spans."""

    __tablename__ = "invitation_item"
    invitation_id: Mapped[uuid.UUID] = mapped_column(fk("invitation.id"), primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), primary_key=True)


class MailLog(Base):
    """That a mail of some kind went to someone, and whether it arrived; never text or subject."""

    __tablename__ = "mail_log"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[MailState] = mapped_column(enum_of(MailState), default=MailState.SENDING)
