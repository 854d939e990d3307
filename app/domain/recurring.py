"""Decides what a recipient of a series still has to be told; it must never see a case or a name.

A client that has the rule gets only what changed: one occurrence moved or cancelled travels on its
own with its RECURRENCE-ID (calendar.md §0.5, §0.6). Only a changed rule travels as a whole again,
and with it every coming occurrence that stands apart, because clients forget those (§0.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.local_time import local_date, local_to_utc
from app.domain.rhythm import Rhythm, days_of, rrule


@dataclass(frozen=True, slots=True)
class Master:
    """The rule as a client has it. ``until`` is the start of its last occurrence, inclusive."""

    starts_at: datetime
    ends_at: datetime
    rule: tuple[tuple[str, object], ...]
    until: datetime
    without: frozenset[datetime]
    place: str


@dataclass(frozen=True, slots=True)
class Instance:
    """One meeting of the series; ``planned_at`` is the start its series gave it, for ever."""

    planned_at: datetime
    starts_at: datetime
    ends_at: datetime
    place: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The series as it stands: its rhythm, its place, and every meeting it ever had."""

    rhythm: Rhythm
    place: str
    instances: tuple[Instance, ...]


class MessageKind(StrEnum):
    """What one mail about a series says."""

    RULE = "rule"
    OCCURRENCE = "occurrence"
    OCCURRENCE_CANCELLED = "occurrence-cancelled"
    ALL_CANCELLED = "all-cancelled"


@dataclass(frozen=True, slots=True)
class Message:
    """One mail: the new rule, or one occurrence as it is now (or was, when cancelled)."""

    kind: MessageKind
    master: Master | None = None
    instance: Instance | None = None


def messages(
    told: Master | None,
    apart: Mapping[datetime, Instance],
    wanted: Wanted | None,
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """What to send, in order. ``told`` and ``apart`` are what the recipient knows of this entry.

    ``wanted`` is None when the recipient no longer takes part. Nothing is sent about what is past.
    """
    coming = [one for one in _live(wanted) if one.ends_at > now]
    if wanted is None or not coming:
        return _farewell(told, wanted, now)
    rule = _rule(told, wanted, coming)
    if rule != told:
        moved = [one for one in coming if one != _by_rule(rule, one.planned_at)]
        return (
            Message(MessageKind.RULE, master=rule),
            *(Message(MessageKind.OCCURRENCE, instance=one) for one in moved),
        )
    return tuple(_apart(rule, apart, wanted, now))


def _live(wanted: Wanted | None) -> list[Instance]:
    found = [] if wanted is None else [one for one in wanted.instances if not one.is_cancelled]
    return sorted(found, key=lambda one: one.planned_at)


def _farewell(told: Master | None, wanted: Wanted | None, now: datetime) -> tuple[Message, ...]:
    """A series that is over stays in calendars as history; one that never was goes altogether."""
    if told is None or _last_end(told) <= now:
        return ()
    held = _live(wanted)
    if not held:
        return (Message(MessageKind.ALL_CANCELLED, master=told),)
    return (Message(MessageKind.RULE, master=_shortened(told, held[-1].planned_at)),)


def _last_end(master: Master) -> datetime:
    return master.until + (master.ends_at - master.starts_at)


def _shortened(told: Master, until: datetime) -> Master:
    return Master(
        told.starts_at,
        told.ends_at,
        told.rule,
        until,
        frozenset(one for one in told.without if one <= until),
        told.place,
    )


def _rule(told: Master | None, wanted: Wanted, coming: list[Instance]) -> Master:
    """The rule as it should stand; the one already told when it still fits."""
    first = coming[0].planned_at
    if told and local_date(told.starts_at) >= wanted.rhythm.first_on:
        first = min(told.starts_at, first)
    starts_at = local_to_utc(local_date(first), wanted.rhythm.start)
    fresh = Master(
        starts_at,
        starts_at + _length(wanted.rhythm, local_date(first)),
        _canonical(wanted.rhythm),
        coming[-1].planned_at,
        frozenset(),
        wanted.place,
    )
    if told and _still_fits(told, fresh, wanted, coming):
        return told
    return Master(
        fresh.starts_at,
        fresh.ends_at,
        fresh.rule,
        fresh.until,
        frozenset(_gaps(wanted, starts_at, fresh.until)),
        fresh.place,
    )


def _still_fits(told: Master, fresh: Master, wanted: Wanted, coming: list[Instance]) -> bool:
    """Same rule, its end neither overtaken by a later meeting nor cut off by the series.

    Nor is any meeting on a day that was taken out of it, or a day of it without any meeting.
    """
    if any(one.planned_at in told.without for one in coming):
        return False
    same = (told.starts_at, told.ends_at, told.rule, told.place) == (
        fresh.starts_at,
        fresh.ends_at,
        fresh.rule,
        fresh.place,
    )
    reaches = fresh.until <= told.until and local_date(told.until) <= wanted.rhythm.last_on
    return same and reaches and not _has_lost_a_day(told, wanted)


def _has_lost_a_day(told: Master, wanted: Wanted) -> bool:
    """Whether a meeting the rule names went on outside the series."""
    known = told.without | {one.planned_at for one in wanted.instances}
    named = (local_to_utc(day, wanted.rhythm.start) for day in days_of(wanted.rhythm))
    return any(told.starts_at <= one <= told.until and one not in known for one in named)


def _length(rhythm: Rhythm, day: date) -> timedelta:
    return local_to_utc(day, rhythm.end) - local_to_utc(day, rhythm.start)


def _canonical(rhythm: Rhythm) -> tuple[tuple[str, object], ...]:
    return tuple(
        (key, tuple(value) if isinstance(value, list) else value)
        for key, value in sorted(rrule(rhythm).items())
    )


def _gaps(wanted: Wanted, starts_at: datetime, until: datetime) -> Iterable[datetime]:
    """Occurrences the rule names and the series does not have: holidays, closures, cancelled."""
    kept = {one.planned_at for one in _live(wanted)}
    for day in days_of(wanted.rhythm):
        moment = local_to_utc(day, wanted.rhythm.start)
        if starts_at <= moment <= until and moment not in kept:
            yield moment


def _by_rule(rule: Master, planned_at: datetime) -> Instance:
    """The occurrence as the rule alone has it."""
    length = rule.ends_at - rule.starts_at
    return Instance(planned_at, planned_at, planned_at + length, rule.place)


def _apart(
    rule: Master, apart: Mapping[datetime, Instance], wanted: Wanted, now: datetime
) -> Iterable[Message]:
    live = {one.planned_at for one in _live(wanted)}
    for one in sorted(wanted.instances, key=lambda each: each.planned_at):
        if one.is_cancelled and one.planned_at in live:
            # Planned again on the same day: the newer meeting is the one that counts.
            continue
        if not rule.starts_at <= one.planned_at <= rule.until or one.planned_at in rule.without:
            continue
        known = apart.get(one.planned_at, _by_rule(rule, one.planned_at))
        if one == known:
            continue
        if one.is_cancelled:
            if not known.is_cancelled and known.ends_at > now:
                yield Message(
                    MessageKind.OCCURRENCE_CANCELLED,
                    instance=Instance(
                        known.planned_at,
                        known.starts_at,
                        known.ends_at,
                        known.place,
                        is_cancelled=True,
                    ),
                )
        elif one.ends_at > now:
            yield Message(MessageKind.OCCURRENCE, instance=one)
