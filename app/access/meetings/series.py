"""Series of meetings: which ones staff see, who gets a recurring entry, and what it must say.

A series shows no case: only days, clock times and a place. Its entries are for whoever serves the
table and, where the table keeps a standing reservation, for the partners' representatives.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, delete, exists, not_, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.held import hold_row
from app.access.permissions import Permission, audience_of
from app.domain.errors import NotVisible
from app.domain.kinds import STAFF_ROLES, AccountState, SeriesAudience, TableRoleName
from app.domain.recurring import Instance, Wanted
from app.domain.rhythm import Rhythm
from app.infra import clock
from app.infra.holidays_nl import named_holidays
from app.models import (
    CaseTable,
    ClosurePeriod,
    Covenant,
    Meeting,
    Person,
    Series,
    SeriesEntry,
    SeriesException,
    TableRole,
)


def staff_series(actor: Actor) -> Select[Series, CaseTable]:
    """The series of the tables the actor serves, ended ones included."""
    checks.note()
    return (
        select(Series, CaseTable)
        .join(CaseTable, CaseTable.id == Series.table_id)
        .where(c.is_staff_table(actor, Series.table_id))
    )


def load_series(
    session: Session, actor: Actor, series_id: uuid.UUID, permission: Permission
) -> Series:
    """A series of a table served; NotVisible otherwise."""
    checks.note()
    if not actor.belongs_to(audience_of(permission)):
        raise NotVisible
    found = session.scalars(
        select(Series).where(Series.id == series_id, c.is_staff_table(actor, Series.table_id))
    ).one_or_none()
    if found is None:
        raise NotVisible
    return found


def hold(session: Session, series: Series, *, now: datetime) -> frozenset[uuid.UUID]:
    """Hold a loaded series and its coming meetings until the end of the transaction; gives these.

    Whoever puts a case on one of them waits, so nothing is prepared while a change takes it away;
    everybody takes the series first, then its meetings, then a room.
    """
    hold_row(session, series)
    coming = session.scalars(
        select(Meeting.id)
        .where(
            Meeting.series_id == series.id,
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at > now,
        )
        .order_by(Meeting.id)
        .with_for_update()
    )
    return frozenset(coming)


def rhythm_of(series: Series) -> Rhythm:
    """The stored rhythm; ImpossibleRhythm for a series that ended before its first day."""
    return Rhythm(
        kind=series.kind,
        first_on=series.first_on,
        last_on=series.last_on,
        start=series.start,
        minutes=series.minutes,
        interval=series.interval,
        weekdays=frozenset(int(one) for one in series.weekdays),
        nth=series.nth,
    )


def closures_of(session: Session, table_id: uuid.UUID) -> list[ClosurePeriod]:
    """When a table served does not meet, in order."""
    return list(
        session.scalars(
            select(ClosurePeriod)
            .where(ClosurePeriod.table_id == table_id)
            .order_by(ClosurePeriod.first_on, ClosurePeriod.name)
        )
    )


@dataclass(frozen=True, slots=True)
class FreeDays:
    """Which holidays a series skips."""

    skips_holidays: bool
    good_friday: bool
    liberation_day: bool


def free_days(
    closures: Iterable[ClosurePeriod], skipped: FreeDays, *, first_on: date, last_on: date
) -> dict[date, str]:
    """Days without a meeting with their names; an own closure wins over a holiday's name."""
    found = (
        named_holidays(
            first_on,
            last_on,
            good_friday=skipped.good_friday,
            liberation_day=skipped.liberation_day,
        )
        if skipped.skips_holidays
        else {}
    )
    for closure in closures:
        day = max(closure.first_on, first_on)
        while day <= min(closure.last_on, last_on):
            found[day] = closure.name
            day += timedelta(days=1)
    return found


def read_wanted(session: Session, series: Series) -> Wanted | None:
    """What a calendar has to show of a series; None once its rhythm has no day left."""
    if series.last_on < series.first_on:
        return None
    meetings = session.scalars(
        select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.planned_at)
    )
    return Wanted(
        rhythm_of(series),
        series.place,
        tuple(
            Instance(
                one.planned_at,
                one.starts_at,
                one.ends_at,
                one.place,
                is_cancelled=one.cancelled_at is not None,
            )
            for one in meetings
            if one.planned_at is not None
        ),
    )


