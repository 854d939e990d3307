"""Whatever is done to the access log behind the application's back is found, row by row."""

import random
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access import audit
from app.access.logbook import check
from app.access.logbook.check import check_log
from app.infra.db import reading, transaction
from app.models import AuditEvent, AuditHead, AuditSeal
from tests.audit_log import COLUMNS, EVENT, ROWS, SEALED, checked, write


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
    assert fault == check.Fault(9, "cannot be read")
    behind.execute(sa.text("UPDATE audit_event SET event = 'x' WHERE id = 4"))
    fault = check_log(Session(behind)).fault
    assert fault == check.Fault(4, "what it says was changed")
    behind.rollback()
