"""The list of a day: what its page shows, and the acts on it, each one unit of work."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.access import Actor
from app.access.case_life import screenings
from app.access.case_life.screenings import DayCount, Line
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.working_days import add_working_days, subtract_working_days
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday

DAYS_SHOWN: Final = timedelta(days=14)
# So far back a line may still be entered, or a count said.
BACK: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """The list of one day with what was counted, and the days around it."""

    table_id: uuid.UUID
    table: str
    day: date
    before: date
    after: date | None
    takes_lines: bool
    lines: tuple[Line, ...]
    days: tuple[DayCount, ...]
    chats: int | None

    @property
    def urgent(self) -> int:
        """How many lines are urgent."""
        return sum(one.is_urgent for one in self.lines)

    @property
    def waiting(self) -> int:
        """How many nobody picked up, handed over or closed yet."""
        return sum(
            one.case_id is not None and one.state == "accepted" and not one.offered_to
            for one in self.lines
        )


def own_table(actor: Actor, table_id: uuid.UUID | None) -> uuid.UUID:
    """The screening table named, if the actor serves it; else the first by name. NotVisible."""
    with reading() as session:
        tables = [one.id for one in screenings.own_tables(session, actor)]
    if not tables or table_id not in (None, *tables):
        raise NotVisible
    return table_id or tables[0]


def day_page(actor: Actor, table_id: uuid.UUID, day: date) -> DayPage:
    """One day, in four statements whatever the number of its lines. NotVisible."""
    today = clock.today()
    after = add_working_days(day, 1, is_holiday)
    with reading() as session:
        table = screenings.load_table(session, actor, table_id)
        lines = screenings.lines_of(session, actor, table, day)
        days = screenings.days_of(session, actor, table, day - DAYS_SHOWN, day + DAYS_SHOWN)
        chats = screenings.chats_on(session, table, day)
    return DayPage(
        table_id=table.id,
        table=table.name,
        day=day,
        before=subtract_working_days(day, 1, is_holiday),
        after=after if after <= today else None,
        takes_lines=today - BACK <= day <= today,
        lines=tuple(lines),
        days=tuple(days),
        chats=chats,
    )


def enter(actor: Actor, table_id: uuid.UUID, day: date, *, number: str, is_urgent: bool) -> None:
    """Put one line on the list. NotVisible, Refusal."""
    _refuse_other_days(day)
    with transaction() as session:
        table = screenings.load_table(session, actor, table_id)
        screenings.add(session, actor, table, day=day, number=number, is_urgent=is_urgent)


def count_chats(actor: Actor, table_id: uuid.UUID, day: date, amount: int) -> None:
    """Say how many chats there were. NotVisible, Refusal."""
    _refuse_other_days(day)
    with transaction() as session:
        table = screenings.load_table(session, actor, table_id)
        screenings.count_chats(session, actor, table, day, amount)


def _refuse_other_days(day: date) -> None:
    if not clock.today() - BACK <= day <= clock.today():
        raise Refusal(Reason.DAY_NOT_OPEN)


def pick_up(actor: Actor, case_id: uuid.UUID) -> tuple[uuid.UUID, date]:
    """Take care of a line; gives its list. NotVisible, Refusal."""
    with transaction() as session:
        line, case = screenings.load_line(session, actor, case_id)
        screenings.pick_up(session, actor, line, case)
        return line.table_id, line.listed_on


def close(actor: Actor, case_id: uuid.UUID) -> tuple[uuid.UUID, date]:
    """Close a line that is not urgent; gives its list. NotVisible, Refusal."""
    with transaction() as session:
        line, case = screenings.load_line(session, actor, case_id)
        screenings.close(session, actor, line, case)
        return line.table_id, line.listed_on
