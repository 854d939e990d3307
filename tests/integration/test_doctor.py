"""The examination names each part that fails and what to do about it, and changes nothing."""

import shutil
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from app.features.health import doctor
from app.features.health.examined import State
from app.infra import clock, crypto, outbox, signs_of_life
from app.infra.db import db, reading, transaction
from app.infra.outbox import OutboxRow
from app.infra.signs_of_life import Sign, SignOfLife
from config import ROOT, Mode
from tests import builders
from tests.databases import PostgresDatabase
from tests.serving import free_port

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil gives it
GIB = 1024**3


@pytest.fixture
def found(settings, app):
    """What is found of a part, with the settings changed as asked."""

    def look(part: str, **changed):
        [one] = [one for one in doctor.examine(replace(settings, **changed)) if one.part == part]
        return one

    return look


@pytest.fixture
def migrated(app, database) -> Iterator[None]:
    """The tables of a test are made from the models; here the database says which step that is."""
    [head] = ScriptDirectory(str(ROOT / "migrations")).get_heads()
    made = f"CREATE TABLE alembic_version AS SELECT '{head}' AS version_num"
    with as_owner(database) as run:
        run(made)
        if isinstance(database, PostgresDatabase):
            run("GRANT SELECT ON alembic_version TO casustafel_app")
    yield
    with as_owner(database) as run:
        run("DROP TABLE alembic_version")


@contextmanager
def as_owner(database):
    if isinstance(database, PostgresDatabase):
        yield database._owner.execute
        return
    with db.engine.begin() as connection:
        yield lambda statement: connection.execute(text(statement))


def test_the_tables_of_an_older_program_are_found(found, migrated, database):
    assert found("migrations").state is State.FINE
    with as_owner(database) as run:
        run("UPDATE alembic_version SET version_num = '0000'")
    older = found("migrations")
    assert older.state is State.WRONG
    assert "0000" in older.says
    assert "backup" in older.todo


def test_without_tables_the_next_step_is_to_make_them(found):
    bare = found("migrations")
    assert bare.state is State.WRONG
    assert "db upgrade" in bare.todo


def test_a_database_that_is_away_is_one_finding_and_what_needs_it_is_left_out(
    settings, app, monkeypatch
):
    def away(*_args):
        raise OperationalError("connect", {}, Exception("secret-host"))

    with monkeypatch.context() as patched:
        patched.setattr(type(db.engine), "connect", away)
        parts = list(doctor.examine(settings))
    assert [one.part for one in parts] == ["settings", "database", "the rest"]
    assert parts[1].state is State.WRONG
    assert "secret-host" not in parts[1].says


def test_a_demo_is_said_to_be_one(found):
    assert found("settings").state is State.WATCH
    assert found("settings", mode=Mode.PRODUCTION).state is State.FINE


def test_a_key_file_others_may_read_or_that_fits_other_keys_is_wrong(
    found, settings, monkeypatch, tmp_path
):
    crypto.seal(crypto.DRAFTS, "een tekst", belongs_to="x:y:z")
    assert found("key file").state is State.FINE
    assert found("key store").says.startswith("1 keys")
    loose = tmp_path / "loose.key"
    shutil.copy(settings.key_file, loose)
    loose.chmod(0o640)
    assert found("key file", key_file=loose).todo == f"Run: chmod 600 {loose}"
    other = tmp_path / "other.key"
    crypto.write_key_file(other)
    monkeypatch.setattr(crypto, "_store", crypto.KeyStore(settings.key_store_url, other))
    assert "never make a new one" in found("key store").todo
    crypto.store().engine.dispose()


