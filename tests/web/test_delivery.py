"""What did not arrive is seen by who can do something about it, and the mail log by the staff."""

import pytest
from sqlalchemy import select, update

from app.infra import clock, mail, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import OutboxRow
from app.models import AgendaItem, AuditEvent, Meeting, SeatHold
from tests import builders

ADMIN = "/admin/messages"


class Refusing:
    """A mail server that knows nobody."""

    def deliver(self, _mail) -> None:
        raise DeliveryFailed("recipient refused with 550", temporary=False, code="recipient-550")


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def refused(world):
    """Two invitations nobody wanted to take; from then on all goes well again."""
    healthy = mail._Postman.transport
    mail.use(Refusing())
    invite(world.police, world.care, of=world.meeting)
    mail.use(healthy)
    return f"/meetings/{world.meeting.id}"


def invite(*people, of) -> None:
    with transaction() as session:
        queue_calendar(session, of.id, [who.id for who in people])
    deliver()


def deliver() -> None:
    while outbox.drain():
        pass


def given_up() -> list[OutboxRow]:
    with reading() as session:
        return list(
            session.scalars(
                select(OutboxRow).where(
                    OutboxRow.dead_at.is_not(None), OutboxRow.dropped_at.is_(None)
                )
            )
        )


def recorded() -> list[tuple]:
    with reading() as session:
        return [
            (row.event, row.person_id)
            for row in session.scalars(
                select(AuditEvent).where(AuditEvent.object_kind == "message")
            )
        ]


def test_the_administrator_sees_who_and_why_and_nothing_of_a_case(world, refused, client):
    page = client.sign_in(world.administrator.id).page(ADMIN)
    assert "De mailserver weigert dit adres (550)." in page.text
    assert "Uitnodiging in de agenda" in page.text
    assert world.police.name in page.text
    for word in (world.case.reference, world.table.name, world.meeting.place, "13.00"):
        assert word not in page.text
    assert str(world.meeting.id) not in page.html


def test_trying_again_sends_it_and_is_recorded(world, refused, client, mails):
    visitor = client.sign_in(world.administrator.id)
    for row in given_up():
        assert visitor.fill(ADMIN, action=f"{row.id}/again").status_code == 303
    deliver()
    assert {one.to for one in mails()} == {world.police.email, world.care.email}
    assert "Alle berichten zijn aangekomen of onderweg." in visitor.page(ADMIN).text
    assert recorded() == [("change", world.administrator.id)] * 2


def test_letting_it_lapse_is_recorded_and_sends_nothing(world, refused, client, mails):
    visitor = client.sign_in(world.administrator.id)
    for row in given_up():
        visitor.fill(ADMIN, action=f"{row.id}/drop")
    deliver()
    assert mails() == ()
    assert given_up() == []
    assert recorded() == [("delete", world.administrator.id)] * 2


def test_staff_see_it_at_the_meeting_and_can_do_the_same(world, refused, client, mails):
    visitor = client.sign_in(world.coordinator.id)
    assert "2 berichten zijn niet aangekomen." in visitor.page(f"{refused}/invitations").text
    page = visitor.page(f"{refused}/messages")
    assert world.police.name in page.text
    assert "niet aangekomen" in page.text
    first, second = given_up()
    visitor.fill(f"{refused}/messages", action=f"{first.id}/again")
    visitor.fill(f"{refused}/messages", action=f"{second.id}/drop")
    deliver()
    assert len(mails()) == 1
    page = visitor.page(f"{refused}/messages")
    assert "verstuurd" in page.text
    assert "Opnieuw proberen" not in page.text
    assert "niet aangekomen." not in visitor.page(f"{refused}/invitations").text


def test_others_have_no_business_there(world, refused, client, new_client):
    [row, _] = given_up()
    for who in (world.stranger, world.police, world.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page(f"{refused}/messages", status=404)
        assert visitor.send(f"{refused}/messages/{row.id}/again").status_code == 404
    for who in (world.chair, world.police):
        visitor = new_client().sign_in(who.id)
        visitor.page(ADMIN, status=404)
        assert visitor.send(f"{ADMIN}/{row.id}/drop").status_code == 404
    assert len(given_up()) == 2


def test_a_message_of_another_meeting_is_not_reached_through_one_s_own(world, refused, client):
    other = builders.meeting(world.table)
    [row, _] = given_up()
    visitor = client.sign_in(world.coordinator.id)
    visitor.page(f"/meetings/{other.id}/messages")
    assert visitor.send(f"/meetings/{other.id}/messages/{row.id}/drop").status_code == 404


def test_a_closed_block_hides_who_was_told(world, refused, client):
    """The care sits at both cases: a mail more, and of what kind, would tell so."""
    builders.exclusion(world.coordinator, world.case, world.chair)
    visitor = client.sign_in(world.coordinator.id)
    page = visitor.page(f"{refused}/messages")
    assert world.care.name not in page.text
    assert world.police.name not in page.text
    assert "De berichten ziet een ander van de procesregie." in page.text
    assert "niet aangekomen" not in visitor.page(f"{refused}/invitations").text
    for hidden in given_up():
        assert visitor.send(f"{refused}/messages/{hidden.id}/again").status_code == 404
    with transaction() as session:
        session.get_one(AgendaItem, world.item.id).removed_at = clock.now()
    assert world.police.name not in visitor.page(f"{refused}/messages").text, "nor once it is gone"


def test_what_was_revoked_meanwhile_is_not_sent_by_trying_again(world, refused, client, mails):
    with transaction() as session:
        session.execute(update(SeatHold).values(until_at=clock.now()))
    visitor = client.sign_in(world.administrator.id)
    for row in given_up():
        visitor.fill(ADMIN, action=f"{row.id}/again")
    deliver()
    assert mails() == ()


def test_a_stopped_message_tells_the_place_and_not_the_word(world, client):
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    with transaction() as session:
        session.execute(update(Meeting).values(place="Bij mevrouw Amrani"))
    invite(world.police, of=world.meeting)
    page = client.sign_in(world.administrator.id).page(ADMIN)
    assert "Tegengehouden: de plaats van het overleg noemt iets uit een casus." in page.text
    assert "Amrani" not in page.html
    page = client.sign_in(world.chair.id).page(f"/meetings/{world.meeting.id}/messages")
    assert "Tegengehouden: de plaats van het overleg" in page.text
    assert "Amrani" not in page.html


def test_who_types_such_a_place_is_warned_at_once(world, client):
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    visitor = client.sign_in(world.chair.id)
    path = f"/meetings/{world.meeting.id}/times"
    for place, warned in (("Zaal 9", False), ("Bij fatima el-amrani", True)):
        answer = visitor.fill(path, {"place": place}, follow_redirects=True)
        assert ("noemt misschien iets uit een casus" in answer.text) is warned
