"""Where the last look before the post found something of a case; never what it found."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class LeakFinding(Base):
    """One part of one mail that said something of one case.

    ``place`` is the code the mail was stopped with; ``text_hash`` a keyed hash of the whole part,
    so that it can be seen whether the words still stand. ``outbox_id`` is the message.
    """

    __tablename__ = "leak_finding"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime] = mapped_column(index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    series_id: Mapped[uuid.UUID | None] = mapped_column(fk("series.id"))
    outbox_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(60))
    text_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    __table_args__ = (
        Index("ix_leak_finding_meeting", "meeting_id", "place"),
        Index("ix_leak_finding_series", "series_id", "place"),
    )
