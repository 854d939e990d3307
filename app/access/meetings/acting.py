"""Who chairs one meeting instead of its chair: handed over at once, announced, never confirmed.

Only staff of the meeting's own table are eligible: nobody gets to see anything by it. A chair of
the table hands over to anybody of them; a coordinator takes the chair himself (access.md §2). What
a chair does beside meetings (confirming, terms, emergencies, logs) needs the office itself: an
office is confirmed by a second person, an acting chair is not.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.access import audit
from app.access.actor import Actor
from app.access.administration.announcements import announce_acting
from app.access.conditions import is_live
from app.access.held import hold_row
from app.domain.errors import NotPermitted, Reason, Refusal
from app.domain.kinds import STAFF_ROLES, AccountState, AnnouncementKind, Ground, TableRoleName
from app.domain.local_time import AMSTERDAM, to_local
from app.infra import clock
from app.models import ActingChair, Meeting, Organisation, Person, TableRole

_ACTING, _WHO = aliased(ActingChair), aliased(Person)


@dataclass(frozen=True, slots=True)
class Acting:
    """Who chairs a meeting just now instead of its chair, and until when."""

    person_id: uuid.UUID
    name: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the table's staff who may chair the meeting."""

    person_id: uuid.UUID
    name: str
    organisation: str
    is_chair: bool


def acting_columns(now: datetime) -> tuple[Label[Any], ...]:
    """Of ``Meeting`` in the enclosing statement who acts as its chair; all empty when nobody."""
    live = and_(
        _ACTING.meeting_id == Meeting.id,
        _ACTING.ended_at.is_(None),
        _ACTING.from_at <= now,
        _ACTING.until_at > now,
        _is_staff(_WHO.id, now),
    )
    columns = (_WHO.id, _WHO.name, _ACTING.until_at)
    return tuple(
        select(column)
        .join_from(_ACTING, _WHO, _WHO.id == _ACTING.person_id)
        .where(live)
        .order_by(_ACTING.from_at.desc())
        .limit(1)
        .correlate(Meeting)
        .scalar_subquery()
        .label(f"acting_{name}")
        for column, name in zip(columns, ("id", "name", "until"), strict=True)
    )


def acting_of(row: Any) -> Acting | None:  # noqa: ANN401 - a row with ``acting_columns``
    """Who acts, out of a row that has these columns."""
    return Acting(row.acting_id, row.acting_name, row.acting_until) if row.acting_id else None


def _is_staff(person_id: InstrumentedAttribute[uuid.UUID], now: datetime) -> ColumnElement[bool]:
    """Chair or coordinator of the table of ``Meeting``; who is no more no longer acts either."""
    return person_id.in_(
        select(TableRole.person_id)
        .where(
            TableRole.table_id == Meeting.table_id,
            TableRole.role.in_(STAFF_ROLES),
            is_live(TableRole.from_at, TableRole.until_at, now),
        )
        .correlate(Meeting)
    )


def candidates(session: Session, actor: Actor, meeting: Meeting) -> tuple[Candidate, ...]:
    """Who may chair a loaded meeting, by name: of a chair all staff, of a coordinator himself."""
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name, TableRole.role)
        .join(TableRole, TableRole.person_id == Person.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            TableRole.table_id == meeting.table_id,
            TableRole.role.in_(STAFF_ROLES),
            is_live(TableRole.from_at, TableRole.until_at, clock.now()),
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
        )
        .order_by(Person.name, Person.id)
    ).all()
    chairs = {row[0] for row in rows if row.role is TableRoleName.CHAIR}
    found = {row[0]: Candidate(*row[:3], is_chair=row[0] in chairs) for row in rows}
    if meeting.table_id not in actor.chair_table_ids:
        return tuple(one for one in found.values() if one.person_id == actor.person_id)
    return tuple(found.values())


def appoint(
    session: Session, actor: Actor, meeting: Meeting, person_id: uuid.UUID, *, until_at: datetime
) -> None:
    """Hand the meeting over from now until ``until_at``; who acted before does so no longer.

    Refusal VALUE_UNKNOWN, DATE_IN_PAST, STATE_NOT_ALLOWED, MEETING_CANCELLED.
    """
    now = clock.now()
    hold_row(session, meeting)
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.adopted_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if person_id not in {one.person_id for one in candidates(session, actor, meeting)}:
        raise Refusal(Reason.VALUE_UNKNOWN, "person")
    if until_at <= now:
        raise Refusal(Reason.DATE_IN_PAST, "until_day")
    for before in _live(session, meeting, now):
        before.ended_at = now
    session.add(
        ActingChair(
            meeting_id=meeting.id,
            person_id=person_id,
            from_at=now,
            until_at=until_at,
            appointed_by_id=actor.person_id,
            appointed_at=now,
        )
    )
    _tell(session, actor, meeting, AnnouncementKind.ACTING_CHAIR, person_id)


def end(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Take it back, or give it back, before its end; nothing happens when nobody acts.

    NotPermitted to a coordinator who does not act himself.
    """
    now = clock.now()
    hold_row(session, meeting)
    for one in _live(session, meeting, now):
        if not may_end(actor, meeting.table_id, one.person_id):
            raise NotPermitted
        one.ended_at = now
        _tell(session, actor, meeting, AnnouncementKind.ACTING_CHAIR_ENDED, one.person_id)


def follow_moves(session: Session, moves: Mapping[uuid.UUID, tuple[datetime, datetime]]) -> None:
    """Let the end of who acts move as far as its meeting does, by the clocks of the Netherlands.

    ``moves``: per meeting its start until now and from now on.
    """
    going_on = select(ActingChair).where(
        ActingChair.meeting_id.in_(moves),
        ActingChair.ended_at.is_(None),
        ActingChair.until_at > clock.now(),
    )
    for one in session.scalars(going_on):
        before, after = (to_local(moment).replace(tzinfo=None) for moment in moves[one.meeting_id])
        until = to_local(one.until_at).replace(tzinfo=None) + (after - before)
        one.until_at = until.replace(tzinfo=AMSTERDAM).astimezone(UTC)


def may_end(actor: Actor, table_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """A chair of the table, or whoever acts."""
    return table_id in actor.chair_table_ids or person_id == actor.person_id


def _live(session: Session, meeting: Meeting, now: datetime) -> list[ActingChair]:
    return list(
        session.scalars(
            select(ActingChair).where(
                ActingChair.meeting_id == meeting.id,
                ActingChair.ended_at.is_(None),
                ActingChair.until_at > now,
            )
        )
    )


def _tell(
    session: Session, actor: Actor, meeting: Meeting, kind: AnnouncementKind, person_id: uuid.UUID
) -> None:
    announce_acting(session, actor, kind, person_id, meeting=meeting)
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind=kind.value,
            object_id=person_id,
            ground=Ground.STAFF,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        ),
    )
