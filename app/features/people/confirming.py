"""The second person of a powerful change: approving makes it so, refusing leaves all as it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.access import Actor, audit
from app.access.administration import announcements, changes
from app.access.administration.accounts import (
    end_passkeys,
    expire_links,
    recheck_calendar,
    revoke_sessions,
)
from app.access.permissions import Audience
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState, AnnouncementKind, PowerfulChangeKind, TableRoleName
from app.features.people import offices
from app.features.people.service import refuse_taken_email
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_role
from app.infra.db import reading, transaction
from app.models import (
    Announcement,
    CaseTable,
    Meeting,
    Organisation,
    Person,
    PowerfulChange,
    RecoveryCode,
    TableRole,
)

DECIDED_SHOWN = 10
ANNOUNCED_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change: what, for whom, asked by whom, and what became of it.

    ``subject`` is empty where a table is to have no host.
    """

    change_id: uuid.UUID
    kind: PowerfulChangeKind
    subject: str
    organisation: str
    table: str
    new_value: str
    requested_by: str
    requested_at: datetime
    decided_at: datetime | None
    approved: bool | None
    lapsed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedRow:
    """One change somebody made alone: what, for whom, at which table, for one meeting of it.

    ``subject`` is empty for a change of an organisation, whose ``domains`` are said instead;
    ``made_by`` where it came by itself.
    """

    kind: AnnouncementKind
    role: TableRoleName | None
    subject: str
    organisation: str
    table: str
    made_by: str
    made_at: datetime
    domains: str
    meeting_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What waits for somebody like the actor, what was decided last, and what is announced."""

    may_confirm: bool
    waiting: tuple[ChangeRow, ...]
    decided: tuple[ChangeRow, ...]
    announced: tuple[AnnouncedRow, ...]


def changes_page(actor: Actor) -> ChangesPage:
    """Everything the actor may confirm, and the last decisions on the like."""
    asker = aliased(Person)
    statement = (
        changes.confirmable(actor, now=clock.now())
        .outerjoin(Person, Person.id == PowerfulChange.subject_id)
        .outerjoin(Organisation, _is_of(PowerfulChange.organisation_id))
        .join(asker, asker.id == PowerfulChange.requested_by_id)
        .outerjoin(CaseTable, CaseTable.id == PowerfulChange.table_id)
        .add_columns(Person.name, Organisation.name, asker.name, CaseTable.name)
    )
    waiting = statement.where(PowerfulChange.decided_at.is_(None)).order_by(
        PowerfulChange.requested_at
    )
    decided = (
        statement.where(PowerfulChange.decided_at.is_not(None))
        .order_by(PowerfulChange.decided_at.desc())
        .limit(DECIDED_SHOWN)
    )
    with reading() as session:
        return ChangesPage(
            actor.belongs_to(Audience.CONFIRMER),
            tuple(_row(*row) for row in session.execute(waiting)),
            tuple(_row(*row) for row in session.execute(decided)),
            _announced(session, actor),
        )


def _announced(session: Session, actor: Actor) -> tuple[AnnouncedRow, ...]:
    maker = aliased(Person)
    rows = session.execute(
        announcements.announced(actor)
        .outerjoin(Person, Person.id == Announcement.subject_id)
        .join(Organisation, _is_of(Announcement.organisation_id))
        .outerjoin(maker, maker.id == Announcement.made_by_id)
        .join(CaseTable, CaseTable.id == Announcement.table_id)
        .outerjoin(Meeting, Meeting.id == Announcement.meeting_id)
        .add_columns(
            Person.name,
            Organisation.name,
            Organisation.mail_domains,
            maker.name,
            CaseTable.name,
            Meeting.starts_at,
        )
        .order_by(Announcement.made_at.desc(), CaseTable.name)
        .limit(ANNOUNCED_SHOWN)
    )
    return tuple(
        AnnouncedRow(
            kind=one.kind,
            role=one.role,
            subject=subject or "",
            organisation=organisation,
            table=table,
            made_by=made_by or "",
            made_at=one.made_at,
            domains=domains if one.kind is AnnouncementKind.MAIL_DOMAINS else "",
            meeting_at=meeting_at,
        )
        for one, subject, organisation, domains, made_by, table, meeting_at in rows
    )


def _is_of(named: InstrumentedAttribute[uuid.UUID | None]) -> ColumnElement[bool]:
    """``Organisation`` is the one the change names, or else that of the person it is about."""
    return Organisation.id == func.coalesce(named, Person.organisation_id)


def _row(
    change: PowerfulChange,
    subject: str | None,
    organisation: str | None,
    asker: str,
    table: str | None,
) -> ChangeRow:
    return ChangeRow(
        change_id=change.id,
        kind=change.kind,
        subject=subject or "",
        organisation=organisation or "",
        table=table or "",
        new_value=change.new_value,
        requested_by=asker,
        requested_at=change.requested_at,
        decided_at=change.decided_at,
        approved=change.approved,
        lapsed=change.decided_at is not None and change.decided_by_id is None,
    )


def decide(actor: Actor, change_id: uuid.UUID, *, approve: bool) -> None:
    """Approve or refuse; NotVisible for one's own request, for oneself, and once decided."""
    with transaction() as session:
        change = changes.load_confirmable(session, actor, change_id)
        change.decided_by_id = actor.person_id
        change.decided_at = clock.now()
        change.approved = approve
        if approve:
            _take_effect(session, change)
            session.flush()
            changes.announce(session, change, but=actor.person_id)
        audit.record(session, actor, changes.line_of(change, "approved" if approve else "refused"))


