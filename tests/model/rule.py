"""Need-to-know told once more, from access.md alone and in plain sets: who sees what just now.

It knows nothing of the product. Everything happens at one item of one meeting of one table.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEVER, FOREVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
SETS = "guests recused emergency_readers invited accepted disclosed declared there deputised"


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def working_days(moment: datetime, count: int, step: int) -> date:
    """The working day ``count`` further on; the weeks of the model have no public holiday."""
    day = moment.astimezone(AMSTERDAM).date()
    while count:
        day += timedelta(days=step)
        count -= day.weekday() < 5
    return day


class Rule:
    """What happened so far. Names only: of people, organisations, seats, tasks and sections.

    ``organisation`` of each person, ``seats`` and ``sources``: organisation of each seat and section;
    ``handed``: who had a seat before its deputies, who have it until when; ``moved``: the case stands
    at the other table; ``guests``: whose account ends with the last task; ``tasks``: person,
    organisation, until, accepted, at_item; ``emergencies``: person, until. ``disclosed``: which
    sections a seat or task has, ``given`` since when, ``decided``: until when the source agreed;
    ``secret``: what it always decides, ``asks``: since when it wants to. An end of None is that of
    the papers. ``opens_with_item``: seats wait until the item is ``taken_up``, and for the roll call,
    which found the seats ``there``, or ``deputised``.
    """

    def __init__(self, **given: Any) -> None:
        self.published = self.closed = self.cancelled = self.moved = None
        self.opens_with_item = self.taken_up = False
        self.excluded, self.asks, self.given, self.decided = {}, {}, {}, {}
        self.tasks, self.emergencies = {}, {}
        self.__dict__.update({name: set() for name in SETS.split()} | given)

    def barred(self, who: str) -> bool:
        return who in self.recused or self.now < self.excluded.get(who, NEVER)

    def opens_at(self) -> datetime:
        return max(self.published or FOREVER, midnight(working_days(self.starts, 5, -1)))

    def closes_at(self) -> datetime:
        return midnight(working_days(self.closed or self.ends, 5, 1) + timedelta(days=1))

    def in_window(self) -> bool:
        return self.opens_at() <= self.now < self.closes_at() and not self.cancelled

    def is_over(self, until: datetime | None) -> bool:
        return (until or self.closes_at()) <= self.now

    def pass_time(self) -> None:
        """What ends by time alone: a deputy's seat is whose it was again, a task is over for good."""
        for seat, before in self.handed.items():
            while before and self.is_over(before[-1][1]):
                self.holder[seat] = before.pop()[0]
        self.tasks = {
            one: what for one, what in self.tasks.items() if not self.is_over(what["until"])
        }

    def counts(self, who: str) -> bool:
        invited = not self.cancelled and any(one["person"] == who for one in self.tasks.values())
        return who in self.active and (who not in self.guests or invited)

    def holds(self, who: str, seat: str) -> bool:
        mine = self.holder[seat] == who and self.organisation[who] == self.seats[seat]
        return mine and self.counts(who) and not self.cancelled and not self.moved

    def slot(self, who: str, seat: str) -> bool:
        return self.holds(who, seat) and seat in self.invited and not self.barred(who)

    def reads(self, at: str, section: str) -> bool:
        """The seat or task has the section, and its source agreed: by law, or because it asked to."""
        pair = (at, section)
        since = self.asks.get(section, FOREVER)
        is_asked = section in self.secret or self.given.get(pair, self.begun) >= since
        return pair in self.disclosed and (not is_asked or self.now < self.decided.get(pair, NEVER))

    def opens(self, at: str, section: str, who: str) -> bool:
        """It is read by somebody who knows nobody whose identity comes with it."""
        known = all((who, one) in self.declared for one in self.identity if self.reads(at, one))
        return known and self.reads(at, section)

    def waits(self, seat: str) -> bool:
        seen = seat in self.there or (seat in self.deputised and bool(self.handed[seat]))
        return self.opens_with_item and not (self.taken_up and seen)

    def by_seat(self, who: str, section: str) -> bool:
        return self.in_window() and who in self.accepted and any(
            self.holds(who, seat) and of in self.covenants and self.opens(seat, section, who)
            for seat, of in self.seats.items() if not self.waits(seat)
        )  # fmt: skip

    def does(self, who: str, task: str) -> bool:
        one = self.tasks[task]
        mine = one["person"] == who and one["organisation"] == self.organisation[who]
        return mine and one["accepted"] and (self.in_window() or not one["at_item"])

    def by_task(self, who: str, section: str) -> bool:
        return any(self.does(who, one) and self.opens(one, section, who) for one in self.tasks)

    def by_glass(self, who: str) -> bool:
        live = any(one == who and self.now < until for one, until in self.emergencies.values())
        return live and who in self.emergency_readers and not self.moved

    def serves(self, who: str) -> bool:
        return who in self.active & (self.staff_elsewhere if self.moved else self.staff)

    def sees(self, who: str, section: str) -> bool:
        if not self.counts(who) or self.barred(who):
            return False
        own = self.sources[section] == self.organisation[who] and who in self.representatives
        return (
            self.serves(who) or (own and not self.moved) or self.by_glass(who)
            or self.by_seat(who, section) or self.by_task(who, section)
        )  # fmt: skip
