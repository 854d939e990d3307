"""Rooms where tables meet; which meeting is in one stands with the meeting."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base


class Room(Base):
    """A room of the house or of a partner; one that ended takes no new meetings."""

    __tablename__ = "room"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    address: Mapped[str] = mapped_column(String(110), default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def place(self) -> str:
        """What stands as the place of a meeting here; at most 200 characters."""
        return f"{self.name}, {self.address}" if self.address else self.name
