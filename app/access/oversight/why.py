"""Answers "why could X see this, since when, until when?", and to staff "why not?".

Decides with app.access.policy on facts from the database; a test pins it to the lists people get.
It tells nobody anything by itself: callers ask who may know first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.oversight.why_facts import KnownSection, Stretches, known_sections
from app.access.oversight.why_rows import Loaded, load
from app.access.policy import (
    SeatFacts,
    SectionFacts,
    Span,
    TaskFacts,
    breaks_open,
    decide,
    is_agreed,
    is_barred,
    names_section,
    opens_section,
)
from app.access.walks import from_holds
from app.domain.errors import NotVisible
from app.domain.kinds import ConcernedRole, Ground, Regime
from app.infra import clock
from app.models import (
    BreakGlass,
    Case,
    Organisation,
    Person,
    PersonConcerned,
    SeatHold,
    Section,
    TableRole,
    Task,
)


class Missing(StrEnum):
    """What keeps a section shut, in the order in which people can do something about it."""

    NOT_ACTIVE = "not-active"
    ADMINISTRATOR = "administrator"
    KEPT_OUT = "kept-out"
    NO_GROUND = "no-ground"
    OTHER_ORGANISATION = "other-organisation"
    SEAT_ENDED = "seat-ended"
    OFF_AGENDA = "off-agenda"
    NO_COVENANT = "no-covenant"
    NOT_DISCLOSED = "not-disclosed"
    SOURCE_UNDECIDED = "source-undecided"
    NOT_PUBLISHED = "not-published"
    OUTSIDE_WINDOW = "outside-window"
    NOT_TAKEN_UP = "not-taken-up"
    NOT_ACCEPTED = "not-accepted"
    NOT_ANSWERED = "not-answered"
    TASK_ENDED = "task-ended"
    TASK_NOT_ACCEPTED = "task-not-accepted"
    NOT_NAMED = "not-named"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWhy:
    """One section: seen on which ground, since and until when (None: open); or what is missing."""

    section_id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    is_source_hidden: bool
    regime: Regime
    ground: Ground | None
    since: datetime | None
    until: datetime | None
    missing: tuple[Missing, ...]


def explain(session: Session, person: Person, case: Case, *, now: datetime) -> list[SectionWhy]:
    """The answer for every section of a case; for callers that asked who may know."""
    loaded = load(session, person, case, now=now)
    return [_why(loaded, one, now) for one in known_sections(loaded, now=now)]


def without_hidden(found: Iterable[SectionWhy]) -> list[SectionWhy]:
    """The answer for who is no staff of the table: a source such as a shelter is not named."""
    return [replace(one, source="") if one.is_source_hidden else one for one in found]


def whom_about(session: Session, actor: Actor, case: Case) -> dict[uuid.UUID, ConcernedRole]:
    """Per section the role of whom it is about; nothing for who is no staff of the table."""
    checks.note()
    if case.table_id not in actor.staff_table_ids:
        return {}
    rows = session.execute(
        select(Section.id, PersonConcerned.role)
        .join(PersonConcerned, PersonConcerned.id == Section.person_concerned_id)
        .where(Section.case_id == case.id)
    )
    return {section_id: role for section_id, role in rows}  # noqa: C416 - typed as a row otherwise


def _why(loaded: Loaded, one: KnownSection, now: datetime) -> SectionWhy:
    ground = decide(one.facts, now)
    holding = _stretches(loaded, one, ground, now)
    sinces = [found for each in holding if (found := each.since)]
    untils = [each.until for each in holding]
    lasts = None in untils
    until = None if lasts else max((found for found in untils if found), default=None)
    return SectionWhy(
        section_id=one.section_id,
        label_nl=one.label_nl,
        label_en=one.label_en,
        source=one.source,
        is_source_hidden=one.is_source_hidden,
        regime=one.facts.regime,
        ground=ground,
        since=min(sinces, default=None),
        until=until,
        missing=() if ground else _missing(one.facts, now),
    )


def _stretches(
    loaded: Loaded, one: KnownSection, ground: Ground | None, now: datetime
) -> list[Stretches]:
    """The stretches behind the ground that decided."""
    facts, regime = one.facts, one.facts.regime
    freed = [Span(loaded.freed_at)] if loaded.freed_at else []
    if ground is Ground.STAFF:
        return [Stretches((facts.staff_role, *freed))]
    if ground is Ground.SOURCE:
        return [Stretches((facts.representative_role, *freed))]
    found: Iterable[tuple[bool, Stretches]] = ()
    if ground is Ground.SEAT:
        opens = (opens_section(seat, regime, now) for seat in facts.seats)
        found = zip(opens, one.by_seat, strict=True)
    elif ground is Ground.TASK:
        opens = (names_section(task, regime, now) for task in facts.tasks)
        found = zip(opens, one.by_task, strict=True)
    elif ground is Ground.BREAK_GLASS:
        opens = (breaks_open(each, now) for each in facts.emergencies)
        found = zip(opens, one.by_emergency, strict=True)
    return [stretches for holds, stretches in found if holds]


def _missing(facts: SectionFacts, now: datetime) -> tuple[Missing, ...]:
    """What is missing on the way that comes nearest; a bar before anything else."""
    if not facts.active:
        return (Missing.NOT_ACTIVE,)
    if facts.administrator:
        return (Missing.ADMINISTRATOR,)
    if is_barred(facts, now):
        return (Missing.KEPT_OUT,)
    ways = [tuple(_missing_of_seat(seat, facts.regime, now)) for seat in facts.seats]
    ways += [tuple(_missing_of_task(task, facts.regime, now)) for task in facts.tasks]
    return min(ways, key=len, default=(Missing.NO_GROUND,))


def _missing_of_seat(seat: SeatFacts, regime: Regime, now: datetime) -> Iterator[Missing]:
    decided = not seat.disclosed or is_agreed(seat, regime, now)
    published = seat.published.holds(now)
    asked_for = (
        (seat.same_organisation, Missing.OTHER_ORGANISATION),
        (seat.hold.holds(now) and seat.seat_live, Missing.SEAT_ENDED),
        (seat.on_agenda, Missing.OFF_AGENDA),
        (seat.covenant.holds(now), Missing.NO_COVENANT),
        (seat.disclosed, Missing.NOT_DISCLOSED),
        (decided, Missing.SOURCE_UNDECIDED),
        (published, Missing.NOT_PUBLISHED),
        (not published or seat.window.holds(now), Missing.OUTSIDE_WINDOW),
        (seat.taken_up.holds(now), Missing.NOT_TAKEN_UP),
        (seat.accepted, Missing.NOT_ACCEPTED),
        (seat.knows_nobody, Missing.NOT_ANSWERED),
    )
    return (missing for holds, missing in asked_for if not holds)


def _missing_of_task(task: TaskFacts, regime: Regime, now: datetime) -> Iterator[Missing]:
    goes_on = task.case_goes_on or not task.is_case_lead
    named = task.named or (task.is_case_lead and task.is_plan)
    decided = not named or is_agreed(task, regime, now)
    asked_for = (
        (task.same_organisation, Missing.OTHER_ORGANISATION),
        (task.span.holds(now) and task.at_table and goes_on, Missing.TASK_ENDED),
        (task.item_live, Missing.OFF_AGENDA),
        (not task.item_live or task.window.holds(now), Missing.OUTSIDE_WINDOW),
        (task.accepted.holds(now), Missing.TASK_NOT_ACCEPTED),
        (named, Missing.NOT_NAMED),
        (decided, Missing.SOURCE_UNDECIDED),
        (task.knows_nobody, Missing.NOT_ANSWERED),
    )
    return (missing for holds, missing in asked_for if not holds)


def load_explained(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case of a table the actor serves, or any for a privacy officer; NotVisible otherwise."""
    checks.note()
    served = true() if actor.is_privacy_officer else Case.table_id.in_(actor.staff_table_ids)
    case = session.scalars(
        select(Case).where(Case.id == case_id, served, c.is_not_barred(actor, clock.now()))
    ).one_or_none()
    if case is None:
        raise NotVisible
    return case


def case_of(session: Session, reference: str) -> Case | None:
    """A case by its reference, for the command line."""
    checks.note()
    return session.scalars(select(Case).where(Case.reference == reference)).one_or_none()


def people_near(session: Session, case: Case) -> list[tuple[uuid.UUID, str]]:
    """Whom the question makes sense for: with a role at the table, a seat, a task or a reading."""
    of_role = select(TableRole.person_id).where(TableRole.table_id == case.table_id)
    of_seat = from_holds(SeatHold.person_id).where(Case.id == case.id)
    of_task = select(Task.person_id).where(Task.case_id == case.id)
    of_reading = select(BreakGlass.person_id).where(BreakGlass.case_id == case.id)
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(or_(*(Person.id.in_(one) for one in (of_role, of_seat, of_task, of_reading))))
        .order_by(Person.name, Person.id)
    )
    return [(row.id, f"{row.name} ({row.organisation})") for row in rows]


def asked(case: Case, person_id: uuid.UUID) -> audit.Entry:
    """The line for having asked why."""
    return audit.Entry(
        event=audit.Event.LOG_ACCESS,
        object_kind="why",
        object_id=person_id,
        case_id=case.id,
        table_id=case.table_id,
    )
