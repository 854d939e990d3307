"""Handing a seat over, back, and stepping back; and who gets no page at all."""

from datetime import UTC, datetime, timedelta

import pytest

from app.access.seats.deputies import RETURNED
from app.domain.kinds import AccountState, HoldEnd, InvitationAnswer, TableRoleName
from app.domain.local_time import to_local
from app.features.agenda import seating
from app.features.cases import exclusions
from app.features.live import service as live
from app.infra import clock, outbox
from app.infra.outbox import OutboxRow
from app.models import Meeting, Person, Recusal, SeatHold
from tests import builders
from tests.crawler import without_tokens
from tests.seats import (
    UNKNOWN,
    actor_of,
    all_of,
    calendars,
    change,
    later,
    live_hold,
    meeting_path,
    recorded,
    seat_path,
)

CANNOT_RETURN = "Deze deelname kan op dit moment niet worden teruggegeven."


def test_the_rights_move_with_the_seat(police, world, deputy, new_client):
    answer = police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    assert answer.status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (deputy.id, True)
    assert hold.answer is InvitationAnswer.OPEN
    ended = all_of(SeatHold, SeatHold.person_id == world.police.id, SeatHold.ended.is_not(None))
    assert [one.ended for one in ended] == [HoldEnd.HANDED_OVER]
    police.page(meeting_path(world), status=404)
    assert "Kanarieaanleiding" not in police.page("/").html
    theirs = new_client().sign_in(deputy.id)
    assert "blijft hier" in theirs.page(meeting_path(world)).text, "accepts for oneself"
    theirs.fill(meeting_path(world), action="/accept")
    assert "Kanarieveiligheid" in theirs.page(meeting_path(world)).text
    asked = " ".join(calendars(world))
    assert str(world.police.id) in asked
    assert str(deputy.id) in asked
    assert recorded(world.police, "seat", "transfer") == 1


def test_the_seat_goes_back(police, world, deputy, new_client, staff):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    later(minutes=1)
    seen = staff.page(f"/seats/{world.police_seat.id}/plan").text
    end = to_local(world.meeting.closes_at)
    assert f"B. Vervanger is vervanger tot {end:%d-%m-%Y} om {end:%H.%M}." in seen
    assert "Daarna neemt A. Yilmaz weer deel" in seen
    assert f"vervanger tot {end:%d-%m-%Y}" in staff.page(f"/items/{world.item.id}/seats").text
    theirs = new_client().sign_in(deputy.id)
    theirs.page(meeting_path(world))
    assert theirs.send(seat_path(world, "back")).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (world.police.id, False)
    theirs.page(meeting_path(world), status=404)
    police.page(meeting_path(world))
    seen = staff.page(f"/seats/{world.police_seat.id}/plan").text
    assert "gaf de deelname terug" in seen
    assert "is vervanger tot" not in seen


def test_a_seat_given_back_twice_ends_where_it_began(police, world, deputy, new_client):
    third = builders.representative(world.police_organisation, world.table, "C. Derde")
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    later(minutes=1)
    second = new_client().sign_in(deputy.id)
    second.fill(seat_path(world, "deputy"), {"deputy": str(third.id)})
    later(minutes=1)
    last = new_client().sign_in(third.id)
    last.page(meeting_path(world))
    assert last.send(seat_path(world, "back")).status_code == 303
    assert live_hold(world.police_seat).person_id == deputy.id
    later(minutes=1)
    second.page(meeting_path(world))
    assert second.send(seat_path(world, "back")).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (world.police.id, False)
    last.page(meeting_path(world), status=404)


def test_only_a_deputy_gives_back(police, world):
    police.page(meeting_path(world))
    answer = police.send(seat_path(world, "back"))
    assert answer.status_code == 422
    assert CANNOT_RETURN in answer.text


@pytest.mark.parametrize("why", ["excluded", "blocked"])
def test_why_a_seat_cannot_go_back_tells_nothing_of_a_colleague(
    police, world, deputy, new_client, why
):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    later(minutes=1)
    if why == "excluded":
        builders.exclusion(world.police, world.case, world.coordinator)
    else:
        change(Person, Person.id == world.police.id, state=AccountState.BLOCKED)
    theirs = new_client().sign_in(deputy.id)
    theirs.page(meeting_path(world))
    answer = theirs.send(seat_path(world, "back"))
    assert answer.status_code == 422
    assert CANNOT_RETURN in answer.text, "the same words as for who is no deputy at all"
    assert live_hold(world.police_seat).person_id == deputy.id


