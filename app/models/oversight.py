"""What the product noticed by itself about the reading of cases; numbers only, never which case."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class ReadingAlarm(Base):
    """One person opened many cases of one table within an hour; told once to who watches over it.

    ``cases``: how many different cases in the hour before ``noted_at``.
    """

    __tablename__ = "reading_alarm"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    noted_at: Mapped[datetime]
    cases: Mapped[int]
    __table_args__ = (
        Index("ix_reading_alarm_person", "person_id", "table_id", "noted_at"),
        Index("ix_reading_alarm_table", "table_id", "noted_at"),
    )
