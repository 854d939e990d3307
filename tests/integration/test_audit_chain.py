"""Whatever is done to the access log behind the application's back is found, row by row."""

import random
import re
import tomllib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access import audit, audit_check, audit_dropping, audit_seals, load_actor
from app.access.audit_check import check_log
from app.cli import every_hour
from app.domain.kinds import Ground
from app.domain.log_chain import SealBody, merkle_root
from app.features.logbook import commands
from app.infra import clock, crypto, seal_files
from app.infra.db import db, reading, snapshot, transaction
from app.models import AuditEvent, AuditHead, AuditSeal
from tests import builders

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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "seals"


@pytest.fixture
def log(app, frozen_clock, folder: Path) -> None:
    """A log of ``ROWS`` rows, sealed once."""
    write(SEALED)
    assert audit_seals.seal_log(folder) == 1
    frozen_clock.advance(timedelta(minutes=5))
    write(ROWS - SEALED)


def checked(folder: Path | None = None) -> audit_check.Checked:
    outside = tuple(seal_files.read_all(folder)) if folder else ()
    with snapshot() as session:
        return check_log(session, outside)


@pytest.fixture
def behind(database, log):
    """A connection of whoever owns the tables, past every trigger: ``(statement, values)``."""
    engine = sa.create_engine(
        sa.make_url(database.url).set(username="postgres")
        if database.url.startswith("postgres")
        else database.url
    )
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for trigger in ("no_update", "no_delete", "no_replace"):
                connection.execute(sa.text(f"DROP TRIGGER audit_event_{trigger}"))
            connection.commit()
        else:
            connection.execute(sa.text("SET session_replication_role = replica"))
            connection.commit()
        yield connection
    engine.dispose()


def test_a_whole_log_is_whole(log, folder: Path) -> None:
    found = checked(folder)
    assert found.fault is None
    assert (found.rows, found.last_id, found.seals, found.sealed_until) == (ROWS, ROWS, 1, SEALED)
    assert found.outside is not None
    assert found.outside.body.last_id == SEALED


def test_the_numbers_have_no_gap_even_after_a_rollback(log) -> None:
    with pytest.raises(KeyError):
        fail_after_recording()
    write(1)
    with reading() as session:
        ids = session.scalars(sa.select(AuditEvent.id).order_by(AuditEvent.id)).all()
    assert list(ids) == list(range(1, ROWS + 2))
    assert checked().fault is None


def fail_after_recording() -> None:
    with transaction() as session:
        audit.record(session, None, audit.Entry(event=audit.Event.READ, object_kind="probe"))
        raise KeyError


def test_what_is_recorded_under_a_savepoint_goes_with_it(log) -> None:
    with transaction() as session:
        entry = audit.Entry(event=audit.Event.READ, object_kind="kept")
        audit.record(session, None, entry)
        savepoint = session.begin_nested()
        inner = session.begin_nested()
        audit.record(session, None, audit.Entry(event=audit.Event.READ, object_kind="gone"))
        inner.commit()
        savepoint.rollback()
        with session.begin_nested():
            audit.record(session, None, entry)
    with reading() as session:
        kinds = session.scalars(sa.select(AuditEvent.object_kind).where(AuditEvent.id > ROWS)).all()
    assert list(kinds) == ["kept", "kept"]


def test_nothing_is_recorded_where_nothing_is_committed(log) -> None:
    with pytest.raises(RuntimeError), reading() as session:
        audit.record(session, None, audit.Entry(event=audit.Event.READ, object_kind="probe"))


def test_two_statements_for_any_number_of_rows(log, count_statements) -> None:
    entry = audit.Entry(event=audit.Event.READ, object_kind="probe")
    for count in (1, 40):
        with count_statements() as seen, transaction() as session:
            audit.record_all(session, None, [entry] * count)
            audit.record(session, None, entry)
        assert len(seen) == 2, "\n".join(seen)


# --- What is done behind the application's back ----------------------------------------------------

Tampering = Callable[[sa.Connection, random.Random], None]


def row_of(connection: sa.Connection, row_id: int) -> dict:
    return dict(connection.execute(sa.select(EVENT).where(EVENT.c.id == row_id)).mappings().one())


