"""Need-to-know told once more, from access.md alone and in plain sets: who sees what just now.

It knows nothing of the product. Everything happens at one item of one meeting of one table.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def working_days(moment: datetime, count: int, step: int) -> date:
    """The working day ``count`` further on; the weeks of the model have no public holiday."""
    day = moment.astimezone(AMSTERDAM).date()
    while count:
        day += timedelta(days=step)
        count -= day.weekday() < 5
    return day


SETS = "emergency_readers invited accepted recused disclosed decided declared"


class Rule:
    """What happened so far. Names only: of people, organisations, seats and sections.

    ``organisation`` of each person, ``seats`` and ``sources``: organisation of each seat and section;
    ``secret``: sections whose source decides; ``asks``: since when another source wants to; ``given``:
    since when a seat has a section; ``handed``: who had a seat before its deputies; ``moved``: the case
    stands at the other table; ``tasks``: person, organisation, names, until, accepted, given;
    ``emergencies``: person, until.
    """

    def __init__(self, **given: Any) -> None:
        self.__dict__.update({name: set() for name in SETS.split()})
        self.published = self.closed = None
        self.moved = self.cancelled = False
        self.excluded, self.asks, self.given, self.handed = {}, {}, {}, {}
        self.tasks, self.emergencies = [], []
        self.__dict__.update(given)

    def barred(self, who: str) -> bool:
        until = self.excluded.get(who, self.now)
        return who in self.recused or until is None or until > self.now

    def in_window(self) -> bool:
        if self.published is None:
            return False
        opens = max(self.published, midnight(working_days(self.starts, 5, -1)))
        return opens <= self.now < self.closes()

    def closes(self) -> datetime:
        return midnight(working_days(self.closed or self.ends, 5, 1) + timedelta(days=1))

    def return_seats(self) -> None:
        """When the papers close, what was handed over is whose it was first again."""
        for seat, before in self.handed.items():
            if before and self.closes() <= self.now:
                self.holder[seat] = before[0]
                before.clear()

    def holds(self, who: str, seat: str) -> bool:
        mine = self.holder[seat] == who and self.organisation[who] == self.seats[seat]
        return mine and who in self.active and not self.cancelled and not self.moved

    def slot(self, who: str, seat: str) -> bool:
        return self.holds(who, seat) and seat in self.invited and not self.barred(who)

    def asked(self, section: str, given: datetime | None) -> bool:
        """The source decides: by law, or because it asked for that before this reader came."""
        since = self.asks.get(section)
        return section in self.secret or (since is not None and (given or self.begun) >= since)

    def reads(self, seat: str, section: str) -> bool:
        """The seat was given the section, and the source decided where it has to."""
        pair = (seat, section)
        agreed = pair in self.decided or not self.asked(section, self.given.get(pair))
        return pair in self.disclosed and agreed

    def by_seat(self, who: str, section: str) -> bool:
        return self.in_window() and who in self.accepted and any(
            self.holds(who, seat)
            and self.seats[seat] in self.covenants
            and self.reads(seat, section)
            and all((who, one) in self.declared for one in self.identity if self.reads(seat, one))
            for seat in self.seats
        )  # fmt: skip

    def by_task(self, who: str, section: str) -> bool:
        return any(
            one["person"] == who and one["organisation"] == self.organisation[who]
            and self.now < one["until"] and one["accepted"] and not self.moved
            and section in one["names"] and not self.asked(section, one["given"])
            and all((who, named) in self.declared for named in self.identity & one["names"])
            for one in self.tasks
        )  # fmt: skip

    def serves(self, who: str) -> bool:
        return who in self.active and who in (self.staff_elsewhere if self.moved else self.staff)

    def sees(self, who: str, section: str) -> bool:
        if who not in self.active or self.barred(who):
            return False
        own = self.sources[section] == self.organisation[who] and who in self.representatives
        glass = who in self.emergency_readers and not self.moved and any(
            one == who and self.now < until for one, until in self.emergencies
        )  # fmt: skip
        return (
            self.serves(who) or (own and not self.moved) or glass
            or self.by_seat(who, section) or self.by_task(who, section)
        )  # fmt: skip
