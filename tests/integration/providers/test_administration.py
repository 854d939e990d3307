"""An administrator adds, tries, changes and ends the sign-in pages of partners."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.administration.providers import secret_binding
from app.infra import crypto, outbox
from app.infra.db import reading
from app.models import AuditEvent, IdentityProvider, LinkedIdentity, WebSession
from tests import builders, providers
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET
from tests.providers import faults, right, sign_in
from tests.serving import free_port


def rows(model, *conditions):
    with reading() as session:
        return session.scalars(select(model).where(*conditions)).all()


@pytest.fixture
def office(new_client, app):
    """An administrator who signed in just now."""
    host = builders.organisation("GEM")
    return new_client().sign_in(builders.person(host, is_administrator=True).id)


@pytest.fixture
def typed(server, police):
    return {
        "organisation": str(police.id), "issuer": server.issuer, "name": "Politie",
        "domains": "Politie.example, om.example", "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET, "second_factors": "mfa  phishing-resistant",
    }  # fmt: skip


def test_what_an_administrator_adds_works_and_its_secret_shows_nowhere(  # noqa: PLR0917 - fixtures, by name
    office, client, server, police, anna, typed
):
    added = office.fill("/admin/providers/new", typed)
    assert added.status_code == 303
    (made,) = rows(IdentityProvider)
    assert made.domains == "politie.example om.example"
    assert CLIENT_SECRET.encode() not in made.client_secret_ct
    page = office.page(added.location)
    assert CLIENT_SECRET not in page.html
    assert f"https://casustafel.test/sign-in/provider/{made.id}/answer" in page.text
    assert f"https://casustafel.test/sign-in/provider/{made.id}/signed-out" in page.text
    server.says(**right())
    assert sign_in(client, server).status_code == 303
    assert "A. de Vries" in office.page(added.location).text


def test_an_empty_secret_leaves_the_stored_one(office, provider):
    path = f"/admin/providers/{provider.id}"
    assert office.fill(path, {"name": "Politie Oost"}).status_code == 303
    (kept,) = rows(IdentityProvider)
    assert (kept.name, kept.version) == ("Politie Oost", 2)
    sealed = crypto.Sealed(kept.client_secret_ct, secret_binding(kept.id))
    assert crypto.unseal(sealed) == CLIENT_SECRET
    assert office.fill(path, {"version": "1", "name": "Later"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [("issuer", "http://elders.example"), ("issuer", "https://x.example/?a"), ("domains", "geen"), ("domains", ""), ("name", ""), ("organisation", "")],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(office, typed, field, value):
    assert office.fill("/admin/providers/new", typed | {field: value}).status_code == 422
    assert rows(IdentityProvider) == []


def test_an_address_has_one_sign_in_page(office, provider, typed):
    for changed in ({"domains": "elders.example"}, {"issuer": "https://elders.example"}):
        assert office.fill("/admin/providers/new", typed | changed).status_code == 422
        assert "hoort al bij een andere inlogpagina" in office.last.text
    assert len(rows(IdentityProvider)) == 1


def test_ending_one_signs_out_at_once_and_lets_nobody_in(office, client, server, provider, anna):
    providers.linked(anna, provider)
    sign_in(client, server)
    path = f"/admin/providers/{provider.id}"
    office.page(path)
    assert office.send(f"{path}/end").status_code == 303

    assert client.get("/sessions").location.startswith("/sign-in?")
    assert client.fill("/sign-in/organisation", {"email": anna.email}).status_code == 422
    office.page(path)
    assert office.send(f"{path}/reopen").status_code == 303
    assert sign_in(client, server).status_code == 303


def test_after_a_changed_subject_the_old_link_is_ended_and_the_new_one_comes(  # noqa: PLR0917 - fixtures, by name
    office, client, server, provider, anna, mails
):
    old = providers.linked(anna, provider, "sub-of-before")
    assert sign_in(client, server).status_code == 403
    path = f"/admin/providers/{provider.id}"
    office.page(path)
    assert office.send(f"{path}/links/{old.id}/end").status_code == 303
    assert sign_in(client, server).status_code == 303
    assert office.send(f"{path}/links/{old.id}/restore").status_code == 422

    live = rows(LinkedIdentity, LinkedIdentity.ended_at.is_(None))
    assert [one.subject for one in live] == ["sub-1"]
    assert faults() == ["other-sub"]
    outbox.drain()
    assert len(mails(recipient=anna.email)) == 2


def test_ending_a_link_ends_its_sessions(office, client, server, provider, anna):
    link = providers.linked(anna, provider)
    sign_in(client, server)
    path = f"/admin/providers/{provider.id}"
    office.page(path)
    office.send(f"{path}/links/{link.id}/end")

    assert client.get("/sessions").status_code == 303
    assert [one.ended_reason for one in rows(WebSession, WebSession.person_id == anna.id)] == ["provider"]  # fmt: skip
    recorded = rows(AuditEvent, AuditEvent.object_kind == "linked-identity")
    assert [(one.object_id, one.outcome) for one in recorded] == [(anna.id, "ended")]
    office.send(f"{path}/links/{link.id}/restore")
    assert sign_in(client, server).status_code == 303


TRIALS = {
    "all there": ({"discovery": {"code_challenge_methods_supported": ["S256"], "backchannel_logout_supported": True}}, "Laat nu iemand"),
    "says little": ({}, "zegt niet dat zij uitloggen doorgeeft"),
    "another name": ({"discovery": {"issuer": "https://elders.example"}}, "noemt zich anders"),
    "no addresses": ({"discovery": {"jwks_uri": None}}, "ontbreken adressen"),
    "nothing there": ({"down": ["/.well-known/openid-configuration"]}, "niets te vinden"),
    "sends on": ({"moves": ["/.well-known/openid-configuration"]}, "stuurt door"),
    "no keys": ({"down": ["/keys"]}, "niets te vinden"),
}  # fmt: skip


@pytest.mark.parametrize("what", TRIALS)
def test_trying_says_in_plain_words_what_is_wrong(office, server, provider, what):
    told, words = TRIALS[what]
    server.says(**right(**told))
    path = f"/admin/providers/{provider.id}"
    office.page(path)
    answer = office.send(f"{path}/try")

    assert answer.status_code == 200
    assert words in office.last.text


def test_trying_one_that_is_not_there(office, server, police):
    made = providers.set_up(server, police, issuer=f"http://127.0.0.1:{free_port()}")
    office.page(f"/admin/providers/{made.id}")
    office.send(f"/admin/providers/{made.id}/try")

    assert "antwoordt niet" in office.last.text


def test_the_lists_take_eight_statements(office, server, police, count_statements):
    for number in range(60):
        partner = builders.organisation(f"P{number}")
        made = providers.set_up(server, partner, issuer=f"https://p{number}.example", domains=f"p{number}.example")  # fmt: skip
    for number in range(60):
        providers.linked(builders.person(partner), made, f"sub-{number}")
    office.page("/keys")
    for path in ("/admin/providers", f"/admin/providers/{made.id}"):
        with count_statements() as seen:
            assert office.get(path).status_code == 200
        assert len(seen) <= 8, "\n".join(seen)


def test_nobody_else_comes_here(new_client, provider, anna):
    client = new_client().sign_in(anna.id)
    for path in ("", "/new", f"/{provider.id}"):
        assert client.get(f"/admin/providers{path}").status_code == 404


def test_an_administrator_proves_to_be_there_before_changing(office, provider, frozen_clock):
    frozen_clock.advance(timedelta(minutes=6))

    assert office.get("/admin/providers").status_code == 200
    assert office.get(f"/admin/providers/{provider.id}").location.startswith("/step-up?")
