"""A series from its rhythm to the mailboxes of its staff, read back by an independent parser."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from threading import Thread
from time import process_time

import pytest
import vobject
from sqlalchemy import select, update

from app.access import load_actor
from app.access.meetings.series import FreeDays
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import DiscussionKind, SeriesAudience, TableRoleName
from app.domain.local_time import AMSTERDAM
from app.domain.rhythm import RhythmKind
from app.features.meetings import items
from app.features.meetings import service as meetings
from app.features.series import closures as closing
from app.features.series import service
from app.features.series.plans import TypedRhythm, stopping_on
from app.infra import clock, letters, outbox
from app.infra.calendar_queue import queue_role
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.models import AgendaItem, CaseTable, Meeting, Series, SeriesEntry, TableRole
from tests import builders
from tests.statements import counted

TUESDAY = 1
WEEKLY = TypedRhythm(
    kind=RhythmKind.WEEKLY,
    first_on=date(2027, 3, 1),
    last_on=date(2027, 4, 30),
    start=time(13, 0),
    end=time(15, 0),
    interval=1,
    weekdays=frozenset({TUESDAY}),
    nth=1,
    free=FreeDays(skips_holidays=True, good_friday=True, liberation_day=False),
    place="Kamer 1",
    link="",
)


def typed(**changes) -> TypedRhythm:
    fields = {name: getattr(WEEKLY, name) for name in TypedRhythm.__dataclass_fields__}
    return TypedRhythm(**{**fields, **changes})


@pytest.fixture
def world(app, frozen_clock):
    frozen_clock.moment = datetime(2027, 2, 1, 9, 0, tzinfo=AMSTERDAM)
    world = builders.small_world()
    drain()
    return world


@pytest.fixture
def coordinator(world):
    with reading() as session:
        return load_actor(session, world.coordinator.id, now=clock.now())


def drain() -> None:
    while outbox.drain():
        pass


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def meetings_of(series_id) -> list[Meeting]:
    with reading() as session:
        return list(
            session.scalars(
                select(Meeting)
                .where(Meeting.series_id == series_id, Meeting.cancelled_at.is_(None))
                .order_by(Meeting.planned_at)
            )
        )


def stored(series_id) -> Series:
    with reading() as session:
        return session.get_one(Series, series_id)


class Mailbox:
    """What a calendar shows after reading the mails by SEQUENCE; knows nothing of the writer."""

    def __init__(self, mails, who):
        self._mails = lambda: sorted(
            (one for one in mails(recipient=who.email) if one.calendar), key=sequence_of
        )
        self.read: set[str] = set()

    def fresh(self) -> list:
        letters = [one for one in self._mails() if one.name not in self.read]
        self.read |= {one.name for one in letters}
        return letters

    def shows(self) -> list[datetime]:
        """Every start shown, series and single entries together, on the Amsterdam clock."""
        rules, apart = {}, {}
        for letter in self._mails():
            calendar = vobject.readOne(letter.calendar)
            event, method = calendar.vevent, calendar.method.value
            uid = event.uid.value
            if hasattr(event, "recurrence_id"):
                start = None if method == "CANCEL" else event.dtstart.value
                apart[uid, event.recurrence_id.value] = start
            elif method == "CANCEL":
                rules.pop(uid, None)
            else:
                starts = list(event.getrruleset(addRDate=True) or [event.dtstart.value])
                rules[uid] = starts
                apart = {key: value for key, value in apart.items() if key[0] != uid}
        shown = [
            apart.get((uid, start), start) for uid, starts in rules.items() for start in starts
        ]
        return sorted(one.astimezone(AMSTERDAM) for one in shown if one is not None)


def sequence_of(letter) -> int:
    return int(vobject.readOne(letter.calendar).vevent.sequence.value)


@pytest.fixture
def mailbox(world, mails):
    return Mailbox(mails, world.coordinator)


def planned(coordinator, world, **changes):
    series_id = service.plan_series(coordinator, world.table.id, typed(**changes))
    drain()
    later(seconds=1)
    return series_id


def starts(series_id) -> list[datetime]:
    return [one.starts_at.astimezone(AMSTERDAM) for one in meetings_of(series_id)]


def test_a_rhythm_plans_its_meetings_and_tells_the_staff_once(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    found = starts(series_id)
    assert [one.day for one in found] == [2, 9, 16, 23, 30, 6, 13, 20]
    assert {one.time() for one in found} == {time(13, 0)}
    [letter] = mailbox.fresh()
    assert letter.subject == "Overlegreeks vanaf 02-03 13:00"
    assert "Kanarie" not in letter.calendar
    assert mailbox.shows() == found


def test_partners_get_a_standing_reservation_only_where_the_table_wants_one(
    world, coordinator, mails
):
    with transaction() as session:
        session.execute(
            update(CaseTable)
            .where(CaseTable.id == world.table.id)
            .values(has_standing_reservation=True)
        )
        builders_role = TableRole(
            person_id=world.police.id,
            table_id=world.table.id,
            role=TableRoleName.REPRESENTATIVE,
            from_at=clock.now(),
        )
        session.add(builders_role)
    series_id = planned(coordinator, world)
    [letter] = mails(recipient=world.police.email)
    assert letter.subject == "Vrij te houden: overleg vanaf 02-03 13:00"
    with reading() as session:
        audiences = set(session.scalars(select(SeriesEntry.audience)))
    assert audiences == set(SeriesAudience)
    # A later invitation for the own slot leaves it as it is.
    assert [one.place for one in meetings_of(series_id)] == ["Kamer 1"] * 8


def test_one_meeting_moves_and_one_is_cancelled_each_on_its_own(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    mailbox.fresh()
    third, fifth = meetings_of(series_id)[2], meetings_of(series_id)[4]
    times = meetings.MeetingTimes(
        day=date(2027, 3, 18), start=time(9), end=time(11), place="Kamer 2", link=""
    )
    meetings.move_meeting(coordinator, third.id, times, version=third.version)
    drain()
    [moved] = mailbox.fresh()
    assert "RECURRENCE-ID;TZID=Europe/Amsterdam:20270316T130000" in moved.calendar
    later(seconds=1)
    meetings.cancel_meeting(coordinator, fifth.id)
    drain()
    [cancelled] = mailbox.fresh()
    assert cancelled.calendar_method == "CANCEL"
    assert "RECURRENCE-ID;TZID=Europe/Amsterdam:20270330T130000" in cancelled.calendar
    assert mailbox.shows() == sorted(starts(series_id))
    drain()
    assert mailbox.fresh() == []


def test_this_and_following_at_another_hour_ends_one_series_and_begins_another(
    world, coordinator, mailbox
):
    series_id = planned(coordinator, world)
    prepared = meetings_of(series_id)[5]
    builders.item(prepared, world.case)
    new_id = service.change_series(
        coordinator,
        series_id,
        typed(start=time(9, 30), end=time(11, 0), place="Kamer 7"),
        from_on=date(2027, 3, 23),
    )
    drain()
    assert new_id != series_id
    assert [one.day for one in starts(series_id)] == [2, 9, 16]
    found = starts(new_id)
    assert [(one.day, one.time()) for one in found] == [
        (day, time(9, 30)) for day in (23, 30, 6, 13, 20)
    ]
    assert prepared.id in {one.id for one in meetings_of(new_id)}
    assert mailbox.shows() == sorted([*starts(series_id), *found])
    assert stored(series_id).ended_at is not None


def test_a_fortnightly_series_keeps_its_weeks_when_it_changes(world, coordinator):
    series_id = planned(coordinator, world, interval=2)
    days = [one.date() for one in starts(series_id)]
    # 8 March is a Monday of a week without a meeting.
    new_id = service.change_series(
        coordinator,
        series_id,
        typed(interval=2, start=time(9, 0), end=time(10, 0)),
        from_on=date(2027, 3, 8),
    )
    assert [one.date() for one in [*starts(series_id), *starts(new_id)]] == days


def test_all_at_another_hour_keeps_the_series_when_it_has_not_met(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    mailbox.fresh()
    same = service.change_series(
        coordinator, series_id, typed(start=time(15, 0), end=time(16, 0)), from_on=None
    )
    drain()
    assert same == series_id
    [letter] = mailbox.fresh()
    assert letter.subject == "Gewijzigd: overlegreeks vanaf 02-03 15:00"
    assert mailbox.shows() == starts(series_id)


def test_other_days_keep_what_was_prepared_and_take_the_rest_away(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    prepared = meetings_of(series_id)[5]
    builders.item(prepared, world.case)
    new_id = service.change_series(
        coordinator, series_id, typed(weekdays=frozenset({3})), from_on=date(2027, 3, 15)
    )
    drain()
    assert [one.weekday() for one in starts(new_id)] == [3] * 7
    with reading() as session:
        kept = session.get_one(Meeting, prepared.id)
    assert (kept.series_id, kept.cancelled_at) == (None, None)
    single = kept.starts_at.astimezone(AMSTERDAM)
    assert mailbox.shows() == sorted([*starts(series_id), *starts(new_id), single])


def test_a_series_is_extended_and_ended(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    service.extend_series(coordinator, series_id, date(2027, 6, 30))
    drain()
    # 27 April is King's Day, 5 May no holiday by setting.
    assert [one.day for one in starts(series_id)][8:11] == [4, 11, 18]
    assert mailbox.shows() == starts(series_id)
    with pytest.raises(Refusal) as refused:
        service.extend_series(coordinator, series_id, date(2028, 6, 30))
    assert refused.value.reason is Reason.SERIES_TOO_LONG
    later(days=35)  # 8 March: one meeting was held
    taken = service.end_series(coordinator, series_id, from_on=None)
    drain()
    assert taken == 16
    assert mailbox.shows() == starts(series_id) == [datetime(2027, 3, 2, 13, 0, tzinfo=AMSTERDAM)]
    with pytest.raises(Refusal) as refused:
        service.end_series(coordinator, series_id, from_on=None)
    assert refused.value.reason is Reason.SERIES_ENDED


def test_past_its_year_a_series_goes_on_as_a_new_one_in_the_same_weeks(
    world, coordinator, mailbox, frozen_clock
):
    fortnightly = {"interval": 2, "first_on": date(2027, 2, 2), "last_on": date(2028, 2, 1)}
    series_id = planned(coordinator, world, **fortnightly)
    last = starts(series_id)[-1]
    frozen_clock.moment = datetime(2027, 12, 1, 9, 0, tzinfo=AMSTERDAM)
    goes_on = service.extend_series(coordinator, series_id, date(2028, 10, 31))
    drain()
    assert goes_on != series_id
    assert starts(goes_on)[0] - last == timedelta(days=14)
    assert {one.weekday() for one in starts(goes_on)} == {TUESDAY}
    coming = [one for one in starts(series_id) if one > clock.now()]
    assert set(mailbox.shows()) >= {*coming, *starts(goes_on)}


def test_a_series_without_a_meeting_for_years_goes_on_in_its_own_weeks(
    world, coordinator, frozen_clock
):
    series_id = planned(coordinator, world, interval=2)
    last = starts(series_id)[-1].date()
    frozen_clock.moment = datetime(2029, 5, 2, 9, 0, tzinfo=AMSTERDAM)
    goes_on = service.extend_series(coordinator, series_id, date(2029, 9, 30))
    first = starts(goes_on)[0].date()
    assert first >= date(2029, 5, 2)
    assert (first - last).days % 14 == 0


def test_what_ended_before_its_first_day_is_over(world, coordinator):
    series_id = planned(coordinator, world)
    service.end_series(coordinator, series_id, from_on=date(2027, 2, 20))
    for act in (
        lambda: service.change_series(coordinator, series_id, WEEKLY, from_on=None),
        lambda: service.end_series(coordinator, series_id, from_on=None),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.reason is Reason.SERIES_ENDED


def test_a_case_put_on_the_agenda_meanwhile_is_never_on_a_cancelled_meeting(
    app, world, coordinator, monkeypatch
):
    series_id = planned(coordinator, world)
    target = meetings_of(series_id)[3]
    late = []

    def put_on() -> None:
        with app.app_context(), suppress(Refusal):
            wanted = items.NewCaseItem(
                case_id=world.case.id, minutes=30, discussion=DiscussionKind.NEW
            )
            items.add_case(coordinator, target.id, wanted)

    def and_then_a_colleague(*args, **more):
        plan = stopping_on(*args, **more)
        late.append(Thread(target=put_on))
        late[0].start()
        late[0].join(1)
        return plan

    monkeypatch.setattr(service, "stopping_on", and_then_a_colleague)
    service.end_series(coordinator, series_id, from_on=None)
    late[0].join(20)
    with reading() as session:
        cancelled = session.get_one(Meeting, target.id).cancelled_at
        found = session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == target.id)).all()
    assert cancelled is not None
    assert found == []


def test_an_own_closure_and_holidays_are_left_out(world, coordinator):
    closing.add_closure(
        coordinator,
        world.table.id,
        closing.Closure(name="Verbouwing", first_on=date(2027, 3, 8), last_on=date(2027, 3, 16)),
    )
    series_id = planned(coordinator, world, kind=RhythmKind.WORKING_DAYS)
    days = {one.date() for one in starts(series_id)}
    assert not days & {date(2027, 3, day) for day in (8, 9, 10, 11, 12, 15, 16)}
    assert date(2027, 3, 26) not in days, "Good Friday"
    assert date(2027, 3, 29) not in days, "Easter Monday"
    assert date(2027, 3, 17) in days


def assert_follows_the_role(world, mails, series_id) -> None:
    """A newcomer to the staff gets the series, and loses it with the role."""
    newcomer = builders.coordinator(world.police_organisation, world.table)
    with transaction() as session:
        queue_role(session, newcomer.id, [world.table.id])
    drain()
    box = Mailbox(mails, newcomer)
    assert set(starts(series_id)) <= set(box.shows())
    later(seconds=1)
    with transaction() as session:
        session.execute(
            update(TableRole).where(TableRole.person_id == newcomer.id).values(until_at=clock.now())
        )
        queue_role(session, newcomer.id, [world.table.id])
    drain()
    assert box.shows() == []


def test_who_begins_or_stops_to_serve_the_table_gets_and_loses_the_series(
    world, coordinator, mails
):
    series_id = planned(coordinator, world)
    assert_follows_the_role(world, mails, series_id)


def test_a_message_written_for_somebody_who_left_meanwhile_is_not_sent(world, coordinator, mails):
    service.plan_series(coordinator, world.table.id, WEEKLY)
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    before = len(mails(recipient=world.coordinator.email))
    drain()
    assert len(mails(recipient=world.coordinator.email)) == before


def test_a_series_that_stops_later_still_follows_who_serves_the_table(world, coordinator, mails):
    series_id = planned(coordinator, world)
    service.end_series(coordinator, series_id, from_on=date(2027, 3, 20))
    drain()
    assert_follows_the_role(world, mails, series_id)


def entries_of(person) -> list[SeriesEntry]:
    with reading() as session:
        return list(session.scalars(select(SeriesEntry).where(SeriesEntry.person_id == person.id)))


def test_who_was_never_told_of_a_series_hears_of_no_withdrawal(world, coordinator, mails):
    table_ids = [world.table.id]
    service.plan_series(coordinator, world.table.id, WEEKLY)
    while not entries_of(world.coordinator):
        outbox.drain(most=1)
    # The entry is written; its mail still waits when the role ends.
    before = len(mails(recipient=world.coordinator.email))
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    drain()
    with transaction() as session:
        queue_role(session, world.coordinator.id, table_ids)
    drain()
    assert len(mails(recipient=world.coordinator.email)) == before


def test_a_series_that_may_have_arrived_is_withdrawn(world, coordinator, mails, monkeypatch):
    def lost(*_args, **_more) -> None:
        raise DeliveryFailed("no answer", temporary=True, maybe_taken=True, code="answer-lost")

    before = len(mails(recipient=world.coordinator.email))
    service.plan_series(coordinator, world.table.id, WEEKLY)
    with monkeypatch.context() as away:
        away.setattr(letters, "send", lost)
        drain()
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
        queue_role(session, world.coordinator.id, [world.table.id])
    later(hours=1)
    drain()
    sent = mails(recipient=world.coordinator.email)[before:]
    methods = [vobject.readOne(one.calendar).method.value for one in sent]
    assert methods == ["CANCEL"]


def test_a_cancelled_day_stays_cancelled_when_the_series_changes(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    gone = meetings_of(series_id)[2]
    meetings.cancel_meeting(coordinator, gone.id)
    drain()
    later(seconds=1)
    service.change_series(coordinator, series_id, typed(place="Kamer 7"), from_on=None)
    drain()
    day = gone.starts_at.astimezone(AMSTERDAM)
    assert day not in starts(series_id)
    assert mailbox.shows() == starts(series_id)


def test_a_fortnightly_series_keeps_its_weeks_when_its_first_day_shifts(world, coordinator):
    series_id = planned(coordinator, world, interval=2)
    days = [one.date() for one in starts(series_id)]
    for hour in (9, 10):
        # 8 March is a Monday of a week without a meeting.
        service.change_series(
            coordinator,
            series_id,
            typed(interval=2, first_on=date(2027, 3, 8), start=time(hour, 0), end=time(12, 0)),
            from_on=None,
        )
        assert [one.date() for one in starts(series_id)] == days[1:]


def test_an_earlier_first_day_plans_the_days_before(world, coordinator):
    series_id = planned(coordinator, world)
    service.change_series(coordinator, series_id, typed(first_on=date(2027, 2, 8)), from_on=None)
    assert starts(series_id)[0].date() == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"weekdays": frozenset()}, Reason.WEEKDAY_MISSING, "weekdays"),
        ({"end": time(12, 0)}, Reason.END_BEFORE_START, "end"),
        ({"last_on": date(2028, 3, 1)}, Reason.SERIES_TOO_LONG, "last_on"),
        ({"last_on": date(2027, 2, 1)}, Reason.END_BEFORE_START, "last_on"),
        (
            {"first_on": date(2027, 1, 1), "last_on": date(2027, 1, 20)},
            Reason.NO_DAY_LEFT,
            "last_on",
        ),
        (
            {"kind": RhythmKind.EVERY_DAY, "start": time(2, 30), "end": time(4, 0)},
            Reason.HOUR_DOES_NOT_EXIST,
            "start",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(world, coordinator, changes, reason, field):
    with pytest.raises(Refusal) as refused:
        service.plan_series(coordinator, world.table.id, typed(**changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)
    with reading() as session:
        assert session.scalars(select(Series)).all() == []


def test_another_tables_series_does_not_exist(world, coordinator):
    elsewhere = builders.table("ZSM Elders", "ZSM")
    with pytest.raises(NotVisible):
        service.plan_series(coordinator, elsewhere.id, WEEKLY)
    series_id = planned(coordinator, world)
    other = builders.coordinator(world.police_organisation, elsewhere)
    with reading() as session:
        stranger = load_actor(session, other.id, now=clock.now())
    for act in (
        lambda: service.change_series(stranger, series_id, WEEKLY, from_on=None),
        lambda: service.extend_series(stranger, series_id, date(2027, 6, 1)),
        lambda: service.end_series(stranger, series_id, from_on=None),
    ):
        with pytest.raises(NotVisible):
            act()


def test_a_year_of_working_days_is_planned_in_few_statements(world, coordinator):
    """Limit: about 253 meetings in at most 60 statements and 2 seconds."""
    # The work itself: what else this machine is busy with does not count.
    began = process_time()
    with counted() as statements:
        series_id = service.plan_series(
            coordinator,
            world.table.id,
            typed(
                kind=RhythmKind.WORKING_DAYS,
                first_on=date(2027, 3, 1),
                last_on=date(2028, 2, 29),
            ),
        )
    took = process_time() - began
    assert len(meetings_of(series_id)) == 257
    assert len(statements) <= 60
    assert took < 2
    assert_changes_and_ends_in_few_statements(world, coordinator, series_id)


def assert_changes_and_ends_in_few_statements(world, coordinator, series_id) -> None:
    """A prepared meeting costs statements of its own; the others of a year cost none."""
    for number in (10, 20):
        builders.item(meetings_of(series_id)[number], world.case)
    year = typed(
        kind=RhythmKind.WORKING_DAYS, last_on=date(2028, 2, 29), start=time(9), end=time(10)
    )
    with counted() as changing:
        same = service.change_series(coordinator, series_id, year, from_on=None)
    assert same == series_id
    with counted() as ending:
        assert service.end_series(coordinator, series_id, from_on=None) == 255
    assert len(changing) <= 60
    assert len(ending) <= 30
