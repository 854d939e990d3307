"""What did not arrive is seen by who can do something about it, and the mail log by the staff."""

import pytest
from sqlalchemy import select, update

from app.infra import clock, mail, outbox
from app.infra.calendar_queue import queue_calendar, queue_series
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import OutboxRow
from app.models import AgendaItem, AuditEvent, CaseTable, Meeting, SeatHold, Series
from tests import builders

ADMIN = "/admin/messages"
STOPPED = "/stopped-messages"
UNSEEN = "/unseen-messages"


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
                select(AuditEvent)
                .where(AuditEvent.object_kind == "message")
                .order_by(AuditEvent.id)
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


def test_long_lists_are_paged_and_every_message_can_be_reached(world, refused, client, monkeypatch):
    monkeypatch.setattr("app.access.messages.undelivered.PER_PAGE", 1)
    visitor = client.sign_in(world.administrator.id)
    assert "Pagina 1 van 2 (2 in totaal)" in visitor.page(ADMIN).text
    second = next(one for one in given_up() if str(one.id) in visitor.page(f"{ADMIN}?page=2").html)
    assert visitor.fill(f"{ADMIN}?page=2", action=f"{second.id}/again").status_code == 303
    visitor.sign_in(world.coordinator.id)
    deliver()
    page = visitor.page(f"{refused}/messages?page=2&given_up=1")
    assert "Pagina 2 van 2 (2 in totaal)" in page.text, "of what was sent"
    assert page.text.count("Opnieuw proberen") == 1


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


LEFT_OUT = "In de agenda-uitnodiging is de plaats weggelaten"


def test_staff_read_that_the_place_was_left_out_and_can_change_it(world, client, mails):
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    with transaction() as session:
        session.execute(update(Meeting).values(place="Bij mevrouw Amrani"))
    invite(world.police, of=world.meeting)
    assert len(mails()) == 1
    path = f"/meetings/{world.meeting.id}"
    assert LEFT_OUT in client.sign_in(world.chair.id).page(path).text
    builders.exclusion(world.chair, world.case, world.coordinator)
    assert LEFT_OUT not in client.page(path).text, "it would tell of the case"
    builders.exclusion(world.coordinator, world.second_case, world.coordinator)
    client.sign_in(world.coordinator.id)
    assert LEFT_OUT in client.page(path).text
    client.fill(f"{path}/times", {"place": "Zaal 9"})
    assert LEFT_OUT not in client.page(path).text


def test_an_administrator_learns_no_name_by_trying_words(world, client, mails):
    """Who types words for calendars may not read from the mail whether they name somebody."""
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    client.sign_in(world.administrator.id)
    seen = {}
    for name, who in (("Bakker", world.police), ("Amrani", world.care)):
        with transaction() as session:
            words = {"calendar_words": f"Vergadering {name}"}
            session.execute(update(CaseTable).where(CaseTable.id == world.table.id).values(words))
        invite(who, of=world.meeting)
        seen[name] = client.page(ADMIN).text
    assert seen["Bakker"] == seen["Amrani"]
    assert len(mails()) == 2


def test_what_is_stopped_is_for_who_may_see_the_case(world, client, new_client, mails):
    """Not for the administrator; of the staff for those who know of every case it was found in."""
    builders.section(world.case, world.types["identity"], world.host, "Naam: Uitnodiging")
    invite(world.police, of=world.meeting)
    [row] = given_up()
    administrator = new_client().sign_in(world.administrator.id)
    assert world.police.name not in administrator.page(ADMIN).text
    assert administrator.send(f"{ADMIN}/{row.id}/drop").status_code == 404
    administrator.page(STOPPED, status=404)
    police = new_client().sign_in(world.police.id)
    police.page(STOPPED, status=404)
    assert "1 bericht is tegengehouden" in client.sign_in(world.coordinator.id).page("/").text
    page = client.page(STOPPED)
    assert f"Uitnodiging in de agenda {world.police.name}" in page.text
    assert "een bestandsnaam noemt iets uit een casus" in page.text
    builders.exclusion(world.chair, world.case, world.coordinator)
    chair = new_client().sign_in(world.chair.id)
    assert world.police.name not in chair.page(STOPPED).text
    assert "tegengehouden" not in chair.page("/").text.lower()
    assert chair.send(f"{STOPPED}/{row.id}/again").status_code == 404
    client.fill(STOPPED, action=f"{row.id}/again")
    deliver()
    assert mails() == (), "it still names somebody"
    client.fill(STOPPED, action=f"{row.id}/drop")
    assert given_up() == []
    assert recorded() == [("change", world.coordinator.id), ("delete", world.coordinator.id)]


