"""Ending an organisation: what it still has shows first; its people leave or move before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration.announcements import announce_organisation
from app.access.administration.ending import PartBehind, part_behind
from app.access.meetings.reservations import follow_covenant
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState, AnnouncementKind
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.wall import System
from app.models import CaseTable, Covenant, IdentityProvider, Organisation, Person


@dataclass(frozen=True, slots=True)
class EndPage:
    """An organisation before it ends: what is open by table, and what stands in the way.

    ``people`` have an account in use; ``hosts`` are tables of which it is the host.
    """

    organisation_id: uuid.UUID
    name: str
    parts: tuple[PartBehind, ...]
    covenants: int
    people: int
    hosts: tuple[str, ...]

    @property
    def may_end(self) -> bool:
        """Nobody works there any more, and it is host nowhere."""
        return not self.people and not self.hosts


def end_page(actor: Actor, organisation_id: uuid.UUID) -> EndPage:
    """What an organisation has open; numbers and tables, no case. NotVisible."""
    now = clock.now()
    with wall.acting_as(System.LEAVING), reading() as session:
        found = _load(session, actor, organisation_id)
        covenants = select(func.count(Covenant.id)).where(_goes_on(organisation_id))
        return EndPage(
            found.id,
            found.name,
            part_behind(session, organisation_id, from_at=now, now=now),
            session.scalar(covenants) or 0,
            session.scalar(_people(organisation_id)) or 0,
            tuple(session.scalars(_hosted(organisation_id))),
        )


def end_organisation(actor: Actor, organisation_id: uuid.UUID) -> None:
    """End an organisation with its covenants and sign-in pages; staff of its tables are told.

    Refusal PEOPLE_FIRST, ORGANISATION_HOSTS, STATE_NOT_ALLOWED for one that has ended.
    """
    now = clock.now()
    with transaction() as session:
        organisation = _load(session, actor, organisation_id)
        session.refresh(organisation, with_for_update=True)
        if organisation.ended_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if session.scalar(_people(organisation_id)):
            raise Refusal(Reason.PEOPLE_FIRST)
        if session.scalars(_hosted(organisation_id)).first() is not None:
            raise Refusal(Reason.ORGANISATION_HOSTS)
        announce_organisation(session, actor, AnnouncementKind.ORGANISATION_ENDED, organisation_id)
        for covenant in session.scalars(select(Covenant).where(_goes_on(organisation_id))):
            covenant.until_at = max(now, covenant.from_at)
            follow_covenant(session, covenant)
        for provider in session.scalars(
            select(IdentityProvider).where(
                IdentityProvider.organisation_id == organisation_id,
                IdentityProvider.ended_at.is_(None),
            )
        ):
            provider.ended_at = now
        organisation.ended_at = now
        entry = audit.Entry(
            event=audit.Event.AUTHORISE, object_kind="organisation-ended", object_id=organisation_id
        )
        audit.record(session, actor, entry)


def _load(session: Session, actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    found: Organisation = load_managed(
        session, actor, Organisation, organisation_id, Permission.ORGANISATION_MANAGE
    )
    return found


def _goes_on(organisation_id: uuid.UUID) -> ColumnElement[bool]:
    is_ahead = or_(Covenant.until_at.is_(None), Covenant.until_at > clock.now())
    return (Covenant.organisation_id == organisation_id) & is_ahead


def _people(organisation_id: uuid.UUID) -> Select[int]:
    return select(func.count(Person.id)).where(
        Person.organisation_id == organisation_id, Person.state != AccountState.LEFT
    )


def _hosted(organisation_id: uuid.UUID) -> Select[str]:
    return (
        select(CaseTable.name)
        .where(CaseTable.host_organisation_id == organisation_id, CaseTable.ended_at.is_(None))
        .order_by(CaseTable.name)
    )
