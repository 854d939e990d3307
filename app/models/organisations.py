"""Partner organisations and the covenants by which they take part in a table."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import OrganisationKind
from app.infra.db import Base, enum_of, fk


class Organisation(Base):
    """A partner organisation; ``mail_domains`` of its people, with a space between two."""

    __tablename__ = "organisation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[OrganisationKind] = mapped_column(enum_of(OrganisationKind))
    mail_domains: Mapped[str] = mapped_column(String(400), default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Covenant(Base):
    """An organisation's signed participation in one table, half-open [from_at, until_at)."""

    __tablename__ = "covenant"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_covenant_pair", "organisation_id", "table_id"),)
