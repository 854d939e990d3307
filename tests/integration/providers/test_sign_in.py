"""Signing in at one's own organisation, against a provider process of its own."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, SignInMethod
from app.infra import outbox
from app.infra.db import reading
from app.models import (
    AuditEvent,
    LinkedIdentity,
    LogoutToken,
    OneTimeLink,
    Person,
    SignInCeremony,
    WebSession,
)
from app.web import housekeeping
from tests import accounts, builders, providers
from tests.accounts import code
from tests.providers import faults, right, sent_to, sign_in
from tests.serving import free_port


def rows(model, *conditions):
    with reading() as session:
        return session.scalars(select(model).where(*conditions)).all()


def test_somebody_known_signs_in_and_gets_the_page_that_was_asked_for(
    client, server, provider, anna, frozen_clock
):
    providers.linked(anna, provider)
    asked = client.get("/sessions")
    client.page(asked.location)
    link = next(one for one in client.last.links if one.startswith("/sign-in/organisation"))
    answer = sign_in(client, server, path=link)

    assert (answer.status_code, answer.location) == (303, "/sessions")
    assert "A. de Vries" in client.page("/sessions").text
    (session,) = rows(WebSession)
    assert (session.method, session.provider_session) == (SignInMethod.PROVIDER, "sid-1")
    assert session.provider_asked_at == frozen_clock.now()
    assert [one.object_id for one in rows(AuditEvent, AuditEvent.event == "sign-in")] == [anna.id]


def test_the_question_has_all_that_keeps_an_answer_ones_own(client, server, provider):
    address = urlsplit(sent_to(client, "Iemand@Politie.example"))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}

    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{server.issuer}/authorize"
    assert asked["redirect_uri"] == f"https://casustafel.test/sign-in/provider/{provider.id}/answer"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"].split() == ["openid", "email"]
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert asked["login_hint"] == "iemand@politie.example"
    (kept,) = rows(SignInCeremony)
    assert asked["state"] not in kept.token_hash
    assert asked["nonce"].encode() not in kept.secret_ct


def test_where_one_is_sent_tells_nothing_of_who_has_an_account(new_client, provider, anna):
    pages = []
    for email in (anna.email, "niemand@politie.example"):
        visitor = new_client()
        visitor.fill("/sign-in/organisation", {"email": email})
        pages.append((visitor.last.text, len(visitor.last.links)))

    assert pages[0] == pages[1]


def test_an_address_of_nobody_known_says_so_for_any_address_there(client, provider, police):
    builders.person(police, email="b.bakker@elders.example")
    for email in ("b.bakker@elders.example", "niemand@elders.example"):
        answer = client.fill("/sign-in/organisation", {"email": email})
        assert answer.status_code == 422
        assert "kennen wij geen inlogpagina" in client.last.text


def test_each_organisation_has_its_own_provider(client, server, provider, police):
    care = builders.organisation("JGZ")
    providers.set_up(server, care, name="Jeugdzorg", issuer=f"http://127.0.0.1:{free_port()}", domains="zorg.example")  # fmt: skip

    assert sent_to(client).startswith(server.issuer)
    answer = client.fill("/sign-in/organisation", {"email": "a@zorg.example"})
    # Nobody listens at that address: a clear message, and no session.
    assert answer.status_code == 502
    assert "antwoordt niet" in client.last.text
    assert faults() == ["unreachable"]


def test_a_whole_sign_in_takes_twelve_statements(client, server, provider, anna, count_statements):
    providers.linked(anna, provider)
    client.page("/sign-in/organisation")
    with count_statements() as seen:
        answer = client.send("/sign-in/organisation", {"email": anna.email})
        back = server.back_at(providers.address_in(answer))
        assert client.get(back).status_code == 303

    assert len(seen) <= 12, "\n".join(seen)


def test_without_a_second_factor_there_ours_is_asked(client, server, police, provider):
    ben = accounts.enrolled(police, email="b.bakker@politie.example")
    providers.linked(ben, provider)
    server.says(**right(claims={"acr": "password", "amr": ["pwd"]}))
    answer = sign_in(client, server, path="/sign-in/organisation?next=/sessions")

    assert answer.location == "/sign-in/code?next=/sessions"
    assert client.get("/sessions").location.startswith("/sign-in?next=")
    done = client.fill(answer.location, {"code": code()})
    assert done.location == "/sessions"
    full = rows(WebSession, WebSession.stage == "full")
    assert [(one.method, one.provider_session) for one in full] == [
        (SignInMethod.PROVIDER, "sid-1")
    ]


def test_a_method_reference_counts_as_second_factor_as_well(client, server, provider, anna):
    providers.linked(anna, provider)
    server.says(**right(claims={"acr": None, "amr": ["pwd", "mfa"]}))

    assert sign_in(client, server).location == "/"
    assert client.get("/sessions").status_code == 200


def test_without_any_second_factor_one_is_set_up_first(client, server, provider, anna):
    providers.linked(anna, provider)
    server.says(**right(claims={"acr": None}))

    assert sign_in(client, server).location == "/sign-in/enrol"
    assert client.get("/sessions").status_code == 303


def test_a_stronger_sign_in_is_asked_for_where_it_is_set_up(client, server, police):
    providers.set_up(server, police, asks_acr="urn:sterk")

    assert "acr_values=urn%3Asterk" in sent_to(client)


def test_the_first_sign_in_links_who_was_invited_and_tells_them(
    client, server, provider, police, mails
):
    cees, token = accounts.invited(police, email="c.smit@politie.example")
    server.says(**right(email="C.Smit@Politie.example"))

    assert sign_in(client, server, email="c.smit@politie.example").location == "/"
    (link,) = rows(LinkedIdentity)
    assert (link.person_id, link.subject) == (cees.id, "sub-1")
    assert rows(Person, Person.id == cees.id)[0].state is AccountState.ACTIVE
    assert rows(OneTimeLink)[0].used_at is not None
    assert client.get(f"/welcome/{token}").status_code == 410
    recorded = rows(AuditEvent, AuditEvent.object_kind == "linked-identity")
    assert [one.object_id for one in recorded] == [cees.id]
    outbox.drain()
    (mail,) = mails(recipient=cees.email)
    assert "verandert iets aan uw account" in mail.subject


def test_an_answer_after_ten_minutes_is_too_late(client, server, provider, anna, frozen_clock):
    providers.linked(anna, provider)
    back = server.back_at(sent_to(client))
    frozen_clock.advance(timedelta(minutes=10))
    # The token itself is fresh: it is made when the code is exchanged.
    server.says(**right())

    assert client.get(back).status_code == 403
    assert faults() == ["expired"]


@pytest.mark.parametrize("state", [AccountState.BLOCKED, AccountState.LEFT])
def test_who_is_blocked_or_left_does_not_get_in(client, server, provider, police, state):
    gone = builders.person(police, email="a.devries@politie.example", state=state)
    providers.linked(gone, provider)

    assert sign_in(client, server).status_code == 403
    assert "geen account" in client.last.text
    assert (faults(), rows(WebSession)) == (["no-account"], [])


def test_what_can_be_answered_no_more_is_thrown_away(client, server, provider, frozen_clock):
    sent_to(client)
    builders.save(LogoutToken(provider_id=provider.id, token_id="1", taken_at=frozen_clock.now()))
    frozen_clock.advance(timedelta(minutes=9))
    housekeeping.tidy()
    assert len(rows(SignInCeremony)) == len(rows(LogoutToken)) == 1
    frozen_clock.advance(timedelta(days=1))
    housekeeping.tidy()

    assert rows(SignInCeremony) == rows(LogoutToken) == []
