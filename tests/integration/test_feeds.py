"""What a calendar subscription holds: asked anew at every fetch, in one statement, in equal bytes."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.access.administration.accounts import revoke_sessions
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import AccountState, FeedContent, HoldEnd, TableRoleName
from app.domain.recurring import Master
from app.features.calendar import feeds, service, subscriptions
from app.features.calendar.recurring import write_master
from app.features.series import service as series
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import (
    CaseTable,
    Covenant,
    Feed,
    Invitation,
    Meeting,
    Person,
    SeatHold,
    Series,
    TableRole,
)
from app.web import housekeeping
from tests import builders
from tests.calendar_readers import read_with_ical_js, read_with_vobject, unfolded
from tests.series import typed
from tests.statements import counted

GOLDEN = Path(__file__).parent.parent / "golden" / "ics"
ADDRESS = "192.0.2.7"


@pytest.fixture
def world(app):
    return builders.small_world()


def actor_of(who):
    with reading() as session:
        return load_actor(session, who.id, now=clock.now())


def subscribe(who, content=FeedContent.BUSY) -> str:
    return subscriptions.make(actor_of(who), content)


def fetched(token: str) -> bytes:
    return feeds.render(feeds.fetch(token, address=ADDRESS))


def events(token: str) -> list[dict]:
    data = fetched(token)
    return read_with_vobject(data)["events"] if b"BEGIN:VEVENT" in data else []


def tell(who) -> None:
    """Show more than times, once that was looked at."""
    subscriptions.choose_content(actor_of(who), FeedContent.MEETING)
    drain()


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def change(model, row, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(model.id == row.id).values(**values))


@pytest.fixture
def police(world) -> str:
    """The address of somebody with one slot in the calendar."""
    service.synchronise(world.meeting.id, world.police.id)
    return subscribe(world.police)


def test_a_slot_is_busy_time_and_nothing_else(world, police):
    [event] = events(police)
    assert (event["start"], event["end"]) == ("2026-06-15T11:10:00Z", "2026-06-15T11:40:00Z")
    assert (event["summary"], event["status"]) == ("Bezet", "CONFIRMED")
    assert (event["location"], event["description"], event["organizer"]) == (None, None, None)
    names = {line.split(":")[0].split(";")[0] for line in unfolded(fetched(police))}
    assert not names & {"METHOD", "ATTENDEE", "ORGANIZER", "LOCATION", "DESCRIPTION", "URL"}


def test_the_owner_chooses_to_see_the_place_and_reads_the_own_language(world, police):
    tell(world.police)
    [event] = events(police)
    assert (event["summary"], event["location"]) == ("Overleg", "Zaal 2, Stadhuis")
    change(Person, world.police, language="en")
    assert events(police)[0]["summary"] == "Meeting"
    subscriptions.choose_content(actor_of(world.police), FeedContent.BUSY)
    assert (events(police)[0]["summary"], events(police)[0]["location"]) == ("Busy", None)


def test_the_title_is_the_table_s_own_where_it_has_one(world, police):
    change(CaseTable, world.table, calendar_words="Regiotafel")
    tell(world.police)
    assert events(police)[0]["summary"] == "Regiotafel"
    subscriptions.choose_content(actor_of(world.police), FeedContent.BUSY)
    assert events(police)[0]["summary"] == "Bezet"


def test_words_show_only_once_they_were_compared_with_the_cases_there(world, police):
    change(CaseTable, world.table, calendar_words="Regiotafel")
    subscriptions.choose_content(actor_of(world.police), FeedContent.MEETING)
    assert shown(police) == ("Overleg", None)
    drain()
    assert shown(police) == ("Regiotafel", "Zaal 2, Stadhuis")
    change(CaseTable, world.table, calendar_words="Nieuwe tafel")
    assert shown(police) == ("Overleg", "Zaal 2, Stadhuis")
    drain()
    assert shown(police) == ("Nieuwe tafel", "Zaal 2, Stadhuis")


def test_words_that_name_something_of_a_case_never_show(world, police):
    code = f"Zaal van {world.case.reference}"
    change(CaseTable, world.table, calendar_words=code)
    change(Invitation, one_entry(), place=code)
    tell(world.police)
    assert shown(police) == ("Overleg", None)


def test_words_are_compared_anew_after_a_day_for_a_case_may_have_come(world, police):
    tell(world.police)
    assert shown(police)[1] == "Zaal 2, Stadhuis"
    change(type(world.case), world.case, reference="STADHUIS")
    fetched(police)
    drain()
    assert shown(police)[1] == "Zaal 2, Stadhuis"
    later(days=1)
    fetched(police)
    drain()
    assert shown(police)[1] is None


def shown(token: str) -> tuple[str, str | None]:
    [event] = events(token)
    return event["summary"], event["location"]


def one_entry() -> Invitation:
    with reading() as session:
        return session.scalars(select(Invitation)).one()


def exclude(world):
    builders.exclusion(world.police, world.case, world.chair)


def recuse(world):
    builders.recusal(world.police, world.case)


def block(world):
    change(Person, world.police, state=AccountState.BLOCKED)


def hand_over(world):
    now = clock.now()
    with transaction() as session:
        session.execute(
            update(SeatHold)
            .where(SeatHold.person_id == world.police.id)
            .values(until_at=now, ended=HoldEnd.HANDED_OVER)
        )


def leave(world):
    change(Person, world.police, organisation_id=world.care_organisation.id)


def take_seat(world):
    change(type(world.police_seat), world.police_seat, removed_at=clock.now())


def cancel(world):
    change(Meeting, world.meeting, cancelled_at=clock.now())


def move_case(world):
    change(type(world.case), world.case, table_id=world.other_table.id)


@pytest.mark.parametrize(
    "event", [exclude, recuse, block, hand_over, leave, take_seat, cancel, move_case]
)
def test_a_life_event_shows_at_the_next_fetch(world, police, event):
    before = feeds.fetch(police, address=ADDRESS)
    assert len(events(police)) == 1
    event(world)
    assert events(police) == []
    assert feeds.fetch(police, address=ADDRESS).state != before.state


@pytest.mark.parametrize("reason", ["password", "factor", "email"])
def test_who_proves_anew_who_it_is_ends_an_address_somebody_else_may_have_made(
    world, police, reason
):
    assert events(police)
    with transaction() as session:
        revoke_sessions(session, world.police.id, reason=reason)
    assert events(police) == []


def test_signing_other_browsers_out_leaves_the_calendar_alone(world, police):
    with transaction() as session:
        revoke_sessions(session, world.police.id, reason="revoked")
    assert events(police)


def test_what_was_cancelled_stays_some_weeks_as_such_without_its_place(world, police):
    tell(world.police)
    take_seat(world)
    service.synchronise(world.meeting.id, world.police.id)
    [event] = events(police)
    assert (event["status"], event["location"], event["sequence"]) == ("CANCELLED", None, 1)
    later(weeks=4, seconds=1)
    assert events(police) == []


def test_staff_see_whole_meetings_for_as_long_as_they_serve(world):
    token = subscribe(world.coordinator)
    service.synchronise(world.meeting.id, world.coordinator.id)
    [event] = events(token)
    assert event["start"] == "2026-06-15T11:00:00Z"
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    assert events(token) == []


@pytest.fixture
def planned(world, frozen_clock):
    """A series over both clock changes of 2027, one day moved and one cancelled."""
    frozen_clock.moment = datetime(2027, 2, 1, 9, tzinfo=UTC)
    change(CaseTable, world.table, has_standing_reservation=True)
    made = series.plan_series(
        actor_of(world.coordinator),
        world.table.id,
        typed(last_on=datetime(2027, 11, 30, tzinfo=UTC).date()),
    )
    drain()
    with reading() as session:
        rows = session.scalars(
            select(Meeting).where(Meeting.series_id == made).order_by(Meeting.planned_at)
        ).all()
    moved, gone = rows[3], rows[5]
    change(
        Meeting, moved, starts_at=moved.starts_at + timedelta(days=1),
        ends_at=moved.ends_at + timedelta(days=1),
    )  # fmt: skip
    change(Meeting, gone, cancelled_at=clock.now())
    with transaction() as session:
        series._tell(session, session.get_one(Series, made), [world.coordinator.id, world.care.id])
    drain()
    left = [one for one in rows if one.id != gone.id]
    return (
        utc(gone.starts_at),
        sorted(utc(one.starts_at + timedelta(days=one.id == moved.id)) for one in left),
    )


def utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def drain() -> None:
    while outbox.drain():
        pass


@pytest.mark.parametrize("reader", [read_with_vobject, read_with_ical_js])
def test_a_series_with_exceptions_shows_the_same_days_in_both_parsers(world, planned, reader):
    gone, days = planned
    for who in (world.coordinator, world.care):
        read = reader(fetched(subscribe(who)))["events"]
        assert len({event["uid"] for event in read}) == len(read) == 3
        [cancelled] = [event for event in read if event["status"] == "CANCELLED"]
        assert cancelled["starts"] == [gone]
        going_on = [event for event in read if event is not cancelled]
        assert sorted(start for event in going_on for start in event["starts"]) == days


def test_a_cancelled_day_of_a_series_stays_some_weeks_and_then_is_a_gap(world, planned):
    gone, _ = planned
    token = subscribe(world.coordinator)
    later(weeks=4, seconds=-1)
    before = feeds.fetch(token, address=ADDRESS)
    assert gone in starts_of(feeds.render(before))
    later(seconds=1)
    after = feeds.fetch(token, address=ADDRESS)
    assert gone not in starts_of(feeds.render(after))
    assert after.state != before.state


def test_it_stays_as_cancelled_when_the_rule_is_told_anew(world, planned):
    gone, _ = planned
    with transaction() as session:
        row = session.scalars(select(Series)).one()
        row.place = "Zaal 9"
        session.flush()
        series._tell(session, row, [world.coordinator.id])
    drain()
    data = fetched(subscribe(world.coordinator))
    read = read_with_vobject(data)["events"]
    assert [one["starts"] for one in read if one["status"] == "CANCELLED"] == [[gone]]
    assert starts_of(data).count(gone) == 1


def starts_of(data: bytes) -> list[str]:
    return [start for event in read_with_vobject(data)["events"] for start in event["starts"]]


def test_a_series_goes_with_the_role_the_covenant_and_the_reservation(world, planned):
    staff, partner = subscribe(world.coordinator), subscribe(world.care)
    assert events(staff)
    assert events(partner)
    change(CaseTable, world.table, has_standing_reservation=False)
    assert (bool(events(staff)), bool(events(partner))) == (True, False)
    change(CaseTable, world.table, has_standing_reservation=True)
    with transaction() as session:
        session.execute(
            update(Covenant)
            .where(Covenant.organisation_id == world.care_organisation.id)
            .values(until_at=clock.now())
        )
    assert events(partner) == []
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(
                TableRole.person_id == world.coordinator.id,
                TableRole.role == TableRoleName.COORDINATOR,
            )
            .values(until_at=clock.now())
        )
    assert events(staff) == []


def test_equal_entries_give_equal_bytes_and_only_a_change_moves_the_moment(world, police):
    first, data = feeds.fetch(police, address=ADDRESS), fetched(police)
    later(hours=3)
    second = feeds.fetch(police, address=ADDRESS)
    assert (second.state, second.changed_at, fetched(police)) == (
        first.state,
        first.changed_at,
        data,
    )
    recuse(world)
    third = feeds.fetch(police, address=ADDRESS)
    assert third.changed_at == clock.now() > first.changed_at


@pytest.mark.parametrize("number", [5, 250])
def test_one_statement_whatever_the_number_of_entries(world, number):
    token = subscribe(world.coordinator)
    start = datetime(2026, 9, 1, 8, tzinfo=UTC)
    meetings = [
        Meeting(
            id=uuid.uuid4(), table_id=world.table.id, starts_at=start + timedelta(days=day),
            ends_at=start + timedelta(days=day, hours=2),
        )
        for day in range(number)
    ]  # fmt: skip
    builders.save_all(*meetings)
    builders.save_all(
        *(
            Invitation(
                id=uuid.uuid4(), meeting_id=one.id, person_id=world.coordinator.id,
                uid=str(uuid.uuid4()), starts_at=one.starts_at, ends_at=one.ends_at, is_whole=True,
                changed_at=clock.now(),
            )
            for one in meetings
        )
    )  # fmt: skip
    with counted() as first:
        assert fetched(token).count(b"BEGIN:VEVENT") == number
    assert len(first) == 2, first  # it notes, once, what it now says
    with counted() as again:
        fetched(token)
    assert len(again) == 1, again


def test_use_is_noted_by_the_hour_not_at_every_fetch(world, police):
    fetched(police)
    noted = last_used(world)
    later(minutes=59)
    fetched(police)
    assert last_used(world) == noted == clock.now() - timedelta(minutes=59)
    later(minutes=1)
    fetched(police)
    assert last_used(world) == clock.now()


def last_used(world):
    return subscriptions.read_own(actor_of(world.police)).last_used_at


def test_only_a_hash_is_stored_and_another_address_ends_the_first(world, police):
    with reading() as session:
        [stored] = session.scalars(select(Feed)).all()
    assert police not in repr(vars(stored))
    assert len(police) >= 43
    other = subscriptions.make(actor_of(world.police), None)
    assert events(police) == []
    assert len(events(other)) == 1


def test_a_revoked_address_is_an_empty_calendar_for_some_weeks_and_then_unknown(world, police):
    fetched(police)
    subscriptions.revoke(actor_of(world.police))
    data = fetched(police)
    assert data.startswith(b"BEGIN:VCALENDAR")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"VEVENT" not in data
    later(weeks=4, seconds=1)
    with pytest.raises(NotVisible):
        feeds.fetch(police, address=ADDRESS)
    with pytest.raises(Refusal):
        subscriptions.revoke(actor_of(world.police))
    housekeeping.tidy()
    with reading() as session:
        assert session.scalars(select(Feed)).all() == []


def test_guessing_is_slowed_down_and_who_has_an_address_is_not(world, police):
    for number in range(21):
        with pytest.raises(NotVisible):
            feeds.fetch(f"{number:043}", address=ADDRESS)
    with pytest.raises(Refusal):
        feeds.fetch("x" * 43, address=ADDRESS)
    with pytest.raises(NotVisible):
        feeds.fetch("x" * 43, address="192.0.2.8")
    assert events(police)


UIDS = [f"6d1d1f0{number}-7a3c-4e52-9d3e-0f3a5b2c9e1{number}" for number in range(3)]
STAMP = datetime(2027, 1, 4, 8, tzinfo=UTC)


def golden_feed(content: FeedContent) -> bytes:
    """A subscription as one would review it: a slot, one cancelled, and a series.

    Of the series one day moved, one was cancelled lately and one long ago.
    """
    from app.access.messages.feeds import FeedRow, FoundFeed

    def row(kind, uid, starts_at=None, **more):
        values = {
            "sequence": 0, "ends_at": starts_at and starts_at + timedelta(minutes=30), "told": "",
            "title": "", "place": "Zaal 2; vleugel B, 1e etage", "planned_at": None,
            "changed_at": STAMP, "cancelled_at": None, **more,
        }  # fmt: skip
        if content is FeedContent.BUSY or values["cancelled_at"]:
            values.update(title="", place="")
        return FeedRow(kind=kind, uid=uid, starts_at=starts_at, **values)

    first = datetime(2027, 3, 23, 12, tzinfo=UTC)
    told = Master(
        first, first + timedelta(hours=2), (("byday", ("TU",)), ("freq", "WEEKLY")),
        datetime(2027, 11, 9, 12, tzinfo=UTC),
        frozenset({datetime(2027, 4, 27, 11, tzinfo=UTC)}), "Kamer 1",
    )  # fmt: skip
    rows = (
        row(
            "invitation", UIDS[0], datetime(2027, 3, 28, 7, tzinfo=UTC), sequence=2,
            title="Regiotafel",
        ),
        row("invitation", UIDS[1], datetime(2027, 10, 31, 8, tzinfo=UTC), cancelled_at=STAMP),
        row(
            "exception", UIDS[2], datetime(2027, 11, 3, 12, tzinfo=UTC), sequence=4,
            planned_at=datetime(2027, 11, 2, 12, tzinfo=UTC),
        ),
        row(
            "exception", UIDS[2], datetime(2027, 6, 1, 11, tzinfo=UTC), sequence=5,
            planned_at=datetime(2027, 6, 1, 11, tzinfo=UTC), cancelled_at=STAMP,
        ),
        row(
            "gap", UIDS[2], datetime(2027, 6, 8, 11, tzinfo=UTC), sequence=3,
            planned_at=datetime(2027, 6, 8, 11, tzinfo=UTC), cancelled_at=STAMP,
        ),
        row("series", UIDS[2], told=write_master(told), sequence=4, place="Kamer 1"),
    )  # fmt: skip
    found = FoundFeed(uuid.UUID(int=1), content, "nl", None, "", STAMP, rows)
    return feeds.render(found)


FORMS = {
    "feed": FeedContent.BUSY,
    "feed-with-place": FeedContent.MEETING,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_are_those_of_the_golden_file(form):
    data = golden_feed(FORMS[form])
    assert data == (GOLDEN / f"{form}.ics").read_bytes()
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


@pytest.mark.parametrize("form", FORMS)
def test_both_parsers_read_the_golden_file_alike(form):
    data = golden_feed(FORMS[form])
    one, other = read_with_vobject(data)["events"], read_with_ical_js(data)["events"]
    for key in ("uid", "status", "summary", "location", "start", "end", "starts"):
        assert [event[key] for event in one] == [event[key] for event in other], key
    assert [event["start"] for event in one] == [
        "2027-03-23T12:00:00Z", "2027-03-28T07:00:00Z", "2027-06-01T11:00:00Z",
        "2027-10-31T08:00:00Z", "2027-11-03T12:00:00Z",
    ]  # fmt: skip
    # Dutch clock time stays 13.00: 12 UTC in winter, 11 in summer. Out of the rule are 27 April,
    # 1 and 8 June and 2 November; of these 1 June shows as cancelled and 2 November as moved.
    assert one[0]["starts"][:2] == ["2027-03-23T12:00:00Z", "2027-03-30T11:00:00Z"]
    assert one[0]["starts"][-2:] == ["2027-10-26T11:00:00Z", "2027-11-09T12:00:00Z"]
    assert len(one[0]["starts"]) == 30
