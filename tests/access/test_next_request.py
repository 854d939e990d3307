"""Whose access ends is refused at the very next request, whatever it asks for; trials by address."""

import json
from datetime import time

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.domain.errors import NotVisible
from app.domain.kinds import FeedContent
from app.features.accounts.links import make_link
from app.features.calendar import service as calendar
from app.features.meetings import sending
from app.features.people import service
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.infra.wall import System, acting_as
from app.models import Covenant, Export
from tests import builders, copies
from tests.authenticator import Authenticator
from tests.feeds import fetched, subscribe
from tests.trials import answers_as_to_nobody, picked


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def boss(world):
    with reading() as session:
        return load_actor(session, world.administrator.id, now=clock.now())


def end(boss, world, how: str) -> None:
    """As the administrator does it, whose hand is no browser's here."""
    with acting_as(boss.person_id):
        if how == "block":
            service.block_person(boss, world.police.id)
        elif how == "leave":
            service.leave_person(boss, world.police.id)
        else:
            service.move_person(boss, world.police.id, world.host.id)


@pytest.mark.parametrize("how", ["block", "leave", "move"])
def test_every_address_answers_as_to_nobody(  # noqa: PLR0917 - fixtures, by name
    app, new_client, world, boss, how, deep
) -> None:
    inside = new_client().sign_in(world.police.id)
    answers_as_to_nobody(app, world, inside, new_client(), lambda: end(boss, world, how), deep=deep)


@pytest.mark.parametrize("how", ["block", "leave", "move"])
def test_a_mail_that_waits_is_not_sent_to_whom_access_ended(world, boss, mails, how) -> None:
    with acting_as(world.chair.id), reading() as session:
        chair = load_actor(session, world.chair.id, now=clock.now())
    with acting_as(chair.person_id):
        sending.ask_input(chair, world.meeting.id, day=clock.today(), at=time(23))
    end(boss, world, how)
    while outbox.drain():
        pass
    told = [one for one in mails() if "/my-input" in one.text]
    assert world.police.email not in [one.to for one in told]
    assert world.care.email in [one.to for one in mails()], "others are asked"


# What others brought of the case; what the police brought itself stays its own.
OF_OTHERS = ("Kanarieveiligheid", "Kanariekinderen", "Kanariegezondheid")


def lapse(world) -> None:
    with transaction() as session:
        covenant = select(Covenant).where(
            Covenant.organisation_id == world.police_organisation.id,
            Covenant.table_id == world.table.id,
        )
        session.scalars(covenant).one().until_at = clock.now()


def test_with_a_lapsed_covenant_no_address_shows_what_others_brought(
    app, new_client, world, deep
) -> None:
    inside = new_client().sign_in(world.police.id)
    inside.checking, inside._look_at = False, lambda _answer: None
    assert "Kanarieveiligheid" in inside.get(f"/my-meetings/{world.meeting.id}").text
    lapse(world)
    asked = [f"/my-meetings/{world.meeting.id}", *picked(app, world, deep=deep)]
    shown = [path for path in asked if any(one in inside.get(path).text for one in OF_OTHERS)]
    assert shown == []


@pytest.mark.parametrize("how", ["block", "leave", "move"])
def test_neither_calendar_nor_copy_works_any_more(world, boss, how) -> None:
    calendar.synchronise(world.meeting.id, world.police.id)
    token = subscribe(world.police, FeedContent.MEETING)
    assert b"BEGIN:VEVENT" in fetched(token)
    action = builders.action(world.item, world.police_organisation, world.police, world.chair)
    copy = copies.ready(world.police, [action.id])
    end(boss, world, how)
    while outbox.drain():
        pass
    with acting_as(System.TIDYING), reading() as session:
        stored = session.get_one(Export, copy.id)
    assert stored.expires_at <= clock.now()
    assert stored.query == ""
    try:
        told = fetched(token)
    except NotVisible:
        told = b""
    # Who moved keeps the calendar, which says of what it held that it is cancelled.
    assert told.count(b"BEGIN:VEVENT") == told.count(b"STATUS:CANCELLED")


@pytest.mark.parametrize("how", ["block", "leave"])
def test_neither_a_link_nor_a_passkey_begun_before_lets_anybody_in(
    new_client, world, boss, how
) -> None:
    """Who moved keeps the account, and signs in to it anew."""
    with transaction() as session:
        link = make_link(session, world.police.id)
    device, begun = Authenticator("https://casustafel.test"), new_client()
    owner = new_client().sign_in(world.police.id)
    owner.page("/passkeys")
    made = json.loads(owner.send("/passkeys/asked").text)
    owner.send("/passkeys", {"name": "sleutelbos", "answer": device.made(made)})
    begun.page("/sign-in")
    asked = json.loads(begun.send("/sign-in/passkey/asked").text)
    assert new_client().get(f"/welcome/{link}").status_code == 200
    end(boss, world, how)
    assert new_client().get(f"/welcome/{link}").status_code == 410
    begun.send("/sign-in/passkey", {"answer": device.signed(asked), "next": "/keys"})
    assert begun.get("/my-meetings").location.startswith("/sign-in")
