"""The database: engine set-up, column types, and the only place that commits.

Never commit elsewhere: a unit of work is ``with transaction() as session``. On SQLite every
transaction that may write begins IMMEDIATE, because a deferred one that reads first and writes
later fails at once with SQLITE_BUSY_SNAPSHOT, whatever the busy timeout.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Uuid,
    event,
    text,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, registry
from sqlalchemy.types import TypeDecorator

from app.infra import wall

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import Dialect

_writing: ContextVar[bool] = ContextVar("casustafel_writing", default=True)
_inside: ContextVar[bool] = ContextVar("casustafel_unit_of_work", default=False)
_recorded: ContextVar[bool] = ContextVar("casustafel_recorded", default=False)
_AT_END = "casustafel_at_end"
# Milliseconds a statement waits for a lock before its unit of work fails as a whole.
_MOST_MS: Final = 10_000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite loses zones, so a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a naive moment cannot be stored"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all models."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            uuid.UUID: Uuid(),
            datetime: UtcDateTime(),
            str: String(),
            bytes: LargeBinary(),
        },
    )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def fk(target: str, *, on_delete: str | None = None) -> ForeignKey:
    """A foreign key checked at commit, so that rows may be added in any order."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED", ondelete=on_delete)


def enum_of(vocabulary: type[StrEnum]) -> Enum:
    """A column type that stores the values of a StrEnum as text and refuses others."""
    return Enum(
        vocabulary,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def prepare_engine(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and IMMEDIATE transactions, PostgreSQL its second wall."""
    wall.build(engine)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _postgresql_connect)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)


def _postgresql_connect(raw: Any, _record: object) -> None:  # noqa: ANN401 - DB-API connection
    """Join in the order written, which walks from a person's few rows outwards.

    Weighing every other order takes PostgreSQL many times longer than the statement itself. Whoever
    waits for a row somebody holds is told so after as long as on SQLite.
    """
    cursor = raw.cursor()
    cursor.execute("SET join_collapse_limit = 1")
    cursor.execute(f"SET lock_timeout = {_MOST_MS}")
    cursor.close()
    raw.commit()


def _sqlite_connect(raw: Any, _record: object) -> None:  # noqa: ANN401 - DB-API connection
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_MOST_MS}",
        "secure_delete=ON",
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    with _turn_to_write(connection.engine.url.database):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _turn_to_write(file: str | None) -> Iterator[None]:
    """Who wants to write waits in line: SQLite itself sleeps between tries and lets anybody by.

    Only the first in line tries, for as long as ``busy_timeout`` says. The lock is that of the line
    alone and is let go once writing began, so that nobody can leave it behind.
    """
    if not file or file == ":memory:":
        yield
        return
    line = os.open(f"{file}-line", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(line, fcntl.LOCK_EX)
        yield
    finally:
        os.close(line)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work that may write; commits on a clean exit, else rolls back.

    Nesting is refused with RuntimeError: two units of work in one act would commit half of it.
    """
    with _unit_of_work(writing=True) as session:
        yield session
        _finish(session)
        session.commit()


Late = Callable[[Session, list[Any]], None]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Something to be written at the end, and the savepoints it was kept under."""

    act: Late
    item: object
    savepoints: tuple[SessionTransaction, ...]


def at_end(session: Session, act: Late, items: Sequence[object]) -> None:
    """Have ``act`` called with all items kept for it as the last thing before the commit.

    For what locks a row everybody needs, so that it is held for a moment only. What was kept under
    a savepoint goes when that is rolled back. RuntimeError in a unit of work that only reads:
    nothing would come of it.
    """
    if not (_writing.get() or _recorded.get()):
        message = "this unit of work only reads: it commits nothing"
        raise RuntimeError(message)
    under = tuple(_savepoints(session.get_nested_transaction()))
    kept = session.info.setdefault(_AT_END, [])
    kept.extend(_Kept(act, item, under) for item in items)


def _savepoints(transaction: SessionTransaction | None) -> Iterator[SessionTransaction]:
    while transaction is not None and transaction.nested:
        yield transaction
        transaction = transaction.parent


@event.listens_for(Session, "after_soft_rollback")
def _forget_kept(session: Session, rolled_back: SessionTransaction) -> None:
    kept = session.info.get(_AT_END)
    if kept:
        kept[:] = [one for one in kept if rolled_back not in one.savepoints]


def _finish(session: Session) -> None:
    kept = session.info.pop(_AT_END, [])
    if not kept:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # Deferred foreign keys lock rows of others: not while the acts hold their own lock.
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for act in dict.fromkeys(one.act for one in kept):
        act(session, [one.item for one in kept if one.act == act])


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent look without the write lock; for reads that record no audit."""
    with _unit_of_work(writing=False) as session:
        yield session
        if session.get_bind().dialect.name == "postgresql":
            _end_of_reading(session)


def _end_of_reading(session: Session) -> None:
    """Commits nothing: psycopg forgets every prepared statement of a connection at a ROLLBACK.

    What somebody changed in memory by mistake stays unwritten, as on SQLite, which rolls back.
    """
    session.expunge_all()
    session.commit()


@contextmanager
def recorded_reading() -> Iterator[Session]:
    """A look that is told of in the log, for pages that many ask for at one moment.

    It reads without the write lock; what was kept for the end is written after that, in a moment of
    its own, before anything that was read is handed on. Fails as a whole when it cannot be written.
    """
    with _unit_of_work(writing=False) as session:
        told = _recorded.set(True)
        try:
            yield session
        finally:
            _recorded.reset(told)
        _end_of_reading(session)
        writing = _writing.set(True)
        try:
            _finish(session)
            session.commit()
        finally:
            _writing.reset(writing)


@contextmanager
def snapshot() -> Iterator[Session]:
    """Like ``reading``, but every statement sees the same moment, on PostgreSQL too."""
    with reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def learn_sizes() -> None:
    """Have SQLite note how large its tables are; never inside a unit of work.

    Without that it may join from the wrong end: a list of three by way of every case. Some rows of
    each index tell enough. PostgreSQL looks by itself.
    """
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


@contextmanager
def _unit_of_work(*, writing: bool) -> Iterator[Session]:
    """A session of its own for the block; nothing it loaded is remembered by the next."""
    if _inside.get():
        message = "a unit of work is open already: hand its session on instead"
        raise RuntimeError(message)
    session = db.session()
    session.close()
    session.info.pop(_AT_END, None)
    inside, kind = _inside.set(True), _writing.set(writing)
    try:
        yield session
    finally:
        session.close()
        _writing.reset(kind)
        _inside.reset(inside)
