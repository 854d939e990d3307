"""Who signs in at an organisation that asks a second step gets no other way in by a mailbox alone."""

import pytest

from app.features.accounts.links import make_link
from app.infra import clock
from app.infra.db import transaction
from app.models import IdentityProvider, LinkedIdentity
from tests import accounts, providers
from tests.accounts import PASSWORD
from tests.providers import right, sign_in


def link_for(who):
    with transaction() as session:
        return make_link(session, who.id)


def changed(model, row, **values):
    with transaction() as session:
        found = session.get_one(model, row.id)
        for name, value in values.items():
            setattr(found, name, value)


def test_the_link_of_a_mailbox_leads_to_the_organisation_and_opens_nothing(
    client, server, provider, anna
):
    providers.linked(anna, provider)
    path = f"/welcome/{link_for(anna)}"
    shown = client.page(path)
    assert "U logt in bij uw eigen organisatie" in shown.text
    assert "/sign-in/organisation" in shown.links
    assert "new_password" not in {name for form in shown.forms for name in form.names}
    client.send(path, {"new_password": PASSWORD})
    assert client.send(f"{path}/passkey/asked").status_code == 404
    assert client.send(f"{path}/passkey", {"name": "x", "answer": "{}"}).status_code == 303
    assert accounts.pass_password(client, anna).status_code == 422, "no password was kept"
    assert sign_in(client, server).location == "/"


@pytest.mark.parametrize("why", ["link ended", "provider ended", "one step there", "never there"])
def test_where_nothing_counts_there_the_link_opens_the_account(client, provider, anna, why):
    link = None if why == "never there" else providers.linked(anna, provider)
    if why == "link ended":
        changed(LinkedIdentity, link, ended_at=clock.now())
    if why == "provider ended":
        changed(IdentityProvider, provider, ended_at=clock.now())
    if why == "one step there":
        changed(IdentityProvider, provider, second_factors="")
    path = f"/welcome/{link_for(anna)}"
    client.page(path)
    assert client.send(f"{path}/passkey/asked").status_code == 200
    assert client.fill(path, {"new_password": PASSWORD}).location == "/sign-in/enrol"


def test_a_password_alone_sets_no_second_step_up_beside_the_organisation(
    client, new_client, server, provider, police
):
    """Chosen by the invitation, before the first sign-in there; the enrolment was never ended."""
    ben, token = accounts.invited(police, email="b.bakker@politie.example")
    client.fill(f"/welcome/{token}", {"new_password": PASSWORD})
    server.says(**right(email=ben.email))
    assert sign_in(new_client(), server, email=ben.email).location == "/"
    visitor = new_client()
    assert accounts.pass_password(visitor, ben).location == "/sign-in/code"
    assert visitor.get("/sign-in/enrol").status_code == 303


def test_who_has_a_second_factor_here_too_chooses_a_new_password(client, provider, police):
    both = accounts.enrolled(police, email="a.devries@politie.example")
    providers.linked(both, provider)
    path = f"/welcome/{link_for(both)}"
    assert client.fill(path, {"new_password": PASSWORD}).location == "/sign-in"
