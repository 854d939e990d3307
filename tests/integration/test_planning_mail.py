"""What planning does to people's calendars, through the real outbox: only those concerned hear."""

import pytest
from sqlalchemy import update

from app.access import load_actor
from app.domain.agenda import Direction
from app.features.agenda import seating
from app.features.meetings import items, sending, service
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import Seat
from tests import builders


@pytest.fixture
def world(app):
    made = builders.small_world()
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))
    return made


@pytest.fixture
def chair(world):
    with reading() as session:
        return load_actor(session, world.chair.id, now=clock.now())


@pytest.fixture
def methods(world, mails, frozen_clock):
    """Deliver what waits and tell, per person, which calendar methods were sent since last time."""
    told: set[str] = set()

    def tell() -> dict[str, list[str]]:
        while outbox.drain():
            pass
        found: dict[str, list[str]] = {}
        for mail in mails():
            if mail.name not in told:
                found.setdefault(mail.to, []).append(mail.calendar_method)
                told.add(mail.name)
        return found

    return tell


def test_the_life_of_an_invitation(chair, world, methods):
    sending.publish(chair, world.meeting.id)
    assert methods() == {}
    sending.invite(chair, world.meeting.id)
    assert set(methods()) == {world.police.email, world.care.email}
    items.shift(chair, world.second_item.id, Direction.UP)
    moved = methods()
    assert moved[world.police.email] == ["REQUEST"]
    seating.remove_seat(chair, world.police_seat.id)
    assert methods() == {world.police.email: ["CANCEL"]}
    service.cancel_meeting(chair, world.meeting.id)
    cancelled = methods()
    assert set(cancelled) == {world.care.email}
    assert set(cancelled[world.care.email]) == {"CANCEL"}
