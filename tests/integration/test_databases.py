"""Both databases start every test empty, and the application owns neither."""

import pytest
import sqlalchemy as sa

from app.infra import crypto
from app.infra.db import Base, prepare_engine


@pytest.fixture
def engine(database_url: str):
    engine = sa.create_engine(database_url)
    prepare_engine(engine)
    yield engine
    engine.dispose()


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