def find_series(session: Session, series_id: uuid.UUID) -> tuple[Series, CaseTable] | None:
    """A series with its table; for the worker."""
    row = session.execute(
        select(Series, CaseTable)
        .join(CaseTable, CaseTable.id == Series.table_id)
        .where(Series.id == series_id)
    ).one_or_none()
    return (row.Series, row.CaseTable) if row else None


def recipients(session: Session, table: CaseTable, *, now: datetime) -> frozenset[uuid.UUID]:
    """Everybody who gets the recurring entries of a table just now, staff first."""
    wanted: c.Condition = TableRole.role.in_(STAFF_ROLES)
    if table.has_standing_reservation:
        wanted = or_(wanted, and_(TableRole.role == TableRoleName.REPRESENTATIVE, _takes_part(now)))
    return frozenset(
        session.scalars(
            select(Person.id)
            .join(TableRole, TableRole.person_id == Person.id)
            .where(
                TableRole.table_id == table.id,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
                Person.state == AccountState.ACTIVE,
                Person.is_administrator.is_(False),
                wanted,
            )
        )
    )


def with_entries(session: Session, series_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Who has a live entry of a series, entitled or not."""
    return frozenset(
        session.scalars(
            select(SeriesEntry.person_id).where(
                SeriesEntry.series_id == series_id, SeriesEntry.cancelled_at.is_(None)
            )
        )
    )


def audience_for(
    session: Session, actor: Actor | None, table: CaseTable, *, now: datetime
) -> SeriesAudience | None:
    """As what this person gets the series; None for no entry."""
    if actor is None:
        return None
    if table.id in actor.staff_table_ids:
        return SeriesAudience.STAFF
    if not table.has_standing_reservation or table.id not in actor.representative_table_ids:
        return None
    takes_part = select(
        exists().where(
            Covenant.organisation_id == actor.organisation_id,
            Covenant.table_id == table.id,
            c.is_live(Covenant.from_at, Covenant.until_at, now),
        )
    )
    return SeriesAudience.RESERVATION if session.scalar(takes_part) else None


def live_series_of(session: Session, table_ids: Iterable[uuid.UUID]) -> list[Series]:
    """Series of these tables that go on or still have meetings to come; for the worker."""
    comes = exists().where(
        Meeting.series_id == Series.id,
        Meeting.cancelled_at.is_(None),
        Meeting.ends_at > clock.now(),
    )
    return list(
        session.scalars(
            select(Series).where(
                Series.table_id.in_(table_ids), or_(Series.ended_at.is_(None), comes)
            )
        )
    )


def live_entries(
    session: Session, *, series_id: uuid.UUID, person_id: uuid.UUID
) -> list[SeriesEntry]:
    """The recurring entries in a person's calendar for a series; for the worker."""
    return list(
        session.scalars(
            select(SeriesEntry).where(
                SeriesEntry.series_id == series_id,
                SeriesEntry.person_id == person_id,
                SeriesEntry.cancelled_at.is_(None),
            )
        )
    )


def find_entry(session: Session, entry_id: uuid.UUID) -> SeriesEntry | None:
    """One recurring entry, withdrawn ones included; for the worker."""
    return session.get(SeriesEntry, entry_id)


def exceptions_of(session: Session, entry_id: uuid.UUID) -> list[SeriesException]:
    """Every occurrence that was told on its own, in the order of telling; for the worker."""
    return list(
        session.scalars(
            select(SeriesException)
            .where(SeriesException.entry_id == entry_id)
            .order_by(SeriesException.sequence)
        )
    )


def forget_exceptions(
    session: Session, entry: SeriesEntry, *, still_out: Collection[datetime]
) -> None:
    """A rule told anew takes the exceptions before it away; for the worker.

    A day whose recipient was told that it is cancelled stays, while the new rule leaves it out too:
    a subscription goes on showing it as cancelled.
    """
    stays = and_(
        SeriesException.cancelled_at.is_not(None),
        SeriesException.sequence <= entry.sent_sequence,
        SeriesException.planned_at.in_(sorted(still_out)),
    )
    session.execute(
        delete(SeriesException).where(SeriesException.entry_id == entry.id, not_(stays))
    )


def _takes_part(now: datetime) -> c.Condition:
    """The organisation of ``Person`` is a partner of the table of ``TableRole`` just now."""
    return exists().where(
        Covenant.organisation_id == Person.organisation_id,
        Covenant.table_id == TableRole.table_id,
        c.is_live(Covenant.from_at, Covenant.until_at, now),
    )
