"""Terms of a table, what is kept in spite of them, and runs that destroy what is past them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import RetentionClass, TermSubject
from app.infra.db import Base, enum_of, fk


class TableTerm(Base):
    """A term as proposed for one table; the last approved one of a subject holds.

    Months, or weeks for answering under Wpg and Wjsg (app/domain/terms.py); rows are never changed.
    """

    __tablename__ = "table_term"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    subject: Mapped[TermSubject] = mapped_column(enum_of(TermSubject))
    amount: Mapped[int]
    extra: Mapped[int] = mapped_column(default=0)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    __table_args__ = (Index("ix_table_term_table", "table_id", "subject", "decided_at"),)


class LegalHold(Base):
    """A case that is kept whatever the terms say, as long as it is not lifted; one at a time."""

    __tablename__ = "legal_hold"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    placed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    placed_at: Mapped[datetime]
    lifted_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    lifted_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_legal_hold_live",
            "case_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )


class LegalHoldReason(Base):
    """Why a case is kept, apart from the hold: that one counts for everybody."""

    __tablename__ = "legal_hold_reason"
    hold_id: Mapped[uuid.UUID] = mapped_column(fk("legal_hold.id"), primary_key=True)
    text_ct: Mapped[bytes]


class DestroyedClass(Base):
    """That one retention class of a case is gone; when all are, the case goes with this row."""

    __tablename__ = "destroyed_class"
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), primary_key=True)
    retention: Mapped[RetentionClass] = mapped_column(enum_of(RetentionClass), primary_key=True)
    destroyed_at: Mapped[datetime]


class FormerBar(Base):
    """That a case which is gone barred somebody: what the log keeps of it stays shut to them.

    ``person_mark`` is a keyed hash, from which nobody can be read back. It goes with the log.
    """

    __tablename__ = "former_bar"
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class RetentionRun(Base):
    """One destruction at one table: prepared by one person, confirmed by another, then carried out.

    ``scopes`` names the data keys still to be destroyed (JSON, empty when they are); ``counts``
    what was destroyed (JSON of numbers), which is all that is left of it.
    """

    __tablename__ = "retention_run"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    prepared_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    prepared_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_as: Mapped[str] = mapped_column(Text(), default="")
    cancelled_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    scopes: Mapped[str] = mapped_column(Text(), default="")
    counts: Mapped[str] = mapped_column(Text(), default="")
    executed_at: Mapped[datetime | None]


class RetentionPart(Base):
    """One class of one case that a run destroys; gone once the run is carried out.

    No foreign key: it outlives the case for the moment in which the keys are destroyed.
    """

    __tablename__ = "retention_part"
    run_id: Mapped[uuid.UUID] = mapped_column(fk("retention_run.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    retention: Mapped[RetentionClass] = mapped_column(enum_of(RetentionClass), primary_key=True)
