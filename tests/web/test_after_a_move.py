"""After a meeting moved: answers are open again and say what they were, deadlines are proposed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import InvitationAnswer, ItemKind
from app.infra import calendar_queue, clock, outbox
from app.infra.db import reading, transaction
from app.models import AuditEvent, InputRequest, SeatHold
from tests import builders

SAID = "zei ja voor maandag 15 juni"


@pytest.fixture
def world(app, monkeypatch):
    """The police said yes, GGZ has not answered; the clock stands at 1 June 2026."""
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    made = builders.small_world()
    with transaction() as session:
        hold = session.scalars(
            select(SeatHold).where(SeatHold.seat_id == made.police_seat.id)
        ).one()
        hold.answer, hold.answered_at = InvitationAnswer.YES, clock.now()
    return made


@pytest.fixture
def chair(client, world):
    return client.sign_in(world.chair.id)


def move(chair, world, **fields: str):
    path = f"/meetings/{world.meeting.id}/times"
    return chair.fill(path, fields, follow_redirects=True)


def answer_of(world) -> SeatHold:
    with reading() as session:
        return session.scalars(
            select(SeatHold).where(SeatHold.seat_id == world.police_seat.id)
        ).one()


def test_answers_are_open_again_and_say_what_they_were(chair, world, new_client):
    move(chair, world, place="Zaal 9")
    assert answer_of(world).answer is InvitationAnswer.YES, "another room is no other time"
    move(chair, world, day="18-06-2026")
    assert answer_of(world).answer is InvitationAnswer.OPEN
    page = chair.page(f"/meetings/{world.meeting.id}/invitations")
    assert page.text.count(SAID) == 2, "in the wide table and in the narrow one, at one seat"
    assert (
        "1 antwoord gold voor een eerdere datum."
        in chair.page(f"/meetings/{world.meeting.id}").text
    )

    police = new_client().sign_in(world.police.id)
    for path in ("/", "/my-meetings"):
        assert "verplaatst, was ja op maandag 15 juni, 13.10" in police.page(path).text, path
    path = f"/my-meetings/{world.meeting.id}"
    words = "U zei ja voor maandag 15 juni, 13.10. Het overleg is verplaatst: antwoord opnieuw."
    assert words in police.page(path).text
    move(chair, world, day="19-06-2026")
    assert words in police.page(path).text, "nothing was said for the time between"
    police.fill(path, {}, action=f"/my-seats/{world.police_seat.id}/answer")
    assert answer_of(world).answer is not InvitationAnswer.OPEN
    assert "Het overleg is verplaatst" not in police.page(path).text
    assert "was ja op" not in police.page("/my-meetings").text
    assert SAID not in chair.page(f"/meetings/{world.meeting.id}/invitations").text


def test_taking_the_move_back_gives_the_answers_back(chair, world):
    before = answer_of(world)
    move(chair, world, start="14.00", end="16.00")
    assert answer_of(world).answer is InvitationAnswer.OPEN
    chair.fill(f"/meetings/{world.meeting.id}", action="/undo")
    after = answer_of(world)
    assert (after.answer, after.answered_at) == (before.answer, before.answered_at)
    assert after.former_answer is None
    assert after.former_starts_at is None


def test_a_break_keeps_its_clock_time_on_another_day(chair, world):
    builders.item(
        world.meeting, kind=ItemKind.BREAK, minutes=10, after=world.second_item,
        fixed_at=builders.MEETING_START + timedelta(minutes=90),
    )  # fmt: skip
    page = move(chair, world, day="18-06-2026", start="13.45", end="15.30")
    assert "14.30" in page.text
    assert "Loopt 15 minuten door in de pauze van 14.30." in page.text


@pytest.fixture
def asked(world):
    """Both are asked until Friday 12 June, three days before the start."""
    due = builders.MEETING_START - timedelta(days=3)
    return [
        builders.input_request(seat, world.coordinator, deadline_at=due)
        for seat in (world.police_seat, world.care_seat)
    ]


def deadlines(asked) -> set:
    with reading() as session:
        return {session.get_one(InputRequest, one.id).deadline_at for one in asked}


def tell(mails) -> list:
    clock._current.advance(timedelta(seconds=31))
    while outbox.drain():
        pass
    return [one for one in mails() if one.subject.startswith("Andere termijn")]


def test_the_deadline_is_proposed_anew_and_told(chair, world, asked, mails):
    answer = move(chair, world, day="25-06-2026")
    page = chair.last
    assert "<h1>Uiterste datum voor inbreng</h1>" in answer.text
    assert "vrijdag 12 juni, 13.00 uur" in page.text
    assert "2 vragen zonder antwoord" in page.text
    assert "Over 30 seconden" in page.text, "the move can still be taken back from here"
    form = page.form("/deadlines").filled({})
    assert (form["day"], form["at"]) == (["22-06-2026"], ["13.00"])
    answer = chair.send(chair.last_path, form, follow_redirects=True)
    assert "Bij 2 vragen om inbreng is de uiterste datum veranderd." in answer.text
    assert deadlines(asked) == {builders.MEETING_START + timedelta(days=7)}
    told = tell(mails)
    assert {one.to for one in told} == {world.police.email, world.care.email}
    assert world.case.reference not in told[0].text
    with reading() as session:
        noted = session.scalars(
            select(AuditEvent).where(AuditEvent.object_kind == "input_request")
        ).all()
        assert {one.object_id for one in noted} == {one.id for one in asked}


def test_the_same_deadline_tells_nobody(chair, world, asked, mails):
    form = chair.page(f"/meetings/{world.meeting.id}/deadlines").form("/deadlines").filled({})
    answer = chair.send(chair.last_path, form, follow_redirects=True)
    assert "De uiterste datum is gebleven. Er gaat geen bericht uit." in answer.text
    assert not tell(mails)


def test_a_deadline_after_the_start_has_to_change(chair, world, asked):
    page = chair.page(f"/meetings/{world.meeting.id}/deadlines")
    assert "Laat zo" in page.text
    move(chair, world, day="10-06-2026")
    page = chair.last
    assert "na het begin" in page.text
    assert "Laat zo" not in page.text
    assert "na het begin" in chair.page(f"/meetings/{world.meeting.id}/input").text
    page = chair.page(f"/meetings/{world.meeting.id}/deadlines")
    form = page.form("/deadlines").filled({"day": "12-06-2026"})
    answer = chair.send(chair.last_path, form)
    assert answer.status_code == 422
    assert "De termijn ligt na het begin van het overleg." in answer.text


@pytest.mark.parametrize(
    "was", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:00-23:59", "morgen", "2027-02-30"]
)
def test_an_impossible_moment_in_the_address_is_no_moment(chair, world, asked, was):
    assert chair.get(f"/meetings/{world.meeting.id}/deadlines?was={was}").status_code == 200


def test_without_open_questions_nobody_is_asked(chair, world, asked):
    with transaction() as session:
        for one in asked:
            session.get_one(InputRequest, one.id).answered_at = clock.now()
    assert "Voorbereiding" in move(chair, world, day="18-06-2026").text
    assert (
        "Er staat geen vraag om inbreng open."
        in chair.page(f"/meetings/{world.meeting.id}/deadlines").text
    )


def test_whose_case_is_closed_to_the_actor_is_left_out(chair, world, asked):
    builders.exclusion(world.chair, world.case, world.coordinator)
    assert "Voorbereiding" in move(chair, world, day="18-06-2026").text
    page = chair.page(f"/meetings/{world.meeting.id}/deadlines")
    assert "Er staat geen vraag om inbreng open." in page.text