def put(connection: sa.Connection, row: dict) -> None:
    connection.execute(sa.delete(EVENT).where(EVENT.c.id == row["id"]))
    connection.execute(sa.insert(EVENT).values(row))


def edit(connection: sa.Connection, chance: random.Random) -> None:
    edit_column(connection, chance, chance.choice(COLUMNS))


def edit_column(connection: sa.Connection, chance: random.Random, name: str) -> None:
    row = row_of(connection, chance.randint(1, ROWS))
    old = row[name]
    if name.endswith("_id"):
        row[name] = chance.choice([None, uuid.UUID(int=chance.getrandbits(128))])
        row[name] = row[name] if row[name] != old else uuid.UUID(int=7)
    elif name == "at":
        row[name] = old - timedelta(microseconds=chance.randint(1, 10**9))
    elif isinstance(old, bytes) or name == "sealed_reason":
        row[name] = bytes([(old or b"\0")[0] ^ 1]) + (old or b"\0")[1:]
    else:
        row[name] = (old + "x")[-5:]
    put(connection, row)


def delete(connection: sa.Connection, chance: random.Random) -> None:
    first = chance.randint(1, ROWS - 1)
    last = min(ROWS - 1, first + chance.randint(0, 3))
    connection.execute(sa.delete(EVENT).where(EVENT.c.id.between(first, last)))


def close_the_gap(connection: sa.Connection, chance: random.Random) -> None:
    """Delete one row and move all later ones up."""
    gone = chance.randint(1, ROWS - 1)
    connection.execute(sa.delete(EVENT).where(EVENT.c.id == gone))
    for row_id in range(gone + 1, ROWS + 1):
        connection.execute(sa.update(EVENT).where(EVENT.c.id == row_id).values(id=row_id - 1))
    connection.execute(sa.update(AuditHead).values(last_id=ROWS - 1))


def swap(connection: sa.Connection, chance: random.Random) -> None:
    one, other = chance.sample(range(1, ROWS + 1), 2)
    first, second = row_of(connection, one), row_of(connection, other)
    put(connection, {**first, "id": other})
    put(connection, {**second, "id": one})


def insert(connection: sa.Connection, chance: random.Random) -> None:
    """Put a copy of a row somewhere in the middle and move all later ones down."""
    place = chance.randint(1, ROWS)
    copy = row_of(connection, chance.randint(1, ROWS))
    for row_id in range(ROWS, place - 1, -1):
        connection.execute(sa.update(EVENT).where(EVENT.c.id == row_id).values(id=row_id + 1))
    put(connection, {**copy, "id": place})
    connection.execute(sa.update(AuditHead).values(last_id=ROWS + 1))


def append(connection: sa.Connection, chance: random.Random) -> None:
    """Write a row at the end as the application would, but without its key."""
    last = row_of(connection, ROWS)
    made = {**last, "id": ROWS + 1, "prev_hash": last["hash"], "hash": chance.randbytes(32)}
    put(connection, made)
    if chance.random() < 0.5:
        connection.execute(sa.update(AuditHead).values(last_id=ROWS + 1, hash=made["hash"]))


def truncate(connection: sa.Connection, chance: random.Random) -> None:
    """Cut off the tail, and often make the head fit what is left."""
    last = chance.randint(1, ROWS - 1)
    connection.execute(sa.delete(EVENT).where(EVENT.c.id > last))
    if chance.random() < 0.7:
        row = row_of(connection, last)
        connection.execute(sa.update(AuditHead).values(last_id=last, hash=row["hash"]))
    if last < SEALED and chance.random() < 0.5:
        connection.execute(sa.delete(AuditSeal))


TAMPERINGS: tuple[Tampering, ...] = (
    edit, delete, close_the_gap, swap, insert, append, truncate,
)  # fmt: skip


def undetected(behind: sa.Connection, *, times: int, seed: int) -> list[str]:
    """What of ``times`` random tamperings, each on the whole log, was not found."""
    chance = random.Random(seed)
    missed = []
    for number in range(times):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        tampering(behind, chance)
        found = check_log(Session(behind)).fault
        if found is None:
            missed.append(f"{number}: {tampering.__name__}")
        behind.rollback()
    return missed


