"""What only the person behind the screen may do asks who is there, on every door that leads to it."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from app.access import Permission
from app.web import guard, stepping_up
from tests import builders
from tests.crawler import rules
from tests.visitors import csrf_of, same_page

# Taking along, destroying, deciding as second person, and who is kept from a case.
ASKED = {
    Permission.CHANGE_CONFIRM, Permission.EXCLUSION_MANAGE, Permission.EXPORT_MAKE,
    Permission.RETENTION_CONFIRM, Permission.RETENTION_PREPARE, Permission.TERM_CONFIRM,
}  # fmt: skip
FRESH = {
    "accounts.add_passkey", "accounts.end_passkey", "accounts.new_passkey_asked", "accounts.passkeys",
    "configuration.copy", "configuration.load", "configuration.overview",
    "imports.load_partner_list", "imports.partners",
    "organisations.end", "people.appoint_officer", "people.appoint_supervisor", "people.block", "people.block_several",
    "people.email",
    "people.end_officer", "people.end_supervisor", "people.invite_several", "people.lasting", "people.leave", "people.link",
    "people.move", "people.reset_factor", "people.unblock",
    "providers.add", "providers.edit", "providers.end", "providers.end_link", "providers.reopen",
    "providers.restore_link", "providers.try_out",
    "recertification.leaves",
    "tables.add_role", "tables.end_role", "tables.role_end",
}  # fmt: skip
OWN = {"accounts.recovery_codes", "emergency.start", "logbook.export"}
# Who may knock there.
PEOPLE = ("chair", "coordinator", "administrator")


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def officer(world):
    return builders.person(world.host, "F. Gegevens", is_privacy_officer=True)


def marked(app: Flask, mark: str) -> set[str]:
    return {name for name, view in app.view_functions.items() if hasattr(view, mark)}


def doors(app: Flask) -> list[tuple[str, str]]:
    """Method and address of everything that must ask; with ids of nothing at all."""
    found = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            permission = guard.rule_of(app, rule.endpoint)
            sends = method == "POST"
            if rule.endpoint in FRESH or (sends and (permission in ASKED or rule.endpoint in OWN)):
                values = {name: uuid.uuid4() for name in rule.arguments}
                adapter = app.url_map.bind("casustafel.test")
                found.append((method, adapter.build(rule.endpoint, values, method=method)))
    return found


def test_the_lists_are_what_the_application_asks(app: Flask) -> None:
    assert stepping_up.ASKED == ASKED
    assert marked(app, stepping_up._FRESH) == FRESH
    assert marked(app, stepping_up._OWN) == OWN


def test_every_such_door_asks_who_is_there_when_that_is_long_ago(
    app: Flask, new_client, world, officer, frozen_clock
) -> None:
    people = {name: getattr(world, name) for name in PEOPLE} | {"officer": officer}
    visitors = {name: new_client().sign_in(who.id) for name, who in people.items()}
    tokens = {name: csrf_of(client) for name, client in visitors.items()}
    frozen_clock.advance(timedelta(minutes=5))
    asked = doors(app)
    assert len(asked) > 25
    for method, path in asked:
        answers = []
        for name, client in visitors.items():
            data = {"csrf_token": tokens[name]} if method == "POST" else None
            client.checking = False
            answer = client.open(path, method=method, data=data, headers=same_page(client))
            answers.append((answer.status_code, answer.headers.get("Location", "")[:14]))
        assert set(answers) <= {(303, "/step-up?next="), (404, "")}, f"{method} {path}: {answers}"
        assert (303, "/step-up?next=") in answers, f"{method} {path}: nobody was asked"


def test_having_signed_in_just_now_is_enough_but_for_what_asks_a_proof_of_its_own(
    client, officer, frozen_clock
) -> None:
    client.sign_in(officer.id)
    frozen_clock.advance(timedelta(minutes=4, seconds=59))
    change = f"/changes/{uuid.uuid4()}"
    assert client.send(change, {"decision": "refuse"}).status_code == 404
    for path in ("/emergency", "/access-log", "/recovery-codes"):
        assert client.send(path).headers["Location"].startswith("/step-up?next=")
    client.prove()
    assert client.send("/emergency").status_code == 422
    frozen_clock.advance(timedelta(minutes=5))
    assert client.send(change, {"decision": "refuse"}).status_code == 303


def test_the_list_of_who_is_kept_out_shows_after_a_proof_alone(client, world, frozen_clock) -> None:
    builders.exclusion(world.care, world.case, world.chair)
    client.sign_in(world.chair.id)
    path = f"/cases/{world.case.id}"
    assert "uitgesloten sinds" in client.page(path).text
    frozen_clock.advance(timedelta(minutes=5))
    assert "uitgesloten sinds" not in client.page(path).text
    assert "Bevestig eerst dat u het bent" in client.last.text
    client.prove()
    assert "uitgesloten sinds" in client.page(path).text


def test_what_was_typed_comes_back_after_proving(client, world, frozen_clock) -> None:
    client.sign_in(world.chair.id)
    path = f"/cases/{world.case.id}/exclusions/new"
    client.page(path)
    frozen_clock.advance(timedelta(minutes=6))
    late = client.fill(path, {"reason": "Dit is een familielid van een betrokkene."})
    assert late.headers["Location"].startswith("/step-up?next=")
    client.prove()
    page = client.page(f"{path}?restored=1")
    assert "Dit is een familielid van een betrokkene." in page.text


def test_the_demo_region_has_nothing_to_prove_with_and_asks_nothing(
    app: Flask, monkeypatch
) -> None:
    monkeypatch.setattr(stepping_up, "is_asked", lambda: False)
    view = app.view_functions["people.block"]
    assert not stepping_up.is_due(view, Permission.PERSON_MANAGE, sends=True)
