"""Holidays and closures of the region on one page of the office; several tables closed in one go."""

from datetime import date

import pytest

from app.infra.db import reading
from app.models import ClosurePeriod, SettingChange
from tests import builders

PATH = "/admin/closed-days"
DAYS = {"name": "Zomervakantie", "first_on": "13-07-2026", "last_on": "31-07-2026"}


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def boss(client, world):
    return client.sign_in(world.administrator.id)


def closures():
    with reading() as session:
        return session.query(ClosurePeriod).order_by(ClosurePeriod.name).all()


def test_several_tables_are_closed_for_the_same_days(boss, world):
    both = [str(world.table.id), str(world.other_table.id)]
    assert boss.fill(PATH, {**DAYS, "tables": both}).status_code == 303
    found = closures()
    assert {one.table_id for one in found} == {world.table.id, world.other_table.id}
    assert {(one.first_on, one.last_on) for one in found} == {
        (date(2026, 7, 13), date(2026, 7, 31))
    }
    page = boss.page(PATH).text
    assert page.count("Zomervakantie") == 2
    with reading() as session:
        told = session.query(SettingChange).filter_by(subject="closure_period").all()
    assert {one.made_by_id for one in told} == {world.administrator.id}


@pytest.mark.parametrize(
    "typed", [{"tables": []}, {"last_on": "12-07-2026"}, {"first_on": "ooit"}, {"name": ""}]
)
def test_what_is_not_right_closes_nothing(boss, world, typed):
    answer = boss.fill(PATH, {**DAYS, "tables": [str(world.table.id)], **typed})
    assert answer.status_code == 422
    assert closures() == []


def test_holidays_say_which_count_as_a_working_day(boss):
    page = boss.page(PATH).text
    assert "Eerste kerstdag 25-12-2026" in page
    assert "Bevrijdingsdag 05-05-2027 telt als werkdag" in page
    assert "Koningsdag 27-04-2026" not in page, "that is over"


def test_what_is_over_and_ended_tables_are_left_out(boss, world):
    builders.closure(world.table, first_on=date(2026, 5, 1), last_on=date(2026, 5, 31))
    coming = builders.closure(
        world.other_table, first_on=date(2026, 5, 30), last_on=date(2026, 6, 1)
    )
    page = boss.page(PATH).text
    assert coming.name in page
    assert "31-05-2026" not in page


def test_the_page_names_no_meeting_and_is_for_the_office_alone(boss, world, new_client):
    assert "gepland overleg" not in boss.page(PATH).text
    for who in (world.chair, world.coordinator, world.police):
        visitor = new_client().sign_in(who.id)
        assert visitor.get(PATH).status_code == 404
        assert visitor.send(PATH, {**DAYS, "tables": [str(world.table.id)]}).status_code == 404
    assert closures() == []
