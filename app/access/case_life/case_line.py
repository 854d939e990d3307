"""The line of time of a case: what happened to it and when, as far as its reader may know.

States and moments alone: no text of a case stands in it. Staff of its table see all of it; the case
lead what the own task is about; whoever sits at it the own discussions.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import Session

from app.access import audit, checks, grounds, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.case_life import case_line_parts as parts
from app.access.records.extract_rows import discussed_at
from app.access.walks import from_holds
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.domain.kinds.happenings import Happening
from app.infra import clock
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Handover,
    ItemOutcome,
    Meeting,
    Organisation,
    Person,
    Seat,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of a case. ``code`` and ``version`` are of what its kind of table calls it.

    ``table``, ``organisation`` and ``person`` are the names of whom it is about.
    """

    what: Happening
    at: datetime
    code: str
    version: int
    table_id: uuid.UUID | None
    table: str
    organisation: str
    person: str
    meeting_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """A case with its moments, latest first, and the ground they are seen on."""

    case: Case
    ground: Ground
    moments: tuple[Moment, ...]


def read_line(session: Session, actor: Actor, case_id: uuid.UUID) -> Line:
    """The line as far as the actor may know; that it was read is recorded. NotVisible.

    One statement for the moments, whatever their number, and at most three to find the case.
    """
    now = clock.now()
    checks.note()
    case, ground, found = _seen(session, actor, case_id, now)
    rows = session.execute(_named(found))
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.READ,
            object_kind="case-line",
            object_id=case.id,
            case_id=case.id,
            table_id=case.table_id,
            ground=ground,
        ),
    )
    return Line(case, ground, tuple(_moment(row) for row in rows))


def _seen(
    session: Session, actor: Actor, case_id: uuid.UUID, now: datetime
) -> tuple[Case, Ground, list[Select[Any]]]:
    case = session.scalars(scopes.staff_cases(actor, now=now).where(Case.id == case_id)).first()
    if case is not None:
        return case, Ground.STAFF, list(_of_staff(actor, case_id, now))
    led = select(Case).where(
        Case.id == case_id, grounds.leads_case(actor, now), c.is_not_barred(actor, now)
    )
    case = session.scalars(led).first()
    seated = session.execute(own_discussions(actor, now=now).where(Case.id == case_id)).all()
    items = [row.AgendaItem.id for row in seated]
    if case is not None:
        return case, Ground.TASK, list(_of_lead(actor, case_id, items))
    if seated:
        return seated[0].Case, Ground.SEAT, list(_of_seat(actor, case_id, items))
    raise NotVisible


def own_discussions(actor: Actor, *, now: datetime) -> Select[AgendaItem, Meeting, Case]:
    """Discussions whose papers are open to the actor, or of which the actor keeps the extract."""
    checks.note()
    at = discussed_at()
    had_covenant = exists().where(
        Covenant.organisation_id == Seat.organisation_id,
        Covenant.table_id == Meeting.table_id,
        Covenant.from_at <= at,
        or_(Covenant.until_at.is_(None), Covenant.until_at > at),
    )
    keeps = and_(
        c.is_settled_seat(actor, now),
        Meeting.closed_at.is_not(None),
        Meeting.cancelled_at.is_(None),
        c.is_taken_up(now),
        had_covenant,
    )
    is_open = and_(c.is_open_seat(actor, now), c.is_not_barred(actor, now))
    return from_holds(AgendaItem, Meeting, Case).where(
        or_(and_(is_open, Seat.invited_at <= now), keeps)
    )


def _of_staff(actor: Actor, case_id: uuid.UUID, now: datetime) -> Iterable[Select[Any]]:
    """Everything; of what was discussed elsewhere before, nothing."""
    yield from parts.of_ends(case_id)
    yield from parts.of_referral(case_id)
    for one in parts.of_handovers(case_id):
        # Whom another table asked in vain before is not for the table it went to.
        own = c.is_staff_table(actor, Handover.from_table_id)
        yield one.where(or_(own, Handover.accepted_at.is_not(None)))
    yield parts.of_items(case_id).where(c.is_staff_table(actor, Meeting.table_id))
    yield parts.of_outcomes(case_id).where(c.is_staff_table(actor, ItemOutcome.table_id))
    yield parts.of_phases(case_id)
    yield from parts.of_clocks(case_id, now)
    yield from parts.of_leads(case_id)
    yield from parts.of_facts(case_id)
    yield from parts.of_bringing(case_id)


def _of_lead(actor: Actor, case_id: uuid.UUID, items: list[uuid.UUID]) -> Iterable[Select[Any]]:
    """What the task opens: plan and safety, the own appointment, and what one told oneself."""
    yield from parts.of_leads(case_id, person_id=actor.person_id)
    yield parts.of_successors(case_id)
    yield parts.of_phases(case_id)
    yield parts.of_agreements(case_id)
    yield from _of_seat(actor, case_id, items)


def _of_seat(actor: Actor, case_id: uuid.UUID, items: list[uuid.UUID]) -> Iterable[Select[Any]]:
    """The own discussions, and what one told oneself."""
    yield parts.of_items(case_id).where(AgendaItem.id.in_(items))
    yield from parts.of_facts(case_id, person_id=actor.person_id)


def _named(found: list[Select[Any]]) -> Select[Any]:
    """All moments with the names they are about, in one statement."""
    all_of_it = union_all(*found).subquery()
    return (
        select(
            all_of_it,
            CaseTable.name.label("table_name"),
            Organisation.name.label("organisation"),
            Person.name.label("person"),
        )
        .outerjoin(CaseTable, CaseTable.id == all_of_it.c.table_id)
        .outerjoin(Organisation, Organisation.id == all_of_it.c.organisation_id)
        .outerjoin(Person, Person.id == all_of_it.c.person_id)
        .order_by(all_of_it.c.at.desc(), all_of_it.c.what)
    )


def _moment(row: Any) -> Moment:  # noqa: ANN401 - a row of the union
    return Moment(
        what=Happening(row.what),
        at=row.at,
        code=row.code or "",
        version=row.version,
        table_id=row.table_id,
        table=row.table_name or "",
        organisation=row.organisation or "",
        person=row.person or "",
        meeting_id=row.meeting_id,
    )
