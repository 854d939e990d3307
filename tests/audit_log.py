"""A small access log for tests: its rows, how to look at it, and how to put an older one back."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.access import audit
from app.access.logbook import check
from app.access.logbook.check import check_log
from app.infra import seal_files
from app.infra.db import db, reading, snapshot, transaction
from app.models import AuditEvent, AuditHead, AuditSeal

ROWS = 24
SEALED = 14
EVENT = AuditEvent.__table__
COLUMNS = [column.name for column in EVENT.columns if column.name != "id"]


def write(count: int) -> None:
    """Rows of several units of work, of one row and of three."""
    done = 0
    while done < count:
        size = min(3 if done % 2 else 1, count - done)
        with transaction() as session:
            for _ in range(size):
                audit.record(
                    session, None, audit.Entry(event=audit.Event.READ, object_kind="probe")
                )
        done += size


def checked(folder: Path | None = None) -> check.Checked:
    outside = tuple(seal_files.read_all(folder)) if folder else ()
    with snapshot() as session:
        return check_log(session, outside)


@dataclass(frozen=True)
class Kept:
    """What the log was at some moment."""

    head: list
    rows: list
    seals: list


def kept() -> Kept:
    with reading() as session:
        tables = (AuditHead.__table__, EVENT, AuditSeal.__table__)
        return Kept(
            *(
                [
                    dict(row)
                    for row in session.execute(
                        sa.select(t).order_by(t.primary_key.columns[0])
                    ).mappings()
                ]
                for t in tables
            )
        )


def put_back(was: Kept) -> None:
    """The log as it was, by somebody with every right on the database."""
    db.session.remove()
    owner = sa.create_engine(
        db.engine.url.set(username="postgres")
        if db.engine.dialect.name == "postgresql"
        else db.engine.url
    )
    with owner.begin() as connection:
        if owner.dialect.name == "sqlite":
            connection.execute(sa.text("DROP TRIGGER IF EXISTS audit_event_no_delete"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table, rows in ((AuditHead, was.head), (AuditEvent, was.rows), (AuditSeal, was.seals)):
            connection.execute(sa.delete(table.__table__))
            connection.execute(sa.insert(table.__table__), rows)
    owner.dispose()
