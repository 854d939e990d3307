"""Invitations as the recipients' mailboxes see them, from the change of a seat to the mail."""

import threading
from contextvars import copy_context
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.access.administration.accounts import recheck_calendar
from app.access.messages import invitations
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, HoldEnd, ItemKind, MailState
from app.features.calendar import service
from app.infra import clock, mail, outbox
from app.infra.db import reading, transaction
from app.models import (
    AgendaItem,
    Invitation,
    MailLog,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)
from tests import builders
from tests.calendar_readers import read_with_ical_js, read_with_vobject

NEVER = ("Kanarie", "Wat is nodig", "Moeder", "MDA-", "de Graaf", "de Wit")


@pytest.fixture
def world(app):
    return builders.small_world()


def synchronise(*people: Person, of: Meeting) -> None:
    """What the seats and the agenda do after a change: queue, and the worker drains."""
    queue(*people, of=of)
    while outbox.drain():
        pass


def queue(*people: Person, of: Meeting) -> None:
    with transaction() as session:
        for number, who in enumerate(people):
            outbox.add(
                session,
                "calendar.sync",
                unique_key=f"test:{clock.now().timestamp()}:{number}:{id(people)}:{len(people)}",
                payload={"meeting_id": of.id, "person_id": who.id},
            )
    clock_moves()


def clock_moves() -> None:
    """Mails and keys of one instant are told apart by a second of time."""
    clock._current.advance(timedelta(seconds=1))


def change(statement) -> None:
    with transaction() as session:
        session.execute(statement)


def move(item: AgendaItem, minutes: int) -> None:
    step = timedelta(minutes=minutes)
    change(
        update(AgendaItem)
        .where(AgendaItem.id == item.id)
        .values(starts_at=item.starts_at + step, ends_at=item.ends_at + step)
    )


def end_hold(seat: Seat, reason: HoldEnd = HoldEnd.HANDED_OVER) -> None:
    change(
        update(SeatHold)
        .where(SeatHold.seat_id == seat.id, SeatHold.until_at.is_(None))
        .values(until_at=clock.now(), ended=reason)
    )


def event_of(letter) -> dict:
    read = read_with_vobject(letter.calendar.encode())
    assert read["method"] == letter.calendar_method
    assert len(read["events"]) == 1
    return read["events"][0] | {"method": read["method"]}


STAYS = "Een ander tijdstip bij dit overleg blijft in uw agenda staan."


def test_inviting_sends_one_request_for_the_own_stretch(world, mails):
    synchronise(world.police, world.care, of=world.meeting)
    assert len(mails()) == 2
    [police] = mails(recipient=world.police.email)
    event = event_of(police)
    assert (event["method"], event["sequence"], event["summary"]) == ("REQUEST", 0, "Overleg")
    assert event["start"] == "2026-06-15T11:10:00Z"
    assert event["end"] == "2026-06-15T11:40:00Z"
    assert event["attendees"] == [f"mailto:{world.police.email}"]
    assert event["location"] == "Zaal 2, Stadhuis"
    assert police.subject == "Uitnodiging overleg 15-06 13:10"
    assert f"https://casustafel.test/my-meetings/{world.meeting.id}" in police.text
    [care] = mails(recipient=world.care.email)
    own = event_of(care)
    assert own["end"] == "2026-06-15T12:00:00Z", "two items in a row are one stretch"
    assert own["uid"] != event["uid"]


def test_who_serves_the_table_is_led_to_the_meeting_itself(world, mails):
    synchronise(world.coordinator, of=world.meeting)
    [mail] = mails()
    address = f"https://casustafel.test/meetings/{world.meeting.id}"
    assert address in mail.text
    assert address in mail.calendar.replace("\r\n ", "").replace("\n ", "")


