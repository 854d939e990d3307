"""Whose access ends is refused at the very next request, whatever it asks for; trials by address."""

import random
import uuid
from datetime import time

import pytest
from sqlalchemy import update

from app.access import load_actor
from app.features.meetings import sending
from app.features.people import service
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.infra.wall import acting_as
from app.models import Covenant
from app.web import sessions
from tests import builders
from tests.crawler import NOT_IN_A_WORLD, rules

# Addresses tried for each way of ending, the same again where there are fewer.
DEEP, SLICE = 500, 60
HOST = "casustafel.test"


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


def own_addresses(app, world) -> list[str]:
    """Every address by GET, with the ids the police really has, or of nothing at all."""
    ids = {
        "meeting_id": world.meeting.id, "seat_id": world.police_seat.id, "case_id": world.case.id,
        "item_id": world.item.id, "table_id": world.table.id, "person_id": world.police.id,
    }  # fmt: skip
    found = []
    for rule in rules(app, "GET"):
        values = {
            name: ids.get(name) or NOT_IN_A_WORLD.get(name) or uuid.UUID(int=1)
            for name in rule.arguments
        }
        found.append(app.url_map.bind(HOST).build(rule.endpoint, values))
    return sorted(set(found))


@pytest.mark.parametrize("how", ["block", "leave", "move"])
def test_every_address_answers_as_to_nobody(  # noqa: PLR0917 - fixtures, by name
    app, new_client, world, boss, how, deep
) -> None:
    """The first request after is the one tried: each trial asks with the cookie of before."""
    addresses = own_addresses(app, world)
    picked = random.Random(8).choices(addresses, k=DEEP if deep else SLICE)
    inside, nobody = new_client().sign_in(world.police.id), new_client()
    for one in (inside, nobody):
        one.checking, one._look_at = False, lambda _answer: None
    assert inside.get("/my-meetings").status_code == 200
    with app.app_context():
        name = sessions.cookie_name()
    token = inside.get_cookie(name, domain=HOST).value
    end(boss, world, how)
    opened = []
    for path in picked:
        inside.set_cookie(name, token, domain=HOST)
        answer, stranger = inside.get(path), nobody.get(path)
        same = answer.status_code == stranger.status_code
        if not same or world.police.name in answer.get_data(as_text=True):
            opened.append((path, answer.status_code, stranger.status_code))
    assert opened == []
    assert len(picked) == (DEEP if deep else SLICE)


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


def test_with_a_lapsed_covenant_the_papers_are_refused_at_the_next_request(
    new_client, world
) -> None:
    inside = new_client().sign_in(world.police.id)
    path = f"/my-meetings/{world.meeting.id}"
    assert "Kanarieveiligheid" in inside.page(path).text
    with transaction() as session:
        session.execute(
            update(Covenant)
            .where(
                Covenant.organisation_id == world.police_organisation.id,
                Covenant.table_id == world.table.id,
            )
            .values(until_at=clock.now())
        )
    answer = inside.get(path)
    assert "Kanarieveiligheid" not in answer.get_data(as_text=True)
