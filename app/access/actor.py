"""The actor of a request or job: who acts, for which organisation, with which roles just now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.access.permissions import Audience
from app.domain.errors import NotVisible
from app.domain.kinds import STAFF_ROLES, AccountState, TableRoleName
from app.infra.db import UtcDateTime
from app.models import (
    ActingChair,
    BreakGlass,
    Organisation,
    Person,
    SeatHold,
    TableRole,
    Task,
    WebSession,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person as the access rules see it; made anew for every request.

    ``has_tasks`` and ``reads_in_emergency`` only spare the lists of everybody else the question:
    whether a task or an emergency reading opens anything is asked of the database each time.
    ``is_deputy`` spares the log of everybody else the question on whose behalf a line was written.
    """

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    organisation_code: str
    organisation_name: str
    name: str
    email: str
    language: str
    theme: str
    is_administrator: bool
    is_privacy_officer: bool
    is_supervisor: bool = False
    is_guest: bool = False
    chair_table_ids: frozenset[uuid.UUID] = frozenset()
    coordinator_table_ids: frozenset[uuid.UUID] = frozenset()
    staff_table_ids: frozenset[uuid.UUID] = frozenset()
    representative_table_ids: frozenset[uuid.UUID] = frozenset()
    emergency_table_ids: frozenset[uuid.UUID] = frozenset()
    acting_meeting_ids: frozenset[uuid.UUID] = frozenset()
    has_tasks: bool = False
    reads_in_emergency: bool = False
    is_deputy: bool = False
    session_id: uuid.UUID | None = None
    address: str = ""

    @property
    def is_staff(self) -> bool:
        """Chair or coordinator of any table."""
        return bool(self.staff_table_ids)

    @property
    def may_break_glass(self) -> bool:
        """Privacy officer, or named for emergencies at any table; never an administrator."""
        named = self.is_privacy_officer or bool(self.emergency_table_ids)
        return named and not self.is_administrator

    @property
    def holds_office(self) -> bool:
        """Privacy officer or supervisor (FG): no reader of actions by being named for them."""
        return self.is_privacy_officer or self.is_supervisor

    @property
    def reads_logs(self) -> bool:
        """Chair, privacy officer or supervisor (FG); which lines is for app.access to say."""
        watches = bool(self.chair_table_ids) or self.is_privacy_officer or self.is_supervisor
        return watches and not self.is_administrator

    @property
    def may_refer(self) -> bool:
        """A partner with a lasting account; whoever supervises or sets up refers nothing."""
        return not (self.is_administrator or self.is_supervisor or self.is_guest)

    def belongs_to(self, audience: Audience) -> bool:
        """Whether a request of this actor may knock at an endpoint for ``audience``."""
        knocks = {
            Audience.SIGNED_IN: True,
            Audience.PARTNER: not self.is_administrator,
            Audience.STAFF: self.is_staff and not self.is_administrator,
            Audience.CONFIRMER: bool(self.chair_table_ids) or self.is_privacy_officer,
            Audience.OVERSEER: self.is_staff or self.is_privacy_officer,
            Audience.EMERGENCY: self.may_break_glass,
            Audience.LOG_READER: self.reads_logs,
            Audience.ADMINISTRATOR: self.is_administrator,
            Audience.OFFICE: self.is_administrator or self.is_staff,
            Audience.PRIVACY_OFFICER: self.is_privacy_officer and not self.is_administrator,
            Audience.REFERRER: self.may_refer,
        }
        return knocks[audience]


def load_actor(
    session: Session,
    person_id: uuid.UUID,
    *,
    now: datetime,
    session_id: uuid.UUID | None = None,
    address: str = "",
) -> Actor:
    """The active person with its current roles, in one statement; NotVisible when not active.

    An administrator account holds no role, whatever the rows say.
    """
    rows = session.execute(_by_person(), {"person_id": person_id, "now": now}).all()
    if not rows:
        raise NotVisible
    return _actor(rows, session_id=session_id, address=address)


