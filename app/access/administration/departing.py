"""Somebody belongs to an organisation no more: what was had of it ends, and who is told of that."""

from __future__ import annotations

import uuid

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.administration import changes
from app.access.administration.accounts import (
    end_holds,
    expire_links,
    recheck_calendar,
    revoke_sessions,
    seats_ahead,
    tables_concerned,
)
from app.access.administration.announcements import announce
from app.access.administration.leaving import end_contacts, end_copies, end_ways_in
from app.access.messages.notices import queue_freed
from app.access.records import takeovers
from app.domain.kinds import AccountState, AnnouncementKind
from app.infra import clock
from app.models import Person, TableRole


def end_person(session: Session, by: Actor | None, person: Person, kind: AnnouncementKind) -> None:
    """End everything of somebody, every way in included; nobody did it where silence did.

    What waits for the person has to lapse before, and the person to be held for update.
    """
    announce_about(session, by, kind, person.id)
    person.state = AccountState.LEFT
    person.is_supervisor = person.is_privacy_officer = person.is_administrator = False
    person.version += 1
    end_belonging(session, by, person.id)
    expire_links(session, person.id)
    end_ways_in(session, person.id)
    revoke_sessions(session, person.id, reason="left")
    recheck_calendar(session, person.id)
    changes.tell(session, person.id, "account_ended", about=str(uuid.uuid4()))
    line = audit.Entry(event=audit.Event.AUTHORISE, object_kind="leaver", object_id=person.id)
    audit.record(session, by, line)


def end_belonging(session: Session, by: Actor | None, person_id: uuid.UUID) -> None:
    """End what the person had of the organisation left: roles, seats, being its contact, copies."""
    takeovers.ask(session, person_id, now=clock.now())
    _end_roles(session, person_id)
    for meeting_id, seat_ids in seats_ahead(session, person_id, now=clock.now()).items():
        queue_freed(session, meeting_id, seat_ids, but=by.person_id if by else person_id)
    end_holds(session, person_id)
    end_contacts(session, person_id)
    end_copies(session, person_id)


def _end_roles(session: Session, person_id: uuid.UUID) -> None:
    """End the roles of the old organisation, one that was to end later included, and say so."""
    now = clock.now()
    ended = session.execute(
        update(TableRole)
        .where(
            TableRole.person_id == person_id,
            or_(TableRole.until_at.is_(None), TableRole.until_at > now),
        )
        .values(until_at=now)
    )
    if ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        changes.tell(session, person_id, "role_ended", about=str(uuid.uuid4()))


def announce_about(
    session: Session, by: Actor | None, kind: AnnouncementKind, person_id: uuid.UUID
) -> None:
    """Tell the staff of every table where the person has a role or a seat."""
    tables = tables_concerned(session, person_id, now=clock.now())
    announce(session, by, kind, person_id, table_ids=tables)
