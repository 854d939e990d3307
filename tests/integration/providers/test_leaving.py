"""Who left the directory of the organisation is out here: told by it, or asked each hour."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.administration.providers import ByProvider
from app.domain.kinds import CeremonyPurpose
from app.infra.db import reading
from app.models import AuditEvent, SignInCeremony, WebSession
from tests import builders, providers
from tests.providers import address_in, faults, right, sign_in

HOUR = timedelta(minutes=60)


def rows(model, *conditions):
    with reading() as session:
        return session.scalars(select(model).where(*conditions)).all()


@pytest.fixture
def link(provider, anna):
    return providers.linked(anna, provider)


@pytest.fixture
def inside(client, server, link):
    """Somebody who came by the provider a moment ago."""
    assert sign_in(client, server).status_code == 303
    return client


def an_hour_on(client, frozen_clock, server=None, **told) -> None:
    """An hour later, with something done now and then."""
    for _ in range(6):
        frozen_clock.advance(HOUR / 6)
        client.get("/keys")
    if server is not None:
        server.says(**right(**told))


def asked_again(client, server, path: str = "/sessions"):
    """The next page after an hour, by way of the provider; gives the answer to what came back."""
    due = client.get(path)
    assert due.location.startswith("/sign-in/again?next="), due.location
    return client.get(server.back_at(address_in(client.get(due.location))))


def test_within_the_hour_nobody_is_asked(inside, server, frozen_clock):
    server.says(**right())
    for _ in range(5):
        frozen_clock.advance(timedelta(minutes=11, seconds=59))
        assert inside.get("/sessions").status_code == 200
    assert "/authorize" not in server.asked()


def test_after_an_hour_the_next_page_asks_and_comes_up(inside, server, frozen_clock):
    an_hour_on(inside, frozen_clock, server)
    back = asked_again(inside, server, "/sessions?a=b")

    assert (back.status_code, back.location) == (303, "/sessions?a=b")
    assert inside.get("/sessions").status_code == 200
    (session,) = rows(WebSession)
    assert session.provider_asked_at == frozen_clock.now()
    assert len(rows(SignInCeremony, SignInCeremony.purpose == CeremonyPurpose.RECHECK)) == 1
    assert "prompt=none" in address_of_recheck(inside, frozen_clock)


def address_of_recheck(client, frozen_clock) -> str:
    an_hour_on(client, frozen_clock)
    return address_in(client.get(client.get("/sessions").location))


@pytest.mark.parametrize("error", ["login_required", "interaction_required", "access_denied"])
def test_who_is_signed_in_there_no_longer_is_out_here(inside, server, frozen_clock, error):
    an_hour_on(inside, frozen_clock, server, error=error)
    answer = asked_again(inside, server)

    assert answer.status_code == 403
    assert "bent u hier ook uitgelogd" in inside.last.text
    assert inside.get("/sessions").location.startswith("/sign-in?")
    assert [one.ended_reason for one in rows(WebSession)] == ["provider"]
    assert "left" in faults()
    (out,) = rows(AuditEvent, AuditEvent.event == "sign-out")
    assert out.outcome == "provider"


def test_another_person_there_is_not_this_one(inside, server, frozen_clock):
    an_hour_on(inside, frozen_clock, server, sub="sub-2")

    assert asked_again(inside, server).status_code == 403
    assert inside.get("/sessions").location.startswith("/sign-in?")
    assert [one.ended_reason for one in rows(WebSession)] == ["provider"]


def test_without_an_answer_nothing_opens_and_the_session_waits(inside, server, frozen_clock):
    an_hour_on(inside, frozen_clock, server, down=["/token"])
    assert asked_again(inside, server).status_code == 502
    assert inside.get("/sessions").location.startswith("/sign-in/again?")
    server.says(**right())

    assert asked_again(inside, server).location == "/sessions"


def test_what_was_typed_comes_back_once_the_provider_was_asked(
    client, server, police, provider, frozen_clock
):
    """A form that comes too late is kept as that of an expired session is."""
    office = builders.person(police, email="a.devries@politie.example", is_administrator=True)
    providers.linked(office, provider)
    sign_in(client, server)
    path = "/admin/organisations/new"
    client.page(path)
    form = client.last.form().filled({"name": "Wat ik al schreef", "code": "WIS"})
    an_hour_on(client, frozen_clock, server)
    late = client.post(path, data=form, headers={"Referer": f"https://casustafel.test{path}"})

    assert late.location.startswith("/sign-in/again?next=")
    back = client.get(server.back_at(address_in(client.get(late.location))))
    assert back.location == f"{path}?restored=1"
    assert dict(client.page(back.location).form().fields)["name"] == "Wat ik al schreef"


def test_who_leaves_need_not_be_asked_for(inside, frozen_clock):
    inside.page("/sessions")
    token = inside.token()
    an_hour_on(inside, frozen_clock)
    inside.post("/sign-out", data={"csrf_token": token}, headers={"Referer": "https://casustafel.test/"})  # fmt: skip

    assert [one.ended_reason for one in rows(WebSession)] == ["signed-out"]


def test_a_link_that_was_ended_ends_the_session_at_the_hour(inside, link, frozen_clock):
    an_hour_on(inside, frozen_clock)
    link.ended_at = frozen_clock.now()
    builders.save(link)

    assert inside.get(inside.get("/sessions").location).status_code == 403
    assert inside.get("/sessions").location.startswith("/sign-in?")


def test_who_came_by_password_is_not_asked_for(client, anna, link, frozen_clock):
    client.sign_in(anna.id)
    an_hour_on(client, frozen_clock)

    assert client.get("/sessions").status_code == 200


# The provider's own word.


def tell(client, provider, token: str):
    return client.post(f"/sign-in/provider/{provider.id}/signed-out", data={"logout_token": token})


@pytest.mark.parametrize("claims", [{}, {"sid": "sid-1"}, {"sub": None, "sid": "sid-1"}])
def test_the_word_of_a_provider_ends_the_session_at_once(
    inside, new_client, server, provider, claims
):
    assert tell(new_client(), provider, server.logout_token(**claims)).status_code == 200
    assert inside.get("/sessions").location.startswith("/sign-in?")
    (out,) = rows(AuditEvent, AuditEvent.event == "sign-out")
    assert (out.outcome, out.role) == ("provider", "system")


def test_a_half_signed_in_session_ends_as_well(client, new_client, server, provider, link):
    server.says(**right(claims={"acr": None}))
    assert sign_in(client, server).location == "/sign-in/enrol"
    tell(new_client(), provider, server.logout_token())

    assert client.get("/sign-in/enrol").status_code == 303


WRONG_WORDS = {
    "another audience": {"aud": "another"},
    "another issuer": {"iss": "https://elders.example"},
    "no event": {"events": None},
    "another event": {"events": {"http://example.org/event": {}}},
    "a nonce, so an ID token": {"nonce": "n"},
    "no number": {"jti": None},
    "about nobody": {"sub": None},
    "no moment": {"iat": None},
    "of long ago": {"iat": 1_000_000_000},
    "of later": {"iat": 4_000_000_000},
    "past its end": {"exp": 1_000_000_000},
}


@pytest.mark.parametrize("what", WRONG_WORDS)
def test_a_wrong_word_ends_nothing(inside, new_client, server, provider, what):
    answer = tell(new_client(), provider, server.logout_token(**WRONG_WORDS[what]))

    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"
    assert inside.get("/sessions").status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(329, 200), (331, 400)])
def test_a_word_counts_for_five_minutes_and_a_little(  # noqa: PLR0917 - fixtures, by name
    inside, new_client, server, provider, frozen_clock, seconds, status
):
    told = server.logout_token(iat=frozen_clock.now().timestamp() - seconds)

    assert tell(new_client(), provider, told).status_code == status


@pytest.mark.parametrize("algorithm", ["none", "HS256", "other-key", "unknown-kid"])
def test_a_word_that_is_not_signed_by_the_provider_ends_nothing(
    inside, new_client, server, provider, algorithm
):
    server.says(**right(algorithm=algorithm))

    assert tell(new_client(), provider, server.logout_token()).status_code == 400
    assert inside.get("/sessions").status_code == 200


def test_a_word_counts_once(inside, new_client, server, provider):
    token = server.logout_token()
    assert tell(new_client(), provider, token).status_code == 200
    assert tell(new_client(), provider, token).status_code == 400


def test_a_word_ends_the_sessions_of_whom_it_names(inside, new_client, server, provider, police):
    ben = builders.person(police, email="b.bakker@politie.example")
    providers.linked(ben, provider, "sub-2")
    server.says(**right(sub="sub-2", claims={"sid": "sid-2"}))
    other = new_client()
    assert sign_in(other, server).status_code == 303
    tell(new_client(), provider, server.logout_token())

    assert inside.get("/sessions").status_code == 200
    assert other.get("/sessions").status_code == 303


def test_a_password_session_of_the_same_person_goes_on(new_client, server, provider, anna, link):
    by_password = new_client().sign_in(anna.id)
    tell(new_client(), provider, server.logout_token())

    assert by_password.get("/sessions").status_code == 200


def test_of_so_many_that_left_each_next_request_is_refused(  # noqa: PLR0917 - fixtures, by name
    app, new_client, server, provider, police, frozen_clock, deep
):
    """500 of 500 in the deep run."""
    refused, number = 0, 500 if deep else 25
    told = new_client()
    for turn in range(number):
        who = builders.person(police)
        link = providers.linked(who, provider, f"sub-{turn}")
        visitor = new_client()
        visitor.checking = False
        by = ByProvider(link.id, f"sid-{turn}", frozen_clock.now())
        visitor.sign_in(who.id, by=by)
        assert visitor.get("/sessions").status_code == 200
        claims = {"sub": f"sub-{turn}"} if turn % 2 else {"sub": None, "sid": f"sid-{turn}"}
        assert tell(told, provider, server.logout_token(**claims)).status_code == 200
        refused += visitor.get("/sessions").status_code == 303

    assert refused == number


def test_who_makes_words_up_waits(new_client, server, provider):
    told = new_client()
    statuses = [tell(told, provider, "made.up.words").status_code for _ in range(60)]

    assert (statuses[0], statuses[-1]) == (400, 429)
