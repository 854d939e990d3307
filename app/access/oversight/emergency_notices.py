"""Who is told at once that a case was opened in an emergency, asked again before each mail.

Chair, privacy officer and the representatives of the sources; never who opened it, never anybody
the case bars, and nothing of the case itself.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.access.oversight import emergency_review
from app.domain.kinds import AccountState, TableRoleName
from app.infra.wall import System, opened_for
from app.models import BreakGlass, Case, Person, Section, TableRole


class Told(StrEnum):
    """Why somebody is told: may review it, or is a source of what may have been read."""

    REVIEWER = "reviewer"
    SOURCE = "source"


def people_to_tell(
    session: Session, reading_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, Told]:
    """Everybody to tell of a reading, each once; a reviewer is told as such.

    Whom the case bars is left out when the mail leaves: see ``still_told``.
    """
    opened = session.get(BreakGlass, reading_id)
    if opened is None:
        return {}
    found: dict[uuid.UUID, Told] = {}
    for told, candidates in ((Told.SOURCE, _sources(now)), (Told.REVIEWER, _reviewers(now))):
        statement = candidates.where(
            Case.id == opened.case_id,
            Person.id != opened.person_id,
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
        )
        with opened_for(session, System.OVERSIGHT):
            found |= dict.fromkeys(session.scalars(statement), told)
    return found


def _reviewers(now: datetime) -> Select[uuid.UUID]:
    chair = exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == Case.table_id,
        TableRole.role == TableRoleName.CHAIR,
        c.is_live(TableRole.from_at, TableRole.until_at, now),
    )
    return _of_case().where(or_(Person.is_privacy_officer.is_(True), chair))


def _sources(now: datetime) -> Select[uuid.UUID]:
    represents = exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == Case.table_id,
        TableRole.role == TableRoleName.REPRESENTATIVE,
        c.is_live(TableRole.from_at, TableRole.until_at, now),
    )
    brought = exists().where(
        Section.case_id == Case.id,
        Section.source_organisation_id == Person.organisation_id,
        Section.text_ct.is_not(None),
    )
    return _of_case().where(represents, brought)


def _of_case() -> Select[uuid.UUID]:
    """Every pair of a person and a case; callers narrow it to one case."""
    return select(Person.id).select_from(Person).join(Case, Case.id.is_not(None))


def still_told(
    session: Session, actor: Actor, reading_id: uuid.UUID, told: Told, *, now: datetime
) -> BreakGlass | None:
    """The reading, when the actor would still find it on the page the mail leads to."""
    scope = emergency_review.followed if told is Told.REVIEWER else emergency_review.of_own_sections
    statement = scope(actor, now=now).where(BreakGlass.id == reading_id)
    with opened_for(session, System.OVERSIGHT):
        row = session.execute(statement).one_or_none()
    if row is None or row.BreakGlass.person_id == actor.person_id:
        return None
    opened: BreakGlass = row.BreakGlass
    return opened
