"""The strip above the preparation: how long there still is, and the button that takes it back."""

import statistics
import threading
import time as stopwatch
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.infra import calendar_queue, clock, mail, outbox
from app.infra.db import reading, transaction
from app.models import MailLog
from tests import builders
from tests.databases import MOSTLY_SQLITE


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    return builders.small_world()


@pytest.fixture
def chair(client, world):
    return client.sign_in(world.chair.id)


def test_the_strip_counts_down_and_takes_back(chair, world, mails):
    path = f"/meetings/{world.meeting.id}"
    tell(world.police, world.care, of=world.meeting)
    chair.fill(f"{path}/cancel")
    clock._current.advance(timedelta(seconds=3))
    page = chair.page(path)
    assert "Over 27 seconden krijgen 4 mensen bericht." in page.text
    assert "Dit overleg is afgezegd" in page.text
    answer = chair.fill(path, action="/undo", follow_redirects=True)
    assert "Ongedaan gemaakt. Er gaat geen bericht uit." in answer.text
    assert "Dit overleg is afgezegd" not in answer.text
    assert "Ongedaan maken" not in answer.text
    clock._current.advance(timedelta(minutes=1))
    outbox.drain()
    assert {one.calendar_method for one in mails()} == {"REQUEST"}


def tell(*people, of) -> None:
    """Their invitations have arrived."""
    with transaction() as session:
        calendar_queue.queue_calendar(session, of.id, [who.id for who in people])
    clock._current.advance(timedelta(seconds=31))
    while outbox.drain():
        pass


def test_too_late_is_said_plainly(chair, world):
    path = f"/meetings/{world.meeting.id}"
    chair.fill(f"{path}/cancel")
    form = chair.page(path).form("/undo")
    clock._current.advance(timedelta(seconds=31))
    answer = chair.send(f"{path}/undo", form.filled({}), follow_redirects=True)
    assert "De berichten zijn al uitgegaan." in answer.text
    assert "Over " not in chair.page(path).text


def test_an_unreadable_step_is_not_there(chair, world):
    chair.page(f"/meetings/{world.meeting.id}")
    assert chair.send(f"/meetings/{world.meeting.id}/undo", {"step": "x"}).status_code == 404


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_many_invitations_on_their_way_keep_no_page_waiting(app, chair, world, deep):
    """The mail server takes its time; the pages do not notice."""
    number = 500 if deep else 40
    people = [builders.representative(world.care_organisation, world.table) for _ in range(number)]
    for who in people:
        builders.seat(world.item, world.care_organisation, who)
    with transaction() as session:
        calendar_queue.queue_calendar(session, world.meeting.id, [who.id for who in people])
    clock._current.advance(timedelta(seconds=31))

    class SlowPost:
        def deliver(self, _mail) -> None:
            stopwatch.sleep(0.02)

    mail.use(SlowPost())
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                while outbox.drain():
                    pass
        except BaseException as fault:  # noqa: BLE001 - shown to the main thread
            faults.append(fault)

    def wait_for_page() -> float:
        started = stopwatch.perf_counter()
        chair.page(f"/meetings/{world.meeting.id}/times")
        return stopwatch.perf_counter() - started

    calm = statistics.median(wait_for_page() for _ in range(5))
    worker = threading.Thread(target=work)
    worker.start()
    waits = []
    while worker.is_alive():
        waits.append(wait_for_page())
        stopwatch.sleep(0.05)
    worker.join()
    assert not faults
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(MailLog)) == number
    assert len(waits) >= 3
    # Two threads share the work; a page that waited for the mail would take ten times as long.
    assert statistics.median(waits) < 6 * calm
