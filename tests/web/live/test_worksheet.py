"""The worksheet of a meeting: who sees what of it, start and end, opening and finishing items."""

from datetime import timedelta

import pytest

from app.domain.kinds import CaseState, PresenceState
from app.infra import clock
from app.models import AgendaItem, AuditEvent, Case, Decision, Meeting, Seat
from tests import builders, minutes
from tests.builders import QUESTION
from tests.live import change, decide_url, every, live_url, stored


def test_a_meeting_starts_and_its_items_open_and_finish_one_at_a_time(world, client):
    client.sign_in(world.chair.id)
    assert client.fill(f"/meetings/{world.meeting.id}/opening", action="start").status_code == 303
    assert stored(Meeting, world.meeting.id).started_at is not None
    assert client.send(f"/meetings/{world.meeting.id}/start").status_code == 422
    assert client.send(f"/items/{world.item.id}/open").status_code == 303
    assert client.send(f"/items/{world.second_item.id}/open").status_code == 303
    assert stored(AgendaItem, world.item.id).closed_at is not None
    assert stored(Case, world.case.id).state is CaseState.DISCUSSED
    assert "Naar het sluiten" not in client.page(live_url(world)).text
    assert client.fill(live_url(world), action="finish").status_code == 303
    assert stored(Case, world.second_case.id).state is CaseState.DISCUSSED
    assert "Naar het sluiten" in client.page(live_url(world)).text
    builders.exclusion(world.chair, world.case, world.coordinator)
    assert "Naar het sluiten" not in client.page(live_url(world)).text


def test_the_page_shows_question_and_sections_and_records_the_reading(running, chair):
    text = chair.page(live_url(running, running.item)).text
    assert QUESTION in text
    assert "Kanarieveiligheid" in text
    assert "Kanarienaam" not in text
    read = {(row.object_kind, row.ground) for row in every(AuditEvent)}
    assert ("section", "staff") in read


def test_the_page_is_for_the_staff_of_the_table(running, new_client):
    for who in (running.stranger, running.police, running.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page(live_url(running), status=404)
        assert visitor.send(decide_url(running), {"text": "Nee"}).status_code == 404
        assert visitor.send(f"/items/{running.item.id}/open").status_code == 404
        assert visitor.send(f"/meetings/{running.meeting.id}/close").status_code == 404
    assert not every(Decision)


def test_barred_staff_see_a_closed_block_with_its_times(running, client):
    builders.exclusion(running.chair, running.case, running.coordinator)
    client.sign_in(running.chair.id)
    text = client.page(live_url(running)).text
    assert running.case.reference not in text
    assert "Gesloten blok" in text
    assert "Kanarie" not in text
    client.page(live_url(running, running.item), status=404)
    assert client.send(decide_url(running), {"text": "Nee"}).status_code == 404
    presence = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    assert client.send(presence, {"presence": "present"}).status_code == 404


@pytest.mark.parametrize("state", list(PresenceState))
def test_roll_call(running, chair, state):
    url = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    assert chair.send(url, {"presence": state.value}).status_code == 303
    assert stored(Seat, running.police_seat.id).presence is state
    assert chair.send(url, {"presence": "elsewhere"}).status_code == 422
    assert stored(Seat, running.police_seat.id).presence is state


def test_closing_ends_the_items_and_sets_the_window(running, chair):
    chair.send(f"/items/{running.item.id}/open")
    before = stored(Meeting, running.meeting.id).closes_at
    assert chair.send(f"/meetings/{running.meeting.id}/close").status_code == 303
    meeting = stored(Meeting, running.meeting.id)
    assert meeting.closed_at == clock.now()
    assert meeting.closes_at != before
    assert meeting.closes_at > meeting.closed_at + timedelta(days=5)
    assert stored(AgendaItem, running.item.id).closed_at is not None
    assert stored(Case, running.case.id).state is CaseState.DISCUSSED
    assert chair.send(f"/meetings/{running.meeting.id}/close").status_code == 422
    assert chair.send(f"/items/{running.item.id}/open").status_code == 422


def test_the_number_of_statements_does_not_grow(running, chair, count_statements):
    page = live_url(running, running.item)
    chair.page(page)
    with count_statements() as small:
        chair.page(page)
    last = running.second_item
    for number in range(6):
        last = builders.item(
            running.meeting, builders.case(running.table, running.host), after=last
        )
        of = builders.organisation(f"X{number}")
        seat = builders.seat(running.item, of, builders.person(of))
        builders.decision(running.item, running.chair, f"D{number}", to=[seat])
        builders.action(running.item, of, None, running.chair, safe=f"A{number}")
        minutes.note(running.item, running.chair, f"N{number}", [seat])
        minutes.oral(running.item, seat, running.chair)
        builders.bystander(running.item, running.case, f"B{number}", running.chair)
    with count_statements() as large:
        chair.page(page)
    assert len(large) == len(small)
    assert len(large) <= 13


def test_the_worksheet_of_a_running_meeting_may_lie_idle_for_an_hour(
    running, chair, new_client, frozen_clock
):
    """Any other page ends that; eight hours stay eight hours, and the bar counts with it."""
    sheet = live_url(running, running.item)
    chair.page(sheet)
    frozen_clock.advance(timedelta(minutes=59))
    assert 'data-session="3600"' in chair.get(sheet).text
    frozen_clock.advance(timedelta(minutes=58))
    assert chair.send(f"/items/{running.item.id}/open").status_code == 303
    frozen_clock.advance(timedelta(minutes=59))
    assert chair.get(sheet).status_code == 200
    told = chair.post(
        "/stay",
        data={"csrf_token": chair.token()},
        headers={"Accept": "application/json", "Referer": chair.base_url + sheet},
    )
    assert told.json == {"seconds": 3600}
    assert chair.get("/keys").status_code == 200
    frozen_clock.advance(timedelta(minutes=15))
    assert chair.get(sheet).status_code == 303
    other = new_client().sign_in(running.coordinator.id)
    change(Meeting, running.meeting.id, closed_at=clock.now())
    assert 'data-session="900"' in other.get(sheet).text
    frozen_clock.advance(timedelta(minutes=15))
    assert other.get(sheet).status_code == 303


def test_a_long_idle_time_never_outlasts_the_absolute_end(running, chair, frozen_clock):
    sheet = live_url(running, running.item)
    chair.page(sheet)
    for _ in range(15):
        frozen_clock.advance(timedelta(minutes=30))
        assert chair.get(sheet).status_code == 200
    frozen_clock.advance(timedelta(minutes=30))
    assert chair.get(sheet).status_code == 303
