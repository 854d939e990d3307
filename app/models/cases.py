"""Cases, the persons concerned, and the sections; every ``*_ct`` column is ciphertext."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    DDL,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import CaseState, ConcernedRole, Regime
from app.infra.db import Base, UtcDateTime, enum_of, fk


class Case(Base):
    """A case on the list of one table; the reference says nothing about people or order.

    Once a team accepted a handover the duty lies with ``team_id``, and no longer with the table.
    """

    __tablename__ = "case"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    bringing_organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    state: Mapped[CaseState] = mapped_column(enum_of(CaseState))
    channel: Mapped[str] = mapped_column(String(30), default="")
    imported_number: Mapped[str | None] = mapped_column(String(40))
    question_ct: Mapped[bytes | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class PersonConcerned(Base):
    """A person concerned (betrokkene); name and birth date live in the identity section."""

    __tablename__ = "person_concerned"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    position: Mapped[int]
    role: Mapped[ConcernedRole] = mapped_column(enum_of(ConcernedRole))
    label_ct: Mapped[bytes | None]
    relation_ct: Mapped[bytes | None]
    address_group: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index("ix_person_concerned_case", "case_id", "position"),)


class Section(Base):
    """One piece of a case summary with its source organisation and legal regime.

    Who is given it from ``asks_from`` on reads it only once the source agreed to that reader.
    ``no_passing_on``: whoever reads it is told not to pass it on, and no handover names it.
    ``version`` counts every change, ``words_version`` only those that gave it other words.
    """

    __tablename__ = "section"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    section_type_id: Mapped[uuid.UUID] = mapped_column(fk("section_type.id"))
    source_organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    person_concerned_id: Mapped[uuid.UUID | None] = mapped_column(fk("person_concerned.id"))
    regime: Mapped[Regime] = mapped_column(enum_of(Regime), default=Regime.AVG)
    asks_from: Mapped[datetime | None]
    no_passing_on: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    text_ct: Mapped[bytes | None]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    words_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_section_source", "source_organisation_id", "case_id"),
        Index("ix_section_case", "case_id", "position"),
        Index("ix_section_person", "person_concerned_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Exclusion(Base):
    """A person who may never see a case; itself confidential. Half-open in time."""

    __tablename__ = "exclusion"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    __table_args__ = (Index("ix_exclusion_person", "person_id", "case_id"),)


class ExclusionReason(Base):
    """Why somebody is excluded, apart from the exclusion: that one is asked about everybody."""

    __tablename__ = "exclusion_reason"
    exclusion_id: Mapped[uuid.UUID] = mapped_column(fk("exclusion.id"), primary_key=True)
    text_ct: Mapped[bytes]


class Recusal(Base):
    """A person who knows someone concerned; denies every ground until lifted."""

    __tablename__ = "recusal"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    __table_args__ = (Index("ix_recusal_person", "person_id", "case_id"),)


class Declaration(Base):
    """A person's word to know nobody privately: one row per identity that was shown for it.

    It is about the words that were shown: other words may be of somebody else, and ask anew. What
    is kept after the window stays, for nobody can answer then.
    """

    __tablename__ = "declaration"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    section_id: Mapped[uuid.UUID] = mapped_column(fk("section.id"))
    words_version: Mapped[int]
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("person_id", "section_id", "words_version"),)


# Which identities there are, without a word of them: what asks about acquaintances must know of
# each, also of those that do not show to whoever acts (see app/infra/wall.sql).
IDENTITY_PLACE = (
    "CREATE VIEW identity_place AS "
    "SELECT section.id AS section_id, section.case_id, section.regime, section.asks_from, "
    "section.words_version, person_concerned.position "
    "FROM section JOIN section_type ON section_type.id = section.section_type_id "
    "LEFT JOIN person_concerned ON person_concerned.id = section.person_concerned_id "
    "WHERE section_type.is_identity AND section.text_ct IS NOT NULL"
)
identity_place = Table(
    "identity_place",
    MetaData(),
    Column("section_id", Uuid()),
    Column("case_id", Uuid()),
    Column("regime", enum_of(Regime)),
    Column("asks_from", UtcDateTime()),
    Column("words_version", Integer()),
    Column("position", Integer()),
)
event.listen(Base.metadata, "after_create", DDL(IDENTITY_PLACE))  # type: ignore[no-untyped-call]  # theirs
