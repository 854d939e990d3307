"""The queue huey keeps its knocks in: a small SQLite file, or tables beside the data on PostgreSQL.

It holds nothing that has to be done: that stands in the outbox. The tables are huey's own, made
here because the application's role may make none. On SQLite they stay empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from huey import PostgresHuey, SqliteHuey
from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.engine import make_url

from app.infra.db import Base

NAME: Final = "casustafel"
PREFIX: Final = "worker"
QUEUE_FILE: Final = "worker.db"

_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")

# As huey 3.5 makes them; see PostgresStorage in huey/storage.py.
Table(
    f"{PREFIX}_task",
    Base.metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("queue", Text(), nullable=False),
    Column("data", LargeBinary(), nullable=False),
    Column("priority", Float(53), nullable=False, server_default=text("0")),
    Index(f"ix_{PREFIX}_task_next", "queue", "priority", "id"),
)
Table(
    f"{PREFIX}_schedule",
    Base.metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("queue", Text(), nullable=False),
    Column("data", LargeBinary(), nullable=False),
    Column("timestamp", Float(53), nullable=False),
    Index(f"ix_{PREFIX}_schedule_due", "queue", "timestamp"),
)
Table(
    f"{PREFIX}_kv",
    Base.metadata,
    Column("queue", Text(), primary_key=True),
    Column("key", Text(), primary_key=True),
    Column("value", LargeBinary(), nullable=False),
)
Table(
    f"{PREFIX}_counter",
    Base.metadata,
    Column("queue", Text(), primary_key=True),
    Column("key", Text(), primary_key=True),
    Column("value", BigInteger(), nullable=False, server_default=text("0")),
)


def open_queue(database_url: str, instance: Path) -> Any:  # noqa: ANN401 - huey has no types
    """The queue of this installation: shared by its workers on PostgreSQL, else in ``instance``."""
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(NAME, dsn=dsn, table_prefix=PREFIX, create_tables=False, results=False)
    instance.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(instance / QUEUE_FILE), results=False)
