"""Messages stopped for what they say that no staff of any table may see, for the privacy officer.

Each of the staff may be barred from one of the cases a message was stopped for: then nobody would
know of it. The officer reads that it was stopped, of what kind, at which table and for which day;
never for whom, for which case or for which word.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.messages.leak_findings import STOPPED
from app.access.permissions import Audience
from app.domain.errors import NotVisible
from app.domain.kinds import STAFF_ROLES, AccountState
from app.infra.outbox import OutboxRow
from app.infra.wall import System, opened_for
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Exclusion,
    LeakFinding,
    Meeting,
    Person,
    Recusal,
    Series,
    TableRole,
)


def unseen(session: Session, actor: Actor, *, now: datetime) -> list[Any]:
    """Kind, moment, table and day of each, newest first. NotVisible for anybody else."""
    if not actor.belongs_to(Audience.PRIVACY_OFFICER):
        raise NotVisible
    statement = (
        _unseen(now)
        .outerjoin(Meeting, Meeting.id == OutboxRow.meeting_id)
        .outerjoin(Series, Series.id == _series())
        .outerjoin(CaseTable, CaseTable.id == func.coalesce(Meeting.table_id, Series.table_id))
        .with_only_columns(
            OutboxRow.id,
            OutboxRow.kind,
            OutboxRow.dead_at,
            Meeting.starts_at,
            CaseTable.name.label("table"),
        )
        .order_by(OutboxRow.dead_at.desc(), OutboxRow.id)
    )
    with opened_for(session, System.OVERSIGHT):
        return list(session.execute(statement))


def number_unseen(*, now: datetime) -> ScalarSelect[int]:
    """How many there are, for a statement a privacy officer asks anyway, with cases opened."""
    found = _unseen(now).with_only_columns(OutboxRow.id)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _unseen(now: datetime) -> Select[OutboxRow]:
    checks.note()
    return select(OutboxRow).where(
        OutboxRow.dead_at.is_not(None),
        OutboxRow.dropped_at.is_(None),
        OutboxRow.reason.startswith(STOPPED, autoescape=True),
        ~_somebody_sees(now),
    )


def _series() -> Any:  # noqa: ANN401 - a scalar subquery
    """All findings of one message are about the same series."""
    of_message = select(LeakFinding.series_id).where(LeakFinding.outbox_id == OutboxRow.id)
    return of_message.limit(1).correlate(OutboxRow).scalar_subquery()


def _somebody_sees(now: datetime) -> c.Condition:
    """An active person serves the table of every case it was stopped for, and no case bars it.

    As ``undelivered.stopped`` asks it of one actor.
    """
    serves = (
        exists()
        .where(
            TableRole.person_id == Person.id,
            TableRole.table_id == Case.table_id,
            TableRole.role.in_(STAFF_ROLES),
            c.is_live(TableRole.from_at, TableRole.until_at, now),
        )
        .correlate(Person, Case)
    )
    found = exists().where(LeakFinding.outbox_id == OutboxRow.id)
    is_seen = exists().where(
        Case.id == LeakFinding.case_id, serves, ~_is_barred(LeakFinding.case_id, now)
    )
    kept_away = exists().where(LeakFinding.outbox_id == OutboxRow.id, ~is_seen)
    return exists().where(
        Person.state == AccountState.ACTIVE,
        Person.is_administrator.is_(False),
        found.correlate(OutboxRow),
        ~kept_away.correlate(OutboxRow, Person),
        ~_is_closed(now),
    )


def _is_closed(now: datetime) -> c.Condition:
    """A case is or was on the agenda of its meeting that ``Person`` may not know of."""
    listed = exists().where(Case.id == AgendaItem.case_id, Case.table_id == Meeting.table_id)
    elsewhere = and_(AgendaItem.removed_at.is_(None), ~listed)
    closed = exists().where(
        AgendaItem.meeting_id == OutboxRow.meeting_id,
        Meeting.id == AgendaItem.meeting_id,
        AgendaItem.case_id.is_not(None),
        or_(_is_barred(AgendaItem.case_id, now), elsewhere),
    )
    return closed.correlate(OutboxRow, Person)


def _is_barred(case_id: Any, now: datetime) -> c.Condition:  # noqa: ANN401 - a column
    excluded = exists().where(
        Exclusion.person_id == Person.id,
        Exclusion.case_id == case_id,
        c.is_live(Exclusion.from_at, Exclusion.until_at, now),
    )
    recused = exists().where(
        Recusal.person_id == Person.id, Recusal.case_id == case_id, Recusal.lifted_at.is_(None)
    )
    around = Person, LeakFinding, AgendaItem
    return or_(excluded.correlate(*around), recused.correlate(*around))
