"""A closed meeting with a word of its own for every reader, and what is asked about its papers."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.domain.kinds import PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import Meeting, Seat
from tests import builders
from tests.builders import World

# What stands in nobody's extract but that of the organisation named.
POLICE, CARE, CARE_TWO = "Kanariepolitie", "Kanariezorg", "Kanarietwee"


@dataclass(frozen=True, slots=True)
class Closed:
    """The world and the addresses of its extracts."""

    world: World

    @property
    def own(self) -> str:
        return f"/my-meetings/{self.world.meeting.id}/extract"

    def preview(self, seat: Seat) -> str:
        return f"/meetings/{self.world.meeting.id}/minutes/{seat.id}"


def change(model, key, **values) -> None:
    with transaction() as session:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.fixture
def closed(app) -> Closed:
    """Discussed and closed, the minutes not adopted."""
    made = builders.small_world(open_papers=True)
    one, two = made.item, made.second_item
    for seat in (made.police_seat, made.care_seat, made.second_care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    builders.decision(one, made.chair, POLICE, to=[made.police_seat])
    builders.decision(one, made.chair, CARE, to=[made.care_seat])
    builders.decision(two, made.chair, CARE_TWO, to=[made.second_care_seat])
    police, care = made.police_organisation, made.care_organisation
    builders.action(one, police, made.police, made.chair, safe="Bellen", full="Politievol")
    builders.action(one, care, made.care, made.chair, safe="Bezoeken", full="Zorgvol")
    now = clock.now()
    change(
        Meeting, made.meeting.id, started_at=now, closed_at=now, closes_at=now + timedelta(days=7)
    )
    return Closed(made)


@pytest.fixture
def adopted(closed) -> Closed:
    """The same with its minutes adopted, on Tuesday 2 June 2026."""
    with transaction() as session:
        meeting = session.get_one(Meeting, closed.world.meeting.id)
        meeting.adopted_at = clock.now() + timedelta(days=1)
    return closed
