"""When whom is told of an action not done yet, by its term; it must never know a person or a text.

Two families of steps: reminders to the holder, and a ladder of others once it is late. Days are
Dutch working days and steps come in the morning; an action of an acute table, or due at an hour,
runs in calendar time instead, also by night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from app.domain.errors import Reason, Refusal
from app.domain.kinds import NoticeStep
from app.domain.local_time import AMSTERDAM, start_of_day, to_local
from app.domain.working_days import (
    IsHoliday,
    add_working_days,
    is_working_day,
    subtract_working_days,
)

NOT_AGAIN_WITHIN: Final = timedelta(hours=48)
# The worker looks every quarter of an hour, and what it tells counts from that quarter.
EVERY: Final = timedelta(minutes=15)
MOST_MOMENTS: Final = 5
MOST_DAYS: Final = 60
# The morning is never before six or after noon, the evening never before one in the afternoon.
EARLIEST_MORNING, LATEST_MORNING, EARLIEST_EVENING, DAY_ENDS = 6 * 60, 12 * 60, 13 * 60, 24 * 60

LADDER: Final = (NoticeStep.DEPUTY, NoticeStep.CONTACT, NoticeStep.CHAIR)
_ONE_DAY: Final = timedelta(days=1)
# In Amsterdam: what has no hour of its own and waits for no working day.
_BY_CLOCK: Final = time(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How a table chases: days before and after the term, rungs of the ladder, quiet hours.

    Days count from the term; a rung that is None is not taken. Minutes of the day in Amsterdam: it
    is quiet from ``quiet_from`` until ``quiet_until`` of the next working day.
    """

    days_before: tuple[int, ...] = (3,)
    on_the_day: bool = True
    days_after: tuple[int, ...] = (1, 5)
    quiet_from: int = 18 * 60
    quiet_until: int = 8 * 60
    deputy_after: int | None = 3
    contact_after: int | None = 7
    chair_after: int | None = 10

    @property
    def rungs(self) -> tuple[tuple[NoticeStep, int], ...]:
        """The rungs that are taken, lowest first, with their day."""
        days = (self.deputy_after, self.contact_after, self.chair_after)
        taken = zip(LADDER, days, strict=True)
        return tuple((step, after) for step, after in taken if after is not None)

    @property
    def longest_before(self) -> int:
        """How many days before a term the first reminder comes."""
        return max(self.days_before, default=0)


USUAL: Final = Schedule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Until when an action is asked; ``since`` it was recorded or its term last moved.

    ``answered_at``: when somebody last said by telephone how it goes, if ever. ``by_clock``: in
    calendar time, whatever day or hour it is.
    """

    due_on: date
    due_at: datetime | None = None
    since: datetime
    is_acute: bool = False
    answered_at: datetime | None = None

    @property
    def by_clock(self) -> bool:
        """Of an acute table, or due at an hour."""
        return self.is_acute or self.due_at is not None

    @property
    def passes_at(self) -> datetime:
        """The moment it is over: its hour, else the end of its day."""
        return self.due_at or start_of_day(self.due_on + _ONE_DAY)

    def is_answered(self, moment: datetime) -> bool:
        """Whether an answer by telephone is enough just then.

        One given before the term is, until the term is over; one given after it until it moves.
        """
        given = self.answered_at
        return given is not None and (moment <= self.passes_at or given >= self.passes_at)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is to be told: ``days`` off the term, from the moment ``at`` on."""

    step: NoticeStep
    days: int
    at: datetime

    @property
    def is_rung(self) -> bool:
        """On the ladder: for others than the holder."""
        return self.step in LADDER

    @property
    def place(self) -> int:
        """Its place among the steps of its family, whatever the schedule says by now."""
        return place_of(self.step, self.days)


def place_of(step: NoticeStep, days: int) -> int:
    """Where a step lies from the term: before it below zero."""
    return -days if step is NoticeStep.BEFORE else days


