"""What somebody leaves behind: counted before it ends, without a case, and what ends with it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access import checks
from app.access.administration.accounts import holds_ahead
from app.access.conditions import is_live, is_to_end
from app.domain.kinds import AccountState, ActionState, TableRoleName, TaskKind
from app.infra import clock, outbox
from app.models import (
    Action,
    CaseTable,
    Feed,
    InputRequest,
    LinkedIdentity,
    Meeting,
    OrganisationContact,
    Passkey,
    Person,
    RecoveryCode,
    Seat,
    SeatHold,
    TableRole,
    Task,
)

END_COPIES = "exports.end"


@dataclass(frozen=True, slots=True)
class SeatAhead:
    """Seats in one meeting that is not over; ``starts_at`` is aware UTC."""

    starts_at: datetime
    table: str
    number: int


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that ends, and who of the same organisation could go on: has it there as well.

    Of a representative first the standing ``deputies`` there.
    """

    table: str
    role: TableRoleName
    deputies: tuple[str, ...]
    colleagues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Everything open of one person: meetings and tables by name, the rest as numbers."""

    seats: tuple[SeatAhead, ...]
    roles: tuple[RoleHeld, ...]
    actions: int
    questions: int
    tasks: int
    case_leads: int
    contacts: int
    subscriptions: int
    passkeys: int


def left_behind(session: Session, person: Person, *, now: datetime) -> LeftBehind:
    """Count what is open of a person, in a session of ``System.LEAVING``; no text is read."""
    checks.note()
    person_id = person.id
    of_kinds = session.execute(
        select(Task.kind, func.count(Task.id).label("number"))
        .where(
            Task.person_id == person_id,
            Task.ended_at.is_(None),
            or_(Task.until_at.is_(None), Task.until_at > now),
        )
        .group_by(Task.kind)
    )
    tasks = {row.kind: row.number for row in of_kinds}
    numbers = session.execute(
        select(
            select(func.count())
            .where(
                Action.person_id == person_id,
                Action.state.in_((ActionState.OPEN, ActionState.STARTED)),
            )
            .scalar_subquery()
            .label("actions"),
            select(func.count(InputRequest.id))
            .join(SeatHold, SeatHold.seat_id == InputRequest.seat_id)
            .where(
                SeatHold.person_id == person_id,
                is_to_end(now),
                InputRequest.answer.is_(None),
                InputRequest.withdrawn_at.is_(None),
            )
            .scalar_subquery()
            .label("questions"),
            select(func.count())
            .where(
                OrganisationContact.person_id == person_id,
                or_(OrganisationContact.until_at.is_(None), OrganisationContact.until_at > now),
            )
            .scalar_subquery()
            .label("contacts"),
            select(func.count())
            .where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
            .scalar_subquery()
            .label("subscriptions"),
            select(func.count())
            .where(Passkey.person_id == person_id, Passkey.revoked_at.is_(None))
            .scalar_subquery()
            .label("passkeys"),
        )
    ).one()
    leads = tasks.pop(TaskKind.CASE_LEAD, 0)
    return LeftBehind(
        seats=_seats(session, person_id, now),
        roles=_roles(session, person, now),
        tasks=sum(tasks.values()),
        case_leads=leads,
        **numbers._asdict(),
    )


def _seats(session: Session, person_id: uuid.UUID, now: datetime) -> tuple[SeatAhead, ...]:
    rows = session.execute(
        holds_ahead(person_id, now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .with_only_columns(Meeting.starts_at, CaseTable.name, func.count(Seat.id.distinct()))
        .group_by(Meeting.id, Meeting.starts_at, CaseTable.name)
        .order_by(Meeting.starts_at, CaseTable.name)
    )
    return tuple(SeatAhead(*row) for row in rows)


def _roles(session: Session, person: Person, now: datetime) -> tuple[RoleHeld, ...]:
    other = aliased(TableRole)
    rows = session.execute(
        select(TableRole.id, CaseTable.name, TableRole.role, other.role, Person.name)
        .join(CaseTable, CaseTable.id == TableRole.table_id)
        .outerjoin(
            other,
            (other.table_id == TableRole.table_id)
            & or_(
                other.role == TableRole.role,
                and_(
                    other.role == TableRoleName.DEPUTY,
                    TableRole.role == TableRoleName.REPRESENTATIVE,
                ),
            )
            & (other.person_id != person.id)
            & is_live(other.from_at, other.until_at, now),
        )
        .outerjoin(
            Person,
            (Person.id == other.person_id)
            & (Person.organisation_id == person.organisation_id)
            & (Person.state == AccountState.ACTIVE),
        )
        .where(
            TableRole.person_id == person.id,
            or_(TableRole.until_at.is_(None), TableRole.until_at > now),
        )
        .order_by(CaseTable.name, TableRole.role, TableRole.id, Person.name)
    ).all()
    return _gathered(rows)


def _gathered(
    rows: Sequence[tuple[uuid.UUID, str, TableRoleName, TableRoleName | None, str | None]],
) -> tuple[RoleHeld, ...]:
    found: dict[uuid.UUID, tuple[str, TableRoleName, set[str], set[str]]] = {}
    for role_id, table, role, theirs, colleague in rows:
        deputies, same = found.setdefault(role_id, (table, role, set(), set()))[2:]
        if colleague:
            (same if theirs is role else deputies).add(colleague)
    return tuple(
        RoleHeld(table, role, tuple(sorted(deputies)), tuple(sorted(same)))
        for table, role, deputies, same in found.values()
    )


def end_ways_in(session: Session, person_id: uuid.UUID) -> None:
    """End identities at providers, passkeys, recovery codes and the calendar subscription."""
    now = clock.now()
    end_identities(session, person_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(
        update(Passkey)
        .where(Passkey.person_id == person_id, Passkey.revoked_at.is_(None))
        .values(revoked_at=now, revoked_reason="left")
    )
    session.execute(
        update(Feed)
        .where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_identities(session: Session, person_id: uuid.UUID) -> None:
    """The provider of an organisation somebody left speaks for that person no more."""
    session.execute(
        update(LinkedIdentity)
        .where(LinkedIdentity.person_id == person_id, LinkedIdentity.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_contacts(session: Session, person_id: uuid.UUID) -> None:
    """Nobody is told any more through somebody whom the organisation left had named."""
    now = clock.now()
    named = session.scalars(
        select(OrganisationContact).where(
            OrganisationContact.person_id == person_id,
            or_(OrganisationContact.until_at.is_(None), OrganisationContact.until_at > now),
        )
    )
    for one in named:
        one.from_at, one.until_at = min(one.from_at, now), now


def end_copies(session: Session, person_id: uuid.UUID) -> None:
    """Have the worker destroy the copies somebody made; only it may touch those of another."""
    outbox.add(
        session,
        END_COPIES,
        unique_key=f"{END_COPIES}:{person_id}:{uuid.uuid4().hex}",
        payload={"owner_id": person_id, "until": clock.now().isoformat()},
    )
