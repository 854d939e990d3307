"""Back in without one's only passkey: a mailbox with a recovery code, or two named people."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, AnnouncementKind, TableRoleName
from app.features.delivery.views import kind_text
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Announcement, OneTimeLink, Passkey, Person, PowerfulChange, RecoveryCode
from tests import accounts, builders
from tests.authenticator import Authenticator
from tests.web.test_opening_by_passkey import codes_in, given, signs_in


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def device(client):
    return Authenticator(client.base_url)


@pytest.fixture
def who(world, client, device):
    """Somebody with a passkey and no password, at a table, and the ten codes in ``codes``."""
    found, token = accounts.invited(world.police_organisation, name="P. Sleutel")
    builders.role(found, world.table, TableRoleName.REPRESENTATIVE)
    client.page(f"/welcome/{token}")
    given(client, f"/welcome/{token}/passkey", device)
    found.codes = sorted(codes_in(client.last))
    outbox.drain(most=100)
    return found


def asks(visitor, email):
    answer = visitor.fill("/sign-in/recovery", {"email": email})
    outbox.drain(most=100)
    return answer


def link_in(mails, who):
    found = [
        re.search(r"/sign-in/recovery/[\w-]+", mail.text)
        for mail in mails()
        if mail.to == who.email
    ]
    return [one[0] for one in found if one]


def test_a_mailbox_and_a_code_open_together_what_neither_opens(new_client, who, world, mails):
    visitor = new_client()
    assert "Log in met een herstelcode" in visitor.page("/sign-in").text
    assert asks(visitor, who.email.upper()).location == "/sign-in"
    (link,) = link_in(mails, who)
    for _look in range(2):
        assert visitor.get(link).status_code == 200
    wrong = visitor.fill(link, {"code": "aaaa-bbbb-cccc"})
    assert wrong.status_code == 422

    back = visitor.fill(link, {"code": who.codes[0]})

    assert back.location == "/passkeys"
    second = Authenticator(visitor.base_url)
    visitor.page("/passkeys")
    assert given(visitor, "/passkeys", second, name="nieuwe").status_code == 303
    assert signs_in(new_client(), second).location == "/sessions"
    assert new_client().get(link).status_code == 410
    outbox.drain(most=100)
    with transaction() as session:
        kinds = session.scalars(select(Announcement.kind)).all()
    assert AnnouncementKind.RECOVERY_USED in kinds
    chair = new_client().sign_in(world.chair.id)
    assert "Met een herstelcode ingelogd" in chair.page("/changes").text
    assert "Er is met een herstelcode ingelogd" in {mail.subject for mail in mails()}


def test_a_code_counts_once_for_one_link(new_client, who, mails):
    for _time in range(2):
        asks(new_client(), who.email)
    first, second = sorted(set(link_in(mails, who)))
    assert new_client().fill(first, {"code": who.codes[0]}).status_code == 303
    assert new_client().fill(second, {"code": who.codes[0]}).status_code == 422
    assert new_client().fill(second, {"code": who.codes[1]}).status_code == 303


def test_a_link_lasts_an_hour(new_client, who, mails, frozen_clock):
    visitor = new_client()
    asks(visitor, who.email)
    (link,) = link_in(mails, who)
    visitor.page(link)
    frozen_clock.advance(timedelta(hours=1))
    assert visitor.send(link, {"code": who.codes[0]}).status_code == 410
    assert visitor.get("/sessions").status_code == 303


@pytest.mark.parametrize("state", ["password", "blocked", "no codes", "unknown", "ended guest"])
def test_nobody_else_gets_a_link_and_all_hear_the_same(new_client, who, mails, state):
    with transaction() as session:
        row = session.get_one(Person, who.id)
        if state == "password":
            row.password_hash = "x"
        if state == "blocked":
            row.state = AccountState.BLOCKED
        if state == "ended guest":
            row.ends_at = clock.now()
        if state == "no codes":
            for code in session.scalars(select(RecoveryCode)):
                code.used_at = clock.now()
    visitor = new_client()
    email = "niemand@politie.example" if state == "unknown" else who.email
    assert asks(visitor, email).location == "/sign-in"
    assert "Hoort bij dit adres" in visitor.page("/sign-in").text
    assert not link_in(mails, who)


def test_what_ended_meanwhile_ends_the_link(new_client, who, mails):
    visitor = new_client()
    asks(visitor, who.email)
    (link,) = link_in(mails, who)
    visitor.page(link)
    with transaction() as session:
        session.get_one(Person, who.id).state = AccountState.BLOCKED
    assert visitor.send(link, {"code": who.codes[0]}).status_code == 410


def test_asking_does_as_much_whoever_is_asked_for(new_client, who, count_statements):
    asks(new_client(), "eerder@politie.example")
    counts = []
    for email in (who.email, "niemand@politie.example"):
        visitor = new_client()
        visitor.page("/sign-in/recovery")
        with count_statements() as sent:
            visitor.send("/sign-in/recovery", {"email": email})
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_asking_on_and_on_has_to_wait(new_client, who):
    answers = [asks(new_client(), who.email).status_code for _time in range(8)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_a_link_to_a_mailbox_is_no_link_to_a_password(new_client, who, mails):
    visitor = new_client()
    asks(visitor, who.email)
    (link,) = link_in(mails, who)
    token = link.rsplit("/", 1)[1]
    assert visitor.get(f"/welcome/{token}").status_code == 410
    _somebody, other = accounts.invited(builders.organisation("XYZ"))
    assert visitor.get(f"/sign-in/recovery/{other}").status_code == 410
    asks(visitor, who.email)
    with transaction() as session:
        made = session.scalars(select(OneTimeLink).where(OneTimeLink.purpose == "password")).all()
    assert [one.used_at is None for one in made].count(True) == 1, "asking ends no other link"


def test_after_a_reset_by_two_people_a_passkey_may_be_chosen(new_client, world, who, device, mails):
    administrator = new_client().sign_in(world.administrator.id)
    administrator.page(f"/admin/people/{who.id}")
    administrator.send(f"/admin/people/{who.id}/reset-factor")
    chair = new_client().sign_in(world.chair.id)
    with transaction() as session:
        change = session.scalars(select(PowerfulChange)).one().id
    chair.page("/changes")
    assert chair.send(f"/changes/{change}", {"decision": "approve"}).status_code == 303
    assert signs_in(new_client(), device).location != "/sessions"
    outbox.drain(most=100)
    (link,) = {found[0] for mail in mails() if (found := re.search(r"/welcome/[\w-]+", mail.text))}
    visitor, new = new_client(), Authenticator(device.origin)
    assert "Of kies een passkey" in visitor.page(link).text
    assert given(visitor, f"{link}/passkey", new).status_code == 200
    assert signs_in(new_client(), new).location == "/sessions"
    with transaction() as session:
        ended = session.scalars(select(Passkey.revoked_reason).order_by(Passkey.made_at)).all()
        assert ended == ["reset", ""]
        assert len(session.scalars(select(RecoveryCode)).all()) == 10


def test_the_mail_log_says_what_each_was_for(app):
    with app.test_request_context():
        links = {kind_text(f"account.{one}") for one in ("invite", "recover", "recovery_link")}
        told = {kind_text(f"account.{one}") for one in ("recovery_codes", "recovery_used")}
    assert links == {"Link om in te loggen"}
    assert told == {"Bericht over het account"}
