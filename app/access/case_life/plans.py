"""What a case is worked on by: its phase, when it is reviewed, which criteria to end it are met.

Every function stands at a case or a task that was loaded; the texts themselves are sections.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.audit import Event
from app.access.records.new_cases import record
from app.domain.case_plan import EXIT, next_review
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Phase, TaskKind
from app.infra import clock
from app.models import (
    Case,
    CaseReview,
    ExitMark,
    Organisation,
    Person,
    PhaseChange,
    Section,
    SectionType,
    Task,
)

MOST_WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """Since when a case is in a phase, and who said so."""

    phase: Phase
    from_at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Review:
    """When a case is looked at again, and every how many weeks after that."""

    due_on: date
    every_weeks: int | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Since when a criterion is met, and who said so."""

    met_at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The accepted case lead, by name."""

    name: str
    organisation: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ExitCount:
    """How many criteria there are to end a case by, and how many are met."""

    total: int
    met: int

    @property
    def unmet(self) -> int:
        """What is still to be reached."""
        return self.total - self.met


def hold(session: Session, case: Case) -> None:
    """Let two acts on the plan of a loaded case happen one after the other."""
    session.refresh(case, with_for_update=True)


def phases_of(session: Session, case_id: uuid.UUID) -> tuple[PhaseLine, ...]:
    """The phases of a loaded case, the one it is in first."""
    rows = session.execute(
        select(PhaseChange, Person.name)
        .join(Person, Person.id == PhaseChange.set_by_id)
        .where(PhaseChange.case_id == case_id)
        .order_by(PhaseChange.from_at.desc(), PhaseChange.id)
    )
    return tuple(
        PhaseLine(row.PhaseChange.phase, row.PhaseChange.from_at, row.name) for row in rows
    )


def set_phase(session: Session, actor: Actor, case: Case, phase: Phase) -> None:
    """Say in which phase a loaded case is from now on, an earlier one too. STATE_NOT_ALLOWED."""
    hold(session, case)
    known = phases_of(session, case.id)
    if known and known[0].phase is phase:
        raise Refusal(Reason.STATE_NOT_ALLOWED, "phase")
    change = PhaseChange(
        id=uuid.uuid4(),
        case_id=case.id,
        phase=phase,
        from_at=clock.now(),
        set_by_id=actor.person_id,
    )
    session.add(change)
    record(session, actor, Event.CHANGE, case, kind="phase", object_id=change.id)


def review_of(session: Session, case_id: uuid.UUID) -> Review | None:
    """When a loaded case is looked at again, if that was agreed."""
    found = session.get(CaseReview, case_id)
    return Review(found.due_on, found.every_weeks) if found else None


def set_review(session: Session, actor: Actor, case: Case, review: Review) -> None:
    """Agree when a loaded case is looked at again. DATE_IN_PAST, VALUE_UNKNOWN."""
    if review.due_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "due_on")
    if review.every_weeks is not None and not 1 <= review.every_weeks <= MOST_WEEKS:
        raise Refusal(Reason.VALUE_UNKNOWN, "every_weeks")
    hold(session, case)
    _put_review(session, actor, case, review)
    record(session, actor, Event.CHANGE, case, kind="review", object_id=case.id)


def review_held(session: Session, actor: Actor, case: Case) -> date | None:
    """The case was looked at: gives the next time, which follows from the rhythm. NotVisible."""
    hold(session, case)
    found = session.get(CaseReview, case.id)
    if found is None:
        raise NotVisible
    following = next_review(found.due_on, found.every_weeks, clock.today())
    if following is None:
        session.delete(found)
    else:
        _put_review(session, actor, case, Review(following, found.every_weeks))
    record(session, actor, Event.CHANGE, case, kind="review", object_id=case.id)
    return following


def _put_review(session: Session, actor: Actor, case: Case, review: Review) -> None:
    found = session.get(CaseReview, case.id)
    if found is None:
        found = CaseReview(case_id=case.id)
        session.add(found)
    found.due_on, found.every_weeks = review.due_on, review.every_weeks
    found.set_by_id, found.set_at = actor.person_id, clock.now()


def marks_of(session: Session, case_id: uuid.UUID) -> Mapping[uuid.UUID, Mark]:
    """Which sections of a loaded case are marked as met."""
    rows = session.execute(
        select(ExitMark, Person.name)
        .join(Section, Section.id == ExitMark.section_id)
        .join(Person, Person.id == ExitMark.met_by_id)
        .where(Section.case_id == case_id)
    )
    return {row.ExitMark.section_id: Mark(row.ExitMark.met_at, row.name) for row in rows}


def mark(
    session: Session, actor: Actor, case: Case, section_id: uuid.UUID, *, is_met: bool
) -> None:
    """Say that a criterion of a loaded case is met, or is not after all. NotVisible."""
    hold(session, case)
    criterion = session.scalars(
        select(Section.id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.id == section_id, _is_criterion(case.id))
    ).one_or_none()
    if criterion is None:
        raise NotVisible
    found = session.get(ExitMark, section_id)
    if (found is not None) is is_met:
        return
    if found is not None:
        session.delete(found)
    else:
        session.add(ExitMark(section_id=section_id, met_at=clock.now(), met_by_id=actor.person_id))
    event = Event.AUTHORISE if is_met else Event.CHANGE
    record(session, actor, event, case, kind="section", object_id=section_id)


def exit_count(session: Session, case_id: uuid.UUID) -> ExitCount:
    """How far a loaded case is from its end."""
    total, met = session.execute(
        select(func.count(), func.count(ExitMark.section_id))
        .select_from(Section)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .outerjoin(ExitMark, ExitMark.section_id == Section.id)
        .where(_is_criterion(case_id))
    ).one()
    return ExitCount(int(total), int(met))


def _is_criterion(case_id: uuid.UUID) -> c.Condition:
    return and_(Section.case_id == case_id, SectionType.code == EXIT, Section.text_ct.is_not(None))


def headings_of(session: Session, case: Case) -> list[SectionType]:
    """The headings of a loaded case: those of its table, and older ones it still uses."""
    used = select(Section.section_type_id).where(Section.case_id == case.id)
    return list(
        session.scalars(
            select(SectionType)
            .where(
                or_(SectionType.table_id == case.table_id, SectionType.id.in_(used)),
                SectionType.is_identity.is_(False),
            )
            .order_by(SectionType.position, SectionType.id)
        )
    )


def lead_of(session: Session, case: Case) -> Lead | None:
    """The accepted lead of a loaded case."""
    row = session.execute(
        select(Person.name, Organisation.name.label("organisation"), Task.accepted_at)
        .join(Person, Person.id == Task.person_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(
            Task.case_id == case.id,
            Task.table_id == case.table_id,
            Task.kind == TaskKind.CASE_LEAD,
            Task.accepted_at.is_not(None),
            Task.ended_at.is_(None),
        )
        .order_by(Task.accepted_at.desc())
        .limit(1)
    ).one_or_none()
    return Lead(row.name, row.organisation, row.accepted_at) if row else None


def coming_reviews(actor: Actor, *, now: datetime) -> Select[CaseReview, Case]:
    """Agreed reviews of the cases that go on at tables served, minus those that bar the actor."""
    checks.note()
    return (
        select(CaseReview, Case)
        .join(Case, Case.id == CaseReview.case_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, now),
            Case.closed_at.is_(None),
        )
    )
