"""Every number of a report told anew from the raw rows, by loops: knows nothing of what is stored.

A number is asked by measure, line, quarters, table and organisation; none of them means all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.infra.db import reading
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    DailyCount,
    ExclusionOrder,
    Handover,
    InputRequest,
    ItemOutcome,
    Meeting,
    Organisation,
    Referral,
    Screening,
    Seat,
    TermRequest,
)

HERE = ZoneInfo("Europe/Amsterdam")
THERE = {"present": "present", "remote": "present", "deputy": "deputy"}
# What is counted by quarter; the rest by year.
STORED = (
    "meetings", "cases", "lead-days", "minutes", "attendance", "all-present", "input", "actions",
    "referral-sources", "referral-outcomes", "handovers",
)  # fmt: skip
# What each kind of table counts in a year, as the manual says it.
FIGURES = {
    "mda-cases": ("mda", "discussed"),
    "zsm-cases": ("zsm", "discussed"),
    "zsm-advices": ("zsm", "advice-given"),
    "safety-house-submissions": ("safety-house", "came"),
    "safety-house-pga": ("safety-house", "pga"),
    "screening-cases": ("screening", "listed"),
    "chats": ("screening", "chats"),
    "exclusion-orders": ("exclusion-order", "served"),
}


def day_of(moment: datetime) -> date:
    return moment.astimezone(HERE).date()


def quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


@dataclass(frozen=True)
class Fact:
    """Something that happened on a day at a table; ``number`` is what is measured, or how many."""

    what: str
    on: date
    table_id: Any
    organisation_id: Any = None
    code: str = ""
    number: int = 1
    case_id: Any = None


@dataclass
class ToldAnew:
    """All facts of the region; ``kinds`` of its tables."""

    facts: list[Fact]
    kinds: dict[Any, str]
    by_what: dict[str, list[Fact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.facts:
            self.by_what.setdefault(one.what, []).append(one)

    def some(self, what, days, table_id=None, organisation_id=None, code=None) -> list[Fact]:
        return [
            one
            for one in self.by_what.get(what, ())
            if quarter_of(one.on) in days
            and table_id in (None, one.table_id)
            and organisation_id in (None, one.organisation_id)
            and code in (None, one.code)
        ]

    def count(self, what, days, table_id=None, organisation_id=None, code=None) -> int:
        return sum(one.number for one in self.some(what, days, table_id, organisation_id, code))

    def cells(self, days) -> Counter:
        """What is to be stored: by quarter, measure, table, organisation and category."""
        found: Counter = Counter()
        for one in self.facts:
            what, code, number = one.what, one.code, one.number
            if what == "waited":
                what, code, number = "lead-days", str(number), 1
            if what in STORED and quarter_of(one.on) in days:
                at = quarter_of(one.on), what, one.table_id, one.organisation_id, code
                found[at] += number
        return +found

    def annual(self, figure, days, table_id=None) -> int:
        """Each case once a year at each table, or how many there were."""
        kind, what = FIGURES[figure]
        found = [one for one in self.some(what, days, table_id) if self.kinds[one.table_id] == kind]
        cases = {(one.on.year, one.table_id, one.case_id) for one in found if one.case_id}
        return len(cases) + sum(one.number for one in found if not one.case_id)

    def lead_time(self, hundredths, days, table_id=None) -> int:
        """The least number of days within which so many of a hundred new cases were discussed."""
        waited = [one.number for one in self.some("waited", days, table_id)]
        return min(
            most
            for most in waited
            if 100 * sum(one <= most for one in waited) >= hundredths * len(waited)
        )

    def mean_minutes(self, days, table_id=None) -> Fraction:
        ran = [one.number for one in self.some("minutes", days, table_id)]
        return Fraction(sum(ran), len(ran))

    def share_all_there(self, days, table_id=None) -> Fraction:
        """Of a hundred discussions with a roll call, at how many everybody invited was there."""
        called = self.some("all-present", days, table_id)
        return Fraction(100 * sum(one.code == "all" for one in called), len(called))


def told_anew() -> ToldAnew:
    """Read the rows and tell them."""
    models = (
        Meeting, AgendaItem, Seat, InputRequest, Action, TermRequest, Referral, Case, Handover,
        ItemOutcome, Screening, DailyCount, ExclusionOrder, Organisation, CaseTable,
    )  # fmt: skip
    with reading() as session:
        rows = {one.__name__: list(session.scalars(select(one))) for one in models}
    kinds = {one.id: one.kind.value for one in rows["CaseTable"]}
    parts = (_discussions, _seats, _asked, _actions, _referred, _handed_over, _of_the_year)
    return ToldAnew([one for part in parts for one in part(rows)], kinds)


def _held(rows):
    return {m.id: m for m in rows["Meeting"] if m.closed_at and not m.cancelled_at}


def _done(rows):
    """Finished discussions of cases at meetings that were held, the earliest first."""
    held = _held(rows)
    found = [
        (held[one.meeting_id], one)
        for one in rows["AgendaItem"]
        if one.meeting_id in held and one.case_id and one.closed_at and not one.removed_at
    ]
    return sorted(found, key=lambda one: one[0].starts_at)


def _discussions(rows):
    for m in _held(rows).values():
        yield Fact("meetings", day_of(m.starts_at), m.table_id)
    came = {one.id: one.created_at for one in rows["Case"]}
    came |= {one.case_id: one.sent_at for one in rows["Referral"]}
    last = {}
    for m, item in _done(rows):
        on = day_of(m.starts_at)
        before = last.get((m.table_id, item.case_id))
        last[m.table_id, item.case_id] = m.starts_at
        if before is None:
            which = "new"
            waited = max(0, (on - day_of(came[item.case_id])).days)
            yield Fact("waited", on, m.table_id, number=waited)
        else:
            which = "repeat" if m.starts_at <= before + timedelta(days=365) else "again"
        yield Fact("cases", on, m.table_id, code=which)
        minutes = item.minutes + item.extra_minutes
        if item.opened_at and not item.reopened_at:
            seconds = (item.closed_at - item.opened_at).total_seconds() - item.paused_seconds
            minutes = max(0, int(seconds / 60 + 0.5))
        yield Fact("minutes", on, m.table_id, number=minutes)


def _seats(rows):
    for m, item in _done(rows):
        on = day_of(m.starts_at)
        invited = [
            one
            for one in rows["Seat"]
            if one.item_id == item.id and one.invited_at and not one.removed_at
        ]
        seen = [one for one in invited if one.presence]
        for one in seen:
            what = THERE.get(one.presence.value, "absent")
            yield Fact("attendance", on, m.table_id, one.organisation_id, what)
        if seen:
            missing = [
                one for one in invited if not one.presence or one.presence.value not in THERE
            ]
            yield Fact("all-present", on, m.table_id, code="not-all" if missing else "all")


def _asked(rows):
    meetings = {one.id: one for one in rows["Meeting"]}
    items = {one.id: one for one in rows["AgendaItem"]}
    seats = {one.id: one for one in rows["Seat"]}
    for one in rows["InputRequest"]:
        seat = seats[one.seat_id]
        item = items[seat.item_id]
        meeting = meetings[item.meeting_id]
        if one.withdrawn_at or seat.removed_at or item.removed_at or meeting.cancelled_at:
            continue
        given = "silent"
        if one.answered_at:
            given = "late" if one.answered_at > one.deadline_at else "in-time"
        yield Fact("input", day_of(one.deadline_at), meeting.table_id, seat.organisation_id, given)


def _actions(rows):
    asked = {one.action_id for one in rows["TermRequest"]}
    for one in rows["Action"]:
        kept = one.state.value
        if kept == "lapsed" or one.taken_back_at:
            continue
        if kept == "done":
            by_hour = one.due_at and one.finished_at > one.due_at
            by_day = not one.due_at and day_of(one.finished_at) > one.due_on
            kept = "late" if by_hour or by_day else "in-time"
        elif kept in ("open", "started"):
            kept = "silent" if kept == "open" and one.id not in asked else "running"
        yield Fact("actions", one.due_on, one.table_id, one.organisation_id, kept)


def _referred(rows):
    kinds = {one.id: one.kind.value for one in rows["Organisation"]}
    for one in rows["Referral"]:
        source = kinds[one.organisation_id]
        yield Fact("referral-sources", day_of(one.sent_at), one.table_id, code=source)
        if one.decided_at:
            on = day_of(one.decided_at)
            yield Fact("referral-outcomes", on, one.table_id, code=one.state.value)


def _handed_over(rows):
    for one in rows["Handover"]:
        if not one.withdrawn_at:
            in_time = one.accepted_at and one.accepted_at <= one.due_at
            kept = "in-time" if in_time else "not"
            yield Fact("handovers", day_of(one.due_at), one.from_table_id, code=kept)


def _of_the_year(rows):
    """What kinds count: a case each time something of it happened, or a number of a day."""
    meetings = {one.id: one for one in rows["Meeting"] if not one.cancelled_at}
    items = {
        one.id: one
        for one in rows["AgendaItem"]
        if one.meeting_id in meetings and one.case_id and not one.removed_at
    }
    for one in items.values():
        if one.closed_at:
            m = meetings[one.meeting_id]
            yield Fact("discussed", day_of(m.starts_at), m.table_id, case_id=one.case_id)
    for one in rows["ItemOutcome"]:
        if one.item_id in items and not one.taken_back_at:
            m = meetings[items[one.item_id].meeting_id]
            on = day_of(m.starts_at)
            yield Fact("discussed", on, m.table_id, case_id=one.case_id)
            yield Fact(one.code, on, m.table_id, case_id=one.case_id)
    moved = {one.case_id: one for one in rows["Handover"] if one.accepted_at}
    for one in rows["Case"]:
        at = moved[one.id].from_table_id if one.id in moved else one.table_id
        yield Fact("came", day_of(one.created_at), at, case_id=one.id)
    for one in moved.values():
        yield Fact("came", day_of(one.accepted_at), one.to_table_id, case_id=one.case_id)
    for one in rows["Screening"]:
        yield Fact("listed", one.listed_on, one.table_id)
    for one in rows["DailyCount"]:
        yield Fact(one.code, one.counted_on, one.table_id, number=one.amount)
    for one in rows["ExclusionOrder"]:
        yield Fact("served", day_of(one.served_at), one.table_id)
