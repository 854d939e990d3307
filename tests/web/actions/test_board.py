"""The board of actions, for the staff of the tables served."""

from datetime import date

import pytest

from app.domain.board import Filters
from app.infra import clock
from app.models import SavedView
from tests import builders
from tests.actions import FULL, SAFE, UNKNOWN


def test_the_board_shows_safe_texts_of_the_tables_served(world, action, staff, new_client):
    page = staff.page("/actions")
    assert SAFE in page.text
    assert world.case.reference in page.text
    assert FULL not in page.text
    assert SAFE not in new_client().sign_in(world.stranger.id).page("/actions").text
    assert new_client().sign_in(world.police.id).get("/actions").status_code == 404
    assert new_client().sign_in(world.administrator.id).get("/actions").status_code == 404


def test_overdue_actions_come_first_and_can_be_filtered(world, staff, action):
    late = builders.action(
        world.second_item,
        world.care_organisation,
        world.care,
        world.chair,
        safe="Te late actie",
        due_on=date(2026, 5, 29),
    )
    page = staff.page("/actions")
    assert page.text.index("Te late actie") < page.text.index(SAFE)
    assert "te laat" in page.text
    assert SAFE not in staff.page("/actions?overdue=y").text
    assert (
        "Te late actie"
        not in staff.page(f"/actions?organisation={world.police_organisation.id}").text
    )
    assert SAFE in staff.page(f"/actions?table={world.table.id}&state=open").text
    assert "Geen actie past" in staff.page("/actions?state=done").text
    assert late.id


@pytest.mark.parametrize(
    "query", [f"table={UNKNOWN}", "organisation=x", "state=%00", "state=klaar"]
)
def test_a_filter_nobody_offered_is_named(staff, query):
    answer = staff.get(f"/actions?{query}")
    assert answer.status_code == 422
    assert "Ongeldige keuze." in answer.text


@pytest.mark.parametrize("number", ["0", "-1", str(10**21), "x", "9999"])
def test_no_page_number_breaks_the_board(staff, number):
    assert staff.get(f"/actions?page={number}").status_code == 200


def test_a_board_of_many_is_paged(world, staff):
    for number in range(52):
        builders.action(
            world.item,
            world.police_organisation,
            world.police,
            world.chair,
            safe=f"Actie nr {number}",
        )
    page = staff.page("/actions")
    assert "53 gevonden" in page.text
    assert "Pagina 1 van 2" in page.text
    assert "Pagina 2 van 2" in staff.page("/actions?page=2").text


def test_the_board_costs_the_same_for_one_and_fifty(world, many, client, count_statements):
    client.sign_in(world.coordinator.id)
    named = Filters(person_id=world.care.id, household_of=world.case.id)
    builders.save(
        SavedView(person_id=world.coordinator.id, query=named.query(), kept_at=clock.now())
    )
    with count_statements() as seen:
        page = client.page("/actions")
    assert page.text.count("Actie ") >= many.count
    assert world.care.name in page.text, "the views kept are named"
    assert len(seen) <= 6, "\n".join(seen)
    for other in ("/actions/columns", "/actions/calendar", "/actions/late"):
        with count_statements() as seen:
            client.page(other)
        assert len(seen) <= 6, "\n".join((other, *seen))
