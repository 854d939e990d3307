"""Every way of signing in, in every flow; each cell walks the pages themselves.

At the door, proving who is there, after losing it, as a guest, and after a session that ended while
somebody typed.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState
from app.infra import clock, openid
from app.infra.db import transaction
from app.models import Person, WebSession
from tests import builders
from tests.openid_provider import running
from tests.ways import WAYS, Provider, ProviderThenApp, ProviderThenPasskey, led

# What asks who is there when that was long ago.
ASKS = "/passkeys"


@pytest.fixture(scope="module")
def server():
    with running() as made:
        yield made


@pytest.fixture
def walks(app, server, new_client, frozen_clock, mails):
    """What every way needs; whatever the provider published is fetched anew."""
    openid.forget()
    police = builders.organisation("POL")
    return {
        "server": server, "police": police, "visitor": new_client, "clock": frozen_clock,
        "mails": mails,
    }  # fmt: skip


@pytest.fixture(params=WAYS, ids=lambda one: one.__name__)
def way(request, walks):
    return request.param(**walks)


def last_method(way):
    newest = select(WebSession.method).where(
        WebSession.person_id == way.who.id, WebSession.stage == "full"
    )
    with transaction() as session:
        return session.scalars(newest.order_by(WebSession.created_at.desc())).first()


def test_signing_in_opens_the_page_that_was_asked_for(way):
    way.has()
    visitor = way.visitor()
    asked = visitor.get("/sessions")
    assert asked.location.startswith("/sign-in?next=")
    way.clock.advance(timedelta(seconds=1))
    assert way.comes_in(visitor, asked.location).location == "/sessions"
    assert visitor.get("/sessions").status_code == 200
    assert last_method(way) is way.method


def test_who_is_there_is_proved_for_an_act_and_for_one_that_asks_a_proof_of_its_own(way):
    way.has(is_privacy_officer=True)
    visitor = way.visitor()
    way.comes_in(visitor)
    own = "/access-log"
    visitor.page("/sessions")
    assert led(visitor.send(own)).startswith("/step-up?next="), "a sign-in is no proof for this"
    way.clock.advance(timedelta(minutes=6))
    asked = visitor.get(ASKS)
    assert asked.location == f"/step-up?next={ASKS}"
    assert way.proves(visitor, asked.location).location == ASKS
    assert visitor.get(ASKS).status_code == 200
    assert not led(visitor.send(own)).startswith("/step-up"), "it was made for this"
    way.clock.advance(timedelta(minutes=6))
    assert visitor.get(ASKS).status_code == 303


def test_who_lost_it_comes_in_again_and_has_it_again(way):
    way.has()
    way.recovers(way.visitor())


def test_a_guest_opens_the_account_comes_in_and_is_out_on_the_last_day(way):
    way.is_invited(ends_at=clock.now() + timedelta(days=1))
    first = way.visitor()
    way.opens(first)
    assert first.get("/sessions").status_code == 200
    with transaction() as session:
        assert session.get_one(Person, way.who.id).state is AccountState.ACTIVE
    again = way.visitor()
    assert way.comes_in(again, "/sign-in?next=/sessions").location == "/sessions"
    assert again.get("/sessions").status_code == 200

    way.clock.advance(timedelta(days=1))
    assert again.get("/sessions").status_code == 303
    late = way.visitor()
    with pytest.raises(AssertionError):
        assert way.comes_in(late, "/sign-in?next=/sessions").location == "/sessions"
    assert late.get("/sessions").status_code == 303


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_again(way):
    way.has(is_administrator=True)
    visitor = way.visitor()
    way.comes_in(visitor)
    path = "/admin/organisations/new"
    visitor.page(path)
    typed = visitor.last.form().filled({"name": "Wat ik al schreef"})
    way.clock.advance(timedelta(minutes=20))
    late = visitor.post(path, data=typed, headers={"Referer": f"https://casustafel.test{path}"})
    assert late.location.startswith("/sign-in?next=")

    back = way.comes_in(visitor, late.location)
    assert back.location == f"{path}?restored=1"
    assert dict(visitor.page(back.location).form().fields)["name"] == "Wat ik al schreef"


def test_half_a_proof_is_none_without_a_code_in_this_session_within_five_minutes(walks):
    way = ProviderThenApp(**walks)
    way.has()
    visitor, asked = way.visitor(), f"/step-up?next={ASKS}"
    way.comes_in(visitor)
    way.clock.advance(timedelta(minutes=6))
    visitor.page(asked)
    assert led(visitor.send("/step-up/code", {"code": way.a_code()})).startswith("/step-up")
    assert visitor.get(ASKS).status_code == 303, "a code alone is half a proof too"

    Provider.proves(way, visitor, asked)
    assert visitor.fill(asked, {"code": "000000"}, action="/step-up/code").location == asked
    assert "klopt niet" in visitor.page(asked).text
    assert visitor.get(ASKS).status_code == 303
    way.clock.advance(timedelta(minutes=5))
    assert "Vul nu de code" not in visitor.page(asked).text
    visitor.send("/step-up/code", {"code": way.a_code()})
    assert visitor.get(ASKS).status_code == 303

    Provider.proves(way, visitor, asked)
    other = way.visitor()
    way.comes_in(other)
    way.clock.advance(timedelta(minutes=6))
    other.page(asked)
    other.send("/step-up/code", {"code": way.a_code()})
    assert other.get(ASKS).status_code == 303, "the half of another browser"


def test_who_has_no_app_gets_no_half_of_a_proof(walks):
    way = ProviderThenPasskey(**walks)
    way.has()
    visitor, asked = way.visitor(), f"/step-up?next={ASKS}"
    way.comes_in(visitor)
    way.clock.advance(timedelta(minutes=6))
    assert Provider.proves(way, visitor, asked).status_code == 403
    assert "vroeg geen tweede stap" in visitor.last.text
    assert "Vul nu de code" not in visitor.page(asked).text