def test_random_tamperings_are_all_found(behind, deep: bool) -> None:
    times = 2_000 if deep else 100
    assert undetected(behind, times=times, seed=7513) == []
    assert check_log(Session(behind)).fault is None, "the log itself was whole"


def test_no_column_is_left_out(behind) -> None:
    for name in COLUMNS:
        edit_column(behind, random.Random(name), name)
        assert check_log(Session(behind)).fault is not None, name
        behind.rollback()


NAMED = {
    "an edit": ("UPDATE audit_event SET person_name = 'Ander' WHERE id = 9", 9, "was changed"),
    "a time": ("UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = 3", 3, "was changed"),
    "an outcome": ("UPDATE audit_event SET outcome = 'refused' WHERE id = 24", 24, "was changed"),
    "a hash": ("UPDATE audit_event SET mac = prev_hash WHERE id = 5", 5, "HMAC"),
    "a deletion": ("DELETE FROM audit_event WHERE id = 6", 6, "next row there is is 7"),
    "the first": ("DELETE FROM audit_event WHERE id < 3", 1, "next row there is is 3"),
    "the tail": ("DELETE FROM audit_event WHERE id > 20", 21, "head says that row 24"),
    "all": ("DELETE FROM audit_event", 1, "seal 1 covers rows up to 14"),
    "the head": ("DELETE FROM audit_head", None, "head of the log is missing"),
    "the head's number": ("UPDATE audit_head SET last_id = 20", 21, "behind the last row"),
    "the head's mark": ("UPDATE audit_head SET mac = hash", 25, "head of the log was changed"),
    "a seal": ("UPDATE audit_seal SET last_id = 13", None, "signature does not fit"),
    "a false dropping": (
        "UPDATE audit_seal SET dropped_at = '2026-06-01 00:00:00', dropped_mac = root",
        None,
        "nobody did",
    ),
}


def test_the_first_broken_row_is_named(behind, folder: Path) -> None:
    for name, (statement, row_id, words) in NAMED.items():
        behind.execute(sa.text(statement))
        fault = check_log(Session(behind)).fault
        assert fault is not None, name
        assert fault.row_id == row_id, (name, fault)
        assert words in fault.what, (name, fault)
        behind.rollback()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_that_cannot_be_read_is_named_after_those_before_it(behind) -> None:
    behind.execute(sa.text("UPDATE audit_event SET at = 'lang geleden' WHERE id = 9"))
    fault = check_log(Session(behind)).fault
    assert fault == audit_check.Fault(9, "cannot be read")
    behind.execute(sa.text("UPDATE audit_event SET event = 'x' WHERE id = 4"))
    fault = check_log(Session(behind)).fault
    assert fault == audit_check.Fault(4, "what it says was changed")
    behind.rollback()


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


@pytest.fixture
def histories(log, folder: Path, frozen_clock) -> tuple[Kept, Kept]:
    """The log as it was, and as it became one more seal later."""
    before = kept()
    frozen_clock.advance(timedelta(hours=1))
    write(2)
    assert audit_seals.seal_log(folder) == 2
    return before, kept()


def test_only_an_outside_seal_betrays_an_older_copy(histories, folder: Path) -> None:
    before, _later = histories
    put_back(before)
    assert checked().fault is None
    fault = checked(folder).fault
    assert fault is not None
    assert fault.row_id == SEALED + 1
    assert "outside seal 2 of 2026-06-01 09:05 UTC over rows 15 to 26" in fault.what
    write(3)
    with pytest.raises(FileExistsError):
        audit_seals.seal_log(folder)  # what shows it is not overwritten
    assert checked(folder).fault == fault


def test_two_histories_do_not_mix(histories) -> None:
    before, later = histories
    put_back(Kept(before.head, before.rows, later.seals))
    write(2)
    fault = checked().fault
    assert fault is not None
    assert fault.row_id == SEALED + 1
    assert "not those that seal 2 was made over" in fault.what
    put_back(before)
    write(2)
    other = kept()
    put_back(Kept(other.head, [*other.rows[:-1], later.rows[-1]], other.seals))
    fault = checked().fault
    assert fault == audit_check.Fault(26, "does not follow row 25")


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


def test_a_forged_outside_seal_is_refused(log, folder: Path) -> None:
    (file,) = folder.glob("seal-*.json")
    file.write_text(file.read_text().replace('"last_row": 14', '"last_row": 13'))
    fault = checked(folder).fault
    assert fault is not None
    assert "not signed by this installation" in fault.what


