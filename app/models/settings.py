"""What a functional administrator set, when, and from when on it holds."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class SettingChange(Base):
    """A setting got another value from ``effective_at`` on; of one table, or of the region."""

    __tablename__ = "setting_change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    setting: Mapped[str] = mapped_column(String(60))
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    value: Mapped[str] = mapped_column(Text, default="")
    effective_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    made_at: Mapped[datetime]
    __table_args__ = (Index("ix_setting_change", "setting", "table_id", "effective_at"),)
