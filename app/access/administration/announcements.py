"""What somebody may do alone is told to the staff of the tables concerned (access.md §2).

The mail is neutral; who and where shows after signing in. Nothing here waits for anybody.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.administration.changes import tell
from app.access.conditions import is_live
from app.domain.kinds import AnnouncementKind, TableRoleName
from app.infra import clock
from app.infra.calendar_queue import queue_role
from app.models import Announcement, Covenant, Meeting, TableRole


def announce(
    session: Session,
    actor: Actor | None,
    kind: AnnouncementKind,
    subject_id: uuid.UUID,
    *,
    table_ids: Collection[uuid.UUID],
    role: TableRoleName | None = None,
) -> None:
    """Note the change at every table concerned, and mail each of their staff once.

    Nobody made it where it came by itself.
    """
    now, made_by_id = clock.now(), actor.person_id if actor else None
    session.add_all(
        Announcement(
            table_id=table_id,
            kind=kind,
            role=role,
            subject_id=subject_id,
            made_by_id=made_by_id,
            made_at=now,
        )
        for table_id in table_ids
    )
    queue_role(session, subject_id, table_ids)
    _tell_staff(session, table_ids, but={one for one in (subject_id, made_by_id) if one})


def announce_acting(
    session: Session,
    actor: Actor,
    kind: AnnouncementKind,
    person_id: uuid.UUID,
    *,
    meeting: Meeting,
) -> None:
    """Tell the staff of the table, and who it is about, who chairs one meeting of it now."""
    session.add(
        Announcement(
            table_id=meeting.table_id,
            kind=kind,
            subject_id=person_id,
            meeting_id=meeting.id,
            made_by_id=actor.person_id,
            made_at=clock.now(),
        )
    )
    _tell_staff(session, {meeting.table_id}, but={actor.person_id})


def announce_organisation(
    session: Session, actor: Actor, kind: AnnouncementKind, organisation_id: uuid.UUID
) -> None:
    """Tell the staff of every table the organisation takes part in that it ends, or its addresses.

    Whoever places a stranger on a seat is warned of an address outside them; nothing opens by it.
    """
    now = clock.now()
    signed = select(Covenant.table_id).where(
        Covenant.organisation_id == organisation_id,
        is_live(Covenant.from_at, Covenant.until_at, now),
    )
    table_ids = set(session.scalars(signed))
    session.add_all(
        Announcement(
            table_id=table_id,
            kind=kind,
            organisation_id=organisation_id,
            made_by_id=actor.person_id,
            made_at=now,
        )
        for table_id in table_ids
    )
    _tell_staff(session, table_ids, but={actor.person_id})


def announce_roles(session: Session, actor: Actor, roles: Sequence[TableRole]) -> None:
    """The same for roles given in one go: one mail to each, however many the roles."""
    now = clock.now()
    session.add_all(
        Announcement(
            table_id=role.table_id,
            kind=AnnouncementKind.ROLE_GIVEN,
            role=role.role,
            subject_id=role.person_id,
            made_by_id=actor.person_id,
            made_at=now,
        )
        for role in roles
    )
    for role in roles:
        queue_role(session, role.person_id, [role.table_id])
    _tell_staff(session, {role.table_id for role in roles}, but={actor.person_id})


def _tell_staff(
    session: Session, table_ids: Collection[uuid.UUID], *, but: Collection[uuid.UUID]
) -> None:
    """One mail to each of the staff of these tables, neutral about what has changed."""
    cause = uuid.uuid4()
    for person_id in staff_of(session, frozenset(table_ids), now=clock.now()).difference(but):
        tell(session, person_id, "change_made", about=str(cause))


def announced(actor: Actor) -> Select[*tuple[Any, ...]]:
    """``Announcement`` of the tables the actor serves; a privacy officer sees those of all."""
    checks.note()
    return select(Announcement).where(
        or_(
            Announcement.table_id.in_(actor.staff_table_ids),
            true() if actor.is_privacy_officer else Announcement.id.is_(None),
        )
    )
