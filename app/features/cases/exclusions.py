"""Who may never see a case, and lifting a recusal; staff only, and never told to anybody else."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, case_scopes, load_case
from app.access.messages.notices import queue_freed
from app.access.records.new_cases import record
from app.access.seats.deputies import end_hold
from app.access.tasks.guests import follow_tasks
from app.domain.errors import Reason, Refusal
from app.domain.kinds import STAFF_ROLES, AccountState, HoldEnd
from app.features.cases.queries import Option
from app.infra import clock, crypto
from app.infra.calendar_queue import queue_calendar
from app.infra.crypto import KeyScope
from app.infra.db import reading, transaction
from app.models import (
    Case,
    Covenant,
    Exclusion,
    ExclusionReason,
    Organisation,
    Person,
    TableRole,
    Task,
)


@dataclass(frozen=True, slots=True)
class NewExclusion:
    """Whom to keep out, why, and until when (None: for good)."""

    person_id: uuid.UUID
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ExclusionChoices:
    """Everybody who could come near the case: partners at the table, staff, guests, overseers."""

    reference: str
    people: tuple[Option, ...]


def exclusion_choices(actor: Actor, case_id: uuid.UUID) -> ExclusionChoices:
    """Choices of the form; names with their organisation."""
    with reading() as session:
        case = load_case(session, actor, case_id, Permission.EXCLUSION_MANAGE)
        rows = session.execute(_candidates(case)).all()
        return ExclusionChoices(
            case.reference,
            tuple(Option(row.id, f"{row.name} ({row.organisation})") for row in rows),
        )


def exclude(actor: Actor, case_id: uuid.UUID, new: NewExclusion) -> None:
    """Exclude at once: every ground ends, seats held at the case become free, entries go."""
    now = clock.now()
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.EXCLUSION_MANAGE)
        person_id = session.scalar(
            _candidates(case)
            .with_only_columns(Person.id, maintain_column_froms=True)
            .where(Person.id == new.person_id)
        )
        if person_id is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "person")
        if new.until is not None and new.until <= now:
            raise Refusal(Reason.DATE_IN_PAST, "until")
        _keep_somebody(session, case, person_id, now=now)
        exclusion_id = uuid.uuid4()
        sealed = crypto.seal(
            KeyScope.of_exclusions(case.id),
            new.reason,
            belongs_to=f"exclusion:{exclusion_id}:reason",
        )
        session.add(
            Exclusion(
                id=exclusion_id,
                person_id=person_id,
                case_id=case.id,
                from_at=now,
                until_at=new.until,
                recorded_by_id=actor.person_id,
            )
        )
        session.add(ExclusionReason(exclusion_id=exclusion_id, text_ct=sealed))
        _free_seats(session, actor, case, person_id, now=now)
        _end_tasks(session, actor, case, person_id, now=now)
        record(
            session, actor, audit.Event.AUTHORISE, case, kind="exclusion", object_id=exclusion_id
        )


def _keep_somebody(session: Session, case: Case, person_id: uuid.UUID, *, now: datetime) -> None:
    """A substitute is appointed before the last of the staff is excluded (access.md §1)."""
    is_staff = session.scalar(
        select(TableRole.id)
        .where(
            TableRole.person_id == person_id,
            TableRole.table_id == case.table_id,
            TableRole.role.in_(STAFF_ROLES),
            or_(TableRole.until_at.is_(None), TableRole.until_at > now),
        )
        .limit(1)
    )
    if is_staff and not case_scopes.has_other_staff(session, case, person_id, now=now):
        raise Refusal(Reason.SUBSTITUTE_FIRST, "person")


def _free_seats(
    session: Session, actor: Actor, case: Case, person_id: uuid.UUID, *, now: datetime
) -> None:
    freed: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for hold, meeting in session.execute(case_scopes.live_holds_of(person_id, case.id)).all():
        if hold.from_at <= now and meeting.closed_at is None:
            freed[meeting.id].append(hold.seat_id)
        end_hold(hold, HoldEnd.REVOKED)
    for meeting_id, seat_ids in freed.items():
        queue_calendar(session, meeting_id, [person_id])
        queue_freed(session, meeting_id, seat_ids, but=actor.person_id)


def _end_tasks(
    session: Session, actor: Actor, case: Case, person_id: uuid.UUID, *, now: datetime
) -> None:
    """As with seats: none comes back by itself when the exclusion ends."""
    session.execute(
        update(Task)
        .where(Task.person_id == person_id, Task.case_id == case.id, Task.ended_at.is_(None))
        .values(ended_at=now, ended_by_id=actor.person_id)
    )
    follow_tasks(session, Task.person_id == person_id)


def end_exclusion(actor: Actor, case_id: uuid.UUID, exclusion_id: uuid.UUID) -> None:
    """End an exclusion now; seats given up do not come back by themselves."""
    now = clock.now()
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.EXCLUSION_MANAGE)
        exclusion = case_scopes.load_exclusion(session, case, exclusion_id)
        if exclusion.until_at is None or exclusion.until_at > now:
            exclusion.until_at = now
        record(
            session, actor, audit.Event.AUTHORISE, case, kind="exclusion", object_id=exclusion_id
        )


def lift_recusal(actor: Actor, case_id: uuid.UUID, recusal_id: uuid.UUID) -> None:
    """Lift a recusal: the person may be given a seat again."""
    now = clock.now()
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.EXCLUSION_MANAGE)
        recusal = case_scopes.load_recusal(session, case, recusal_id)
        if recusal.lifted_at is None:
            recusal.lifted_at, recusal.lifted_by_id = now, actor.person_id
        record(session, actor, audit.Event.AUTHORISE, case, kind="recusal", object_id=recusal_id)


def _candidates(case: Case) -> Select[uuid.UUID, str, str]:
    takes_part = exists().where(
        Covenant.organisation_id == Person.organisation_id, Covenant.table_id == case.table_id
    )
    serves = exists().where(TableRole.person_id == Person.id, TableRole.table_id == case.table_id)
    has_task = exists().where(Task.person_id == Person.id, Task.case_id == case.id)
    watches = or_(Person.is_privacy_officer.is_(True), Person.is_supervisor.is_(True))
    return (
        select(Person.id, Person.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Person.state.in_((AccountState.ACTIVE, AccountState.INVITED, AccountState.BLOCKED)),
            Person.is_administrator.is_(False),
            or_(takes_part, serves, has_task, watches),
        )
        .order_by(Person.name)
    )
