"""What ends an entry of a subscription, or the subscription itself."""

import pytest
from sqlalchemy import select, update

from app.access.administration.accounts import revoke_sessions
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import AccountState, HoldEnd
from app.features.calendar import feeds, subscriptions
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import (
    Feed,
    Meeting,
    Person,
    SeatHold,
)
from app.web import housekeeping
from tests import builders
from tests.feeds import ADDRESS, actor_of, change, events, fetched, later, recuse, take_seat


def exclude(world):
    builders.exclusion(world.police, world.case, world.chair)


def block(world):
    change(Person, world.police, state=AccountState.BLOCKED)


def hand_over(world):
    now = clock.now()
    with transaction() as session:
        session.execute(
            update(SeatHold)
            .where(SeatHold.person_id == world.police.id)
            .values(until_at=now, ended=HoldEnd.HANDED_OVER)
        )


def leave(world):
    change(Person, world.police, organisation_id=world.care_organisation.id)


def cancel(world):
    change(Meeting, world.meeting, cancelled_at=clock.now())


def move_case(world):
    change(type(world.case), world.case, table_id=world.other_table.id)


@pytest.mark.parametrize(
    "event", [exclude, recuse, block, hand_over, leave, take_seat, cancel, move_case]
)
def test_a_life_event_shows_at_the_next_fetch(world, police, event):
    before = feeds.fetch(police, address=ADDRESS)
    assert len(events(police)) == 1
    event(world)
    assert events(police) == []
    assert feeds.fetch(police, address=ADDRESS).state != before.state


@pytest.mark.parametrize("reason", ["password", "factor", "email"])
def test_who_proves_anew_who_it_is_ends_an_address_somebody_else_may_have_made(
    world, police, reason
):
    assert events(police)
    with transaction() as session:
        revoke_sessions(session, world.police.id, reason=reason)
    assert events(police) == []


def test_signing_other_browsers_out_leaves_the_calendar_alone(world, police):
    with transaction() as session:
        revoke_sessions(session, world.police.id, reason="revoked")
    assert events(police)


def test_only_a_hash_is_stored_and_another_address_ends_the_first(world, police):
    with reading() as session:
        [stored] = session.scalars(select(Feed)).all()
    assert police not in repr(vars(stored))
    assert len(police) >= 43
    other = subscriptions.make(actor_of(world.police), None)
    assert events(police) == []
    assert len(events(other)) == 1


def test_a_revoked_address_is_an_empty_calendar_for_some_weeks_and_then_unknown(world, police):
    fetched(police)
    subscriptions.revoke(actor_of(world.police))
    data = fetched(police)
    assert data.startswith(b"BEGIN:VCALENDAR")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"VEVENT" not in data
    later(weeks=4, seconds=1)
    with pytest.raises(NotVisible):
        feeds.fetch(police, address=ADDRESS)
    with pytest.raises(Refusal):
        subscriptions.revoke(actor_of(world.police))
    housekeeping.tidy()
    with reading() as session:
        assert session.scalars(select(Feed)).all() == []


def test_guessing_is_slowed_down_and_who_has_an_address_is_not(world, police):
    for number in range(21):
        with pytest.raises(NotVisible):
            feeds.fetch(f"{number:043}", address=ADDRESS)
    with pytest.raises(Refusal):
        feeds.fetch("x" * 43, address=ADDRESS)
    with pytest.raises(NotVisible):
        feeds.fetch("x" * 43, address="192.0.2.8")
    assert events(police)
