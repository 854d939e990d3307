"""Every setting that changes is written down: what it was, what it is, by whom and since when."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

import app as product
from app.access.administration import setting_history
from app.access.administration.setting_history import SETTINGS, fields_of
from app.domain.kinds import OrganisationKind
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.wall import System, acting_as
from app.models import CaseTable, Covenant, IdentityProvider, Organisation, Room, SettingChange
from app.web import setting_words
from tests import builders

SECRET = b"Kanariegeheim"
# Rows the example region and the migration of a set-up write in one go.
IN_BULK = ("features/demo",)


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def boss(client, world):
    return client.sign_in(world.administrator.id)


def changes(model, *, field=None):
    with reading() as session:
        found = session.query(SettingChange).filter_by(subject=model.__tablename__).all()
    return [one for one in found if field is None or one.field == field]


def test_what_somebody_changes_on_a_page_stands_in_the_list(boss, world, frozen_clock):
    frozen_clock.advance(timedelta(minutes=4))
    path = f"/admin/tables/{world.table.id}/edit"
    assert boss.fill(path, {"minutes_per_item": "45"}).status_code == 303
    [line] = changes(CaseTable, field="minutes_per_item")
    assert (line.before, line.after) == ("30", "45")
    assert (line.made_by_id, line.table_id) == (world.administrator.id, world.table.id)
    assert line.made_at == line.from_at == clock.now()
    page = boss.page("/admin/history")
    for words in ("minuten per casus", "30", "45", world.administrator.name, world.table.name):
        assert words in page.text
    assert "minuten per casus" not in boss.page(f"/admin/history?table={world.other_table.id}").text
    assert "minuten per casus" in boss.page("/admin/history?subject=case_table").text
    assert "minuten per casus" not in boss.page("/admin/history?subject=room").text
    assert "minuten per casus" not in boss.page("/admin/history?until=31-05-2026").text


def test_an_organisation_is_named_and_a_kind_is_put_in_words(boss, world):
    with acting_as(world.administrator.id), transaction() as session:
        table = session.get_one(CaseTable, world.table.id)
        table.host_organisation_id = world.care_organisation.id
        of = session.get_one(Organisation, world.police_organisation.id)
        of.kind = OrganisationKind.PROBATION
    page = boss.page("/admin/history").text
    assert str(world.care_organisation.id) not in page
    assert "gastheer" in page
    assert world.care_organisation.name in page
    assert "probation" not in page


def test_a_setting_says_since_when_it_holds(boss, world):
    later = clock.now() + timedelta(days=30)
    with acting_as(world.administrator.id), transaction() as session:
        session.add(
            Covenant(organisation_id=world.host.id, table_id=world.other_table.id, from_at=later)
        )
    [line] = [one for one in changes(Covenant) if one.from_at != one.made_at and one.made_by_id]
    assert (line.before, line.from_at) == (None, later)
    assert "01-07" in boss.page("/admin/history?subject=covenant").text


def test_taking_away_is_written_down_and_nothing_twice(world):
    with acting_as(System.TIDYING), transaction() as session:
        room = Room(name="Zaal")
        session.add(room)
        session.flush()
        session.flush()
        room.name = "Zaal"
        session.flush()
        session.delete(room)
    lines = changes(Room)
    assert [(one.field, one.before, one.after) for one in lines] == [
        ("", None, "Zaal"), ("", "Zaal", None),
    ]  # fmt: skip
    assert {one.made_by_id for one in lines} == {None}


def test_what_is_rolled_back_leaves_no_line(world):
    def fails():
        with transaction() as session:
            session.get_one(CaseTable, world.table.id).place = "Elders"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert changes(CaseTable, field="place") == []


def test_a_secret_is_never_written_down(boss, world):
    provider = builders.save(
        IdentityProvider(
            organisation_id=world.host.id, name="Gemeente", issuer="https://in.example",
            client_id="c", client_secret_ct=b"-", made_at=clock.now(),
        )
    )  # fmt: skip
    with transaction() as session:
        session.get_one(IdentityProvider, provider.id).client_secret_ct = SECRET
    [line] = changes(IdentityProvider, field="client_secret_ct")
    assert (line.before, line.after) == ("", "")
    assert "geheim van de inlogpagina" in boss.page("/admin/history").text


@pytest.mark.parametrize("model", SETTINGS, ids=lambda one: one.__name__)
def test_every_column_is_watched_or_left_out_and_has_words(app, model):
    of = SETTINGS[model]
    columns = {one.key for one in inspect(model).column_attrs}
    named = {one for one in (of.table, of.organisation, of.named, of.since) if one}
    assert of.but | named <= columns
    with app.test_request_context():
        assert str(setting_words.SUBJECT[model.__tablename__])
        for name in (*fields_of(model), *([of.named] if of.named else ())):
            assert str(setting_words.FIELD[name])


def test_no_service_changes_a_setting_past_the_session():
    """The listener sees what the session writes, and no statement of one's own."""
    root, names = Path(product.__file__).parent, {one.__name__ for one in SETTINGS}
    calls = [
        (path.relative_to(root).as_posix(), node)
        for path in root.rglob("*.py")
        if not any(one in path.as_posix() for one in IN_BULK)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    ]
    found = [
        f"{path}:{node.lineno}"
        for path, node in calls
        if node.func.id in {"insert", "update", "delete"}
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id in names
    ]
    assert len(calls) > 1000
    assert found == []


def test_only_an_administrator_sees_it(world, new_client):
    for who in (world.chair, world.coordinator, world.police):
        assert new_client().sign_in(who.id).get("/admin/history").status_code == 404


def test_the_page_costs_the_same_however_much_changed(boss, world, count_statements):
    costs = []
    for turn in "ab":
        boss.page("/admin/history")
        with count_statements() as sent:
            boss.page("/admin/history")
        costs.append(len(sent))
        for number in range(60):
            builders.save(Room(name=f"Zaal {turn}{number}"))
    assert costs[0] == costs[1] <= 8
    assert "Pagina 2 van" in boss.page("/admin/history?page=2").text


def test_the_listener_is_what_writes(monkeypatch, world):
    """The guard of the guard: without what it watches nothing is written."""
    monkeypatch.setattr(setting_history, "SETTINGS", {})
    builders.save(Room(name="Zaal"))
    assert changes(Room) == []
