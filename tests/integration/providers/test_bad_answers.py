"""What is wrong with an answer opens nothing: a clear page, a line in the log, no session."""

import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState
from app.infra import openid
from app.infra.db import reading
from app.models import LinkedIdentity, Person, WebSession
from tests import accounts, builders, providers
from tests.openid_provider import running
from tests.providers import faults, right, sent_to, sign_in

MINUTE = 60


def rows(model, *conditions):
    with reading() as session:
        return session.scalars(select(model).where(*conditions)).all()


def assert_nobody_in(client, answer, fault: str, *, status: int = 403) -> None:
    assert answer.status_code == status, answer.text
    assert "Er is niet ingelogd" in client.last.text
    assert faults() == [fault]
    assert rows(WebSession) == []
    assert client.get("/sessions").location.startswith("/sign-in?")


WRONG = {
    "another audience": ("audience", {"claims": {"aud": "another"}}),
    "no audience": ("audience", {"claims": {"aud": None}}),
    "two audiences and nobody named": ("audience", {"claims": {"aud": ["casustafel", "another"]}}),
    "made for another client": ("audience", {"claims": {"azp": "another"}}),
    "another issuer": ("issuer", {"claims": {"iss": "https://elders.example"}}),
    "algorithm none": ("algorithm", {"algorithm": "none"}),
    "the public key as a shared secret": ("algorithm", {"algorithm": "HS256"}),
    "another key": ("signature", {"algorithm": "other-key"}),
    "a key nobody published": ("signature", {"algorithm": "unknown-kid"}),
    "another nonce": ("nonce", {"claims": {"nonce": "of an earlier question"}}),
    "no nonce": ("nonce", {"claims": {"nonce": None}}),
    "no subject": ("subject", {"claims": {"sub": None}}),
    "an empty subject": ("subject", {"claims": {"sub": ""}}),
    "no end": ("expired", {"claims": {"exp": None}}),
    "no beginning": ("future", {"claims": {"iat": None}}),
    "no token page": ("unreachable", {"down": ["/token"]}),
    "no keys": ("unreachable", {"down": ["/keys"]}),
    "a token page that sends on": ("unreachable", {"moves": ["/token"]}),
    "answering as another": ("issuer", {"answers_as": "https://elders.example"}),
    "not saying who answers": ("issuer", {"answers_as": "-"}),
    "a refusal there": ("denied", {"error": "access_denied"}),
    "a failure there": ("unreachable", {"error": "server_error"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_answer_opens_nothing(client, server, provider, anna, what):
    providers.linked(anna, provider)
    fault, told = WRONG[what]
    server.says(**right(**told))
    answer = sign_in(client, server)

    assert_nobody_in(client, answer, fault, status=502 if fault == "unreachable" else 403)


@pytest.mark.parametrize(
    ("claim", "seconds", "fault"),
    [("exp", -31, "expired"), ("iat", 31, "future"), ("nbf", 31, "future")],
)
def test_a_little_difference_of_clocks_is_let_pass_and_more_is_not(  # noqa: PLR0917 - fixtures, by name
    client, server, provider, anna, frozen_clock, claim, seconds, fault
):
    providers.linked(anna, provider)
    now = frozen_clock.now().timestamp()
    server.says(**right(claims={claim: now + seconds}))
    assert_nobody_in(client, sign_in(client, server), fault)
    server.says(**right(claims={claim: now + seconds + (2 if seconds < 0 else -2)}))
    assert sign_in(client, server).status_code == 303


def test_an_answer_counts_once(new_client, client, server, provider, anna):
    providers.linked(anna, provider)
    back = server.back_at(sent_to(client))
    assert client.get(back).status_code == 303
    client.delete_cookie("__Host-casustafel", domain="casustafel.test")

    assert client.get(back).status_code == 403
    assert "al gebruikt" in client.last.text
    assert faults() == ["state"]


def test_an_answer_counts_in_the_browser_that_asked_alone(new_client, server, provider, anna):
    providers.linked(anna, provider)
    asking, other = new_client(), new_client()
    back = server.back_at(sent_to(asking))
    # The other browser has a question of its own, too.
    sent_to(other)

    assert_nobody_in(other, other.get(back), "browser")
    assert asking.get(back).status_code == 303


def test_nobody_asked_for_an_answer_that_was_made_up(client, provider):
    query = urlencode({"state": "x" * 43, "code": "y", "iss": provider.issuer})
    path = f"/sign-in/provider/{provider.id}/answer"

    assert_nobody_in(client, client.get(f"{path}?{query}"), "state")


def test_an_answer_at_the_address_of_another_provider_is_refused(
    client, server, provider, police, anna
):
    """A mix-up: one provider asked, the answer brought to the door of another."""
    providers.linked(anna, provider)
    other = providers.set_up(server, police, issuer="https://elders.example", domains="elders.example")  # fmt: skip
    back = server.back_at(sent_to(client))

    answer = client.get(back.replace(str(provider.id), str(other.id)))
    assert_nobody_in(client, answer, "state")


def test_a_provider_that_was_ended_opens_nothing_any_more(client, server, provider, anna):
    providers.linked(anna, provider)
    back = server.back_at(sent_to(client))
    from app.infra import clock

    builders.save(_ended(provider, clock.now()))
    assert_nobody_in(client, client.get(back), "state")
    assert client.fill("/sign-in/organisation", {"email": anna.email}).status_code == 422


def _ended(provider, moment):
    provider.ended_at = moment
    return provider


def test_where_to_go_on_is_never_elsewhere(client, server, provider, anna):
    providers.linked(anna, provider)
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        client.page("/sign-in/organisation")
        answer = client.send("/sign-in/organisation", {"email": anna.email, "next": target})
        back = server.back_at(providers.address_in(answer))
        assert client.get(back).location == "/"
        client.delete_cookie("__Host-casustafel", domain="casustafel.test")


def test_another_address_to_come_back_to_is_another_answer(client, server, provider):
    """Tampering with the address to come back to: the code is not exchanged there (RFC 6749)."""
    address = urlsplit(sent_to(client))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    asked["redirect_uri"] = asked["redirect_uri"].replace(str(provider.id), str(uuid.uuid4()))
    elsewhere = server.back_at(f"{address.geturl().split('?')[0]}?{urlencode(asked)}")
    query = elsewhere.partition("?")[2]

    answer = client.get(f"/sign-in/provider/{provider.id}/answer?{query}")
    assert_nobody_in(client, answer, "token")


def test_a_provider_that_is_gone_in_the_middle_says_so(client, police, anna):
    with running() as short:
        openid.forget()
        short.says(**right())
        made = providers.set_up(short, police)
        providers.linked(anna, made)
        back = short.back_at(sent_to(client))
        short.stop()
        answer = client.get(back)

    assert_nobody_in(client, answer, "unreachable", status=502)
    assert "antwoordt niet" in client.last.text


def test_a_provider_that_calls_itself_something_else_is_not_asked(client, server, provider):
    server.says(**right(discovery={"issuer": "https://elders.example"}))
    answer = client.fill("/sign-in/organisation", {"email": "a@politie.example"})

    assert_nobody_in(client, answer, "issuer")


def test_an_answer_of_megabytes_is_not_read(client, server, provider):
    server.says(**right(discovery={"more": "x" * 300_000}))
    answer = client.fill("/sign-in/organisation", {"email": "a@politie.example"})

    assert_nobody_in(client, answer, "unreachable", status=502)


def test_a_new_key_is_fetched_at_most_once_a_minute(client, server, provider, anna, frozen_clock):
    providers.linked(anna, provider)
    assert sign_in(client, server).status_code == 303
    server.turn_keys()
    server.says(**right())
    client.delete_cookie("__Host-casustafel", domain="casustafel.test")
    assert sign_in(client, server).status_code == 403
    assert server.asked().count("/keys") == 0
    frozen_clock.advance(timedelta(seconds=MINUTE))
    server.says(**right())
    assert sign_in(client, server).status_code == 303
    assert server.asked().count("/keys") == 1


# Who an identity is.


def test_no_account_appears_by_itself(client, server, provider):
    server.says(**right(email="niemand@politie.example"))

    assert_nobody_in(client, sign_in(client, server), "no-account")
    assert rows(Person) == []


@pytest.mark.parametrize("confirmed", [False, None, "true"])
def test_an_address_that_is_not_confirmed_links_nobody(client, server, provider, anna, confirmed):
    server.says(**right(claims={"email_verified": confirmed}))

    assert_nobody_in(client, sign_in(client, server), "unconfirmed")
    assert rows(LinkedIdentity) == []


def test_another_subject_with_the_same_address_is_refused_and_not_linked(
    client, server, provider, anna
):
    providers.linked(anna, provider, "sub-of-before")

    assert_nobody_in(client, sign_in(client, server), "other-sub")
    assert [one.subject for one in rows(LinkedIdentity)] == ["sub-of-before"]


def test_a_known_subject_stays_itself_whatever_its_address(client, server, police, provider, anna):
    """The address goes to somebody else: the subject does not become that one."""
    builders.person(police, email="b.bakker@politie.example")
    providers.linked(anna, provider)
    server.says(**right(email="b.bakker@politie.example"))
    sign_in(client, server)

    assert {one.person_id for one in rows(WebSession)} == {anna.id}


def test_a_provider_speaks_for_its_own_organisation_alone(client, server, provider):
    care = builders.organisation("JGZ")
    for email in ("d.mulder@zorg.example", "d.mulder@politie.example"):
        builders.person(care, email=email)
        server.says(**right(email=email, sub=email))
        assert sign_in(client, server).status_code == 403
    assert faults() == ["no-account"] * 2


def test_a_provider_speaks_for_its_own_domains_alone(client, server, police, provider):
    builders.person(police, email="e.visser@elders.example")
    server.says(**right(email="e.visser@elders.example"))

    assert_nobody_in(client, sign_in(client, server), "no-account")


def test_who_moved_to_another_organisation_comes_by_the_old_one_no_more(
    client, server, provider, anna
):
    providers.linked(anna, provider)
    anna.organisation_id = builders.organisation("JGZ").id
    builders.save(anna)

    assert_nobody_in(client, sign_in(client, server), "no-account")


def test_an_ended_link_opens_nothing_and_another_subject_may_follow(
    client, server, provider, anna, frozen_clock
):
    providers.linked(anna, provider, ended_at=frozen_clock.now())
    assert_nobody_in(client, sign_in(client, server), "link-ended")
    server.says(**right(sub="sub-2"))

    assert sign_in(client, server).status_code == 303
    assert {one.subject for one in rows(LinkedIdentity)} == {"sub-1", "sub-2"}


def test_a_guest_whose_time_is_over_does_not_get_in(client, server, police, provider, frozen_clock):
    guest = builders.person(police, email="a.devries@politie.example", ends_at=frozen_clock.now())
    providers.linked(guest, provider)

    assert_nobody_in(client, sign_in(client, server), "no-account")


def test_who_tries_without_end_waits_and_fills_no_log(client, provider):
    path = f"/sign-in/provider/{provider.id}/answer"
    statuses = [client.get(f"{path}?state={turn}").status_code for turn in range(60)]

    assert (statuses[0], statuses[-1]) == (403, 429)
    assert len(faults()) < 55


def test_an_invited_person_has_to_be_confirmed_too(client, server, police, provider):
    accounts.invited(police, email="a.devries@politie.example")
    server.says(**right(email_verified=False))

    assert_nobody_in(client, sign_in(client, server), "unconfirmed")
    assert [one.state for one in rows(Person)] == [AccountState.INVITED]
