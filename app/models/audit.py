"""The access log in the terms of NEN 7513; append-only by trigger, never any content."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import DDL, Index, Integer, String, event
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base


class AuditEvent(Base):
    """Who did what, when, to which object, on which ground, on whose behalf."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(12), default="done")
    person_id: Mapped[uuid.UUID | None]
    person_name: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[uuid.UUID | None]
    role: Mapped[str] = mapped_column(String(20), default="")
    ground: Mapped[str] = mapped_column(String(20), default="")
    on_behalf_of_id: Mapped[uuid.UUID | None]
    on_behalf_of_organisation_id: Mapped[uuid.UUID | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    table_id: Mapped[uuid.UUID | None]
    meeting_id: Mapped[uuid.UUID | None]
    item_id: Mapped[uuid.UUID | None]
    case_id: Mapped[uuid.UUID | None]
    section_id: Mapped[uuid.UUID | None]
    object_kind: Mapped[str] = mapped_column(String(30), default="")
    object_id: Mapped[uuid.UUID | None]
    sealed_reason: Mapped[bytes | None]
    source: Mapped[str] = mapped_column(String(40), default="")
    nonce: Mapped[bytes]
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
    mac: Mapped[bytes]
    __table_args__ = (
        Index("ix_audit_event_case", "case_id", "at"),
        Index("ix_audit_event_person", "person_id", "at"),
    )


class AuditHead(Base):
    """The end of the chain, one row: the number and the hash of the last row of the log."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int]
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
    mac: Mapped[bytes]


class AuditSeal(Base):
    """A signed statement about a stretch of the log; the same text lies in a file outside."""

    __tablename__ = "audit_seal"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    sealed_at: Mapped[datetime]
    first_id: Mapped[int]
    last_id: Mapped[int]
    root: Mapped[bytes]
    last_hash: Mapped[bytes]
    previous: Mapped[bytes]
    signature: Mapped[bytes]
    filed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    dropped_mac: Mapped[bytes | None]


SQLITE_TRIGGERS = (
    (
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    (
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    # INSERT OR REPLACE overwrites a row in spite of the two above.
    (
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
        "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
)
POSTGRESQL_TRIGGERS = (
    (
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$"
    ),
    (
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()"
    ),
    (
        "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()"
    ),
)

# For app/access/logbook/dropping.py alone: how to let rows go for a moment, and how to stop again.
NO_DELETE = {
    "sqlite": ("DROP TRIGGER audit_event_no_delete", SQLITE_TRIGGERS[1]),
    "postgresql": (
        "ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change",
        "ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_change",
    ),
}

for _dialect, _statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
    for _statement in _statements:
        event.listen(
            AuditEvent.__table__,
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]  # theirs
        )
