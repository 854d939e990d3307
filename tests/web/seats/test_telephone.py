"""What staff take down by telephone, and what its owner makes of it."""

from app.domain.kinds import InputAnswer, InvitationAnswer
from app.infra import clock
from app.models import Meeting
from tests.seats import change, live_hold, meeting_path, seat_path, stored


def test_staff_take_an_answer_down_and_its_owner_confirms(staff, police, world):
    path = f"/seats/{world.police_seat.id}/by-telephone"
    assert staff.fill(path).status_code == 422
    assert staff.fill(path, {"answer": "yes"}).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.answer, hold.answer_recorded_by_id) == (
        InvitationAnswer.YES,
        world.coordinator.id,
    )
    assert "telefonisch voor u vastgelegd" in police.page(meeting_path(world)).text
    police.send(seat_path(world, "answer"), {"answer": "no"})
    hold = live_hold(world.police_seat)
    assert hold.answer is InvitationAnswer.NO
    assert hold.answer_confirmed_at is not None
    assert "telefonisch voor u vastgelegd" not in police.page(meeting_path(world)).text


def test_others_take_nothing_down(police, world, asked, new_client):
    stranger = new_client().sign_in(world.stranger.id)
    for visitor in (police, stranger):
        visitor.page(f"/seats/{world.police_seat.id}/by-telephone", status=404)
        visitor.page(f"/requests/{asked.id}/by-telephone", status=404)


def test_staff_take_input_down_and_its_owner_confirms(staff, police, world, asked):
    path = f"/requests/{asked.id}/by-telephone"
    assert staff.fill(path, {"answer": "text", "text": "Gezegd"}).status_code == 303
    kept = stored(asked)
    assert (kept.answered_by_id, kept.recorded_by_id) == (world.police.id, world.coordinator.id)
    confirm = f"/my-input/{asked.id}/said"
    assert confirm in police.page("/").links
    page = police.page(confirm)
    assert "Gezegd" in page.text
    assert police.fill(confirm, action="/right").status_code == 303
    assert stored(asked).confirmed_at is not None
    assert confirm not in police.page("/").links
    police.page(confirm, status=404)


def test_input_taken_down_wrongly_is_corrected(staff, police, world, asked):
    staff.fill(f"/requests/{asked.id}/by-telephone", {"answer": "not-known"})
    confirm = f"/my-input/{asked.id}/said"
    fields = {"answer": "text", "text": "Toch bekend"}
    assert police.fill(confirm, fields, action="/said").status_code == 303
    kept = stored(asked)
    assert kept.answer is InputAnswer.TEXT
    assert kept.confirmed_at is not None
    assert "Toch bekend" in police.page(meeting_path(world)).text


def test_input_taken_down_is_not_corrected_once_it_was_on_the_table(staff, police, world, asked):
    staff.fill(f"/requests/{asked.id}/by-telephone", {"answer": "not-known"})
    change(Meeting, started_at=clock.now())
    path = f"/my-input/{asked.id}/said"
    assert "ligt al op tafel" in police.page(path).text
    answer = police.send(path, {"answer": "text", "text": "Toch bekend"})
    assert answer.status_code == 422
    assert "ligt al op tafel" in answer.text
    assert stored(asked).answer is InputAnswer.NOT_KNOWN
    assert police.fill(path, action="/right").status_code == 303


def test_what_was_said_for_another_is_not_mine(staff, care, world, asked):
    staff.fill(f"/requests/{asked.id}/by-telephone", {"answer": "not-known"})
    care.page(f"/my-input/{asked.id}/said", status=404)
    care.page("/")
    assert care.send(f"/my-input/{asked.id}/said/right").status_code == 404
