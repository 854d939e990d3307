"""What a fetch costs, and that equal entries give equal bytes."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from app.features.calendar import feeds, subscriptions
from app.infra import clock
from app.models import (
    Invitation,
    Meeting,
)
from tests import builders
from tests.feeds import ADDRESS, actor_of, fetched, later, recuse, subscribe
from tests.statements import counted


def test_equal_entries_give_equal_bytes_and_only_a_change_moves_the_moment(world, police):
    first, data = feeds.fetch(police, address=ADDRESS), fetched(police)
    later(hours=3)
    second = feeds.fetch(police, address=ADDRESS)
    assert (second.state, second.changed_at, fetched(police)) == (
        first.state,
        first.changed_at,
        data,
    )
    recuse(world)
    third = feeds.fetch(police, address=ADDRESS)
    assert third.changed_at == clock.now() > first.changed_at


@pytest.mark.parametrize("number", [5, 250])
def test_one_statement_whatever_the_number_of_entries(world, number):
    token = subscribe(world.coordinator)
    start = datetime(2026, 9, 1, 8, tzinfo=UTC)
    meetings = [
        Meeting(
            id=uuid.uuid4(), table_id=world.table.id, starts_at=start + timedelta(days=day),
            ends_at=start + timedelta(days=day, hours=2),
        )
        for day in range(number)
    ]  # fmt: skip
    builders.save_all(*meetings)
    builders.save_all(
        *(
            Invitation(
                id=uuid.uuid4(), meeting_id=one.id, person_id=world.coordinator.id,
                uid=str(uuid.uuid4()), starts_at=one.starts_at, ends_at=one.ends_at, is_whole=True,
                changed_at=clock.now(),
            )
            for one in meetings
        )
    )  # fmt: skip
    with counted() as first:
        assert fetched(token).count(b"BEGIN:VEVENT") == number
    assert len(first) == 2, first  # it notes, once, what it now says
    with counted() as again:
        fetched(token)
    assert len(again) == 1, again


def test_use_is_noted_by_the_hour_not_at_every_fetch(world, police):
    fetched(police)
    noted = last_used(world)
    later(minutes=59)
    fetched(police)
    assert last_used(world) == noted == clock.now() - timedelta(minutes=59)
    later(minutes=1)
    fetched(police)
    assert last_used(world) == clock.now()


def last_used(world):
    return subscriptions.read_own(actor_of(world.police)).last_used_at
