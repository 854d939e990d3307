"""A year of reminders by the clock: each on its day and to whom it should, as restated here naively."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app.domain.kinds import (
    AccountState,
    ActionState,
    ContactPart,
    NoticeStep,
    OrganisationKind,
    TableKind,
)
from app.features.chasing import rounds
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import Action, ActionEvent, ActionNotice, ActionPause, OrganisationContact, Person
from tests import builders
from tests.databases import MOSTLY_SQLITE

AMS = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
TWO_DAYS = timedelta(hours=48)
# Free in 2026 besides Saturdays and Sundays, as anybody can look up.
FREE = {
    date(2026, *day)
    for day in (
        (1, 1),
        (4, 3),
        (4, 5),
        (4, 6),
        (4, 27),
        (5, 14),
        (5, 24),
        (5, 25),
        (12, 25),
        (12, 26),
    )
} | {date(2027, 1, 1)}
DAYS = [date(2025, 11, 1) + DAY * number for number in range(560)]
WORKING = [day for day in DAYS if day.weekday() < 5 and day not in FREE]
# Both clock changes, Easter to Whitsun, Christmas and New Year; the deep run takes the whole year.
WINDOWS = ((date(2026, 3, 24), 27), (date(2026, 10, 20), 21), (date(2026, 12, 18), 25))
LOOKS = (time(0), time(8), time(14, 30), time(18))
MORE_LOOKS = tuple(sorted({*LOOKS, time(2, 30), time(7, 45), time(11, 30), time(17, 45)}))
HOLDER, DEPUTY, CONTACT, CHAIR = "holder", "deputy", "contact", "chair"


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, AMS).astimezone(UTC)


@cache
def off(day: date, count: int) -> date:
    """So many working days further, or back; none is the day itself or the first after it."""
    if count < 0:
        return [one for one in WORKING if one < day][count]
    later = [one for one in WORKING if one >= day]
    return later[0] if count == 0 else [one for one in WORKING if one > day][count - 1]


@dataclass
class Known:
    """An action as this test knows it; ``since`` its term holds, ``until`` somebody did it."""

    row: Action
    holders: tuple
    ladder: dict
    barred: tuple
    due_on: date
    since: datetime
    due_at: datetime | None = None
    acute: bool = False
    until: datetime | None = None
    paused: tuple[datetime, date] | None = None
    answered: datetime | None = None
    by_hand: datetime | None = None

    @property
    def by_clock(self) -> bool:
        return self.acute or self.due_at is not None

    def steps(self):
        """(moment, on the ladder, step, days, place): the usual schedule, written out."""
        plan = [("before", 3, -3), ("on-the-day", 0, 0), ("after", 1, 1), ("after", 5, 5)]
        plan += [("deputy", 3, 3), ("contact", 7, 7), ("chair", 10, 10)]
        for step, days, place in plan:
            if not self.by_clock:
                moment = at(off(self.due_on, place), time(8))
            elif self.due_at is None or place == 0:
                moment = at(self.due_on + DAY * place, time(8))
                moment = min(moment, self.due_at or moment)
            else:
                moment = at(self.due_on + DAY * place, self.due_at.astimezone(AMS).time())
            if moment > self.since and not self.is_answered(moment):
                yield moment, step in ("deputy", "contact", "chair"), step, days, place

    def is_answered(self, moment: datetime) -> bool:
        """Somebody telephoned: before the term, until it is over; late, until there is another."""
        over = self.due_at or at(self.due_on + DAY, time(0))
        return bool(self.answered and (moment <= over or self.answered >= over))

    def is_quiet(self, moment: datetime) -> bool:
        today = moment.astimezone(AMS).date()
        paused = self.paused and self.paused[0] <= moment and today < self.paused[1]
        is_over = self.until and self.until <= moment
        return bool(paused or is_over)

    def people(self, step: str, away: set):
        """The holders, or the first rung where anybody stands; who is barred there hears nothing."""
        rungs = [DEPUTY, CONTACT, CHAIR]
        if step not in rungs:
            return step, [one for one in self.holders if one not in away]
        for rung in rungs[rungs.index(step) :]:
            there = [one for one in self.ladder.get(rung, ()) if one not in away]
            if there:
                return rung, [one for one in there if one not in self.barred]
        return step, []


class Naive:
    """Walks through everything at every look, and remembers whom it told what."""

    def __init__(self):
        self.told = defaultdict(list)
        self.mailed = set()
        self.away = set()

    def look(self, moment: datetime, known: list[Known]) -> None:
        local = moment.astimezone(AMS)
        awake = local.date() in WORKING and time(8) <= local.time() < time(18)
        mailed_now = set()
        for one in known:
            if one.is_quiet(moment) or not (awake or one.by_clock):
                continue
            for who, told in self.due(one, moment):
                if not one.by_clock and (who, local.date()) in self.mailed:
                    continue
                if not one.by_clock:
                    mailed_now.add((who, local.date()))
                self.told[one.row.id, who].append(told)
                if not told.ladder:
                    one.by_hand = moment
        self.mailed |= mailed_now

    def due(self, one: Known, moment: datetime):
        found = []
        for ladder in (False, True):
            due = [step for step in one.steps() if step[0] <= moment and step[1] == ladder]
            if not due:
                continue
            _moment, _ladder, step, days, place = max(due, key=lambda step: (step[0], step[4]))
            rung, people = one.people(step, self.away)
            for who in people:
                before = self.told[one.row.id, who]
                same = [t for t in before if (t.due_on, t.ladder) == (one.due_on, ladder)]
                if any(told.place >= place for told in same):
                    continue
                moments = [told.at for told in before]
                if one.by_hand and not ladder:
                    moments.append(one.by_hand)
                if one.by_clock or all(moment - last >= TWO_DAYS for last in moments):
                    found.append((who, Told(rung, one.due_on, days, moment, ladder, place)))
        return found


class Told(NamedTuple):
    step: str
    due_on: date
    days: int
    at: datetime
    ladder: bool
    place: int


@pytest.fixture
def region(app):
    """Two tables, one of them acute; one organisation named all, one nobody, one only a contact."""
    with builders.together():
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        usual = builders.table()
        acute = builders.table("Actie-overleg", "ACT", kind=TableKind.ACTION)
        chairs = {one.id: builders.chair(host, one) for one in (usual, acute)}
        people = {}
        for code, parts in (("POL", "lead contact"), ("GGZ", ""), ("RVK", "contact")):
            of = builders.organisation(code, OrganisationKind.POLICE)
            people[code] = {"of": of}
            for part in ("first", "second", "barred"):
                who = people[code][part] = builders.person(of)
                for table in (usual, acute):
                    builders.role(who, table, builders.TableRoleName.REPRESENTATIVE)
            waiting = builders.person(of, state=AccountState.INVITED)
            builders.role(waiting, usual, builders.TableRoleName.REPRESENTATIVE)
            for part in parts.split():
                who = people[code][part] = builders.person(of)
                kind = ContactPart.TEAM_LEAD if part == "lead" else ContactPart.CONTACT
                builders.save(
                    OrganisationContact(
                        organisation_id=of.id, person_id=who.id, part=kind,
                        from_at=builders.LONG_AGO,
                    )
                )  # fmt: skip
    items = {}
    for table in (usual, acute):
        case = builders.case(table, host)
        items[table.id] = builders.item(builders.meeting(table), case)
        for code in people:
            builders.exclusion(people[code]["barred"], case, chairs[table.id])
    return {"usual": usual, "acute": acute, "chairs": chairs, "people": people, "items": items}


def ladder_of(region, code: str, table, holders) -> dict:
    people = region["people"][code]
    deputies = [people[part] for part in ("first", "second", "barred")]
    if "lead" in people:
        deputies = [people["lead"]]
    return {
        DEPUTY: tuple(one.id for one in deputies if one.id not in holders),
        CONTACT: tuple(people[part].id for part in ("contact",) if part in people),
        CHAIR: (region["chairs"][table.id].id,),
    }


def agreed(region, code: str, table, due_on: date, *, shared: bool = False, hour=None) -> Known:
    """An action recorded three weeks before its term, or this morning where that is past."""
    people = region["people"][code]
    holders = (people["first"].id, people["second"].id) if shared else (people["first"].id,)
    hold = (*holders, people["barred"].id) if shared else holders
    since = at(due_on - 21 * DAY, time(10))
    due_at = at(due_on, hour) if hour else None
    row = builders.action(
        region["items"][table.id], people["of"], None if shared else people["first"],
        region["chairs"][table.id], due_on=due_on, due_at=due_at, recorded_at=since,
    )  # fmt: skip
    ladder, barred = ladder_of(region, code, table, hold), (people["barred"].id,)
    return Known(
        row, holders, ladder, barred, due_on, since, due_at, table.kind is TableKind.ACTION
    )


def terms_of(region, first: date, days: int) -> list[Known]:
    """A term on every day for one holder, fewer for the others; three with an hour of their own."""
    usual, acute = region["usual"], region["acute"]
    found = []
    with builders.together():
        for number in range(days - 14):
            day = first + DAY * number
            found.append(agreed(region, "POL", usual, day))
            if number % 3 == 0:
                found.append(agreed(region, "GGZ", usual, day))
                found.append(agreed(region, "RVK", usual, day, shared=True))
            if number % 5 == 0:
                found.append(agreed(region, "GGZ", acute, day))
            if number % 6 == 1:
                # At half past two the clocks change, or the hour is there twice.
                found.append(agreed(region, "RVK", acute, day, hour=time(14, 30)))
                found.append(agreed(region, "POL", usual, day, hour=time(17, 45)))
    return found


def happens(number: int, known: list[Known], region) -> None:
    """Done, paused, answered, moved, reminded by hand, blocked: each on a day, to every one so far."""
    now, by = clock.now(), region["chairs"][region["usual"].id].id
    for one in known[number % 7 :: 7]:
        line = ActionEvent(id=uuid.uuid4(), action_id=one.row.id, at=now, recorded_by_id=by)
        match number % 6:
            case 0:
                one.until = now
                change(Action, one.row.id, state=ActionState.DONE)
            case 1 if one.paused is None:
                one.paused = (now, now.date() + 6 * DAY)
                builders.save_all(
                    line,
                    ActionPause(
                        action_id=one.row.id, event_id=line.id, by_id=by, from_at=now,
                        until_on=one.paused[1],
                    ),
                )  # fmt: skip
            case 2:
                one.answered, line.said_by_id, line.said_at = now, by, now
                builders.save(line)
            case 3:
                one.due_on, one.since = one.due_on + 4 * DAY, now
                one.due_at = one.due_at and one.due_at + 4 * DAY
                line.new_due_on = one.due_on
                builders.save(line)
                change(Action, one.row.id, due_on=one.due_on, due_at=one.due_at)
                one.answered = None
            case 4:
                one.by_hand = now
                change(Action, one.row.id, reminded_at=now)


def change(model, row_id, **values) -> None:
    with transaction() as session:
        row = session.get_one(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def take_away_mails() -> None:
    """What was queued has left: a person's mail of that day is over."""
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.done_at.is_(None))
            .values(done_at=clock.now(), attempts=1)
        )


