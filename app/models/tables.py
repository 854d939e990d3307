"""Case tables: who leads them, which sections they use, what is disclosed by standard."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import (
    OrganisationKind,
    RequiredRole,
    RetentionClass,
    TableKind,
    TableRoleName,
)
from app.infra.db import Base, enum_of, fk


class CaseTable(Base):
    """A case table (casustafel); days are working days, minutes are per item.

    ``calendar_words`` stand as the title of every calendar entry; empty for the usual neutral word.
    The supervisor of ``host_organisation_id`` sees the log of the whole table. Minutes may be
    corrected for ``correction_working_days``; none means that they are adopted without. ``kind`` is
    how it works, ``kind_code`` the kind it is of (app/models/kinds.py), empty where that is the
    preset of the same name. ``has_standing_seats``: its StandingPartners get a seat at every item.
    """

    __tablename__ = "case_table"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[TableKind] = mapped_column(enum_of(TableKind))
    kind_code: Mapped[str] = mapped_column(String(40), default="")
    prefix: Mapped[str] = mapped_column(String(6))
    host_organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    minutes_per_item: Mapped[int] = mapped_column(default=30)
    opens_working_days: Mapped[int] = mapped_column(default=5)
    closes_working_days: Mapped[int] = mapped_column(default=5)
    has_standing_reservation: Mapped[bool] = mapped_column(default=False)
    children_first: Mapped[bool] = mapped_column(default=False)
    calendar_words: Mapped[str] = mapped_column(String(60), default="")
    confidentiality_nl: Mapped[str] = mapped_column(Text(), default="")
    confidentiality_en: Mapped[str] = mapped_column(Text(), default="")
    confidentiality_version: Mapped[int] = mapped_column(default=1)
    sections_open_with_item: Mapped[bool] = mapped_column(default=False)
    has_standing_seats: Mapped[bool] = mapped_column(default=False)
    correction_working_days: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class TableRole(Base):
    """What a person is at a table, half-open [from_at, until_at)."""

    __tablename__ = "table_role"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    role: Mapped[TableRoleName] = mapped_column(enum_of(TableRoleName))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_table_role_person", "person_id", "role", "table_id"),
        Index("ix_table_role_table", "table_id", "role"),
    )


class SectionType(Base):
    """One section (rubriek) of a table's scheme; the text itself is in Section."""

    __tablename__ = "section_type"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    code: Mapped[str] = mapped_column(String(30))
    label_nl: Mapped[str] = mapped_column(String(80))
    label_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    retention: Mapped[RetentionClass] = mapped_column(enum_of(RetentionClass))
    is_identity: Mapped[bool] = mapped_column(default=False)
    is_input: Mapped[bool] = mapped_column(default=False)
    is_plan: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (UniqueConstraint("table_id", "code"),)


class StandardDisclosure(Base):
    """Partner kind × section that a table discloses by standard, with its three texts."""

    __tablename__ = "standard_disclosure"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    organisation_kind: Mapped[OrganisationKind] = mapped_column(enum_of(OrganisationKind))
    section_type_id: Mapped[uuid.UUID] = mapped_column(fk("section_type.id"))
    ground: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    necessity: Mapped[str] = mapped_column(String(400))
    __table_args__ = (UniqueConstraint("table_id", "organisation_kind", "section_type_id"),)


class ConfidentialityText(Base):
    """A confidentiality statement as it stood from ``from_at`` on; old versions stay."""

    __tablename__ = "confidentiality_text"
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text_nl: Mapped[str] = mapped_column(Text())
    text_en: Mapped[str] = mapped_column(Text(), default="")
    from_at: Mapped[datetime]


class TableQuorum(Base):
    """A role that has to be at the table when a case is discussed, half-open [from_at, until_at).

    No ``from_at``: since the table began. A meeting that is over keeps what was asked of it.
    """

    __tablename__ = "table_quorum"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    role: Mapped[RequiredRole] = mapped_column(enum_of(RequiredRole))
    from_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_table_quorum_live",
            "table_id",
            "role",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )


class StandingPartner(Base):
    """An organisation that gets a seat at every item of a table with standing seats."""

    __tablename__ = "standing_partner"
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"), primary_key=True)


class TableContact(Base):
    """Whom to call of an organisation when a table meets at once, in order of ``position``.

    Somebody with an account, whose name and telephone number stand there, or a name and number
    such as a duty desk. Whoever was called before stays known after ``removed_at``.
    """

    __tablename__ = "table_contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    position: Mapped[int]
    person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    name: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    removed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_table_contact_table", "table_id", "organisation_id", "position"),)