def test_a_break_between_own_items_keeps_one_entry_and_a_stranger_s_item_makes_two(world, mails):
    care_later = builders.item(world.meeting, world.case, after=world.second_item)
    builders.seat(care_later, world.care_organisation, world.care)
    move(world.second_item, 15)
    pause = builders.item(world.meeting, after=world.item, minutes=15, kind=ItemKind.BREAK)
    assert pause.ends_at == world.second_item.starts_at + timedelta(minutes=15)
    move(care_later, 60)
    synchronise(world.care, of=world.meeting)
    stretches = [(event_of(one)["start"], event_of(one)["end"]) for one in mails()]
    assert sorted(stretches) == [
        ("2026-06-15T11:10:00Z", "2026-06-15T12:15:00Z"),
        ("2026-06-15T13:00:00Z", "2026-06-15T13:30:00Z"),
    ]
    # Joined again: one changes, the other goes, and says that the first stays.
    move(care_later, 15)
    synchronise(world.care, of=world.meeting)
    [gone] = [one for one in mails() if one.calendar_method == "CANCEL"]
    assert STAYS in gone.text
    assert STAYS in gone.html


def test_moving_an_item_sends_an_update_with_a_higher_sequence(world, mails):
    synchronise(world.police, of=world.meeting)
    move(world.item, 5)
    synchronise(world.police, of=world.meeting)
    newest, first = mails(recipient=world.police.email)
    assert event_of(newest)["uid"] == event_of(first)["uid"]
    assert (event_of(newest)["sequence"], event_of(first)["sequence"]) == (1, 0)
    assert event_of(newest)["start"] == "2026-06-15T11:15:00Z"
    assert newest.subject == "Gewijzigd: overleg 15-06 13:15"


def test_a_new_place_is_a_change(world, mails):
    synchronise(world.police, of=world.meeting)
    change(update(Meeting).values(place="Zaal 9"))
    synchronise(world.police, of=world.meeting)
    assert event_of(mails()[0])["location"] == "Zaal 9"
    assert event_of(mails()[0])["sequence"] == 1


def test_nothing_changed_sends_nothing(world, mails):
    synchronise(world.police, of=world.meeting)
    synchronise(world.police, world.police, of=world.meeting)
    assert len(mails()) == 1


