"""Calendar subscriptions: who may fetch what at an address of which only a hash is stored.

And which words were found fit for them: compared with the cases they stand beside.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import FeedContent
from app.infra.db import Base, enum_of, fk


class Feed(Base):
    """One address of one person. ``state`` tells what was last fetched apart from anything else.

    ``changed_at`` is since when the feed says that; ``last_used_at`` is kept to the hour.
    """

    __tablename__ = "feed"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[FeedContent] = mapped_column(enum_of(FeedContent))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime]
    __table_args__ = (
        Index(
            "uq_feed_live",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class CheckedWords(Base):
    """That words for calendars were compared with the cases of one meeting or one whole series."""

    __tablename__ = "checked_words"
    about_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    is_clear: Mapped[bool]
    checked_at: Mapped[datetime]