def load_session(
    session: Session, token_hash: str, *, now: datetime, address: str
) -> tuple[WebSession, Actor | None] | None:
    """The browser session of a token with its actor, in one statement; None for an unknown token.

    The actor is None when the person is not active; whether the session still counts is for the
    caller to say.
    """
    rows = session.execute(_by_token(), {"token_hash": token_hash, "now": now}).all()
    if not rows:
        return None
    found = rows[0].WebSession
    if rows[0].Person is None:
        return found, None
    return found, _actor(rows, session_id=found.id, address=address)


# Every request begins with one of these two: they are written out once, the values are binds.
_NOW = bindparam("now", type_=UtcDateTime())


@cache
def _by_person() -> Select[Any]:
    return (
        select(Person, Organisation, TableRole.table_id, TableRole.role, ActingChair.meeting_id)
        .add_columns(*_own_grounds())
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(TableRole, _role_now())
        .outerjoin(ActingChair, _acts_now())
        .where(Person.id == bindparam("person_id"), _counts())
    )


@cache
def _by_token() -> Select[Any]:
    return (
        select(WebSession, Person, Organisation, TableRole.table_id, TableRole.role)
        .add_columns(ActingChair.meeting_id, *_own_grounds())
        .outerjoin(Person, and_(Person.id == WebSession.person_id, _counts()))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(TableRole, _role_now())
        .outerjoin(ActingChair, _acts_now())
        .where(WebSession.token_hash == bindparam("token_hash"))
    )


def _counts() -> ColumnElement[bool]:
    """The account is active; a guest's has not ended."""
    goes_on = or_(Person.ends_at.is_(None), Person.ends_at > _NOW)
    return and_(Person.state == AccountState.ACTIVE, goes_on)


def _role_now() -> ColumnElement[bool]:
    return and_(
        TableRole.person_id == Person.id,
        Person.is_administrator.is_(False),
        TableRole.from_at <= _NOW,
        or_(TableRole.until_at.is_(None), TableRole.until_at > _NOW),
    )


def _acts_now() -> ColumnElement[bool]:
    return and_(
        ActingChair.person_id == Person.id,
        ActingChair.ended_at.is_(None),
        ActingChair.from_at <= _NOW,
        ActingChair.until_at > _NOW,
    )


def _actor(rows: Sequence[Any], *, session_id: uuid.UUID | None, address: str) -> Actor:
    person, organisation = rows[0].Person, rows[0].Organisation
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        organisation_code=organisation.code,
        organisation_name=organisation.name,
        name=person.name,
        email=person.email,
        language=person.language,
        theme=person.theme,
        is_administrator=person.is_administrator,
        is_privacy_officer=person.is_privacy_officer,
        is_supervisor=person.is_supervisor,
        is_guest=person.ends_at is not None,
        chair_table_ids=frozenset(r.table_id for r in rows if r.role is TableRoleName.CHAIR),
        coordinator_table_ids=frozenset(
            r.table_id for r in rows if r.role is TableRoleName.COORDINATOR
        ),
        staff_table_ids=frozenset(r.table_id for r in rows if r.role in STAFF_ROLES),
        representative_table_ids=frozenset(
            r.table_id for r in rows if r.role is TableRoleName.REPRESENTATIVE
        ),
        emergency_table_ids=frozenset(
            r.table_id for r in rows if r.role is TableRoleName.EMERGENCY_READER
        ),
        acting_meeting_ids=frozenset(r.meeting_id for r in rows if r.meeting_id),
        has_tasks=rows[0].has_tasks,
        reads_in_emergency=rows[0].reads_in_emergency,
        is_deputy=rows[0].is_deputy,
        session_id=session_id,
        address=address,
    )


def _own_grounds() -> tuple[ColumnElement[bool], ...]:
    """Whether ``Person`` has any task, emergency reading or deputy's seat that has not ended."""
    task = exists().where(
        Task.person_id == Person.id, or_(Task.until_at.is_(None), Task.until_at > _NOW)
    )
    emergency = exists().where(BreakGlass.person_id == Person.id, BreakGlass.until_at > _NOW)
    deputy = exists().where(
        SeatHold.person_id == Person.id, SeatHold.is_deputy, SeatHold.until_at > _NOW
    )
    return (
        task.label("has_tasks"),
        emergency.label("reads_in_emergency"),
        deputy.label("is_deputy"),
    )