def test_a_seat_goes_to_a_colleague_who_may_sit_there(police, world, deputy):
    builders.exclusion(deputy, world.case, world.coordinator)
    page = police.page(seat_path(world, "deputy"))
    assert "B. Vervanger" not in page.text, "who is excluded is simply not listed"
    for other in (deputy, world.care, world.police, world.administrator):
        answer = police.send(seat_path(world, "deputy"), {"deputy": str(other.id)})
        assert answer.status_code == 422
    for odd in ("", "x", UNKNOWN, "\0"):
        assert police.send(seat_path(world, "deputy"), {"deputy": odd}).status_code == 422
    assert live_hold(world.police_seat).person_id == world.police.id


def test_a_standing_deputy_is_offered_first_and_marked_and_opens_nothing_by_that(
    police, world, deputy, new_client
):
    last = builders.person(world.police_organisation, "Z. Laatste")
    elsewhere = builders.person(world.police_organisation, "Y. Elders")
    former = builders.person(world.police_organisation, "X. Voorheen")
    builders.role(last, world.table, TableRoleName.DEPUTY)
    builders.role(elsewhere, world.other_table, TableRoleName.DEPUTY)
    builders.role(former, world.table, TableRoleName.DEPUTY, until_at=clock.now())
    page = police.page(seat_path(world, "deputy"))
    tags = [given for tag, given in page.tags if tag == "input" and given.get("name") == "deputy"]
    assert tags[0]["value"] == str(last.id)
    assert page.text.count("vaste vervanger") == 1
    staff = new_client().sign_in(world.coordinator.id)
    for path in (
        f"/seats/{world.police_seat.id}/plan",
        f"/items/{world.item.id}/seats/{world.police_organisation.id}",
    ):
        assert "Z. Laatste (vaste vervanger)" in staff.page(path).text
    theirs = new_client().sign_in(last.id)
    theirs.page(meeting_path(world), status=404)
    assert world.case.reference not in theirs.page("/").html
    police.fill(seat_path(world, "deputy"), {"deputy": str(last.id)})
    theirs.page(meeting_path(world))


def test_stepping_back_leaves_no_trace(care, world):
    page = care.page(f"/my-seats/{world.care_seat.id}/recuse")
    assert world.case.reference not in page.html
    care.fill(f"/my-seats/{world.care_seat.id}/recuse")
    assert [one.person_id for one in all_of(Recusal)] == [world.care.id]
    assert live_hold(world.care_seat) is None
    ended = all_of(SeatHold, SeatHold.seat_id == world.care_seat.id)
    assert [one.ended for one in ended] == [HoldEnd.RECUSED]
    for path in ("/", "/my-meetings", meeting_path(world), "/my-actions", "/my-disclosures"):
        html = care.page(path).html
        assert world.case.reference not in html
        assert "Kanarie" not in html
    assert care.get(f"/my-seats/{world.care_seat.id}/recuse").status_code == 404
    assert recorded(world.care, "recusal", "authorisation-change") == 1


def test_stepping_back_ends_the_seats_of_every_item_of_the_case(police, world):
    other = builders.published(world.table, starts_at=builders.MEETING_START + timedelta(days=14))
    again = builders.seat(builders.item(other, world.case), world.police_organisation, world.police)
    police.fill(seat_path(world, "recuse"))
    assert live_hold(again) is None
    police.page(f"/my-meetings/{other.id}", status=404)


def paths(world) -> list[str]:
    seat = f"/my-seats/{world.police_seat.id}"
    return [meeting_path(world), f"{seat}/deputy", f"{seat}/recuse"]


def posts(world) -> list[str]:
    own = meeting_path(world)
    return [
        f"{own}/accept",
        f"{own}/answer",
        *(seat_path(world, act) for act in ("answer", "back")),
    ]


@pytest.mark.parametrize("who", ["police_colleague", "chair", "stranger", "administrator"])
def test_others_get_what_a_missing_page_gives(client, world, who):
    client.sign_in(getattr(world, who).id)
    unknown = f"/my-meetings/{UNKNOWN}"
    missing = without_tokens(client.get(unknown).text).replace(unknown, "")
    for path in paths(world):
        answer = client.get(path)
        assert answer.status_code == 404
        assert without_tokens(answer.text).replace(path, "") == missing, path
    client.page("/")
    for path in posts(world):
        assert client.send(path, {"answer": "yes"}).status_code == 404, path


def test_a_former_holder_gets_nothing(police, world):
    change(SeatHold, SeatHold.seat_id == world.police_seat.id, until_at=clock.now())
    for path in paths(world):
        police.page(path, status=404)


