"""One act for several people: who shows first, and it is done to all who stay ticked or to nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, TableRoleName
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import AuditEvent, Person, WebSession
from tests import accounts, builders
from tests.people import path, stored
from tests.statements import counted

LISTING, INVITE, BLOCK = "/admin/people", "/admin/people/invite-again", "/admin/people/block"


def ticked(address, *people):
    return f"{address}?" + "&".join(f"person={one.id}" for one in people)


@pytest.fixture
def invited(police):
    return [
        builders.person(police, f"I. Uitgenodigd {n}", state=AccountState.INVITED) for n in range(3)
    ]


def test_who_has_no_role_or_stays_away_is_found(  # noqa: PLR0917 - fixtures, by name
    admin, boss, police, anna, at, invited
):
    busy = accounts.enrolled(police, name="B. Bezig", email="b@politie.example")
    builders.role(busy, at, TableRoleName.REPRESENTATIVE)
    accounts.enrolled(
        police, name="D. Dicht", email="d@politie.example", state=AccountState.BLOCKED
    )
    with transaction() as session:
        session.get_one(Person, busy.id).last_sign_in_at = clock.now() - timedelta(days=91)
        session.get_one(Person, anna.id).last_sign_in_at = clock.now() - timedelta(days=89)

    roleless = admin.page(f"{LISTING}?lacking=role").text
    away = admin.page(f"{LISTING}?lacking=sign-in").text

    assert anna.name in roleless
    assert invited[0].name in roleless
    assert "B. Bezig" in away
    for page, hidden in ((roleless, "B. Bezig"), (away, anna.name), (away, invited[0].name)):
        assert hidden not in page
    assert "D. Dicht" not in roleless + away
    assert boss.email not in roleless
    assert "D. Dicht" in admin.page(f"{LISTING}?lacking=nonsense").text


def test_several_are_invited_again_after_seeing_who(admin, boss, anna, invited, mails):
    page = admin.page(ticked(INVITE, anna, *invited))
    for one in (anna, *invited):
        assert one.name in page.text
    assert not mails()
    kept = [str(one.id) for one in invited[:2]]

    admin.fill(ticked(INVITE, anna, *invited), {"people": kept})

    while outbox.drain():
        pass
    assert {mail.to for mail in mails()} == {one.email for one in invited[:2]}
    with transaction() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.person_id == boss.id)).all()
    assert {event.object_id for event in events} == {one.id for one in invited[:2]}


def test_several_are_blocked_and_out_at_the_next_request(admin, new_client, police, anna):
    other = accounts.enrolled(police, name="B. Bezig", email="b@politie.example")
    theirs = new_client().sign_in(other.id)
    assert theirs.get("/").status_code == 200

    admin.fill(ticked(BLOCK, anna, other))

    assert {stored(anna).state, stored(other).state} == {AccountState.BLOCKED}
    assert theirs.get("/").status_code != 200
    with transaction() as session:
        assert not session.scalars(
            select(WebSession).where(
                WebSession.person_id == other.id, WebSession.revoked_at.is_(None)
            )
        ).all()


def test_oneself_and_a_closed_account_are_shown_and_not_blocked(admin, boss, anna, new_client):
    admin.fill(path(anna, "/block"))
    page = admin.page(ticked(BLOCK, boss, anna))
    assert "Bij hen gebeurt niets" in page.text
    assert page.text.count("Er is niemand gekozen bij wie dit kan.") == 1
    data = {"people": [str(boss.id)]}
    assert admin.send(ticked(BLOCK, boss), data).status_code == 422
    assert stored(boss).state is AccountState.ACTIVE


def test_nobody_is_blocked_when_one_of_them_cannot_be_any_more(
    admin, new_client, boss, police, anna
):
    other = accounts.enrolled(police, name="B. Bezig", email="b@politie.example")
    address = ticked(BLOCK, anna, other)
    admin.page(address)
    data = {"people": [str(anna.id), str(other.id)]}
    new_client().sign_in(boss.id).fill(path(other, "/block"))
    assert admin.send(address, data).status_code == 422
    assert stored(anna).state is AccountState.ACTIVE


def test_without_anybody_nothing_is_done(admin, anna):
    admin.page(ticked(BLOCK, anna))
    assert admin.send(ticked(BLOCK, anna), {"people": []}).status_code == 422
    assert stored(anna).state is AccountState.ACTIVE
    assert admin.get(f"{BLOCK}?person=nonsense").status_code == 200


def test_nobody_else_finds_these_pages(new_client, anna, chair):
    for who in (anna, chair):
        visitor = new_client().sign_in(who.id)
        for address in (INVITE, BLOCK):
            assert visitor.get(ticked(address, anna)).status_code == 404


def test_the_check_page_costs_the_same_for_one_as_for_three(admin, invited):
    admin.page(ticked(INVITE, invited[0]))
    costs = []
    for people in (invited[:1], invited):
        with counted() as sent:
            admin.get(ticked(INVITE, *people))
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 8
