"""Covenants that are about to end and have no successor: who is warned, at 90 and at 30 days."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.domain.kinds import AccountState
from app.infra import outbox
from app.models import CaseTable, Covenant, Organisation, Person

WARNING: Final = "notices.covenant"
FIRST, LAST = timedelta(days=90), timedelta(days=30)
_NEXT = aliased(Covenant)


@dataclass(frozen=True, slots=True)
class Ending:
    """How many covenants end within ninety days, and which is the first."""

    number: int
    organisation: str
    table_name: str
    until_at: datetime | None
    covenant_id: uuid.UUID | None
    table_id: uuid.UUID | None


def _ending(now: datetime) -> Select[Any]:
    followed = exists().where(
        _NEXT.organisation_id == Covenant.organisation_id,
        _NEXT.table_id == Covenant.table_id,
        _NEXT.id != Covenant.id,
        _NEXT.from_at <= Covenant.until_at,
        or_(_NEXT.until_at.is_(None), _NEXT.until_at > Covenant.until_at),
    )
    return (
        select(Covenant)
        .join(Organisation, Organisation.id == Covenant.organisation_id)
        .join(CaseTable, CaseTable.id == Covenant.table_id)
        .where(
            Covenant.from_at <= now,
            Covenant.until_at > now,
            Covenant.until_at <= now + FIRST,
            Organisation.ended_at.is_(None),
            CaseTable.ended_at.is_(None),
            ~followed,
        )
    )


def ending_columns(actor: Actor, *, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """What ``Ending`` holds, as columns of a statement about something else."""
    mine = _ending(now).where(
        or_(
            Covenant.table_id.in_(actor.staff_table_ids),
            Covenant.id.is_not(None) if actor.is_administrator else false(),
        )
    )
    first = mine.order_by(Covenant.until_at, Covenant.id).limit(1)
    return (
        mine.with_only_columns(func.count()).correlate(None).scalar_subquery(),
        *(
            first.with_only_columns(column).correlate(None).scalar_subquery()
            for column in (
                Organisation.name,
                CaseTable.name,
                Covenant.until_at,
                Covenant.id,
                Covenant.table_id,
            )
        ),
    )


def queue_warnings(session: Session, *, now: datetime) -> None:
    """One mail per covenant, term and person; asked again at every tidying, it is queued once."""
    for covenant in session.scalars(_ending(now)):
        days = (LAST if covenant.until_at <= now + LAST else FIRST).days
        for person_id in sorted(_people(session, covenant.table_id, now=now)):
            about = f"{covenant.id}:{covenant.until_at:%Y%m%d}:{days}:{person_id}"
            outbox.add_once(
                session,
                WARNING,
                unique_key=f"{WARNING}:{about}",
                payload={"covenant_id": covenant.id, "person_id": person_id, "days": days},
            )


def _people(session: Session, table_id: uuid.UUID, *, now: datetime) -> frozenset[uuid.UUID]:
    offices = session.scalars(
        select(Person.id).where(
            Person.is_administrator.is_(True), Person.state == AccountState.ACTIVE
        )
    )
    return staff_of(session, frozenset({table_id}), now=now) | frozenset(offices)


def still_ends(session: Session, actor: Actor, covenant_id: uuid.UUID, *, now: datetime) -> bool:
    """Whether this covenant still ends soon, and the actor is to know it."""
    found = session.scalars(_ending(now).where(Covenant.id == covenant_id)).one_or_none()
    if found is None:
        return False
    return actor.is_administrator or found.table_id in actor.staff_table_ids