def stored_notices() -> set[tuple]:
    with reading() as session:
        return {
            (one.action_id, one.person_id, one.step.value, one.due_on, one.days, one.told_at)
            for one in session.scalars(select(ActionNotice))
        }


def live_through(region, naive: Naive, first: date, days: int, looks) -> None:
    """From five days before the first term; the worker is down for four days in the middle."""
    known = terms_of(region, first, days)
    second = region["people"]["RVK"]["second"]
    for number in range(-5, days):
        # The evening before.
        clock._current.moment = at(first + DAY * (number - 1), time(19, 10))
        if number >= 0:
            happens(number, known, region)
        if number in (6, 12):
            naive.away ^= {second.id}
            state = AccountState.BLOCKED if number == 6 else AccountState.ACTIVE
            change(Person, second.id, state=state)
        if days // 2 <= number < days // 2 + 4:
            continue
        for hour in looks:
            moment = clock._current.moment = at(first + DAY * number, hour)
            naive.look(moment, known)
            rounds.make()
            take_away_mails()
    with transaction() as session:
        session.execute(update(Action).values(state=ActionState.DONE))


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_each_is_told_on_its_day_and_nobody_twice(region, deep):
    naive = Naive()
    for first, days in ((date(2026, 1, 5), 360),) if deep else WINDOWS:
        live_through(region, naive, first, days, MORE_LOOKS if deep else LOOKS)
    expected = {
        (action_id, who, *one[:4]) for (action_id, who), told in naive.told.items() for one in told
    }
    found = stored_notices()
    assert len(found) > 150
    assert {one[2] for one in found} == {one.value for one in NoticeStep}
    assert (sorted(expected - found, key=str)[:3], sorted(found - expected, key=str)[:3]) == (
        [],
        [],
    )
