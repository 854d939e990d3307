"""Passkeys: added, alone at the door, after the password, proving who is there, and copies."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, SignInMethod, TableRoleName
from app.infra import outbox
from app.infra.db import transaction
from app.models import AuditEvent, Passkey, Person, PowerfulChange, WebSession
from tests import accounts, builders
from tests.authenticator import Authenticator

MOST_STATEMENTS = 12


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def who(world):
    found = accounts.enrolled(world.police_organisation, name="P. Sleutel")
    builders.role(found, world.table, TableRoleName.REPRESENTATIVE)
    return found


@pytest.fixture
def device(client):
    return Authenticator(client.base_url)


@pytest.fixture
def owner(client, who, device):
    """The browser of somebody with a key."""
    client.sign_in(who.id)
    added(client, device)
    return client


@pytest.fixture
def everybody(world, who):
    """Who hears of a changed key: its owner, and the staff of the owner's table."""
    return sorted([who.email, world.chair.email, world.coordinator.email])


def asked(client, path):
    return json.loads(client.send(path).text)


def added(client, device, name="sleutelbos"):
    client.page("/passkeys")
    options = asked(client, "/passkeys/asked")
    return client.send("/passkeys", {"name": name, "answer": device.made(options)})


def signs_in(client, device):
    client.page("/sign-in")
    options = asked(client, "/sign-in/passkey/asked")
    return client.send("/sign-in/passkey", {"answer": device.signed(options), "next": "/keys"})


def keys():
    with transaction() as session:
        return session.scalars(select(Passkey)).all()


def logged(**of):
    with transaction() as session:
        return session.scalars(select(AuditEvent).filter_by(**of)).all()


def signed_in(answer):
    return answer.headers["Location"] == "/keys"


def test_a_key_is_added_named_told_of_and_ended(owner, new_client, everybody, device, mails):
    client = owner
    assert "sleutelbos" in client.page("/passkeys").text
    assert [line.outcome for line in logged(object_kind="passkey")] == ["added"]
    outbox.drain(most=100)
    assert sorted(mail.to for mail in mails()) == everybody
    again = added(client, device, "dezelfde")
    assert again.status_code == 422, "a key is known once"
    path = f"/passkeys/{keys()[0].id}/end"
    assert client.send(path).status_code == 303
    assert client.send(path).status_code == 404
    assert not signed_in(signs_in(new_client(), device))


def test_nobody_ends_the_key_of_another(owner, new_client, world):
    other = new_client().sign_in(world.care.id)
    assert other.send(f"/passkeys/{keys()[0].id}/end").status_code == 404
    assert keys()[0].revoked_at is None


def test_a_key_alone_signs_in_within_twelve_statements(
    owner, new_client, who, device, count_statements
):
    visitor = new_client()
    visitor.page("/sign-in")
    options = asked(visitor, "/sign-in/passkey/asked")
    answer = {"answer": device.signed(options), "next": "/keys"}
    with count_statements() as sent:
        shown = visitor.send("/sign-in/passkey", answer)
    assert signed_in(shown)
    assert len(sent) <= MOST_STATEMENTS, list(sent)
    assert who.name in visitor.page("/keys").text
    with transaction() as session:
        row = session.scalars(
            select(WebSession).order_by(WebSession.created_at.desc(), WebSession.method)
        ).all()
        assert SignInMethod.PASSKEY in {one.method for one in row}
    assert keys()[0].sign_count == 1
    again = new_client()
    again.page("/sign-in")
    assert not signed_in(again.send("/sign-in/passkey", answer)), "a challenge counts once"


def test_a_challenge_is_for_one_browser_and_five_minutes(owner, new_client, device, frozen_clock):
    here, there = new_client(), new_client()
    for visitor in (here, there):
        visitor.page("/sign-in")
    options = asked(here, "/sign-in/passkey/asked")
    asked(there, "/sign-in/passkey/asked")
    answer = {"answer": device.signed(options), "next": "/keys"}
    assert not signed_in(there.send("/sign-in/passkey", answer))
    options = asked(here, "/sign-in/passkey/asked")
    answer = {"answer": device.signed(options), "next": "/keys"}
    frozen_clock.advance(timedelta(minutes=5))
    assert not signed_in(here.send("/sign-in/passkey", answer))


