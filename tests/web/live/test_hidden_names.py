"""An organisation only staff may know of is named to nobody else, whoever writes it down."""

import pytest

from app.domain.kinds import PresenceState
from app.models import Action, AgendaItem, Decision, Note, Seat
from tests import builders
from tests.live import act_url, change, every, live_url, new_action


@pytest.fixture
def shelter(running) -> Seat:
    """At the open item, its seat marked for staff alone; police is there too."""
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    change(AgendaItem, running.item.id, opened_at=running.meeting.starts_at)
    of = builders.organisation("VOH", name="Vrouwenopvang Oranjehuis")
    return builders.seat(running.item, of, builders.person(of), is_staff_only=True)


def write(chair, world, line: str, **more: str):
    url = f"/meetings/{world.meeting.id}/items/{world.item.id}/capture"
    return chair.send(url, {"line": line, "seen": line, "sign": "b", **more})


def test_no_line_names_a_hidden_organisation_to_others(running, chair, shelter) -> None:
    chair.page(live_url(running, running.item))
    for line in (
        "/b Oranjehuis vangt haar op",
        "/b De VOH vangt haar op @pol",
        "/n Vrouwenopvang oranjehuis belde @pol",
        "/a Breng haar naar het Oranjehuis @pol",
    ):
        refused = write(chair, running, line)
        assert refused.status_code == 422, line
        assert "anderen niet mogen weten" in refused.text, line
    told = chair.send(act_url(running), new_action(running, safe="Bel het Oranjehuis"))
    assert told.status_code == 422
    assert not [*every(Action), *every(Decision), *every(Note)]
    own = ("/b Het Oranjehuis vangt haar op @voh", "/n Oranjehuis belde", "/b Opvang is geregeld")
    assert [write(chair, running, line).status_code for line in own] == [303, 303, 303]


def test_the_room_never_reads_a_hidden_organisation(running, chair, shelter) -> None:
    made = builders.decision(running.item, running.chair, "Het Oranjehuis vangt haar op")
    url = f"/decisions/{made.id}/push"
    chair.page(url)
    refused = chair.send(url, {"sentence": "Naar het Oranjehuis"})
    assert refused.status_code == 422
    assert chair.send(url, {"sentence": "Opvang is geregeld"}).status_code == 303
