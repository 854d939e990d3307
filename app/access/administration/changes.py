"""Powerful changes wait here for a second person (access.md §2); nobody confirms the own request.

A chair confirms what concerns the own tables and their people; what concerns no table at all, any
sitting chair. A privacy officer confirms everything.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.access.administration import accounts
from app.access.conditions import Condition, is_live
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, PowerfulChangeKind, TableRoleName
from app.infra import clock, outbox
from app.models import Person, PowerfulChange, TableRole

OFFICES: Final = (
    PowerfulChangeKind.APPOINT_PRIVACY_OFFICER,
    PowerfulChangeKind.APPOINT_SUPERVISOR,
)
OF_ACCOUNT: Final = (PowerfulChangeKind.CHANGE_EMAIL, PowerfulChangeKind.RESET_SECOND_FACTOR)
NONE: Final[frozenset[uuid.UUID]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: ``table_id`` for a role at a table, ``new_value`` for an address.

    Another host of ``table_id`` has no subject; ``organisation_id`` is the host asked for.
    """

    kind: PowerfulChangeKind
    subject_id: uuid.UUID | None = None
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    new_value: str = ""


def confirmable(actor: Actor, *, now: datetime) -> Select[Any]:
    """Changes the actor may confirm or refuse just now, or has the place to know about."""
    checks.note()
    return select(PowerfulChange).where(
        PowerfulChange.requested_by_id != actor.person_id,
        PowerfulChange.subject_id.is_distinct_from(actor.person_id),
        _concerns(actor, now),
    )


def load_confirmable(session: Session, actor: Actor, change_id: uuid.UUID) -> PowerfulChange:
    """A change that still waits for somebody like the actor; NotVisible otherwise."""
    found: PowerfulChange | None = session.scalars(
        confirmable(actor, now=clock.now())
        .where(PowerfulChange.id == change_id, PowerfulChange.decided_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotVisible
    return found


def _concerns(actor: Actor, now: datetime) -> Condition:
    if actor.is_privacy_officer:
        return true()
    role_of_subject = exists().where(
        TableRole.person_id == PowerfulChange.subject_id,
        is_live(TableRole.from_at, TableRole.until_at, now),
    )
    at_own_table = role_of_subject.where(TableRole.table_id.in_(actor.chair_table_ids))
    return or_(
        PowerfulChange.table_id.in_(actor.chair_table_ids),
        and_(
            PowerfulChange.table_id.is_(None),
            true() if actor.chair_table_ids else PowerfulChange.id.is_(None),
            or_(
                PowerfulChange.kind.in_(OFFICES),
                at_own_table,
                ~role_of_subject,
            ),
        ),
    )


def request(session: Session, actor: Actor, wanted: Wanted) -> PowerfulChange:
    """Ask for a change and tell those who may confirm it. Refusal CHANGE_PENDING when asked before.

    ``actor`` is an administrator; the caller has loaded the subject.
    """
    same = session.scalar(
        select(PowerfulChange.id).where(
            PowerfulChange.kind == wanted.kind,
            PowerfulChange.subject_id.is_not_distinct_from(wanted.subject_id),
            PowerfulChange.decided_at.is_(None),
            PowerfulChange.table_id.is_not_distinct_from(wanted.table_id),
        )
    )
    if same is not None:
        raise Refusal(Reason.CHANGE_PENDING)
    change = PowerfulChange(
        id=uuid.uuid4(),
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        table_id=wanted.table_id,
        organisation_id=wanted.organisation_id,
        new_value=wanted.new_value,
        requested_by_id=actor.person_id,
        requested_at=clock.now(),
    )
    session.add(change)
    session.flush()
    audit.record(session, actor, line_of(change, "requested"))
    tell_confirmers(session, [change])
    if wanted.subject_id and change.kind in OF_ACCOUNT:
        tell(session, wanted.subject_id, "account_changed", about=f"{change.id}.asked")
    return change


def line_of(change: PowerfulChange, outcome: str) -> audit.Entry:
    """A line of the log about a change: about the person, or about the table."""
    return audit.Entry(
        event=audit.Event.AUTHORISE,
        object_kind=change.kind.value,
        object_id=change.subject_id or change.table_id,
        outcome=outcome,
        table_id=change.table_id,
    )


def lapse(session: Session, actor: Actor | None, subject_id: uuid.UUID) -> None:
    """End everything that waits for somebody: the account it was asked for is not what it was.

    Nobody decided it. To be called before the subject is locked, as a decision locks the change
    first and the subject after.
    """
    waiting = session.scalars(
        select(PowerfulChange)
        .where(PowerfulChange.subject_id == subject_id, PowerfulChange.decided_at.is_(None))
        .order_by(PowerfulChange.id)
        .with_for_update()
    ).all()
    for change in waiting:
        change.decided_at, change.approved = clock.now(), False
    audit.record_all(
        session,
        actor,
        [line_of(change, "lapsed") for change in waiting],
    )


def tell_confirmers(session: Session, asked: Sequence[PowerfulChange]) -> None:
    """One mail to each who may confirm any of these changes, asked for in one go."""
    now = clock.now()
    people = {one for change in asked for one in _confirmers(session, change, now)}
    for person_id in people:
        tell(session, person_id, "change_waiting", about=str(asked[0].id))


def _confirmers(session: Session, change: PowerfulChange, now: datetime) -> Sequence[uuid.UUID]:
    concerned = _tables_of(session, change, now)
    chairs = select(TableRole.person_id).where(
        TableRole.role == TableRoleName.CHAIR,
        is_live(TableRole.from_at, TableRole.until_at, now),
        TableRole.table_id.in_(concerned) if concerned else true(),
    )
    return session.scalars(
        select(Person.id).where(
            Person.state == AccountState.ACTIVE,
            or_(Person.is_privacy_officer.is_(True), Person.id.in_(chairs)),
            Person.id.not_in([one for one in (change.subject_id, change.requested_by_id) if one]),
        )
    ).all()


def announce(session: Session, change: PowerfulChange, *, but: uuid.UUID) -> None:
    """Tell the staff of the tables concerned, and the person, that the change took effect."""
    now = clock.now()
    tables = _tables_of(session, change, now)
    for person_id in accounts.staff_of(session, tables, now=now) - {but, change.subject_id}:
        tell(session, person_id, "change_decided", about=str(change.id))
    if change.subject_id:
        tell(session, change.subject_id, "account_changed", about=f"{change.id}.done")


def _tables_of(session: Session, change: PowerfulChange, now: datetime) -> frozenset[uuid.UUID]:
    if change.table_id:
        return frozenset({change.table_id})
    return accounts.tables_of(session, change.subject_id, now=now) if change.subject_id else NONE


def tell(session: Session, person_id: uuid.UUID, event: str, *, about: str) -> None:
    """Queue one neutral letter to one person."""
    outbox.add(
        session,
        "account.letter",
        unique_key=f"account.letter:{event}:{about}:{person_id}",
        payload={"person_id": person_id, "event": event, "about": about},
    )
