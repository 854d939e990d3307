"""The access log cannot be rewritten, every reading of a section is in it, and text at rest is sealed."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.access import audit, disclosure, load_actor
from app.access.actor import Actor
from app.access.logbook.check import check_log
from app.domain.kinds import Ground, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.db import db, snapshot, transaction
from app.models import Acceptance, AuditEvent, Meeting, Section
from tests import builders
from tests.builders import World

AUDIT = AuditEvent.__table__


def readings() -> list[AuditEvent]:
    """The rows that say a section was read or revealed, in order."""
    with transaction() as session:
        found = session.scalars(
            sa.select(AuditEvent)
            .where(AuditEvent.event.in_(("read", "reveal-identity")))
            .order_by(AuditEvent.id)
        ).all()
        session.expunge_all()
    return list(found)


def actor_of(person_id: uuid.UUID) -> Actor:
    with transaction() as session:
        return load_actor(session, person_id, now=clock.now())


def read(who: Actor, world: World, **more: object) -> list[disclosure.OpenSection]:
    with transaction() as session:
        return disclosure.read_sections(session, who, [world.case.id], now=clock.now(), **more)


# --- The log cannot be rewritten ---------------------------------------------------------------


@pytest.fixture
def logged(app) -> int:
    """The id of one stored row."""
    with transaction() as session:
        audit.record(session, None, audit.Entry(event=audit.Event.READ, object_kind="probe"))
    with transaction() as session:
        return session.scalars(sa.select(AuditEvent.id)).one()


REWRITINGS = {
    "update": "UPDATE audit_event SET person_name = 'Ander' WHERE id = {id}",
    "update all": "UPDATE audit_event SET outcome = 'x'",
    "move": "UPDATE audit_event SET id = id + 1000 WHERE id = {id}",
    "delete": "DELETE FROM audit_event WHERE id = {id}",
    "delete all": "DELETE FROM audit_event",
}
ROW = (
    "(id, at, event, outcome, person_name, role, ground, address, object_kind, source, nonce, "
    "prev_hash, hash, mac) SELECT {id}, at, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', nonce, "
    "prev_hash, hash, mac FROM audit_event WHERE true"
)
SQLITE_REWRITINGS = {
    "insert or replace": f"INSERT OR REPLACE INTO audit_event {ROW}",
    "replace": f"REPLACE INTO audit_event {ROW}",
    "update or replace": "UPDATE OR REPLACE audit_event SET event = 'x' WHERE id = {id}",
    "upsert": f"INSERT INTO audit_event {ROW} ON CONFLICT (id) DO UPDATE SET event = 'x'",
}
POSTGRESQL_REWRITINGS = {
    "truncate": "TRUNCATE audit_event",
    "upsert": f"INSERT INTO audit_event {ROW} ON CONFLICT (id) DO UPDATE SET event = 'x'",
    "disable the trigger": "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "pretend to replicate": "SET session_replication_role = replica",
}


def test_no_statement_of_the_application_rewrites_a_row(logged: int) -> None:
    special = SQLITE_REWRITINGS if db.engine.dialect.name == "sqlite" else POSTGRESQL_REWRITINGS
    for statement in (REWRITINGS | special).values():
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(sa.text(statement.format(id=logged)))
    with transaction() as session:
        rows = session.execute(sa.select(AUDIT.c.id, AUDIT.c.event)).all()
    assert [tuple(row) for row in rows] == [(logged, "read")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_rewrite_rows_even_without_recursive_triggers(logged: int) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"):
            connection.exec_driver_sql(SQLITE_REWRITINGS["insert or replace"].format(id=logged))


# --- Every reading is recorded, in its own transaction -------------------------------------------


@pytest.fixture
def world(app) -> World:
    return builders.small_world(open_papers=True)


def test_each_section_read_leaves_exactly_one_row_with_its_ground(world: World) -> None:
    expected = {
        "police": (world.police.id, Ground.SEAT, {"reason", "safety"}),
        "care": (world.care.id, Ground.SOURCE, {"health"}),
        "coordinator": (
            world.coordinator.id,
            Ground.STAFF,
            {"reason", "safety", "children", "health"},
        ),
        "stranger": (world.stranger.id, None, set()),
        "administrator": (world.administrator.id, None, set()),
    }
    names = {section.id: code for code, section in world.sections.items()}
    for who, (person_id, ground, codes) in expected.items():
        before = len(readings())
        opened = read(actor_of(person_id), world)
        written = readings()[before:]
        assert sorted(row.section_id for row in written) == sorted(one.section_id for one in opened)
        assert codes <= {names[one.section_id] for one in opened}, who
        assert {row.person_id for row in written} <= {person_id}
        assert {row.case_id for row in written} <= {world.case.id}
        by_ground = {names[row.section_id]: row.ground for row in written}
        assert all(
            by_ground[code] == ground for code in codes if who != "police" or code == "safety"
        ), who


def test_names_are_read_only_when_asked_for_and_that_is_an_event_of_its_own(world: World) -> None:
    staff = actor_of(world.coordinator.id)
    assert not any(one.is_identity for one in read(staff, world))
    before = len(readings())
    opened = read(staff, world, identity=True)
    assert [one.is_identity for one in opened] == [True]
    assert [row.event for row in readings()[before:]] == ["reveal-identity"]


def read_and_fail(who: Actor, world: World) -> None:
    with transaction() as session:
        assert disclosure.read_sections(session, who, [world.case.id], now=clock.now())
        raise KeyError


def test_a_reading_that_is_rolled_back_leaves_no_row(world: World) -> None:
    police = actor_of(world.police.id)
    before = len(readings())
    with pytest.raises(KeyError):
        read_and_fail(police, world)
    assert len(readings()) == before


def test_a_reading_that_cannot_be_recorded_is_refused(world: World, monkeypatch) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr("app.access.disclosure.audit.record_all", fail)
    with pytest.raises(OSError):
        read(actor_of(world.police.id), world)


def test_the_log_holds_no_content(world: World) -> None:
    read(actor_of(world.coordinator.id), world)
    read(actor_of(world.coordinator.id), world, identity=True)
    with transaction() as session:
        rows = session.execute(sa.select(AUDIT)).all()
    assert rows
    assert "Kanarie" not in repr(rows)


# --- Text at rest -----------------------------------------------------------------------------------

SCOPE = KeyScope.of_case(uuid.UUID(int=7), RetentionClass.SUMMARY)


def test_sealing_twice_gives_two_different_ciphertexts(app) -> None:
    one, two = (crypto.seal(SCOPE, "Kanariewoord", belongs_to="a:1:text") for _ in range(2))
    assert one != two
    assert one[17:29] != two[17:29], "the nonce was used twice"
    assert (
        crypto.unseal_many([Sealed(one, "a:1:text"), Sealed(two, "a:1:text")])
        == ["Kanariewoord"] * 2
    )


def test_every_flipped_bit_is_noticed(app) -> None:
    stored = crypto.seal(SCOPE, "Ja", belongs_to="a:1:text")
    for place in range(len(stored)):
        for bit in (1, 128):
            flipped = bytearray(stored)
            flipped[place] ^= bit
            with pytest.raises((crypto.TextDamagedError, crypto.TextDestroyedError)):
                crypto.unseal(Sealed(bytes(flipped), "a:1:text"))


def test_a_ciphertext_moved_to_another_row_or_column_does_not_open(app) -> None:
    stored = crypto.seal(SCOPE, "Kanariewoord", belongs_to="section:1:text")
    for elsewhere in ("section:2:text", "section:1:label", "case:1:question", ""):
        with pytest.raises(crypto.TextDamagedError):
            crypto.unseal(Sealed(stored, elsewhere))


def test_a_destroyed_key_takes_its_text_and_no_other(app) -> None:
    other = KeyScope.of_case(uuid.UUID(int=7), RetentionClass.IDENTITY)
    gone = Sealed(crypto.seal(SCOPE, "Kanariewoord", belongs_to="a:1:text"), "a:1:text")
    kept = Sealed(crypto.seal(other, "Blijft", belongs_to="a:2:text"), "a:2:text")
    assert crypto.store().destroy(SCOPE)
    with pytest.raises(crypto.TextDestroyedError):
        crypto.unseal(gone)
    assert crypto.unseal(kept) == "Blijft"
    anew = Sealed(crypto.seal(SCOPE, "Nieuw", belongs_to="a:1:text"), "a:1:text")
    assert crypto.unseal(anew) == "Nieuw"
    with pytest.raises(crypto.TextDestroyedError):
        crypto.unseal(gone)


def test_a_section_moved_in_the_database_does_not_show_its_text_elsewhere(world: World) -> None:
    with transaction() as session:
        wanted = session.get(Section, world.sections["children"].id)
        session.get(Section, world.sections["reason"].id).text_ct = wanted.text_ct
    opened = {one.section_id: one.text for one in read(actor_of(world.police.id), world)}
    with pytest.raises(crypto.TextDamagedError):
        crypto.unseal(opened[world.sections["reason"].id])


def test_no_text_stands_readable_in_what_is_stored(
    world: World, database, worker_folder: Path
) -> None:
    read(actor_of(world.coordinator.id), world)
    words = [b"Kanarie", builders.QUESTION.encode(), b"Moeder"]
    if db.engine.dialect.name == "sqlite":
        files = [*worker_folder.glob("data.db*"), *worker_folder.glob("keys.db*")]
        assert any(file.name.endswith("-wal") and file.stat().st_size for file in files)
        stored = {file.name: file.read_bytes() for file in files}
    else:
        with db.engine.connect() as connection:
            stored = {
                table.name: repr(connection.execute(sa.select(table)).all()).encode()
                for table in db.metadata.sorted_tables
            }
    assert any(b"Gemeente Deltaland" in content for content in stored.values())
    found = {(name, word) for name, content in stored.items() for word in words if word in content}
    assert not found


# --- Many at once -----------------------------------------------------------------------------------

PEOPLE_AT_ONCE = 20
TURNS = 5


def at_once(acts: list[Callable[[], None]]) -> None:
    """Run all acts in threads that start together; the first error is raised here."""
    together = threading.Barrier(len(acts), timeout=60)

    def run(act: Callable[[], None]) -> None:
        together.wait(timeout=30)
        for _ in range(TURNS):
            act()

    with ThreadPoolExecutor(len(acts)) as pool:
        # A thread starts with nobody who acts; these act as the test does.
        for done in [pool.submit(copy_context().run, run, act) for act in acts]:
            done.result(timeout=120)


def test_twenty_readers_and_writers_at_once_all_succeed(app, world: World) -> None:
    police = actor_of(world.police.id)
    section_id = world.sections["reason"].id
    binding = disclosure.section_binding(section_id)
    scope = KeyScope.of_case(world.case.id, RetentionClass.SUMMARY)

    def look() -> None:
        with app.app_context():
            assert len(crypto.unseal_many([one.text for one in read(police, world)])) >= 2

    def write() -> None:
        with app.app_context(), transaction() as session:
            row = session.get(Section, section_id, with_for_update=True, populate_existing=True)
            row.text_ct = crypto.seal(scope, "Kanariewoord", belongs_to=binding)

    before = len(readings())
    at_once([look, write] * (PEOPLE_AT_ONCE // 2))
    sections_per_look = len(read(police, world))
    assert len(readings()) - before == (PEOPLE_AT_ONCE // 2 * TURNS + 1) * sections_per_look
    with transaction() as session:
        version = session.scalar(sa.select(Section.version).where(Section.id == section_id))
    assert version == 1 + PEOPLE_AT_ONCE // 2 * TURNS
    with snapshot() as session:
        assert check_log(session).fault is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_waits_for_a_row_does_not_keep_the_log_from_others(app, world: World) -> None:
    """A foreign key is checked before the end of the log is locked, or two would wait for ever."""
    entry = audit.Entry(event=audit.Event.READ, object_kind="probe")
    is_held = threading.Event()
    somebody_waits = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    def until_somebody_waits() -> None:
        for _ in range(1_000):
            with db.engine.connect() as looking:  # one transaction sees one moment
                if looking.scalar(somebody_waits):
                    return
            time.sleep(0.01)

    def hold() -> None:
        with app.app_context(), transaction() as session:
            session.execute(sa.select(Meeting.id).with_for_update())
            is_held.set()
            until_somebody_waits()
            audit.record(session, None, entry)

    def refer() -> None:
        assert is_held.wait(timeout=30)
        with app.app_context(), transaction() as session:
            session.add(
                Acceptance(
                    person_id=world.stranger.id, meeting_id=world.meeting.id, at=clock.now(),
                    statement="",
                )
            )  # fmt: skip
            audit.record(session, None, entry)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(hold), pool.submit(refer)]:
            done.result(timeout=60)
    with snapshot() as session:
        assert check_log(session).fault is None


def test_twenty_visitors_at_once_get_their_pages(app, new_client, world: World) -> None:
    visitors = [
        new_client().sign_in(who.id)
        for who in (world.police, world.care, world.coordinator, world.chair)
        for _ in range(PEOPLE_AT_ONCE // 4)
    ]

    def visit(visitor: object) -> Callable[[], None]:
        def turn() -> None:
            assert visitor.get("/sessions").status_code == 200

        return turn

    at_once([visit(visitor) for visitor in visitors])
