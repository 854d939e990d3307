"""Both databases start every test empty, and the application owns neither."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.access import audit
from app.infra import crypto, wall
from app.infra.db import (
    Base,
    at_end,
    db,
    learn_sizes,
    prepare_engine,
    reading,
    recorded_reading,
    transaction,
)
from app.models import AuditEvent, Room
from tests.databases import TEST


@pytest.fixture
def engine(database_url: str):
    engine = sa.create_engine(database_url)
    prepare_engine(engine)
    yield engine
    engine.dispose()


def test_nobody_waits_for_a_lock_longer_than_ten_seconds(engine):
    asked = "PRAGMA busy_timeout" if engine.dialect.name == "sqlite" else "SHOW lock_timeout"
    with engine.connect() as connection:
        assert connection.scalar(sa.text(asked)) in {10_000, "10s"}


@pytest.mark.parametrize("again", [False, True])
def test_a_test_never_sees_what_another_left(engine, again: bool):
    organisation = Base.metadata.tables["organisation"]
    audit = Base.metadata.tables["audit_head"]
    with engine.begin() as connection:
        for table in (organisation, audit):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        connection.execute(
            sa.insert(audit).values(id=1, last_id=1, prev_hash=b"", hash=b"", mac=b"")
        )


def test_the_key_store_starts_empty(database, key_file):
    store = crypto.KeyStore(database.key_store_url, key_file)
    assert not store.destroy(crypto.DRAFTS)
    store.key_of(crypto.DRAFTS)
    store.engine.dispose()


def test_the_application_is_not_the_owner(engine):
    if engine.dialect.name == "sqlite":
        return
    with engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        assert tuple(row) == (False, False)
        with pytest.raises(sa.exc.ProgrammingError, match="must be owner"):
            connection.execute(sa.text("DROP TABLE person"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_application_writes_the_access_log_and_changes_nothing_in_it(engine):
    may = "SELECT has_table_privilege(:table, :right)"
    with engine.connect() as connection:
        rights = {
            table: {
                right
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
                if connection.scalar(sa.text(may), {"table": table, "right": right})
            }
            for table in ("audit_event", "audit_head", "audit_seal")
        }
    assert rights == {
        "audit_event": {"SELECT", "INSERT"},
        "audit_head": {"SELECT", "INSERT", "UPDATE"},
        "audit_seal": {"SELECT", "INSERT"},
    }


def test_a_reading_writes_nothing_and_leaves_prepared_statements_to_the_next(app):
    with reading() as session:
        session.add(Room(name="Zaal van niemand"))
    asked = sa.text("SELECT count(*) FROM room")
    counts = []
    for _ in range(80):
        with reading() as session:
            counts.append(session.scalar(asked))
    assert set(counts) == {0}
    if db.engine.dialect.name == "postgresql":
        with reading() as session:
            prepared = session.scalars(sa.text("SELECT statement FROM pg_prepared_statements"))
            assert asked.text in list(prepared)


def test_a_recorded_reading_hands_nothing_on_that_the_log_does_not_tell(app):
    entry = audit.Entry(event=audit.Event.READ, object_kind="room")

    def look(*, fault: bool = False) -> None:
        with recorded_reading() as session:
            audit.record(session, None, entry)
            session.add(Room(name="Zaal van niemand"))
            if fault:
                at_end(session, lambda *_kept: 1 / 0, [entry])

    look()
    with pytest.raises(ZeroDivisionError):
        look(fault=True)
    with reading() as session:
        told = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
        assert (told, session.scalar(sa.select(sa.func.count()).select_from(Room))) == (1, 0)


def test_writers_of_many_threads_all_get_their_turn(app):
    def write(number: int) -> None:
        with app.app_context(), wall.acting_as(TEST):
            for turn in range(5):
                with transaction() as session:
                    session.add(Room(name=f"Zaal {number}-{turn}"))
                    session.flush()
                    time.sleep(0.002)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Room)) == 40


def test_sqlite_knows_how_many_rows_its_tables_have(app):
    with transaction() as session:
        session.add_all(Room(name=f"Kamer {number}") for number in range(30))
    learn_sizes()
    if db.engine.dialect.name == "sqlite":
        with reading() as session:
            known = session.execute(sa.text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'room'"))
            assert {row.stat.split()[0] for row in known} == {"30"}
