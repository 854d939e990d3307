"""Who is what at a table, and until when; never anything of a case.

A chair, coordinator or emergency reader is appointed by two people; with one exception: the first
chair of a table, while nobody in the house could be the second person. Representatives and standing
deputies are named by one, and until a last day where one is given. Ending a role needs no second.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration import changes
from app.access.administration.announcements import announce
from app.access.administration.changes import Wanted
from app.access.conditions import is_live
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, AnnouncementKind, PowerfulChangeKind, TableRoleName
from app.domain.local_time import local_date, start_of_day
from app.features.tables.service import has_no_second, load_table, record
from app.infra import clock
from app.infra.calendar_queue import queue_role
from app.infra.db import reading, transaction
from app.models import Person, TableRole

APPOINTMENTS: Final = {
    TableRoleName.CHAIR: PowerfulChangeKind.APPOINT_CHAIR,
    TableRoleName.COORDINATOR: PowerfulChangeKind.APPOINT_COORDINATOR,
    TableRoleName.EMERGENCY_READER: PowerfulChangeKind.APPOINT_EMERGENCY_READER,
}
# Of a partner's people: named at once, with a last day where there is one, and one of the two.
NAMED: Final = (TableRoleName.REPRESENTATIVE, TableRoleName.DEPUTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRole:
    """A role as typed; ``last_on`` is the last day it holds, None for no end."""

    person_id: uuid.UUID
    role: TableRoleName
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role with an end that may be changed, and whose it is."""

    name: str
    role: TableRoleName
    last_on: date | None


def last_day(until_at: datetime | None) -> date | None:
    """The last day of a span that ends at this moment; None without an end."""
    return local_date(until_at - timedelta(microseconds=1)) if until_at else None


def give_role(actor: Actor, table_id: uuid.UUID, new: NewRole) -> bool:
    """Give a role at once, or ask for it; says whether it is given already.

    Refusal NOT_ADMINISTRATOR_AND_STAFF, PERSON_NOT_ACTIVE, STATE_NOT_ALLOWED, CHANGE_PENDING,
    ROLE_HELD, DEPUTY_OR_REPRESENTATIVE, NO_END_TO_ROLE, DATE_IN_PAST.
    """
    role = new.role
    with transaction() as session:
        load_table(session, actor, table_id)
        person = session.get(Person, new.person_id)
        if person is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "person")
        if new.last_on is not None and role not in NAMED:
            raise Refusal(Reason.NO_END_TO_ROLE, "last_on")
        until_at = _end_of(new.last_on)
        _refuse_unfit(session, person, table_id, role)
        is_first = role is TableRoleName.CHAIR and has_no_second(session, table_id)
        if role not in NAMED and not is_first:
            wanted = Wanted(kind=APPOINTMENTS[role], subject_id=person.id, table_id=table_id)
            changes.request(session, actor, wanted)
            return False
        given = TableRole(
            person_id=person.id,
            table_id=table_id,
            role=role,
            from_at=clock.now(),
            until_at=until_at,
        )
        session.add(given)
        _follow_at_end(session, given)
        _tell(session, actor, AnnouncementKind.ROLE_GIVEN, given)
        return True


def end_role(actor: Actor, table_id: uuid.UUID, role_id: uuid.UUID) -> None:
    """End a role from the next request on. NotVisible when it has ended or is of another table."""
    with transaction() as session:
        role = _load_role(session, actor, table_id, role_id)
        role.until_at = clock.now()
        session.flush()
        _tell(session, actor, AnnouncementKind.ROLE_ENDED, role)
        changes.tell(session, role.person_id, "role_ended", about=str(role.id))


def named_role(actor: Actor, table_id: uuid.UUID, role_id: uuid.UUID) -> NamedRole:
    """A role whose end may be changed. NotVisible for one that has ended, or has no such end."""
    with reading() as session:
        role = _load_role(session, actor, table_id, role_id, only_named=True)
        person = session.get_one(Person, role.person_id)
        return NamedRole(person.name, role.role, last_day(role.until_at))


def change_end(
    actor: Actor, table_id: uuid.UUID, role_id: uuid.UUID, *, last_on: date | None
) -> None:
    """Change the last day of a role, or take it away (None). NotVisible; Refusal DATE_IN_PAST."""
    with transaction() as session:
        role = _load_role(session, actor, table_id, role_id, only_named=True)
        until_at = _end_of(last_on)
        if role.until_at == until_at:
            return
        role.until_at = until_at
        session.flush()
        _follow_at_end(session, role)
        _tell(session, actor, AnnouncementKind.ROLE_END_SET, role)


def _load_role(
    session: Session,
    actor: Actor,
    table_id: uuid.UUID,
    role_id: uuid.UUID,
    *,
    only_named: bool = False,
) -> TableRole:
    """The live role, locked for change with its table."""
    load_table(session, actor, table_id)
    statement = select(TableRole).where(
        TableRole.id == role_id,
        TableRole.table_id == table_id,
        is_live(TableRole.from_at, TableRole.until_at, clock.now()),
    )
    if only_named:
        statement = statement.where(TableRole.role.in_(NAMED))
    role = session.scalars(statement.with_for_update()).one_or_none()
    if role is None:
        raise NotVisible
    return role


def _end_of(last_on: date | None) -> datetime | None:
    """Half-open in the database: until the midnight after the last day."""
    if last_on is None:
        return None
    if last_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "last_on")
    return start_of_day(last_on + timedelta(days=1))


def _follow_at_end(session: Session, role: TableRole) -> None:
    """Nothing has to run for a role to end; its calendar entries are looked at again then."""
    if role.until_at is not None:
        queue_role(session, role.person_id, [role.table_id], at=role.until_at)


def _tell(session: Session, actor: Actor, kind: AnnouncementKind, role: TableRole) -> None:
    announce(session, actor, kind, role.person_id, table_ids=[role.table_id], role=role.role)
    record(
        session,
        actor,
        audit.Event.AUTHORISE,
        role.table_id,
        kind=role.role.value,
        object_id=role.person_id,
    )


def _refuse_unfit(
    session: Session, person: Person, table_id: uuid.UUID, role: TableRoleName
) -> None:
    if person.is_administrator:
        raise Refusal(Reason.NOT_ADMINISTRATOR_AND_STAFF, "person")
    if person.is_supervisor:
        raise Refusal(Reason.NOT_SUPERVISOR_AND_MORE, "person")
    if person.ends_at is not None:
        raise Refusal(Reason.GUEST_ACCOUNT, "person")
    if person.state not in (AccountState.ACTIVE, AccountState.INVITED):
        raise Refusal(Reason.PERSON_NOT_ACTIVE, "person")
    held = set(
        session.scalars(
            select(TableRole.role).where(
                TableRole.person_id == person.id,
                TableRole.table_id == table_id,
                is_live(TableRole.from_at, TableRole.until_at, clock.now()),
            )
        )
    )
    if role in held:
        raise Refusal(Reason.ROLE_HELD, "person")
    if role in NAMED and not held.isdisjoint(NAMED):
        raise Refusal(Reason.DEPUTY_OR_REPRESENTATIVE, "person")
