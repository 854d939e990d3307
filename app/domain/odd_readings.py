"""Marks readings in the access log that stand out: a question to ask, never a verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from app.domain.kinds import Ground, OddReading, PresenceState
from app.domain.local_time import to_local

HOUR: Final = timedelta(hours=1)
NIGHT_FROM, NIGHT_UNTIL = 22, 6  # hours on a Dutch clock
ABSENT: Final = frozenset({PresenceState.ABSENT, PresenceState.ABSENT_NOTICE})
# What a seat keeps after the window is no reading outside it.
BOUND_TO_WINDOW: Final = frozenset({"section", "question"})

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class MeetingSpan:
    """When the papers of a meeting with the case were open; its planned end without papers."""

    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def over_at(self) -> datetime:
        """From when on nobody needs the case for this meeting."""
        return max(self.ends_at, self.closes_at or self.ends_at)

    def is_open(self, at: datetime) -> bool:
        """Whether the papers were open just then."""
        opened = self.opens_at is not None and self.closes_at is not None
        return opened and self.opens_at <= at < self.closes_at  # type: ignore[operator]  # both are set


@dataclass(frozen=True, slots=True, kw_only=True)
class OneReading:
    """What is known of a reading: the ground, the meetings with the case, the roll call."""

    at: datetime
    ground: Ground | None
    object_kind: str
    meetings: Sequence[MeetingSpan]
    presence: PresenceState | None
    cases_in_hour: int


def marks_of(one: OneReading, *, most_cases: int) -> tuple[OddReading, ...]:
    """Everything that stands out; ``most_cases`` is how many cases in an hour are usual."""
    odd = {
        OddReading.OUTSIDE_MEETING: _is_outside(one),
        OddReading.MANY_CASES: one.cases_in_hour > most_cases,
        OddReading.NIGHT: is_night(one.at),
        OddReading.NOT_PRESENT: _is_not_present(one),
    }
    return tuple(mark for mark, holds in odd.items() if holds)


def is_night(at: datetime) -> bool:
    """From ten in the evening until six in the morning, on a Dutch clock."""
    hour = to_local(at).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


def _is_outside(one: OneReading) -> bool:
    """By a seat: while no papers were open. By staff: no meeting with the case was still to come.

    A case that was on no agenda yet is being prepared: that is not odd.
    """
    if one.object_kind not in BOUND_TO_WINDOW:
        return False
    if one.ground is Ground.SEAT:
        return not any(meeting.is_open(one.at) for meeting in one.meetings)
    if one.ground is Ground.STAFF and one.meetings:
        return all(meeting.over_at <= one.at for meeting in one.meetings)
    return False


def _is_not_present(one: OneReading) -> bool:
    """By a seat whose occupant was absent at the roll call, from the start of the meeting on."""
    begun = any(meeting.starts_at <= one.at for meeting in one.meetings)
    return one.ground is Ground.SEAT and one.presence in ABSENT and begun


def distinct_before(
    seen: Iterable[tuple[datetime, Thing]], at: datetime, *, within: timedelta = HOUR
) -> Collection[Thing]:
    """The different things seen in the hour up to and including ``at``."""
    return {thing for moment, thing in seen if at - within < moment <= at}