def test_a_mail_server_or_mailbox_that_does_not_answer_is_wrong(found):
    port = free_port()
    assert found("mail").state is State.WATCH
    away = found("mail", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    assert away.state is State.WRONG
    assert "nothing is lost" in away.todo
    assert found("mailbox").state is State.WATCH
    shut = found(
        "mailbox", imap_host="127.0.0.1", imap_port=port, imap_user="a", imap_security="none"
    )
    assert shut.state is State.WRONG


@pytest.mark.parametrize(
    ("free", "state"),
    [(100 * GIB, State.FINE), (GIB, State.WATCH), (GIB // 8, State.WRONG)],
)
def test_a_disk_is_said_to_be_full_before_it_is(found, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(200 * GIB, 0, free))
    assert found("disk").state is state


def test_a_clock_apart_from_the_databases_is_wrong(found, frozen_clock, database):
    seen = found("clock")
    if isinstance(database, PostgresDatabase):
        assert seen.state is State.WRONG, "the clock of the tests stands in June"
        assert "NTP" in seen.todo
    else:
        assert "of this machine alone" in seen.says


def test_a_role_that_sees_past_the_wall_is_wrong(found, database):
    if not isinstance(database, PostgresDatabase):
        with pytest.raises(ValueError, match="not enough values"):
            found("database role")
        return
    assert found("database role").state is State.FINE
    database._owner.execute("ALTER ROLE casustafel_app BYPASSRLS")
    try:
        assert found("database role").state is State.WRONG
    finally:
        database._owner.execute("ALTER ROLE casustafel_app NOBYPASSRLS")


def test_a_worker_a_seal_and_a_backup_are_missed_after_their_time(found, migrated, frozen_clock):
    assert found("worker").says == "never yet"
    for sign in Sign:
        signs_of_life.give(sign)
        signs_of_life.give(sign)
    assert found("worker").state is State.FINE
    assert found("backup of the keys").state is State.FINE
    assert found("seals").state is State.WATCH
    frozen_clock.advance(timedelta(minutes=6))
    late = found("worker")
    assert (late.state, late.says) == (State.WRONG, "6 minutes ago")
    frozen_clock.advance(timedelta(hours=26))
    assert found("backup of the data").says == "26 hours ago"
    assert "backup-made keys" in found("backup of the keys").todo


def test_messages_that_wait_too_long_or_did_not_arrive_are_counted(found, migrated, frozen_clock):
    with transaction() as session:
        for number in range(3):
            outbox.add(session, "test.unknown", unique_key=str(number), payload={})
    assert found("messages").says == "3 on their way, all others arrived"
    frozen_clock.advance(timedelta(minutes=11))
    assert found("messages").state is State.WRONG
    with transaction() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.unique_key)).all()
        rows[0].dead_at, rows[0].reason = clock.now(), "recipient-550"
        rows[1].dead_at, rows[1].reason = clock.now(), "leak-place"
        rows[2].done_at = clock.now()
    assert found("messages").says == "1 did not arrive", "what was stopped is not his to know"


def test_the_command_prints_what_to_do_and_ends_with_one_when_something_is_wrong(
    app, migrated, frozen_clock
):
    run = app.test_cli_runner().invoke
    before = rows_of()
    answer = run(args=["doctor"])
    assert answer.exit_code == 1
    assert "wrong  worker" in answer.output
    assert "-> Start it: flask --app wsgi worker" in answer.output
    assert rows_of() == before, "it only looks"
    assert run(args=["backup-made", "keys"]).output == "Noted.\n"
    assert run(args=["backup-made", "else"]).exit_code == 2
    assert [one for one in rows_of() if one not in before] == ["keys"]


def rows_of() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(SignOfLife.name)))


def test_alive_says_nothing_else_and_asks_no_database(new_client, monkeypatch):
    def never(*_args):
        raise AssertionError("no database is asked")

    visitor = new_client()
    monkeypatch.setattr(type(db.engine), "connect", never)
    answer = visitor.get("/health")
    assert (answer.status_code, answer.data) == (200, b"ok\n")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_administrator_sees_when_each_part_last_worked(app, client, frozen_clock):
    who = builders.small_world().administrator
    signs_of_life.give(Sign.WORKER)
    page = client.sign_in(who.id).page("/admin/installation")
    assert "Achtergrondwerk" in page.text
    assert page.text.count("kijk hiernaar") == 3 * 3, (
        "seal and both backups: wide, folded and unfolded"
    )
    frozen_clock.advance(timedelta(minutes=6))
    assert "systeembeheerder" in client.page("/admin/installation").text


def test_nobody_else_sees_it(app, client):
    world = builders.small_world()
    assert client.sign_in(world.chair.id).get("/admin/installation").status_code == 404
