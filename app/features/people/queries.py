"""What an administrator reads about people; nothing of any case, and no secret."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, load_managed
from app.access.administration import factors
from app.access.conditions import is_live
from app.domain.kinds import AccountState, PowerfulChangeKind, TableRoleName
from app.domain.paging import Paging, page_of
from app.infra import clock
from app.infra.db import reading
from app.models import BouncedAddress, CaseTable, Organisation, Person, PowerfulChange, TableRole

PAGE_SIZE = 25
LONG_AGO = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list."""

    person_id: uuid.UUID
    name: str
    function: str
    email: str
    organisation: str
    state: AccountState
    is_administrator: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field."""

    value: uuid.UUID
    words: str


@dataclass(frozen=True, slots=True)
class PersonList:
    """One page of the list, and the organisations to filter by."""

    rows: tuple[PersonRow, ...]
    paging: Paging
    organisations: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """What the person is at a table, since when, and the last moment where there is one."""

    table_id: uuid.UUID
    table: str
    role: TableRoleName
    since: datetime
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One person; ``may_*`` say which buttons make sense."""

    person_id: uuid.UUID
    name: str
    function: str
    phone: str
    email: str
    has_bounced: bool
    organisation_id: uuid.UUID
    organisation: str
    state: AccountState
    is_administrator: bool
    is_privacy_officer: bool
    is_supervisor: bool
    is_enrolled: bool
    is_self: bool
    guest_until: datetime | None
    last_sign_in_at: datetime | None
    version: int
    roles: tuple[HeldRole, ...]
    waiting: tuple[PowerfulChangeKind, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether the account is blocked."""
        return self.state is AccountState.BLOCKED

    @property
    def has_left(self) -> bool:
        """Whether the person works there no more."""
        return self.state is AccountState.LEFT


class Lacking(StrEnum):
    """What is missing of somebody with an account in use."""

    ROLE = "role"
    SIGN_IN = "sign-in"


def list_people(
    *, words: str, organisation: str, state: str, lacking: str, asked_page: str | None
) -> PersonList:
    """People by name; ``words`` is looked for in name and address."""
    conditions = [*_conditions(words, organisation, state), *_lacking(lacking)]
    with reading() as session:
        found = session.scalar(select(func.count(Person.id)).where(*conditions)) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        rows = session.execute(
            select(Person, Organisation.name)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(*conditions)
            .order_by(Person.name, Person.email)
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        return PersonList(
            tuple(
                PersonRow(
                    person.id,
                    person.name,
                    person.function,
                    person.email,
                    name,
                    person.state,
                    person.is_administrator,
                )
                for person, name in rows
            ),
            paging,
            _organisations(session),
        )


def _conditions(words: str, organisation: str, state: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if words:
        conditions.append(
            or_(
                Person.name.icontains(words, autoescape=True),
                Person.email.icontains(words, autoescape=True),
            )
        )
    try:
        if organisation:
            conditions.append(Person.organisation_id == uuid.UUID(organisation))
    except ValueError:
        pass  # nonsense in the address filters nothing
    if state in set(AccountState):
        conditions.append(Person.state == AccountState(state))
    return conditions


def _lacking(what: str) -> list[ColumnElement[bool]]:
    """Without a role, and none of the offices, which need none; or not signed in for 90 days."""
    now = clock.now()
    if what == Lacking.ROLE:
        held = select(TableRole.person_id).where(
            is_live(TableRole.from_at, TableRole.until_at, now)
        )
        return [
            Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
            ~Person.is_administrator,
            ~Person.is_privacy_officer,
            ~Person.is_supervisor,
            Person.id.not_in(held),
        ]
    if what == Lacking.SIGN_IN:
        last = Person.last_sign_in_at
        return [
            Person.state == AccountState.ACTIVE,
            or_(last.is_(None), last < now - LONG_AGO),
        ]
    return []  # nonsense in the address filters nothing


def organisation_options() -> tuple[Option, ...]:
    """All organisations by name, for a select field."""
    with reading() as session:
        return _organisations(session)


def _organisations(session: Session) -> tuple[Option, ...]:
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.code)
        .where(Organisation.ended_at.is_(None))
        .order_by(Organisation.name)
    ).all()
    return tuple(Option(row.id, f"{row.name} ({row.code})") for row in rows)


def person_page(actor: Actor, person_id: uuid.UUID) -> PersonPage:
    """One person with roles and waiting changes. NotVisible."""
    now = clock.now()
    with reading() as session:
        person: Person = load_managed(session, actor, Person, person_id, Permission.PERSON_MANAGE)
        waiting = session.scalars(
            select(PowerfulChange.kind).where(
                PowerfulChange.subject_id == person_id, PowerfulChange.decided_at.is_(None)
            )
        ).all()
        return PersonPage(
            person_id=person.id,
            name=person.name,
            function=person.function,
            phone=person.phone,
            email=person.email,
            has_bounced=session.get(BouncedAddress, person.email.lower()) is not None,
            organisation_id=person.organisation_id,
            organisation=session.get_one(Organisation, person.organisation_id).name,
            state=person.state,
            is_administrator=person.is_administrator,
            is_privacy_officer=person.is_privacy_officer,
            is_supervisor=person.is_supervisor,
            is_enrolled=factors.has_factor(session, person.id),
            is_self=person.id == actor.person_id,
            guest_until=_last_moment(person.ends_at),
            last_sign_in_at=person.last_sign_in_at,
            version=person.version,
            roles=_roles(session, person_id, now),
            waiting=tuple(waiting),
        )


def _roles(session: Session, person_id: uuid.UUID, now: datetime) -> tuple[HeldRole, ...]:
    rows = session.execute(
        select(TableRole, CaseTable.name)
        .join(CaseTable, CaseTable.id == TableRole.table_id)
        .where(
            TableRole.person_id == person_id, is_live(TableRole.from_at, TableRole.until_at, now)
        )
        .order_by(CaseTable.name)
    ).all()
    return tuple(
        HeldRole(role.table_id, name, role.role, role.from_at, _last_moment(role.until_at))
        for role, name in rows
    )


def _last_moment(end: datetime | None) -> datetime | None:
    """Of a span that ends at a midnight: its last day is the one before."""
    return end - timedelta(microseconds=1) if end else None