# --- Seals ------------------------------------------------------------------------------------------


def test_a_seal_is_made_once_an_hour_and_only_of_new_rows(log, folder, frozen_clock) -> None:
    assert audit_seals.seal_log(folder) is None, "another worker did so five minutes ago"
    frozen_clock.advance(timedelta(hours=1))
    assert audit_seals.seal_log(folder) == 2
    frozen_clock.advance(timedelta(hours=1))
    assert audit_seals.seal_log(folder) is None, "nothing happened"
    assert [file.name for file in sorted(folder.iterdir())] == [
        "seal-00000001.json",
        "seal-00000002.json",
    ]
    assert checked(folder).fault is None


def test_of_two_workers_at_once_one_seals(log, folder, frozen_clock, monkeypatch) -> None:
    frozen_clock.advance(timedelta(hours=1))
    of_both = transaction

    def after_the_other():
        monkeypatch.setattr(audit_seals, "transaction", of_both)
        assert audit_seals.seal_log(folder) == 2
        return of_both()

    monkeypatch.setattr(audit_seals, "transaction", after_the_other)
    assert audit_seals.seal_log(folder) is None
    assert checked(folder).seals == 2


def test_a_file_that_could_not_be_written_is_written_later(log, folder, frozen_clock) -> None:
    write(1)
    frozen_clock.advance(timedelta(hours=1))
    kept = folder.rename(folder.with_name("elsewhere"))
    folder.write_text("no folder")
    with pytest.raises(OSError):
        audit_seals.seal_log(folder)
    folder.unlink()
    assert audit_seals.seal_log(folder) is None
    assert [file.name for file in folder.iterdir()] == ["seal-00000002.json"]
    assert len(list(kept.iterdir())) == 1


def test_what_has_gaps_is_not_sealed(behind, folder: Path, frozen_clock, caplog, settings) -> None:
    behind.execute(sa.text("DELETE FROM audit_event WHERE id = 20"))
    behind.commit()
    frozen_clock.advance(timedelta(hours=1))
    with pytest.raises(audit_seals.RowsMissingError):
        audit_seals.seal_log(folder)
    every_hour(settings)
    assert "the access log was not sealed: RowsMissingError" in caplog.text


def test_a_seal_file_says_no_more_than_hashes(log, folder: Path) -> None:
    (file,) = folder.glob("seal-*.json")
    text = re.sub(r'"[0-9a-f]{64,128}"', '"…"', file.read_text())
    assert text.split() == [
        "{", '"casustafel_seal":', "1,", '"number":', "1,", '"sealed_at":',
        '"2026-06-01T08:00:00.000000+00:00",', '"first_row":', "1,", '"last_row":', "14,",
        '"root":', '"…",', '"last_hash":', '"…",', '"previous":', '"…",', '"signature":', '"…",',
        '"public_key":', '"…"', "}",
    ]  # fmt: skip


def test_a_seal_can_be_checked_without_our_code(log, folder: Path) -> None:
    (seal,) = seal_files.read_all(folder)
    public = Ed25519PublicKey.from_public_bytes(crypto.store().log_keys.public_key)
    public.verify(seal.signature, seal.body.to_bytes())
    with reading() as session:
        macs = session.scalars(
            sa.select(AuditEvent.mac).where(AuditEvent.id <= SEALED).order_by(AuditEvent.id)
        ).all()
    assert merkle_root(macs) == seal.body.root
    assert isinstance(seal.body, SealBody)


# --- After the term ---------------------------------------------------------------------------------

LATER = datetime(2031, 7, 1, tzinfo=UTC)


@pytest.fixture
def maintenance(database, monkeypatch):
    """The application's sessions as the owner of the tables, as for a migration."""
    if not database.url.startswith("postgres"):
        yield
        return
    owner = sa.create_engine(db.engine.url.set(username="postgres"))
    monkeypatch.setattr(type(db.session()), "get_bind", lambda *_args, **_more: owner)
    yield
    db.session.remove()
    owner.dispose()


def run(app, *arguments: str):
    """Run ``flask audit …`` with its own connection to the database."""
    return app.test_cli_runner().invoke(commands.audit, arguments)


