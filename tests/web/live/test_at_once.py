"""Two at once on one meeting: one of them acts, and neither waits for the other for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.access import Permission, load_actor, load_seat
from app.access.seats import naming
from app.domain.errors import Refusal
from app.domain.kinds import CallOutcome
from app.features.live import service
from app.infra import clock, wall
from app.infra.db import db, reading, transaction
from app.models import AgendaItem, Call
from tests import builders
from tests.live import stored
from tests.seats import recorded

PRESSES = 4


@pytest.fixture
def leader(running):
    with wall.acting_as(running.chair.id), reading() as session:
        return load_actor(session, running.chair.id, now=clock.now())


@pytest.fixture
def started(app, leader):
    """Starts acts of the chair in threads of their own."""

    def start(pool, act, *, gate=None):
        def one() -> bool:
            with app.app_context(), wall.acting_as(leader.person_id):
                if gate:
                    gate.wait()
                try:
                    act()
                except Refusal:
                    return False
                finally:
                    db.session.remove()
                return True

        return pool.submit(one)

    with ThreadPoolExecutor(PRESSES) as pool:
        yield lambda act, *, gate=None: start(pool, act, gate=gate)


def test_an_item_is_taken_up_and_finished_once_however_often_it_is_pressed(
    running, leader, started
):
    item_id = running.item.id
    for act, won in ((service.open_item, PRESSES), (service.close_item, 1)):
        before = recorded(running.chair, "item", "change")
        gate = Barrier(PRESSES, timeout=60)
        pressed = [started(lambda act=act: act(leader, item_id), gate=gate) for _ in range(PRESSES)]
        assert sum(one.result() for one in pressed) == won
        assert recorded(running.chair, "item", "change") == before + 1


def test_a_call_is_noted_while_somebody_takes_the_item_up(running, leader, started):
    """The call holds the item and then points at the meeting; the course holds them turned round."""
    contact = builders.contact(
        running.table, running.police_organisation, name="Piketdienst", phone="030 1234567"
    )
    with wall.acting_as(leader.person_id), transaction() as session:
        loaded = load_seat(session, leader, running.police_seat.id, Permission.SEAT_ASSIGN)
        naming.hold_seat(session, loaded)
        pressed = started(lambda: service.open_item(leader, running.item.id))
        with pytest.raises(TimeoutError):
            pressed.result(timeout=0.7)
        session.add(
            Call(
                meeting_id=running.meeting.id, seat_id=running.police_seat.id,
                contact_id=contact.id, outcome=CallOutcome.NO_ANSWER, at=clock.now(),
                recorded_by_id=leader.person_id,
            )
        )  # fmt: skip
        session.flush()
    assert pressed.result(timeout=10)
    assert stored(AgendaItem, running.item.id).opened_at is not None
