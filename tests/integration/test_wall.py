"""The second wall as it stands in PostgreSQL: whom it knows, what it covers, whom it refuses."""

import re
import uuid
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import ProgrammingError

from app.infra import outbox, wall
from app.infra.db import Base, db, reading, transaction
from app.infra.wall import COVERED, OPENINGS, System
from app.models import Case, Section
from tests import builders
from tests.builders import World

ROOT = Path(__file__).resolve().parents[2]

# Ciphertext outside the wall, each for a reason of its own.
UNCOVERED = {
    "person": "the secret of a second factor; asked for before anybody is known",
    "identity_provider": "the secret of a sign-in page; asked for before anybody is known",
    "sign_in_ceremony": "what a browser is to answer; asked for before anybody is known",
    "audit_event": "the access log has a wall of its own: added to, never changed",
}


@pytest.fixture
def database(postgresql):
    """SQLite has no second wall."""
    postgresql.empty()
    return postgresql


@pytest.fixture
def world(app) -> World:
    return builders.small_world(open_papers=True)


def keys(table: str) -> set:
    with reading() as session:
        return set(session.scalars(sa.text(f'SELECT id FROM "{table}"')))


def ask(statement: str) -> list:
    with reading() as session:
        return [tuple(row) for row in session.execute(sa.text(statement))]


# They hold no text, but tell which cases are about the same people, that there is an action and how
# it goes, or whose household somebody follows.
WITHOUT_A_WORD = {
    "action_notice", "action_pause", "action_shown", "household_case", "identity_mark", "saved_view",
    "term_request",
}  # fmt: skip


def test_every_table_with_ciphertext_is_covered_or_says_why_not() -> None:
    found = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
        and (column.name.endswith("_ct") or column.name.startswith("sealed_"))
    }
    assert found == COVERED - WITHOUT_A_WORD | set(UNCOVERED), (
        "add a policy to app/infra/wall.sql and the table to wall.COVERED, "
        "or say here why its ciphertext stands outside the wall"
    )


def test_row_security_is_forced_on_each_of_them_and_the_owner_is_somebody_else(app) -> None:
    rows = ask(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND pg_get_userbyid(relowner) <> current_user"
    )
    assert {name for (name,) in rows} == COVERED
    owned = ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
    assert owned == [(0,)], "the application role owns nothing"
    assert ask("SELECT count(*) FROM pg_proc WHERE proowner = current_user::regrole") == [(0,)]


def test_the_rule_reads_as_a_role_nobody_signs_in_as(app) -> None:
    rows = ask(
        "SELECT DISTINCT rolname, rolcanlogin, rolbypassrls FROM pg_proc"
        " JOIN pg_roles ON pg_roles.oid = proowner"
        " WHERE pronamespace = 'acl'::regnamespace AND prosecdef"
    )
    assert rows == [("casustafel_rules", False, True)]
    settings = ask(
        "SELECT count(*) FROM pg_proc WHERE pronamespace = 'acl'::regnamespace AND prosecdef"
        " AND NOT proconfig @> ARRAY['search_path=pg_catalog, public']"
    )
    assert settings == [(0,)], "a function that reads for everybody has a settled search path"