def test_the_seat_of_another_is_not_mine(care, world):
    care.page("/")
    for act in ("answer", "back", "deputy", "recuse"):
        assert care.send(seat_path(world, act), {"answer": "no"}).status_code == 404


def test_the_papers_close_and_the_seat_is_whose_it_was(police, world, deputy, new_client):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    theirs = new_client().sign_in(deputy.id)
    theirs.page(meeting_path(world))
    closes = world.meeting.closes_at
    clock._current.moment = closes - timedelta(microseconds=1)
    assert live_hold(world.police_seat).person_id == deputy.id
    clock._current.moment = closes
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (world.police.id, False)


def test_a_deputy_until_a_moment_of_ones_choice(police, world, deputy, new_client):
    page = police.page(seat_path(world, "deputy"))
    assert "vanzelf weer van u" in page.text
    police.fill(
        seat_path(world, "deputy"),
        {"deputy": str(deputy.id), "until_on": "10-6-2026", "until_time": "9.30"},
    )
    end = datetime(2026, 6, 10, 7, 30, tzinfo=UTC)
    theirs = new_client().sign_in(deputy.id)
    assert "als vervanger, tot 10-06-2026 09.30" in theirs.page(meeting_path(world)).text
    told = all_of(OutboxRow, OutboxRow.kind == RETURNED)
    assert [row.available_at for row in told] == [end]
    clock._current.moment = end - timedelta(seconds=1)
    new_client().sign_in(deputy.id).page(meeting_path(world))
    clock._current.moment = end
    new_client().sign_in(deputy.id).page(meeting_path(world), status=404)
    new_client().sign_in(world.police.id).page(meeting_path(world))
    outbox.drain()
    assert {str(deputy.id), str(world.police.id)} <= {
        row.person_id and str(row.person_id)
        for row in all_of(OutboxRow)
        if row.kind == "calendar.sync"
    }


def test_an_end_has_to_come_and_no_deputy_has_a_seat_longer_than_the_first(
    police, world, deputy, new_client
):
    third = builders.representative(world.police_organisation, world.table, "C. Derde")
    for faulty in (
        {"until_on": "1-5-2026"}, {"until_time": "9.30"}, {"until_on": "29-3-2026", "until_time": "2.30"},
    ):  # fmt: skip
        values = {"deputy": str(deputy.id), **faulty}
        assert police.send(seat_path(world, "deputy"), values).status_code == 422
    first = {"deputy": str(deputy.id), "until_on": "9-6-2026"}
    assert police.send(seat_path(world, "deputy"), first).status_code == 303
    theirs = new_client().sign_in(deputy.id)
    theirs.page(meeting_path(world))
    assert theirs.send(seat_path(world, "deputy"), {"deputy": str(third.id)}).status_code == 303
    assert live_hold(world.police_seat).person_id == third.id
    clock._current.moment = datetime(2026, 6, 8, 22, tzinfo=UTC)
    assert live_hold(world.police_seat).person_id == world.police.id, "midnight in June"


def test_the_end_of_a_deputy_moves_with_the_window(police, world, deputy, staff):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    chair = actor_of(world.chair)
    clock._current.moment = world.meeting.starts_at
    live.start_meeting(chair, world.meeting.id)
    live.close_meeting(chair, world.meeting.id)
    closes = all_of(Meeting, Meeting.id == world.meeting.id)[0].closes_at
    assert closes != world.meeting.closes_at
    ends = all_of(SeatHold, SeatHold.seat_id == world.police_seat.id, SeatHold.follows_window)
    assert [one.until_at for one in ends] == [closes]
    clock._current.moment = closes
    assert live_hold(world.police_seat).person_id == world.police.id


@pytest.mark.parametrize("gone", ["deputy", "replaced", "seat"])
def test_what_ends_early_leaves_nothing_to_come(police, world, deputy, new_client, gone):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    coordinator = actor_of(world.coordinator)
    if gone == "seat":
        seating.remove_seat(coordinator, world.police_seat.id)
    else:
        who = deputy if gone == "deputy" else world.police
        new = exclusions.NewExclusion(person_id=who.id, reason="Familie", until=None)
        exclusions.exclude(coordinator, world.case.id, new)
    now = live_hold(world.police_seat)
    assert (now.person_id if now else None) == (deputy.id if gone == "replaced" else None)
    clock._current.moment = world.meeting.closes_at
    then = live_hold(world.police_seat)
    assert (then.person_id if then else None) == (world.police.id if gone == "deputy" else None)