def test_whole_sealed_periods_go_after_their_term(log, app, maintenance, folder, frozen_clock):
    frozen_clock.advance(timedelta(hours=1))
    audit_seals.seal_log(folder)
    frozen_clock.advance(LATER - clock.now())
    write(2)
    what = run(app, "prune", "--before", "2026-06-02")
    assert "Would drop rows 1 to 24; seals: 2." in what.output, what.output
    assert checked().rows == ROWS + 2
    assert "at least 5 years" in run(app, "prune", "--before", "2026-07-02").output
    done = run(app, "prune", "--before", "2026-06-02", "--yes")
    assert done.exit_code == 0, done.output
    found = checked(folder)
    assert found.fault is None
    assert (found.dropped, found.rows, found.seals) == (ROWS, 3, 2)
    told = run(app, "verify", "--seals", str(folder)).output
    assert "Rows 1 to 24 were dropped after their term" in told
    assert run(app, "prune", "--before", "2026-06-02").output == "Nothing to drop.\n"
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.delete(AuditEvent))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_application_role_cannot_drop_rows(log, app, folder, frozen_clock) -> None:
    frozen_clock.advance(LATER - clock.now())
    told = run(app, "prune", "--before", "2026-06-02", "--yes")
    assert (told.exit_code, told.output) == (
        1,
        "Error: only the owner of the tables may drop rows\n",
    )
    assert checked().rows == ROWS


# --- The command line -------------------------------------------------------------------------------


def test_verify_tells_up_to_where_it_is_sure(log, app, folder: Path) -> None:
    told = run(app, "verify")
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "The access log is whole: rows 1 to 24.",
        "Seals: 1, up to row 14. Rows since: 10.",
        (
            "No outside seals were given (--seals): whether an older copy of the whole database "
            "was put back is not known."
        ),
    ]
    told = run(app, "verify", "--seals", str(folder))
    assert told.output.splitlines()[-2:] == [
        "Outside seals: 1, all fit; the last is number 1 of 2026-06-01 08:00 UTC.",
        "An older copy put back is excluded up to row 14; rows after it rest on the chain alone.",
    ]
    (folder / "seal-00000002.json").write_text("{}")
    told = run(app, "verify", "--seals", str(folder))
    assert (told.exit_code, "seal-00000002.json is not a seal" in told.output) == (2, True)
    assert run(app, "verify", "--seals", str(folder / "none")).exit_code == 2


def test_verify_ends_with_one_for_a_broken_log(behind, app) -> None:
    behind.execute(sa.text("UPDATE audit_event SET event = 'x' WHERE id = 9"))
    behind.commit()
    told = run(app, "verify")
    assert told.exit_code == 1
    assert told.output.splitlines() == [
        "BROKEN. Row 9: what it says was changed.",
        "Before it 8 rows are in order.",
    ]


def test_sealing_by_hand(log, app, settings) -> None:
    told = run(app, "seal")
    assert told.output == f"Seal 2 stands in {settings.seal_folder}.\n"
    assert run(app, "seal").output.startswith("Nothing to seal")
    for file in settings.seal_folder.iterdir():
        file.unlink()


# --- What a line says in the terms of NEN 7513 ----------------------------------------------------


def test_the_role_and_the_source_of_the_line_are_kept(app) -> None:
    world = builders.small_world()
    roles = {}
    for name in ("chair", "coordinator", "administrator", "police", "care"):
        with transaction() as session:
            actor = load_actor(session, getattr(world, name).id, now=clock.now())
            ground = Ground.SEAT if name == "police" else None
            audit.record(
                session,
                actor,
                audit.Entry(event=audit.Event.READ, object_kind=name, ground=ground),
            )
    with reading() as session:
        for row in session.scalars(sa.select(AuditEvent)):
            roles[row.object_kind] = row.role
            assert row.source == "casustafel 0.1.0"
    assert roles == {
        "chair": "chair",
        "coordinator": "coordinator",
        "administrator": "administrator",
        "police": "seat-holder",
        "care": "representative",
    }


def test_the_source_names_this_version() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert f"casustafel {project['version']}" == audit.SOURCE
    assert audit_dropping.YEARS_KEPT >= 5, "NEN 7513:2018"