@pytest.mark.parametrize(
    "change", ["UPDATE audit_event SET event = 'x'", "DELETE FROM audit_event"]
)
def test_the_application_role_cannot_change_the_log(app, change: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
        session.execute(sa.text(change))


def test_a_connection_used_again_carries_nobody_on(world: World) -> None:
    """The pool hands the same connection to whoever comes next."""
    db.engine.dispose()
    for who, sees in ((world.coordinator.id, True), (None, False), (world.police.id, True)):
        with wall.acting_as(who), reading() as session:
            pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
            assert bool(session.scalars(sa.select(Section.id)).all()) is sees
        with wall.acting_as(None), reading() as session:
            assert session.scalar(sa.text("SELECT pg_backend_pid()")) == pid
            assert not session.scalars(sa.select(Section.id)).all()


def test_a_request_leaves_nobody_acting(app, world: World, new_client) -> None:
    client = new_client().sign_in(world.coordinator.id)
    with wall.acting_as(None):
        for _ in range(2):
            # As a thread of the server: one request after the other, in one and the same context.
            answer = FlaskClient.open(client, f"/cases/{world.case.id}", base_url=client.base_url)
            assert answer.status_code == 200
            assert not keys("section")


def test_who_may_read_a_section_may_not_write_it(world: World) -> None:
    reason = world.sections["reason"].id
    with wall.acting_as(world.care.id), transaction() as session:
        assert reason in session.scalars(sa.select(Section.id)).all()
        for statement in (sa.update(Section).values(position=9), sa.delete(Section)):
            assert session.execute(statement.where(Section.id == reason)).rowcount == 0
        session.rollback()
    with wall.acting_as(world.coordinator.id), transaction() as session:
        written = sa.update(Section).values(position=9).where(Section.id == reason)
        assert session.execute(written).rowcount == 1


def test_nobody_adds_a_section_to_a_case_of_others(world: World) -> None:
    type_id = world.types["reason"].id
    with (
        wall.acting_as(world.stranger.id),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction() as session,
    ):
        session.add(
            Section(
                case_id=world.case.id, section_type_id=type_id,
                source_organisation_id=world.host.id, text_ct=b"x", updated_at=builders.LONG_AGO,
            )
        )  # fmt: skip


@pytest.mark.parametrize("system", System)
def test_a_system_actor_opens_what_it_names_and_nothing_else(world: World, system: System) -> None:
    builders.decision(world.item, world.chair)
    builders.action(world.item, world.care_organisation, world.care, world.chair)
    filled = {"action", "case", "decision", "person_concerned", "section"}
    opening = OPENINGS[system]
    with wall.acting_as(system):
        assert {table for table in filled if keys(table)} == filled & opening.reads
        with transaction() as session:
            changed = {
                table
                for table in filled
                if session.execute(sa.text(f'UPDATE "{table}" SET id = id')).rowcount
            }
            session.rollback()
    assert changed == filled & opening.writes
    assert opening.writes <= opening.reads <= COVERED
    assert opening.why


def test_a_transaction_opened_further_closes_again(world: World) -> None:
    with wall.acting_as(world.care.id), transaction() as session:
        before = set(session.scalars(sa.select(Case.id)))
        with wall.opened_for(session, System.UNIQUENESS):
            assert set(session.scalars(sa.select(Case.id))) >= before
        assert set(session.scalars(sa.select(Case.id))) == before
        with pytest.raises(ZeroDivisionError), wall.opened_for(session, System.UNIQUENESS):
            raise ZeroDivisionError
        assert set(session.scalars(sa.select(Case.id))) == before


def test_a_message_is_delivered_as_its_recipient_and_any_other_as_nobody(
    world: World, monkeypatch
) -> None:
    seen: list[set[uuid.UUID]] = []
    monkeypatch.setitem(
        outbox._handlers, "test.look", lambda _payload: seen.append(keys("section"))
    )
    with transaction() as session:
        outbox.add(session, "test.look", unique_key="1", payload={"person_id": world.care.id})
        outbox.add(session, "test.look", unique_key="2", payload={})
    assert outbox.drain() == 2
    assert sorted(map(bool, seen)) == [False, True]


def test_the_clock_is_the_database_s_own_but_for_tests() -> None:
    rule = (ROOT / "app/infra/wall.sql").read_text(encoding="utf-8")
    assert "casustafel.clock" not in rule
    assert re.search(r"FUNCTION acl\.now\(\).*?statement_timestamp\(\)", rule, re.DOTALL)


def test_the_rule_is_written_for_itself() -> None:
    """Not made from app/access: one mistake there would be a mistake here."""
    source = (ROOT / "app/infra/wall.py").read_text(encoding="utf-8")
    assert "app.access" not in re.sub(r'""".*?"""', "", source, flags=re.DOTALL)


def test_an_owner_without_more_rights_builds_it_and_stands_before_it(postgres_server, app) -> None:
    """As docs/operations.md has it: only the role of the rule is a superuser's to make."""
    name = f"owned_{uuid.uuid4().hex[:8]}"
    admin = postgres_server.set(drivername="postgresql", username="postgres")
    with psycopg.connect(_text(admin), autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN; GRANT casustafel_rules TO {name}")
        server.execute(f"CREATE DATABASE {name} OWNER {name}")
    owner = postgres_server.set(drivername="postgresql+psycopg", username=name, database=name)
    engine = sa.create_engine(owner, poolclass=sa.NullPool)
    tables = Base.metadata.tables
    try:
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
            wall.raise_on(connection)
        with engine.begin() as connection:
            actor = "SELECT set_config('casustafel.actor', :who, true)"
            connection.execute(sa.text(actor), {"who": System.MIGRATION})
            connection.execute(sa.text("SET CONSTRAINTS ALL DEFERRED"))
            draft = {"id": uuid.uuid4(), "person_id": uuid.uuid4(), "form_key": "/",
                     "fields_ct": b"x", "expires_at": builders.LONG_AGO}  # fmt: skip
            connection.execute(sa.insert(tables["draft"]), draft)
            assert connection.execute(sa.select(tables["draft"])).all()
            connection.execute(sa.text(actor), {"who": ""})
            assert not connection.execute(sa.select(tables["draft"])).all()
            connection.rollback()
    finally:
        engine.dispose()
        with psycopg.connect(_text(admin), autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.execute(f"DROP ROLE {name}")


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)
