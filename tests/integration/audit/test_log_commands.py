"""The access log on the command line, its term, and what a line says."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.access import audit, load_actor
from app.access.logbook import dropping, seals
from app.domain.kinds import Ground
from app.features.logbook import commands
from app.infra import clock
from app.infra.db import db, reading, transaction
from app.models import AuditEvent
from tests import builders
from tests.audit_log import ROWS, checked, write

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
    seals.seal_log(folder)
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
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert f"casustafel {project['version']}" == audit.SOURCE
    assert dropping.YEARS_KEPT >= 5, "NEN 7513:2018"
