"""A small log that is sealed once, and a connection past every trigger."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.access.logbook import seals
from tests.audit_log import ROWS, SEALED, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "seals"


@pytest.fixture
def log(app, frozen_clock, folder: Path) -> None:
    """A log of ``ROWS`` rows, sealed once."""
    write(SEALED)
    assert seals.seal_log(folder) == 1
    frozen_clock.advance(timedelta(minutes=5))
    write(ROWS - SEALED)


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
