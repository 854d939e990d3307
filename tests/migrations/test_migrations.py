"""The migrations build what the models say, on both databases, and can be taken back."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from app.infra import crypto, outbox, worker_queue  # noqa: F401 - these bring tables of their own
from app.infra.db import Base, prepare_engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"bare_{worker_id}"
    admin = create_engine(
        server.set(drivername="postgresql+psycopg", username="postgres", database="postgres"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(drivername="postgresql+psycopg", username="postgres", database=name)
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def migrate(url: str, folder: Path, *command: str) -> None:
    """Run ``flask db …`` as an administrator would."""
    environment = {
        "CASUSTAFEL_MODE": "test",
        "CASUSTAFEL_DATABASE_URL": url,
        "CASUSTAFEL_INSTANCE": str(folder),
        "CASUSTAFEL_KEY_STORE_URL": f"sqlite:///{folder / 'keys.db'}",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    arguments = [sys.executable, "-m", "flask", "--app", "wsgi", "db", *command]
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_migrations_equal_the_models_and_can_be_taken_back(bare_url: str, tmp_path: Path) -> None:
    migrate(bare_url, tmp_path, "upgrade")
    engine = create_engine(bare_url)
    prepare_engine(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    migrate(bare_url, tmp_path, "downgrade", "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()


def test_migrated_audit_refuses_to_be_changed(bare_url: str, tmp_path: Path) -> None:
    migrate(bare_url, tmp_path, "upgrade")
    engine = create_engine(bare_url)
    prepare_engine(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_event (id, at, event, outcome, person_name, role, ground, "
                "address, object_kind, source, nonce, prev_hash, hash, mac) VALUES "
                "(1, '2026-06-01 08:00:00', 'read', 'done', '', '', '', '', 'x', '', '', '', '', '')"
            )
        )
    for change in ("UPDATE audit_event SET event = 'y'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()
