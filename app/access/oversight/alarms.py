"""Notices that one person opened many cases within an hour, and who is told of that, once.

A number and a name are all that is kept; which cases they were stands in the access log.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, distinct, exists, func, or_, select, true
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.oversight.readers import OPENED
from app.domain.kinds import AccountState, TableRoleName
from app.domain.odd_readings import HOUR
from app.infra import clock, outbox
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import (
    AuditEvent,
    AuditHead,
    Case,
    CaseTable,
    Organisation,
    Person,
    ReadingAlarm,
    TableRole,
)

SHOWN_FOR: Final = timedelta(days=90)


def watch(*, most_cases: int) -> None:
    """Look once; the worker does so every minute."""
    with transaction() as session:
        raise_alarms(session, most_cases=most_cases)


def raise_alarms(session: Session, *, most_cases: int) -> int:
    """Note everybody who opened more cases in the last hour, and have it told; gives how many.

    Once per person and table within an hour: what goes on is told again only after that.
    """
    now = clock.now()
    # Several workers look: the second one waits, and then finds what the first has noted.
    session.execute(select(AuditHead.id).with_for_update())
    many = (
        select(AuditEvent.person_id)
        .where(_in_last_hour(now))
        .group_by(AuditEvent.person_id)
        .having(func.count(distinct(AuditEvent.case_id)) > most_cases)
    )
    told = exists().where(
        ReadingAlarm.person_id == AuditEvent.person_id,
        ReadingAlarm.table_id == Case.table_id,
        ReadingAlarm.noted_at > now - HOUR,
    )
    wanted = (
        select(AuditEvent.person_id, Case.table_id, func.count(distinct(AuditEvent.case_id)))
        .join(Case, Case.id == AuditEvent.case_id)
        .where(_in_last_hour(now), AuditEvent.person_id.in_(many), ~told)
        .group_by(AuditEvent.person_id, Case.table_id)
    )
    with opened_for(session, System.OVERSIGHT):
        rows = session.execute(wanted).all()
    for person_id, table_id, cases in rows:
        assert person_id is not None  # noqa: S101 - asked for in the statement
        _note(session, person_id, table_id, cases, now)
    return len(rows)


def _in_last_hour(now: datetime) -> c.Condition:
    return (
        AuditEvent.event.in_(OPENED)
        & AuditEvent.person_id.is_not(None)
        & AuditEvent.case_id.is_not(None)
        & (AuditEvent.at > now - HOUR)
    )


def _note(
    session: Session, person_id: uuid.UUID, table_id: uuid.UUID, cases: int, now: datetime
) -> None:
    alarm_id = uuid.uuid4()
    session.add(
        ReadingAlarm(id=alarm_id, person_id=person_id, table_id=table_id, noted_at=now, cases=cases)
    )
    for told in session.scalars(_watchers(table_id, now).where(Person.id != person_id)):
        outbox.add(
            session,
            "oversight.alarm",
            unique_key=f"oversight.alarm:{alarm_id}:{told}",
            payload={"alarm_id": alarm_id, "person_id": told},
        )


def _watchers(table_id: uuid.UUID, now: datetime) -> Select[uuid.UUID]:
    """The chairs of the table and the privacy officers."""
    chair = exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == table_id,
        TableRole.role == TableRoleName.CHAIR,
        c.is_live(TableRole.from_at, TableRole.until_at, now),
    )
    return select(Person.id).where(
        Person.state == AccountState.ACTIVE,
        Person.is_administrator.is_(False),
        or_(Person.is_privacy_officer.is_(True), chair),
    )


def is_watcher(session: Session, actor: Actor, alarm_id: uuid.UUID) -> bool:
    """Whether the actor would still find this alarm on its page."""
    found = seen_by(actor, now=clock.now()).where(ReadingAlarm.id == alarm_id)
    return session.execute(found.limit(1)).one_or_none() is not None


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm: who, of where, at which table, how many cases, when."""

    person: str
    organisation: str
    table: str
    cases: int
    noted_at: datetime


def seen_by(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Alarms of the tables the actor leads; all for a privacy officer; never about oneself."""
    checks.note()
    by_office = (
        true() if actor.is_privacy_officer else ReadingAlarm.table_id.in_(actor.chair_table_ids)
    )
    return (
        select(ReadingAlarm, Person.name, Organisation.name, CaseTable.name)
        .join(Person, Person.id == ReadingAlarm.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(CaseTable, CaseTable.id == ReadingAlarm.table_id)
        .where(
            by_office,
            ReadingAlarm.person_id != actor.person_id,
            ReadingAlarm.noted_at > now - SHOWN_FOR,
        )
        .order_by(ReadingAlarm.noted_at.desc())
    )


def lines(session: Session, actor: Actor, *, most: int) -> tuple[AlarmLine, ...]:
    """The last alarms."""
    rows = session.execute(seen_by(actor, now=clock.now()).limit(most))
    return tuple(
        AlarmLine(person, organisation, table, alarm.cases, alarm.noted_at)
        for alarm, person, organisation, table in rows
    )
