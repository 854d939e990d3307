"""Kinds of case table as an administrator changed them; what ships with the product is no row."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import TableKind
from app.infra.db import Base, enum_of, fk


class OwnKind(Base):
    """A kind of table an administrator added; ``works_as`` says which pages its tables have."""

    __tablename__ = "own_kind"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    works_as: Mapped[TableKind] = mapped_column(enum_of(TableKind))
    added_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    added_at: Mapped[datetime]


class KindVersion(Base):
    """A kind of table as it holds from ``from_at`` on; versions are added, never changed.

    ``document`` is JSON (app/domain/kind_document.py). Without any, the shipped preset holds.
    """

    __tablename__ = "kind_version"
    kind_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    from_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(Text())
    made_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