def test_removing_a_seat_cancels_for_that_one_only(world, mails):
    synchronise(world.police, world.care, of=world.meeting)
    change(update(Seat).where(Seat.id == world.police_seat.id).values(removed_at=clock.now()))
    synchronise(world.police, world.care, of=world.meeting)
    assert len(mails()) == 3
    cancelled = mails()[0]
    assert cancelled.to == world.police.email
    event = event_of(cancelled)
    assert (event["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert cancelled.subject == "Vervallen: overleg 15-06 13:10"
    assert STAYS not in cancelled.text


def test_cancelling_the_meeting_cancels_with_the_old_data_only(world, mails):
    synchronise(world.police, of=world.meeting)
    move(world.item, 45)
    change(update(Meeting).values(cancelled_at=clock.now(), place="Geheime zaal"))
    synchronise(world.police, of=world.meeting)
    event = event_of(mails()[0])
    assert event["method"] == "CANCEL"
    assert (event["start"], event["location"]) == ("2026-06-15T11:10:00Z", "Zaal 2, Stadhuis")
    assert "Geheime" not in mails()[0].text
    assert "\n\nDeze mail bevat geen inhoud" in mails()[0].text
    synchronise(world.police, of=world.meeting)
    assert len(mails()) == 2, "cancelled is cancelled once"


def test_a_deputy_gets_a_request_and_the_first_holder_a_cancel(world, mails):
    synchronise(world.police, of=world.meeting)
    end_hold(world.police_seat)
    builders.hold(world.police_seat, world.police_colleague, is_deputy=True)
    synchronise(world.police, world.police_colleague, of=world.meeting)
    [_first, cancel] = sorted(mails(recipient=world.police.email), key=lambda one: one.name)
    [request] = mails(recipient=world.police_colleague.email)
    assert event_of(cancel)["method"] == "CANCEL"
    assert event_of(request)["method"] == "REQUEST"
    assert event_of(request)["uid"] != event_of(cancel)["uid"]


def test_handed_back_is_a_new_entry_with_a_new_uid(world, mails):
    synchronise(world.police, of=world.meeting)
    end_hold(world.police_seat)
    synchronise(world.police, of=world.meeting)
    builders.hold(world.police_seat, world.police)
    synchronise(world.police, of=world.meeting)
    again, cancel, first = mails(recipient=world.police.email)
    assert [event_of(one)["method"] for one in (first, cancel, again)] == [
        "REQUEST",
        "CANCEL",
        "REQUEST",
    ]
    assert event_of(again)["uid"] != event_of(first)["uid"] == event_of(cancel)["uid"]
    assert event_of(again)["sequence"] == 0


REVOKED = {
    "blocked": lambda w: update(Person).where(Person.id == w.police.id).values(state=AccountState.BLOCKED),
    "moved to another organisation": lambda w: update(Person).where(Person.id == w.police.id).values(organisation_id=w.care_organisation.id),
    "seat removed": lambda w: update(Seat).where(Seat.id == w.police_seat.id).values(removed_at=clock.now()),
    "meeting cancelled": lambda w: update(Meeting).where(Meeting.id == w.meeting.id).values(cancelled_at=clock.now()),
    "item removed": lambda w: update(AgendaItem).where(AgendaItem.id == w.item.id).values(removed_at=clock.now()),
}  # fmt: skip


@pytest.mark.parametrize("how", REVOKED)
def test_what_is_revoked_between_queue_and_delivery_is_not_sent(world, mails, how):
    queue(world.police, of=world.meeting)
    assert outbox.drain(most=1) == 1, "the entry is made and its mail queued"
    change(REVOKED[how](world))
    synchronise(world.police, of=world.meeting)
    assert mails() == (), "no request, and no withdrawal of what was never told"


def test_the_excluded_and_the_recused_get_an_ordinary_withdrawal(world, mails):
    synchronise(world.police, world.care, of=world.meeting)
    builders.exclusion(world.police, world.case, world.coordinator)
    builders.recusal(world.care, world.case)
    synchronise(world.police, world.care, of=world.meeting)
    [cancel, _request] = mails(recipient=world.police.email)
    assert event_of(cancel)["method"] == "CANCEL"
    moved = event_of(mails(recipient=world.care.email)[0])
    assert (moved["method"], moved["start"]) == ("REQUEST", "2026-06-15T11:40:00Z"), (
        "the rest stays"
    )


def test_a_blocked_person_loses_all_entries(world, mails):
    synchronise(world.police, of=world.meeting)
    clock_moves()
    change(update(Person).where(Person.id == world.police.id).values(state=AccountState.BLOCKED))
    with transaction() as session:
        recheck_calendar(session, world.police.id)
    while outbox.drain():
        pass
    assert event_of(mails()[0])["method"] == "CANCEL"


def test_a_new_try_repeats_the_message_id(world, mails, monkeypatch):
    sent = []

    def broken_line(letter):
        sent.append(letter.message_id)
        if len(sent) == 1:
            raise mail.DeliveryFailed("no conversation", temporary=True)

    monkeypatch.setattr(mail, "send", broken_line)
    queue(world.police, of=world.meeting)
    outbox.drain()
    clock._current.advance(timedelta(minutes=2))
    outbox.drain()
    assert len(sent) == 2
    assert sent[0] == sent[1]
    with reading() as session:
        assert session.scalars(select(MailLog.message_id)).all() == [sent[0]]


def test_an_older_state_waiting_behind_a_newer_one_is_not_sent(world, mails):
    service.synchronise(world.meeting.id, world.police.id)
    move(world.item, 5)
    service.synchronise(world.meeting.id, world.police.id)
    assert outbox.drain() == 2
    [only] = mails()
    assert event_of(only)["sequence"] == 1
    assert only.subject.startswith("Uitnodiging"), "the recipient never heard of the first"


def test_meetings_in_the_past_are_silent(world, mails):
    synchronise(world.police, of=world.meeting)
    clock._current.advance(timedelta(days=20))
    move(world.item, 5)
    synchronise(world.police, world.care, of=world.meeting)
    change(update(Meeting).values(cancelled_at=clock.now()))
    synchronise(world.police, world.care, of=world.meeting)
    assert len(mails()) == 1


def test_no_mail_holds_a_reference_a_question_or_a_name(world, mails):
    canaries = [*NEVER, world.case.reference, world.second_case.reference, world.police.name]
    change(update(Person).where(Person.id == world.care.id).values(language="en"))
    synchronise(world.care, of=world.meeting)
    move(world.second_item, 40)
    synchronise(world.care, of=world.meeting)
    change(update(Meeting).values(cancelled_at=clock.now()))
    synchronise(world.care, of=world.meeting)
    assert len(mails()) == 5, "two entries after the move, then a withdrawal of each"
    with reading() as session:
        organisations = session.scalars(select(Organisation.name)).all()
    for one in mails():
        whole = f"{one.subject}\n{one.text}\n{one.html}\n{one.calendar}".replace("\n ", "")
        found = [word for word in (*canaries, *organisations, str(world.case.id)) if word in whole]
        assert not found, f"{one.subject} tells {found}"


def test_two_parsers_make_the_same_of_every_mail(world, mails):
    synchronise(world.police, of=world.meeting)
    move(world.item, 5)
    synchronise(world.police, of=world.meeting)
    end_hold(world.police_seat)
    synchronise(world.police, of=world.meeting)
    letters = mails()
    assert [one.calendar_method for one in letters] == ["CANCEL", "REQUEST", "REQUEST"]
    for one in letters:
        data = one.calendar.encode()
        ours, theirs = read_with_vobject(data), read_with_ical_js(data)
        assert ours["method"] == theirs["method"] == one.calendar_method
        for name in (
            "uid",
            "sequence",
            "status",
            "summary",
            "location",
            "start",
            "end",
            "attendees",
        ):
            assert ours["events"][0][name] == theirs["events"][0][name], name


def test_the_mail_log_holds_a_kind_and_never_a_text(world, mails):
    synchronise(world.police, of=world.meeting)
    with reading() as session:
        [row] = session.scalars(select(MailLog)).all()
    assert (row.kind, row.state) == ("calendar.request", MailState.SENT)
    assert (row.person_id, row.meeting_id) == (world.police.id, world.meeting.id)
    assert set(MailLog.__table__.columns.keys()) == {
        "id", "at", "kind", "person_id", "meeting_id", "message_id", "state",
    }  # fmt: skip


def test_own_entries_are_the_live_ones_of_slots_still_held(world):
    synchronise(world.police, of=world.meeting)
    with reading() as session:
        actor = load_actor(session, world.police.id, now=clock.now())
        [own] = invitations.own_invitations(session, actor, world.meeting.id)
        stranger = load_actor(session, world.care.id, now=clock.now())
        with pytest.raises(NotVisible):
            invitations.load_own_invitation(session, stranger, world.meeting.id, own.id)
    end_hold(world.police_seat)
    with reading() as session:
        assert invitations.own_invitations(session, actor, world.meeting.id) == []


def test_two_stored_entries_never_share_a_uid(world):
    synchronise(world.police, world.care, of=world.meeting)
    with reading() as session:
        uids = session.scalars(select(Invitation.uid)).all()
    assert len(set(uids)) == len(uids) == 2


def test_two_workers_at_one_person_make_one_entry(app, world):
    faults: list[BaseException] = []
    together = threading.Barrier(2, timeout=60)

    def run() -> None:
        try:
            with app.app_context():
                together.wait()
                service.synchronise(world.meeting.id, world.police.id)
        except BaseException as fault:  # noqa: BLE001 - shown to the main thread
            faults.append(fault)

    # A thread starts with nobody who acts; these act as the test does.
    threads = [threading.Thread(target=copy_context().run, args=[run]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults
    with reading() as session:
        assert len(session.scalars(select(Invitation)).all()) == 1