@pytest.mark.parametrize(
    "wrong", ["origin", "unverified", "other key", "nonsense", "other purpose"]
)
def test_what_is_not_right_opens_nothing_and_says_the_same(owner, new_client, who, device, wrong):
    visitor = new_client()
    visitor.page("/sign-in")
    path = "/sign-in/passkey/asked"
    if wrong == "other purpose":
        accounts.pass_password(visitor, who)
        visitor.page("/sign-in/code")
        path = "/sign-in/code/passkey/asked"
    options = asked(visitor, path)
    if wrong == "origin":
        device.origin = "https://casustafel.kwaad.example"
    elif wrong == "unverified":
        device.verifies = False
    elif wrong == "other key":
        device = Authenticator(visitor.base_url)
    given = "{}" if wrong == "nonsense" else device.signed(options)
    refused = visitor.send("/sign-in/passkey", {"answer": given, "next": "/keys"})
    assert not signed_in(refused)
    assert "Met deze passkey is het niet gelukt" in visitor.page("/sign-in").text
    assert logged(event="sign-in-failed")


def test_a_wrong_answer_uses_the_question_up_too(owner, new_client, device):
    visitor = new_client()
    visitor.page("/sign-in")
    options = asked(visitor, "/sign-in/passkey/asked")
    wrong = Authenticator(device.origin)
    wrong.id = device.id
    assert not signed_in(visitor.send("/sign-in/passkey", {"answer": wrong.signed(options)}))
    right = {"answer": device.signed(options), "next": "/keys"}
    assert not signed_in(visitor.send("/sign-in/passkey", right))
    assert signed_in(signs_in(visitor, device))


@pytest.mark.parametrize("state", [AccountState.BLOCKED, AccountState.LEFT])
def test_whose_account_does_not_count_does_not_come_in_by_a_key(
    owner, new_client, who, device, state
):
    with transaction() as session:
        session.get_one(Person, who.id).state = state
    assert not signed_in(signs_in(new_client(), device))


def test_a_copied_key_is_refused_revoked_and_told_of(owner, new_client, everybody, device, mails):
    assert signed_in(signs_in(new_client(), device))
    device.count = 0
    assert not signed_in(signs_in(new_client(), device))
    assert keys()[0].revoked_reason == "copied"
    assert [line.outcome for line in logged(object_kind="passkey")] == ["added", "copied"]
    outbox.drain(most=100)
    told = [mail.to for mail in mails()]
    assert sorted(told) == sorted(everybody * 2), "of its making, and of its copy"
    device.count = 9
    assert not signed_in(signs_in(new_client(), device))


def test_a_security_key_is_the_second_step_after_the_password(owner, new_client, who, device):
    device.verifies = False
    visitor = new_client()
    accounts.pass_password(visitor, who, path="/sign-in?next=/keys")
    visitor.page("/sign-in/code?next=/keys")
    options = asked(visitor, "/sign-in/code/passkey/asked")
    assert len(options["allowCredentials"]) == 1
    answer = {"answer": device.signed(options), "next": "/keys"}
    assert signed_in(visitor.send("/sign-in/code/passkey", answer))
    assert who.name in visitor.page("/keys").text


def test_who_has_a_key_and_no_app_enrols_nothing(owner, new_client, who, device):
    with transaction() as session:
        row = session.get_one(Person, who.id)
        row.totp_ct, row.totp_last_step = None, 0
    visitor = new_client()
    assert accounts.pass_password(visitor, who).headers["Location"].startswith("/sign-in/code")
    assert visitor.fill("/sign-in/code", {"code": accounts.code()}).status_code == 422


def test_a_key_proves_who_is_there_for_an_act(owner, world, who, device, frozen_clock):
    frozen_clock.advance(timedelta(minutes=6))
    assert owner.get("/passkeys").headers["Location"] == "/step-up?next=/passkeys"
    assert "Bevestig met uw passkey" in owner.page("/step-up?next=/passkeys").text
    options = asked(owner, "/step-up/passkey/asked")
    given = {"answer": device.signed(options), "next": "/passkeys"}
    assert owner.send("/step-up/passkey", given).headers["Location"] == "/passkeys"
    assert owner.get("/passkeys").status_code == 200
    assert logged(object_kind="step-up-passkey")
    frozen_clock.advance(timedelta(minutes=6))
    assert owner.send("/step-up/passkey", given).headers["Location"].startswith("/step-up")
    assert owner.get("/passkeys").status_code == 303


def test_a_confirmed_reset_ends_every_key(owner, new_client, world, who, device):
    administrator = new_client().sign_in(world.administrator.id)
    administrator.page(f"/admin/people/{who.id}")
    administrator.send(f"/admin/people/{who.id}/reset-factor")
    chair = new_client().sign_in(world.chair.id)
    with transaction() as session:
        change = session.scalars(select(PowerfulChange)).one().id
    chair.page("/changes")
    assert chair.send(f"/changes/{change}", {"decision": "approve"}).status_code == 303
    assert keys()[0].revoked_reason == "reset"
    assert not signed_in(signs_in(new_client(), device))