WARNING = "noemt misschien iets uit een casus"
SERIES = {
    "kind": "weekly", "weekdays": ["1"], "interval": "1", "first_on": "7-7-2026",
    "last_on": "28-7-2026", "start": "13.00", "end": "15.00",
}  # fmt: skip


def test_what_all_staff_are_barred_from_is_told_to_the_privacy_officer(world, client, new_client):
    """Each of the staff is barred from one of the cases: nobody else would know of it."""
    officer = builders.person(world.host, "F. Officier", is_privacy_officer=True)
    builders.section(world.case, world.types["identity"], world.host, "Naam: Uitnodiging")
    invite(world.police, of=world.meeting)
    seen = new_client().sign_in(officer.id)
    assert "geen bericht tegengehouden" in seen.page(UNSEEN).text
    for who in (world.chair, world.coordinator):
        builders.exclusion(who, world.case, world.chair)
    page = seen.page(UNSEEN)
    assert world.table.name in page.text
    assert "Uitnodiging in de agenda" in page.text
    for secret in (world.case.reference, world.police.name, str(world.meeting.id)):
        assert secret not in page.html
    assert "1 bericht is tegengehouden waarvan" in seen.page("/").text
    substitute = builders.chair(world.host, world.table, "W. Vervanger")
    assert "geen bericht tegengehouden" in seen.page(UNSEEN).text
    assert "Uitnodiging" in client.sign_in(substitute.id).page(STOPPED).text
    for who in (world.chair, world.police):
        assert new_client().sign_in(who.id).get(UNSEEN).status_code in {403, 404}


def test_who_types_such_a_place_is_warned_at_once(world, client):
    """Moving a meeting, planning one, and looking at a series; nobody learns of a closed case."""
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    client.sign_in(world.chair.id)
    table = str(world.table.id)
    new = {"table": table, "day": "7-7-2026", "start": "9.00", "end": "10.00"}

    def warned(path: str, fields: dict, place: str) -> bool:
        fields = {**fields, "place": place}
        return WARNING in client.fill(path, fields, follow_redirects=True).text

    planning = [
        (f"/meetings/{world.meeting.id}/times", {}),
        ("/meetings/new", new),
        ("/series/new", {**SERIES, "table": table}),
    ]
    for path, fields in planning:
        assert not warned(path, fields, "Zaal 9"), path
        assert warned(path, fields, "Bij fatima el-amrani"), path
    builders.exclusion(world.chair, world.case, world.coordinator)
    for path, fields in planning:
        assert not warned(path, fields, "Bij fatima elamrani"), path


def test_staff_of_a_series_read_what_its_mails_go_without(world, client, mails):
    """The case may be on the agenda of any day to come."""
    builders.section(world.case, world.types["identity"], world.host, "Naam: Fatima El Amrani")
    series = builders.series(world.table)
    client.sign_in(world.coordinator.id)
    with transaction() as session:
        session.get_one(Series, series.id).place = "Bij Amrani"
        session.execute(update(Meeting).values(place="Bij Amrani"))
        first = session.scalars(select(Meeting).where(Meeting.series_id == series.id)).all()[0]
        queue_series(session, series.id, [world.coordinator.id, world.chair.id])
    builders.item(first, world.case)
    deliver()
    assert [("LOCATION" in one.calendar, "SUMMARY:Overleg" in one.calendar) for one in mails()] == [
        (False, True)
    ] * 2
    assert LEFT_OUT in client.page(f"/series/{series.id}").text
    builders.exclusion(world.coordinator, world.case, world.chair)
    assert LEFT_OUT not in client.page(f"/series/{series.id}").text
