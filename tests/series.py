"""What the tests of series type, look up, and read from the mails of a calendar."""

from datetime import date, datetime, time, timedelta

import vobject
from sqlalchemy import select

from app.access.meetings.series import FreeDays
from app.domain.local_time import AMSTERDAM
from app.domain.rhythm import RhythmKind
from app.features.series import service
from app.features.series.plans import TypedRhythm
from app.infra import clock, outbox
from app.infra.db import reading
from app.models import Meeting

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


def planned(coordinator, world, **changes):
    series_id = service.plan_series(coordinator, world.table.id, typed(**changes))
    drain()
    later(seconds=1)
    return series_id


def starts(series_id) -> list[datetime]:
    return [one.starts_at.astimezone(AMSTERDAM) for one in meetings_of(series_id)]
