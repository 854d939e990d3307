from dataclasses import replace

import pytest

from app.domain.kinds import OrganisationKind, TableRoleName
from config import Mode
from tests import builders


@pytest.fixture
def demo(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))


@pytest.fixture
def chair(app):
    of = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
    return builders.chair(of, builders.table(), "V. Voorzitter")


def test_in_demo_mode_one_press_signs_a_made_up_person_in(demo, chair, client):
    answer = client.fill("/sign-in?next=/sessions", action="/sign-in/demo")

    assert answer.status_code == 303
    assert answer.location == "/sessions"
    text = client.page("/sessions").text
    assert "V. Voorzitter" in text
    assert "Te bevestigen" in text


def test_people_stand_grouped_by_what_they_do(demo, chair, client):
    builders.role(
        builders.person(builders.organisation("POL")),
        builders.table("ZSM"),
        TableRoleName.REPRESENTATIVE,
    )

    text = client.page("/sign-in").text

    assert text.index("Voorzitters (1)") < text.index("Ketenpartners (1)")


def test_outside_demo_mode_the_buttons_do_not_exist(chair, client):
    assert "V. Voorzitter" not in client.page("/sign-in").text

    answer = client.send("/sign-in/demo", {"person_id": str(chair.id)})

    assert answer.status_code == 404


@pytest.mark.parametrize("wrong", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_person_cannot_be_chosen(demo, chair, client, wrong):
    client.page("/sign-in")
    assert client.send("/sign-in/demo", {"person_id": wrong}).status_code == 404