def quarter_of(moment: datetime) -> datetime:
    """The quarter of an hour a moment lies in."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def steps_of(term: Term, schedule: Schedule, is_holiday: IsHoliday) -> tuple[Step, ...]:
    """Every step of a term in order of time.

    What lay before the term was set is left out, and what an answer by telephone made needless.
    """
    if term.by_clock:
        found = _in_order(Step(*one, _by_clock(term, *one)) for one in _wanted(schedule))
    else:
        found = _in_working_days(term.due_on, schedule, is_holiday)  # type: ignore[arg-type]  # a function can be hashed
    return tuple(one for one in found if one.at > term.since and not term.is_answered(one.at))


@lru_cache(maxsize=4096)
def _in_working_days(due_on: date, schedule: Schedule, is_holiday: IsHoliday) -> tuple[Step, ...]:
    """Actions of a table share their days: worked out once for all of them."""
    return _in_order(
        Step(*one, _by_day(due_on, *one, schedule, is_holiday)) for one in _wanted(schedule)
    )


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda one: (one.at, one.place)))


def _wanted(schedule: Schedule) -> Iterable[tuple[NoticeStep, int]]:
    yield from ((NoticeStep.BEFORE, days) for days in schedule.days_before)
    if schedule.on_the_day:
        yield NoticeStep.ON_THE_DAY, 0
    yield from ((NoticeStep.AFTER, days) for days in schedule.days_after)
    yield from schedule.rungs


def _by_day(
    due_on: date, step: NoticeStep, days: int, schedule: Schedule, is_holiday: IsHoliday
) -> datetime:
    """In the morning of a working day; on the first one after it where the term is a free day."""
    if step is NoticeStep.BEFORE:
        return _morning(subtract_working_days(due_on, days, is_holiday), schedule)
    day = add_working_days(due_on, days, is_holiday)
    return _morning(_working(day, is_holiday), schedule)


def _by_clock(term: Term, step: NoticeStep, days: int) -> datetime:
    """Whole calendar days off: at the hour it is due, else in the morning.

    Nobody set an hour, so nobody is woken; on its day it is not told after its hour.
    """
    off = timedelta(days=place_of(step, days))
    if term.due_at is None or step is NoticeStep.ON_THE_DAY:
        morning = datetime.combine(term.due_on + off, _BY_CLOCK, AMSTERDAM).astimezone(UTC)
        return min(morning, term.due_at or morning)
    local = to_local(term.due_at).replace(tzinfo=None) + off
    return local.replace(tzinfo=AMSTERDAM).astimezone(UTC)


def latest(steps: Iterable[Step], moment: datetime) -> tuple[Step | None, Step | None]:
    """What is due: the last reminder and the last rung whose moment has come.

    What was missed before that is never told any more: not a heap of them at once.
    """
    reminder = rung = None
    for one in steps:
        if one.at <= moment:
            reminder, rung = (reminder, one) if one.is_rung else (one, rung)
    return reminder, rung


def may_tell(schedule: Schedule, moment: datetime, is_holiday: IsHoliday) -> bool:
    """Whether it is a working day and not quiet, for what does not run by the clock."""
    local = to_local(moment)
    minutes = local.hour * 60 + local.minute
    if not schedule.quiet_until <= minutes < schedule.quiet_from:
        return False
    return is_working_day(local.date(), is_holiday)


def is_again(last_told_at: datetime | None, moment: datetime) -> bool:
    """Whether the same person would hear of the same action twice within 48 hours."""
    return last_told_at is not None and moment - last_told_at < NOT_AGAIN_WITHIN


def expected(
    term: Term,
    schedule: Schedule,
    is_holiday: IsHoliday,
    *,
    last_told_at: datetime | None = None,
) -> tuple[Step, ...]:
    """The steps as they will come, with the 48 hours between two reminders counted in."""
    steps = steps_of(term, schedule, is_holiday)
    if term.by_clock:
        return steps
    reminders: list[Step] = []
    for one in (step for step in steps if not step.is_rung):
        if reminders and reminders[-1].at >= one.at:
            reminders.pop()
        before = reminders[-1].at if reminders else last_told_at
        at = one.at
        if is_again(before, at) and before is not None:
            at = next_moment(schedule, before + NOT_AGAIN_WITHIN, is_holiday)
        reminders.append(Step(one.step, one.days, at))
    rungs = [step for step in steps if step.is_rung]
    return _in_order([*reminders, *rungs])


def next_moment(schedule: Schedule, moment: datetime, is_holiday: IsHoliday) -> datetime:
    """The first moment from then on at which it is a working day and not quiet."""
    if may_tell(schedule, moment, is_holiday):
        return moment
    local = to_local(moment)
    is_evening = local.hour * 60 + local.minute >= schedule.quiet_from
    day = local.date() + _ONE_DAY if is_evening else local.date()
    return _morning(_working(day, is_holiday), schedule)


def _working(day: date, is_holiday: IsHoliday) -> date:
    return day if is_working_day(day, is_holiday) else add_working_days(day, 1, is_holiday)


def _morning(day: date, schedule: Schedule) -> datetime:
    """The end of the quiet hours: no clock changes between six and noon."""
    hours, minutes = divmod(schedule.quiet_until, 60)
    return datetime.combine(day, time(hours, minutes), AMSTERDAM).astimezone(UTC)


def read_days(text: str) -> tuple[int, ...]:
    """Days as they are stored and typed, such as ``"3,1"``, each once; ValueError if it is none."""
    parts = [part.strip() for part in text.replace(";", ",").replace(" ", ",").split(",")]
    return tuple(sorted({_days(part) for part in parts if part}))


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= len(str(MOST_DAYS))):
        raise ValueError(text)
    days = int(text)
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(text)
    return days


def write_days(days: Iterable[int]) -> str:
    """Days as they are stored."""
    return ",".join(str(one) for one in sorted(days))


def refuse_odd(schedule: Schedule) -> None:
    """Refusal for what no table may set: too often, rungs out of order, hardly any day left."""
    for field, days in (("days_before", schedule.days_before), ("days_after", schedule.days_after)):
        if len(days) > MOST_MOMENTS:
            raise Refusal(Reason.MOMENTS_TOO_MANY, field)
    rungs = [after for _step, after in schedule.rungs]
    if rungs != sorted(set(rungs)):
        raise Refusal(Reason.LADDER_ORDER, "deputy_after")
    for field, days in (
        ("days_before", schedule.days_before),
        ("days_after", schedule.days_after),
        ("deputy_after", tuple(rungs)),
    ):
        if any(not 1 <= one <= MOST_DAYS for one in days):
            raise Refusal(Reason.DAYS_OUT_OF_RANGE, field)
    if not EARLIEST_MORNING <= schedule.quiet_until <= LATEST_MORNING:
        raise Refusal(Reason.QUIET_OUT_OF_RANGE, "quiet_until")
    if not EARLIEST_EVENING <= schedule.quiet_from <= DAY_ENDS:
        raise Refusal(Reason.QUIET_OUT_OF_RANGE, "quiet_from")
