"""Answers by mail on the pages of staff: what waits, what was written, and what a no leaves behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.domain.kinds import InvitationAnswer
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.models import AuditEvent, Case, Invitation, InvitationItem, SeatHold
from config import Mode
from tests import builders
from tests.replies import arrive, hold_of, invited_world, replies
from tests.statements import counted

TEXT = "Ik ben op cursus"


@pytest.fixture
def world(app, monkeypatch):
    return invited_world(monkeypatch)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


def address(act: str = "") -> str:
    return f"/replies/{replies()[-1].id}{act}"


def test_a_decline_shows_who_is_missed_and_where_to_name_a_deputy(staff, world):
    arrive("apple-decline-file")
    page = staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert "per e-mail" in page.text
    assert "1 van 2 deelnemers komen." in page.text
    assert "Niemand anders van Politie." in page.text
    assert f"/seats/{world.police_seat.id}" in page.html
    again = staff.page(f"/meetings/{world.meeting.id}")
    assert "Komt niet: POL" in again.text
    assert again.html.count('class="seat declined"') >= 3, "in the agenda, the matrix, the legend"


def test_perhaps_and_what_waits_stand_with_the_invitation(staff, world):
    arrive("thunderbird-tentative")
    page = staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert "misschien" in page.text
    arrive("words-only")
    page = staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert "Bekijk e-mail" in page.text
    assert "1 e-mail om te bekijken." in staff.page(f"/meetings/{world.meeting.id}").text


def test_what_was_said_of_an_earlier_time_does_not_show(staff, world):
    arrive("thunderbird-tentative")
    with transaction() as session:
        session.execute(update(Invitation).values(sequence=1))
    page = staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert "misschien" not in page.text


def test_a_bounce_shows_in_the_preparation_and_at_the_person(staff, new_client, world):
    arrive("bounce-report")
    page = staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert "mail komt terug" in page.text
    assert "Mail komt terug: A. Yilmaz" in staff.page(f"/meetings/{world.meeting.id}").text
    administrator = new_client().sign_in(world.administrator.id)
    assert "Mail komt terug" in administrator.page(f"/admin/people/{world.police.id}").text


def test_the_list_names_who_and_why_and_no_text(staff, world):
    assert "Er wacht geen antwoord" in staff.page("/replies").text
    arrive("outlook-decline-comment")
    arrive("delegated")
    assert "2 antwoorden om te bekijken" in staff.page("/").text
    page = staff.page("/replies")
    assert page.text.count("A. Yilmaz") >= 2
    assert "Wil dat een ander komt" in page.text
    assert TEXT not in page.text


def test_what_was_written_opens_on_the_answer_s_page_and_is_recorded(staff, world):
    arrive("outlook-decline-comment")
    assert TEXT in staff.page(address()).text
    with reading() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "reply")).one()
    assert (read.event, read.person_id, read.object_id) == (
        "read", world.coordinator.id, replies()[0].id,
    )  # fmt: skip


def test_the_chair_sees_the_answer_and_never_what_was_written(client, world):
    client.sign_in(world.chair.id)
    arrive("outlook-decline-comment")
    assert "Er wacht geen antwoord" in client.page("/replies").text
    assert "om te bekijken" not in client.page("/").text
    page = client.page(address())
    assert "Dat leest alleen de procesregisseur" in page.text
    assert TEXT not in page.html
    arrive("words-only")
    assert "Afgehandeld" not in client.page(address()).text
    assert client.send(address("/put-aside")).status_code == 422
    with reading() as session:
        assert not session.scalars(
            select(AuditEvent).where(AuditEvent.object_kind == "reply")
        ).all()


def test_a_held_answer_is_taken_over_on_behalf_of_the_person(staff, new_client, world):
    arrive("assistant-sends")
    assert staff.fill(address(), action="take-over").status_code == 303
    held = hold_of(world.police_seat)
    assert (held.answer, held.answer_recorded_by_id) == (InvitationAnswer.NO, world.coordinator.id)
    assert held.answer_confirmed_at is None
    with reading() as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "answer")).one()
    assert (line.person_id, line.on_behalf_of_id) == (world.coordinator.id, world.police.id)
    assert "Er wacht geen antwoord" in staff.page("/replies").text
    assert staff.send(address("/take-over")).status_code == 422


def test_a_proposal_is_shown_and_put_aside(staff, world):
    arrive("google-propose")
    page = staff.page(address())
    assert "di 16-06-2026, 10.00 tot 10.30 uur" in page.text
    assert "Overnemen" not in page.text
    assert staff.fill(address(), action="put-aside").status_code == 303
    assert replies()[0].was_taken_over is False
    assert "Er wacht geen antwoord" in staff.page("/replies").text
    assert staff.send(address("/put-aside")).status_code == 422


def test_who_may_not_know_of_the_case_does_not_learn_of_the_answer(client, world):
    arrive("outlook-decline-comment")
    builders.exclusion(world.coordinator, world.case, world.chair)
    for who in (world.coordinator, world.stranger, world.police, world.administrator):
        client.sign_in(who.id)
        for path in (address(), address("/take-over"), address("/put-aside")):
            answer = client.get(path) if path == address() else client.send(path)
            assert answer.status_code == 404, (who.name, path)
    client.sign_in(world.coordinator.id)
    assert "Yilmaz" not in client.page("/replies").text
    assert "om te bekijken" not in client.page("/").text
    assert "per e-mail" not in client.page(f"/meetings/{world.meeting.id}/invitations").text


def test_what_was_said_while_sitting_there_stays_closed(staff, world):
    """The entry spans another case by now; the words beside the answer were about both."""
    arrive("outlook-decline-comment")
    builders.exclusion(world.coordinator, world.case, world.chair)
    with transaction() as session:
        session.execute(
            update(SeatHold)
            .where(SeatHold.seat_id == world.police_seat.id)
            .values(until_at=clock.now())
        )
        session.execute(update(InvitationItem).values(item_id=world.second_item.id))
    assert staff.get(address()).status_code == 404
    assert "Yilmaz" not in staff.page("/replies").text


def test_after_the_case_moved_the_old_table_sees_no_answer(staff, world):
    arrive("outlook-decline-comment")
    with transaction() as session:
        session.execute(
            update(Case).where(Case.id == world.case.id).values(table_id=world.other_table.id)
        )
    assert staff.get(address()).status_code == 404


def test_what_is_over_cannot_be_taken_over(staff, world):
    arrive("assistant-sends")
    with transaction() as session:
        session.execute(update(SeatHold).values(until_at=clock.now()))
    assert "Overnemen" not in staff.page(address()).text
    assert staff.send(address("/take-over")).status_code == 422


def test_the_list_and_one_answer_cost_few_statements(app, staff, world):
    for name in ("assistant-sends", "delegated", "google-propose", "words-only"):
        arrive(name)
    with counted() as sent:
        staff.page("/replies")
    assert len(sent) <= 5
    with counted() as sent:
        staff.page(f"/meetings/{world.meeting.id}/invitations")
    assert len(sent) <= 14


@pytest.fixture
def demo(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))


@pytest.mark.parametrize(
    ("answer", "stands"),
    [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "open")],
)
def test_an_invitation_in_the_demo_mailbox_is_answered_like_real_mail(
    app, demo, client, mails, *, answer, stands
):
    world = builders.small_world()
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [world.police.id])
    outbox.drain()
    clock._current.advance(timedelta(minutes=2))
    outbox.drain()
    [mail] = mails(recipient=world.police.email)
    client.sign_in(world.police.id)
    page = client.page(f"/demo/mail/{mail.name}")
    assert "Accepteren" in page.text
    path = f"/demo/mail/{mail.name}/answer"
    assert client.send(path, {"answer": answer}).status_code == 303
    assert [one.state for one in replies()] == ["applied"]
    assert hold_of(world.police_seat).answer == stands
    assert client.send(path, {"answer": "x"}).status_code == 404
    assert client.send("/demo/mail/x/answer", {"answer": answer}).status_code == 404


def test_outside_the_demo_nothing_is_answered_there(app, client, world):
    client.sign_in(world.police.id)
    name = "20260601T080000000000Z-0123456789abcdef.eml"
    assert client.send(f"/demo/mail/{name}/answer", {"answer": "ACCEPTED"}).status_code == 404
