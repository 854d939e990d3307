"""An account is opened by a passkey as well as by a password and an app; nobody is left without."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, SignInMethod
from app.features.accounts.links import make_link
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import OneTimeLink, Passkey, Person, RecoveryCode, WebSession
from tests import accounts, builders
from tests.accounts import PASSWORD, code
from tests.authenticator import Authenticator


@pytest.fixture
def police(app):
    return builders.organisation("POL", name="Politie Deltaland")


@pytest.fixture
def device(client):
    return Authenticator(client.base_url)


def asked(client, path):
    return json.loads(client.send(f"{path}/asked").text)


def given(client, path, device, *, name="telefoon"):
    return client.send(path, {"name": name, "answer": device.made(asked(client, path))})


def stored(person_id):
    with transaction() as session:
        return session.get_one(Person, person_id)


def codes_in(page):
    return {one for one in page.text.split() if one.count("-") == 2 and len(one) == 14}


def signs_in(client, device):
    client.page("/sign-in")
    options = json.loads(client.send("/sign-in/passkey/asked").text)
    answer = {"answer": device.signed(options), "next": "/sessions"}
    return client.send("/sign-in/passkey", answer)


@pytest.mark.parametrize("guest", [False, True])
def test_an_invitation_is_opened_by_a_passkey_alone(client, new_client, police, device, guest):
    more = {"ends_at": clock.now() + timedelta(days=3)} if guest else {}
    who, token = accounts.invited(police, **more)
    path = f"/welcome/{token}/passkey"
    assert "Of kies een passkey" in client.page(f"/welcome/{token}").text
    options = asked(client, path)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"

    shown = client.send(path, {"name": "telefoon", "answer": device.made(options)})

    assert shown.status_code == 200
    assert len(codes_in(client.last)) == 10
    assert client.get("/sessions").status_code == 200
    row = stored(who.id)
    assert (row.state, row.password_hash, row.totp_ct) == (AccountState.ACTIVE, None, None)
    with transaction() as session:
        assert session.scalars(select(WebSession.method)).all() == [SignInMethod.PASSKEY]
        assert session.scalars(select(OneTimeLink.used_at)).one() is not None
        assert len(session.scalars(select(RecoveryCode)).all()) == 10
    assert signs_in(new_client(), device).location == "/sessions"
    assert client.get(f"/welcome/{token}").status_code == 410


def test_a_key_that_does_not_check_who_touches_it_is_no_way_in_by_itself(client, police, device):
    who, token = accounts.invited(police)
    client.page(f"/welcome/{token}")
    device.verifies = False
    refused = given(client, f"/welcome/{token}/passkey", device)
    assert refused.location == f"/welcome/{token}"
    assert "Met deze passkey is het niet gelukt" in client.page(f"/welcome/{token}").text
    assert stored(who.id).state is AccountState.INVITED
    device.verifies = True
    assert given(client, f"/welcome/{token}/passkey", device).status_code == 200


def test_a_key_without_a_name_gets_a_plain_one_and_too_long_a_name_is_refused(
    client, police, device
):
    """The device has made the key by then: it would hold one that opens nothing."""
    _who, token = accounts.invited(police)
    client.page(f"/welcome/{token}")
    assert given(client, f"/welcome/{token}/passkey", device, name="n" * 61).status_code == 303
    assert "Gebruik hoogstens 60 tekens" in client.page(f"/welcome/{token}").text
    assert given(client, f"/welcome/{token}/passkey", device, name="").status_code == 200
    with transaction() as session:
        assert session.scalars(select(Passkey.name)).all() == ["Passkey"]


@pytest.mark.parametrize("why", ["too late", "used", "blocked", "unknown"])
def test_a_link_that_works_no_more_makes_no_key(client, police, device, frozen_clock, why):
    who, token = accounts.invited(police)
    path = f"/welcome/{token}/passkey"
    client.page(f"/welcome/{token}")
    answer = {"name": "telefoon", "answer": device.made(asked(client, path))}
    with transaction() as session:
        if why == "blocked":
            session.get_one(Person, who.id).state = AccountState.BLOCKED
        if why == "used":
            session.scalars(select(OneTimeLink)).one().used_at = clock.now()
        if why == "too late":
            session.scalars(select(OneTimeLink)).one().expires_at = clock.now()
    if why == "unknown":
        path = f"/welcome/{'x' * 43}/passkey"
    assert client.send(path, answer).status_code == 303
    assert client.send(f"{path}/asked").status_code == 404
    with transaction() as session:
        assert not session.scalars(select(Passkey)).all()


@pytest.mark.parametrize("has", ["app", "passkey", "codes"])
def test_the_link_of_a_mailbox_adds_no_key_to_a_second_factor(client, police, device, has):
    """Whoever reads a mailbox would come in by it without the second factor."""
    who = accounts.enrolled(police)
    with transaction() as session:
        token = make_link(session, who.id)
        row = session.get_one(Person, who.id)
        if has != "app":
            row.totp_ct, row.totp_last_step = None, 0
    if has == "passkey":
        builders.save(a_key(who))
    if has == "codes":
        accounts.recovery_code(who)
    assert "Of kies een passkey" not in client.page(f"/welcome/{token}").text
    path = f"/welcome/{token}/passkey"
    assert client.send(f"{path}/asked").status_code == 404
    chosen = client.fill(f"/welcome/{token}", {"new_password": "twee paarden in de regen"})
    assert chosen.location == "/sign-in"
    assert "Log in met uw tweede stap" in client.page("/sign-in").text


def a_key(who):
    return Passkey(
        person_id=who.id, credential_id=b"1" * 16, public_key=b"2", sign_count=0, name="oud",
        transports="", is_synced=False, made_at=clock.now(),
    )  # fmt: skip


def test_after_a_password_a_security_key_may_be_the_second_step(client, new_client, police, device):
    who, token = accounts.invited(police)
    device.verifies = False
    assert client.fill(f"/welcome/{token}", {"new_password": PASSWORD}).location == "/sign-in/enrol"
    assert "Of kies een passkey" in client.page("/sign-in/enrol").text
    assert given(client, "/sign-in/enrol/passkey", device).status_code == 200
    assert len(codes_in(client.last)) == 10
    assert client.get("/sessions").status_code == 200
    visitor = new_client()
    assert accounts.pass_password(visitor, who).location.startswith("/sign-in/code")
    visitor.page("/sign-in/code")
    options = asked(visitor, "/sign-in/code/passkey")
    answer = {"answer": device.signed(options), "next": "/sessions"}
    assert visitor.send("/sign-in/code/passkey", answer).location == "/sessions"
    assert signs_in(new_client(), device).location != "/sessions", "it checks nobody: not alone"


def test_of_two_enrolments_with_one_password_one_counts(client, new_client, police, device):
    _who, token = accounts.invited(police)
    client.fill(f"/welcome/{token}", {"new_password": PASSWORD})
    other = new_client()
    accounts.pass_password(other, _who)
    for one in (client, other):
        one.page("/sign-in/enrol")
    late = {"name": "telefoon", "answer": device.made(asked(other, "/sign-in/enrol/passkey"))}
    secret = client.page("/sign-in/enrol").text.split("Sleutel: ")[1].split("Code uit")[0]
    assert client.fill("/sign-in/enrol", {"code": code(secret.replace(" ", ""))}).status_code == 200
    assert other.send("/sign-in/enrol/passkey", late).status_code == 404


def with_key_alone(client, police, device):
    who, token = accounts.invited(police)
    client.page(f"/welcome/{token}")
    given(client, f"/welcome/{token}/passkey", device)
    return who


def end_last(client):
    with transaction() as session:
        last = session.scalars(
            select(Passkey.id).where(Passkey.revoked_at.is_(None)).order_by(Passkey.made_at)
        ).first()
    client.page("/passkeys")
    client.send(f"/passkeys/{last}/end")
    return client.page("/passkeys").text


def live_keys():
    with transaction() as session:
        return len(session.scalars(select(Passkey).where(Passkey.revoked_at.is_(None))).all())


def test_the_last_key_of_who_has_nothing_else_stays(client, police, device):
    with_key_alone(client, police, device)
    assert "Voeg eerst een andere passkey toe" in end_last(client)
    assert live_keys() == 1
    second = Authenticator(client.base_url)
    client.page("/passkeys")
    assert given(client, "/passkeys", second, name="sleutelbos").status_code == 303
    assert "De passkey werkt niet meer" in end_last(client)
    assert live_keys() == 1


@pytest.mark.parametrize(("held", "stays"), [
    ({"app", "password"}, 0), ({"app"}, 1), ({"password"}, 1),
])  # fmt: skip
def test_the_last_key_ends_where_password_and_app_remain(client, police, device, held, stays):
    who = accounts.enrolled(police)
    client.sign_in(who.id)
    client.page("/passkeys")
    given(client, "/passkeys", device)
    with transaction() as session:
        row = session.get_one(Person, who.id)
        if "app" not in held:
            row.totp_ct, row.totp_last_step = None, 0
        if "password" not in held:
            row.password_hash = None
    end_last(client)
    assert live_keys() == stays


@pytest.fixture
def office(new_client, police):
    return new_client().sign_in(builders.person(police, is_administrator=True).id)


def test_an_account_with_a_key_alone_opens_again_without_a_link(
    client, new_client, police, device, office
):
    who = with_key_alone(client, police, device)
    for act in ("/block", "/unblock"):
        office.page(f"/admin/people/{who.id}")
        office.send(f"/admin/people/{who.id}{act}")
        opened = signs_in(new_client(), device).location == "/sessions"
        assert opened is (act == "/unblock")
    assert stored(who.id).state is AccountState.ACTIVE


def test_who_left_and_comes_back_chooses_anew(client, new_client, police, office, mails):
    device = Authenticator(client.base_url)
    who = with_key_alone(client, police, device)
    for act in ("/leave", "/unblock"):
        office.page(f"/admin/people/{who.id}")
        office.send(f"/admin/people/{who.id}{act}")
    outbox.drain(most=100)
    (link,) = {one for mail in mails() for one in re.findall(r"/welcome/[\w-]+", mail.text)}
    assert signs_in(new_client(), device).location != "/sessions"
    visitor, new = new_client(), Authenticator(device.origin)
    assert "Of kies een passkey" in visitor.page(link).text
    assert given(visitor, f"{link}/passkey", new).status_code == 200
    assert signs_in(new_client(), new).location == "/sessions"
