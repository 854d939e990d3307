"""Short mails about a meeting: to whom they concern, once, and not when it no longer holds."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from app.access import Permission, load_actor, load_seat
from app.domain.kinds import AccountState, InputAnswer, TableRoleName
from app.features.agenda import seating
from app.features.cases import exclusions
from app.features.meetings import sending, service
from app.features.seats import giving
from app.features.seats import service as seats
from app.features.seats.giving import GivenInput
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import InputRequest, Meeting, Person, Seat
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def acting(world):
    """A person of the world as the rules see it just now."""

    def load(who):
        with reading() as session:
            return load_actor(session, who.id, now=clock.now())

    return load


@pytest.fixture
def chair(acting, world):
    return acting(world.chair)


@pytest.fixture
def delivered(mails):
    """Deliver what waits; the new mails, but for those with a calendar part."""
    told: set[str] = set()

    def deliver():
        while outbox.drain():
            pass
        new = [mail for mail in mails() if mail.name not in told and not mail.calendar_method]
        told.update(mail.name for mail in new)
        return new

    return deliver


def whom(sent) -> list[str]:
    return sorted(mail.to for mail in sent)


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def ask(chair, world, seat=None) -> None:
    day = clock.today() + timedelta(days=7)
    sending.ask_input(chair, world.meeting.id, day=day, at=time(12), seat_id=seat and seat.id)


def request_of(seat):
    with transaction() as session:
        return session.scalar(select(InputRequest.id).where(InputRequest.seat_id == seat.id))


# --- Input --------------------------------------------------------------------------------------


def test_each_is_asked_by_one_mail_however_many_the_seats(chair, world, delivered):
    ask(chair, world)
    sent = delivered()
    assert whom(sent) == sorted([world.police.email, world.care.email])
    police = next(mail for mail in sent if mail.to == world.police.email)
    care = next(mail for mail in sent if mail.to == world.care.email)
    assert f"/my-input/{request_of(world.police_seat)}" in police.text
    assert "/my-input" not in care.text
    assert "maandag 15 juni 2026" in police.text
    assert "uiterlijk maandag 8 juni 2026, 12.00 uur" in police.text
    for word in (world.case.reference, world.table.name, world.care.name, world.chair.name):
        assert word not in police.text + police.html + police.subject
    ask(chair, world)
    assert delivered() == []


def answer(w, a) -> None:
    builders.acceptance(w.police, w.meeting)
    given = GivenInput(answer=InputAnswer.NOT_KNOWN)
    giving.give(a(w.police), request_of(w.police_seat), given)


LOST = {
    "answered": answer,
    "seat taken away": lambda w, a: seating.remove_seat(a(w.chair), w.police_seat.id),
    "withdrawn": lambda w, _: change(
        InputRequest, InputRequest.seat_id == w.police_seat.id, withdrawn_at=clock.now()
    ),
    "cancelled": lambda w, a: service.cancel_meeting(a(w.chair), w.meeting.id),
    "blocked": lambda w, _: change(Person, Person.id == w.police.id, state=AccountState.BLOCKED),
    "recused": lambda w, a: seats.recuse(a(w.police), w.police_seat.id),
    "excluded": lambda w, _: builders.exclusion(w.police, w.case, w.chair),
}


@pytest.mark.parametrize("cause", LOST)
def test_who_lost_the_question_meanwhile_is_not_mailed(chair, acting, world, delivered, cause):
    ask(chair, world, world.police_seat)
    LOST[cause](world, acting)
    assert world.police.email not in whom(delivered())


def test_a_question_follows_the_seat_to_the_deputy(chair, acting, world, delivered):
    ask(chair, world, world.police_seat)
    seats.hand_over(acting(world.police), world.police_seat.id, world.police_colleague.id)
    assert whom(delivered()) == [world.police_colleague.email]


# --- Papers -------------------------------------------------------------------------------------


def test_papers_are_told_when_they_open_and_once(chair, world, delivered, frozen_clock):
    change(Seat, Seat.id == world.police_seat.id, invited_at=None)
    sending.publish(chair, world.meeting.id)
    assert delivered() == []
    with reading() as session:
        opens_at = session.get_one(Meeting, world.meeting.id).opens_at
    frozen_clock.moment = opens_at - timedelta(seconds=1)
    assert delivered() == []
    frozen_clock.moment = opens_at
    sent = delivered()
    assert whom(sent) == [world.care.email]
    assert f"/my-meetings/{world.meeting.id}" in sent[0].text
    assert "maandag 15 juni 2026" in sent[0].text
    assert delivered() == []


def test_papers_of_a_moved_meeting_are_told_on_the_new_day_only(
    chair, world, delivered, frozen_clock
):
    sending.publish(chair, world.meeting.id)
    with reading() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        before, version = meeting.opens_at, meeting.version
    moved = service.MeetingTimes(
        day=clock.today() + timedelta(days=21), start=time(13), end=time(16), place="", link=""
    )
    service.move_meeting(chair, world.meeting.id, moved, version=version)
    frozen_clock.moment = before
    assert delivered() == []
    frozen_clock.moment = before + timedelta(days=7)
    assert whom(delivered()) == sorted([world.police.email, world.care.email])


@pytest.mark.parametrize(
    "cause", ["cancelled", "blocked", "recused", "excluded", "seat taken away"]
)
def test_who_lost_the_papers_meanwhile_is_not_mailed(  # noqa: PLR0917 - these are fixtures
    chair, acting, world, delivered, frozen_clock, cause
):
    sending.publish(chair, world.meeting.id)
    LOST[cause](world, acting)
    frozen_clock.advance(timedelta(days=7))
    assert world.police.email not in whom(delivered())


# --- Free seats ---------------------------------------------------------------------------------


def test_a_recusal_tells_staff_of_a_free_seat_and_nothing_more(acting, world, delivered):
    builders.role(world.stranger, world.table, TableRoleName.COORDINATOR)
    builders.exclusion(world.stranger, world.case, world.chair)
    seats.recuse(acting(world.police), world.police_seat.id)
    sent = delivered()
    assert whom(sent) == sorted([world.chair.email, world.coordinator.email])
    for mail in sent:
        assert "maandag 15 juni 2026" in mail.text
        for word in (world.case.reference, world.police.name, "Politie", world.table.name):
            assert word not in mail.text + mail.html + mail.subject


def test_an_exclusion_reads_the_same_as_a_recusal(acting, chair, world, delivered):
    seats.recuse(acting(world.police), world.police_seat.id)
    recused = {mail.to: mail for mail in delivered()}
    new = exclusions.NewExclusion(person_id=world.care.id, reason="Buurman.", until=None)
    exclusions.exclude(chair, world.case.id, new)
    sent = delivered()
    assert whom(sent) == [world.coordinator.email]
    assert sent[0].text == recused[world.coordinator.email].text
    assert sent[0].subject == recused[world.coordinator.email].subject


def test_a_seat_filled_again_is_not_told(acting, chair, world, delivered):
    seats.recuse(acting(world.police), world.police_seat.id)
    with transaction() as session:
        loaded = load_seat(session, chair, world.police_seat.id, Permission.SEAT_ASSIGN)
        seating.name_occupant(session, chair, loaded, world.police_colleague.id)
    assert delivered() == []