def _take_effect(session: Session, change: PowerfulChange) -> None:
    if change.kind is PowerfulChangeKind.CHANGE_HOST:
        table = session.get_one(CaseTable, change.table_id, with_for_update=True)
        table.host_organisation_id = change.organisation_id
        return
    person = session.get_one(Person, change.subject_id, with_for_update=True)
    _EFFECTS[change.kind](session, change, person)


def _change_email(session: Session, change: PowerfulChange, person: Person) -> None:
    refuse_taken_email(session, change.new_value)
    person.email = change.new_value
    expire_links(session, person.id)
    revoke_sessions(session, person.id, reason="email")
    recheck_calendar(session, person.id)


def _reset_factor(session: Session, _change: PowerfulChange, person: Person) -> None:
    """Start anew by the mailbox: whoever knows only the password gets no second factor."""
    person.totp_ct = None
    person.totp_last_step = 0
    person.password_hash = None
    expire_links(session, person.id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    end_passkeys(session, person.id, reason="reset")
    revoke_sessions(session, person.id, reason="factor")
    outbox.add(
        session,
        "account.invite",
        unique_key=f"account.invite:{person.id}:{uuid.uuid4().hex}",
        payload={"person_id": person.id},
    )


def _appoint_officer(_session: Session, _change: PowerfulChange, person: Person) -> None:
    offices.refuse_officer(person)
    _refuse_inactive(person)
    person.is_privacy_officer = True


def _appoint_supervisor(session: Session, _change: PowerfulChange, person: Person) -> None:
    offices.refuse_supervisor(session, person)
    _refuse_inactive(person)
    person.is_supervisor = True


def _appoint(role: TableRoleName) -> Callable[[Session, PowerfulChange, Person], None]:
    def appoint(session: Session, change: PowerfulChange, person: Person) -> None:
        _refuse_unfit(person)
        session.add(
            TableRole(person_id=person.id, table_id=change.table_id, role=role, from_at=clock.now())
        )
        if change.table_id is not None:
            queue_role(session, person.id, [change.table_id])

    return appoint


def _refuse_unfit(person: Person) -> None:
    if person.is_administrator:
        raise Refusal(Reason.NOT_ADMINISTRATOR_AND_STAFF)
    if person.is_supervisor:
        raise Refusal(Reason.NOT_SUPERVISOR_AND_MORE)
    if person.ends_at is not None:
        raise Refusal(Reason.GUEST_ACCOUNT)
    _refuse_inactive(person)


def _refuse_inactive(person: Person) -> None:
    if person.state not in (AccountState.ACTIVE, AccountState.INVITED):
        raise Refusal(Reason.PERSON_NOT_ACTIVE)


_EFFECTS: Final[Mapping[PowerfulChangeKind, Callable[[Session, PowerfulChange, Person], None]]] = {
    PowerfulChangeKind.APPOINT_CHAIR: _appoint(TableRoleName.CHAIR),
    PowerfulChangeKind.APPOINT_COORDINATOR: _appoint(TableRoleName.COORDINATOR),
    PowerfulChangeKind.APPOINT_EMERGENCY_READER: _appoint(TableRoleName.EMERGENCY_READER),
    PowerfulChangeKind.APPOINT_PRIVACY_OFFICER: _appoint_officer,
    PowerfulChangeKind.APPOINT_SUPERVISOR: _appoint_supervisor,
    PowerfulChangeKind.CHANGE_EMAIL: _change_email,
    PowerfulChangeKind.RESET_SECOND_FACTOR: _reset_factor,
}
