"""The own slot as a file, and the demo mailbox."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.features.calendar import service
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import AuditEvent, Invitation
from config import Mode
from tests import builders
from tests.calendar_readers import read_with_ical_js, read_with_vobject

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def demo(app, settings, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))


@pytest.fixture
def invitation(world) -> Invitation:
    service.synchronise(world.meeting.id, world.police.id)
    outbox.drain()
    with reading() as session:
        return session.scalars(select(Invitation)).one()


@pytest.fixture
def address(world, invitation) -> str:
    return f"/my-meetings/{world.meeting.id}/calendar/{invitation.id}.ics"


def test_the_own_slot_is_a_file_without_method_or_names(world, invitation, address, client):
    answer = client.sign_in(world.police.id).get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="uitnodiging.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    read = read_with_vobject(answer.data)
    [event] = read["events"]
    assert read["method"] is None
    assert (event["uid"], event["sequence"]) == (invitation.uid, 0)
    assert (event["summary"], event["attendees"], event["organizer"]) == ("Overleg", [], None)
    assert world.case.reference.encode() not in answer.data
    with reading() as session:
        events = session.scalars(
            select(AuditEvent.event).where(AuditEvent.object_id == invitation.id)
        ).all()
    assert events == ["copy-print-export"]


def test_two_parsers_read_the_same(world, address, client):
    data = client.sign_in(world.police.id).get(address).data
    one, other = read_with_vobject(data), read_with_ical_js(data)
    assert one["events"][0]["start"] == other["events"][0]["start"] == "2026-06-15T11:10:00Z"
    assert one["events"][0]["end"] == other["events"][0]["end"]


def test_nobody_else_finds_it_and_a_lost_slot_takes_it_away(world, invitation, address, new_client):
    for who in (world.care, world.chair, world.administrator, world.police_colleague):
        assert new_client().sign_in(who.id).get(address).status_code == 404
    police = new_client().sign_in(world.police.id)
    assert police.get(f"/my-meetings/{UNKNOWN}/calendar/{invitation.id}.ics").status_code == 404
    assert police.get(f"/my-meetings/{world.meeting.id}/calendar/{UNKNOWN}.ics").status_code == 404
    builders.recusal(world.police, world.case)
    assert police.get(address).status_code == 404


def test_a_cancelled_entry_is_gone_even_when_the_seat_came_back(world, invitation, address, client):
    with transaction() as session:
        session.get_one(Invitation, invitation.id).cancelled_at = clock.now()
    assert client.sign_in(world.police.id).get(address).status_code == 404


def test_the_demo_mailbox_shows_text_calendar_part_and_source(
    demo, world, invitation, client, mails
):
    client.sign_in(world.care.id)
    page = client.page("/demo/mail")
    assert "Uitnodiging overleg 15-06 13:10" in page.text
    assert "Alleen in de voorbeeldomgeving" in page.text
    [mail] = mails()
    page = client.page(f"/demo/mail/{mail.name}")
    for words in (
        world.police.email,
        "15-06-2026, 13.10",
        "15-06-2026, 13.40",
        invitation.uid,
        "REQUEST",
        "BEGIN:VCALENDAR",
        "Message-ID:",
    ):
        assert words in page.html, words


@pytest.mark.parametrize(
    "name", ["x", "..%2f..%2fdemo.key", "20260601T080000000000Z-0123456789abcdef.eml", "%00"]
)
def test_a_mail_that_is_not_there_is_not_found(demo, world, client, name):
    assert client.sign_in(world.care.id).get(f"/demo/mail/{name}").status_code == 404


def test_an_empty_mailbox_says_what_will_come(demo, world, client):
    assert "Hier verschijnt elke mail" in client.sign_in(world.care.id).page("/demo/mail").text


def test_outside_the_demo_there_is_no_mailbox(world, invitation, client, mails):
    client.sign_in(world.police.id)
    assert client.get("/demo/mail").status_code == 404
    assert client.get(f"/demo/mail/{mails()[0].name}").status_code == 404
