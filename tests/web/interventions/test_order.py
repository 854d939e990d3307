"""The agreed order of interventions: who does what, when, in which order, and who sees it."""

from datetime import timedelta

import pytest

from app.domain.kinds import Chain, TableKind
from app.infra import clock
from app.models import Action, CaseTable, Meeting
from tests import builders
from tests.live import act_url, change, every, live_url, new_action, stored
from tests.seats import later, recorded


@pytest.fixture
def world(app, frozen_clock):
    made = builders.small_world(open_papers=True)
    change(CaseTable, made.table.id, kind=TableKind.ACTION)
    change(Meeting, made.meeting.id, started_at=clock.now())
    return made


@pytest.fixture
def chair(world, client):
    return client.sign_in(world.chair.id)


def order_of(world) -> str:
    return f"/cases/{world.case.id}/interventions"


def steps() -> list[Action]:
    return sorted((one for one in every(Action) if one.step), key=lambda one: one.step)


def test_actions_of_an_action_table_come_in_an_order_that_staff_change(chair, world):
    today = f"{clock.today():%d-%m-%Y}"
    assert "werkblad van het overleg" in chair.page(order_of(world)).text
    first = new_action(
        world, safe="Aanhouding buiten heterdaad", full="", due_on=today, due_time="23.30"
    )
    second = new_action(
        world, safe="Crisisplaats regelen", full="Voor moeder", holder=str(world.care_seat.id)
    )
    for typed in (first, second):
        assert chair.send(act_url(world), typed).status_code == 303
    one, two = steps()
    assert (one.chain, two.chain) == (Chain.JUSTICE, Chain.CARE)
    assert (one.due_at, two.due_at) == (clock.now().replace(hour=21, minute=30), None)
    before = recorded(world.chair, "action", "read")
    page = chair.page(order_of(world))
    assert "Acuut gevaar?" in page.text
    assert page.text.index("Aanhouding") < page.text.index("Voor moeder")
    assert "23.30" in page.text
    assert recorded(world.chair, "action", "read") == before + 2
    assert chair.fill(order_of(world), {}, action=f"{two.id}/step").status_code == 303
    assert [step.id for step in steps()] == [two.id, one.id]
    chair.send(f"/actions/{two.id}/chain", {"chain": "justice"})
    assert stored(Action, two.id).chain is Chain.JUSTICE
    chair.send(f"/actions/{two.id}/step", {"to": "out"})
    assert [(step.id, step.step) for step in steps()] == [(one.id, 1)]
    assert "Buiten de volgorde" in chair.page(order_of(world)).text
    chair.send(f"/actions/{two.id}/step", {"to": "in"})
    assert [step.id for step in steps()] == [one.id, two.id]
    assert {step.version for step in steps()} <= {1, 2, 3}
    assert chair.send(f"/actions/{two.id}/step", {"to": "aside"}).status_code == 404
    for place in (live_url(world, world.item), f"/cases/{world.case.id}"):
        text = chair.page(place).text
        assert text.index("Aanhouding") < text.index("Crisisplaats"), place


def test_an_action_due_at_an_hour_is_late_after_it_everywhere(client, world):
    due_at = clock.now() + timedelta(hours=4)
    action = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=clock.today(), due_at=due_at, step=1, chain=Chain.JUSTICE,
    )  # fmt: skip
    said = {
        (world.chair, "/"): "1 actie is te laat",
        (world.chair, "/actions?overdue=y"): "Bel terug",
        (world.chair, f"/actions/{action.id}"): "te laat",
        (world.chair, order_of(world)): "te laat",
        (world.police, "/"): "te laat",
        (world.police, "/my-actions"): "te laat",
        (world.police, f"/my-actions/{action.id}"): "te laat",
    }

    def says_late() -> list[bool]:
        return [words in client.sign_in(who.id).page(at).text for (who, at), words in said.items()]

    assert not any(says_late())
    later(hours=4, minutes=1)
    assert all(says_late())


def test_the_hour_of_a_term_is_changed_with_it_and_mended_before_adoption(chair, world):
    action = builders.action(world.item, world.police_organisation, world.police, world.chair)
    path = f"/actions/{action.id}/change"
    assert chair.fill(path, {"due_on": "02-06-2026", "due_time": "9.15"}).status_code == 303
    changed = stored(Action, action.id)
    assert f"{changed.due_at:%H.%M} {changed.due_on:%d-%m}" == "07.15 02-06"
    assert "02-06-2026, 09.15" in chair.page(f"/actions/{action.id}").text
    assert dict(chair.page(path).form().fields)["due_time"] == "09.15"
    assert chair.fill(path, {"due_on": "01-06-2026", "due_time": "0.05"}).status_code == 422
    assert chair.fill(path, {"due_time": ""}).status_code == 303
    assert stored(Action, action.id).due_at is None


def test_nobody_but_staff_sees_the_order_and_a_holder_sees_the_own_step(client, world):
    mine = builders.action(
        world.item, world.police_organisation, world.police, world.chair, safe="Eigen stap", step=2
    )
    builders.action(
        world.item, world.care_organisation, world.care, world.chair, safe="Andermans stap", step=1
    )
    client.sign_in(world.police.id).page(order_of(world), status=404)
    assert client.send(f"/actions/{mine.id}/step", {"to": "up"}).status_code == 404
    own = client.page(f"/my-actions/{mine.id}").text
    assert "stap 2" in own
    assert "Andermans stap" not in own
    client.sign_in(world.stranger.id).page(order_of(world), status=404)
    builders.exclusion(world.chair, world.case, world.coordinator)
    client.sign_in(world.chair.id).page(order_of(world), status=404)
