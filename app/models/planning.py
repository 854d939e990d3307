"""Acts of planning that can still be taken back, kept only while their messages wait."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class PlanningStep(Base):
    """What one act did to a meeting or a series: ``undo`` says how it was, ``after`` how all is.

    ``undo`` is JSON of rows and columns without any text of a case; ``after`` a hash.
    ``waiting`` counts the messages that wait until ``until_at``, one per person and kind.
    """

    __tablename__ = "planning_step"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    series_id: Mapped[uuid.UUID | None] = mapped_column(fk("series.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    undo: Mapped[str] = mapped_column(Text())
    after: Mapped[str] = mapped_column(String(64))
    waiting: Mapped[int]
    until_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_planning_step_pair", "meeting_id", "person_id"),)
