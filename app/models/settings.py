"""What was changed in the set-up of the region: what it was, what it is, by whom, since when."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class SettingChange(Base):
    """One setting that changed; added only, never changed.

    ``subject`` names the row that holds it (the name of its database table and its key), ``field``
    the setting. ``before`` is None where it was made, ``after`` None where it was taken away; both
    are as stored, without a word of a case or a secret. ``from_at``: since when it holds. Nobody
    made it where a command or the worker did.
    """

    __tablename__ = "setting_change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    subject: Mapped[str] = mapped_column(String(40))
    subject_key: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str | None] = mapped_column(Text())
    after: Mapped[str | None] = mapped_column(Text())
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    made_at: Mapped[datetime]
    from_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_setting_change_made", "made_at"),
        Index("ix_setting_change_table", "table_id", "made_at"),
        Index("ix_setting_change_organisation", "organisation_id", "made_at"),
    )
