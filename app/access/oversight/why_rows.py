"""Loads everything the rule asks about one person and one case, for app.access.oversight.why_facts.

Seven statements whatever the number of sections, seats and tasks. It decides nothing, and whoever
calls it has made sure that the reader may ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.policy import NEVER, Span
from app.access.walks import from_holds
from app.domain.kinds import TableRoleName
from app.models import (
    Acceptance,
    AgendaItem,
    BreakGlass,
    Case,
    Covenant,
    Declaration,
    Disclosure,
    Exclusion,
    Meeting,
    Organisation,
    Person,
    Recusal,
    Seat,
    SeatHold,
    Section,
    SectionType,
    TableRole,
    Task,
    TaskSection,
)


@dataclass(frozen=True, slots=True)
class PersonAtTable:
    """The person, and the roles ever held at the table of the case."""

    row: Person
    roles: tuple[tuple[TableRoleName, Span], ...]

    def role(self, *names: TableRoleName, now: datetime) -> Span:
        """The live stretch of one of these roles; else the last one, or never."""
        held = [span for name, span in self.roles if name in names]
        return best_of(held, now)


def best_of(spans: Iterable[Span], now: datetime) -> Span:
    """The span that holds and lasts longest, else the last to begin, else ``NEVER``."""
    known = [span for span in spans if span.from_at]
    live = [span for span in known if span.holds(now)]
    lasting = [span for span in live if span.until_at is None]
    if lasting:
        return lasting[0]
    if live:
        return max(live, key=lambda span: span.until_at or span.from_at or now)
    return max(known, key=lambda span: span.from_at or now, default=NEVER)


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat of the person at the case, with everything but the section asked about."""

    hold: SeatHold
    seat: Seat
    item: AgendaItem
    meeting: Meeting
    accepted_at: datetime | None
    covenant: Span
    disclosures: dict[uuid.UUID, Disclosure]


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task of the person for the case."""

    task: Task
    item: AgendaItem | None
    meeting: Meeting | None
    named: dict[uuid.UUID, TaskSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything about one person and one case, once."""

    case: Case
    person: PersonAtTable
    excluded: Span
    recused: bool
    freed_at: datetime | None
    identities: dict[uuid.UUID, Section]
    declared: frozenset[uuid.UUID]
    declared_once: frozenset[uuid.UUID]
    sections: tuple[Any, ...]
    seats: tuple[HeldSeat, ...]
    tasks: tuple[HeldTask, ...]
    emergencies: tuple[BreakGlass, ...]


def load(session: Session, person: Person, case: Case, *, now: datetime) -> Loaded:
    """Read it all."""
    roles = session.execute(
        select(TableRole.role, TableRole.from_at, TableRole.until_at).where(
            TableRole.person_id == person.id, TableRole.table_id == case.table_id
        )
    )
    known = PersonAtTable(
        person, tuple((row.role, Span(row.from_at, row.until_at)) for row in roles)
    )
    excluded, recused, freed_at = _kept_out(session, person, case, now)
    rows = session.execute(
        select(
            Section,
            SectionType,
            Organisation.name,
            _is_declared(person, Declaration.words_version == Section.words_version).label(
                "declared"
            ),
            _is_declared(person, c.always()).label("declared_once"),
            c.is_hidden_at(Section.case_id, Section.source_organisation_id).label("is_hidden"),
        )
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Organisation, Organisation.id == Section.source_organisation_id)
        .where(Section.case_id == case.id)
        .order_by(SectionType.position, Section.position, Section.id)
    ).all()
    identities = {
        row.Section.id: row.Section
        for row in rows
        if row.SectionType.is_identity and row.Section.text_ct is not None
    }
    return Loaded(
        case=case,
        person=known,
        excluded=excluded,
        recused=recused,
        freed_at=freed_at,
        identities=identities,
        declared=frozenset(row.Section.id for row in rows if row.declared),
        declared_once=frozenset(row.Section.id for row in rows if row.declared_once),
        sections=tuple(rows),
        seats=_seats(session, person, case, now),
        tasks=_tasks(session, person, case),
        emergencies=tuple(
            session.scalars(
                select(BreakGlass).where(
                    BreakGlass.person_id == person.id, BreakGlass.case_id == case.id
                )
            )
        ),
    )


def _is_declared(person: Person, words: c.Condition) -> c.Condition:
    return exists().where(
        Declaration.person_id == person.id, Declaration.section_id == Section.id, words
    )


def _kept_out(
    session: Session, person: Person, case: Case, now: datetime
) -> tuple[Span, bool, datetime | None]:
    """The exclusion that counts, whether recused, and when the last of either ended."""
    rows = session.execute(
        select(Exclusion.from_at, Exclusion.until_at).where(
            Exclusion.person_id == person.id, Exclusion.case_id == case.id
        )
    ).all()
    recusals = session.scalars(
        select(Recusal).where(Recusal.person_id == person.id, Recusal.case_id == case.id)
    ).all()
    ended = [row.until_at for row in rows if row.until_at and row.until_at <= now]
    ended += [one.lifted_at for one in recusals if one.lifted_at]
    excluded = best_of((Span(row.from_at, row.until_at) for row in rows), now)
    recused = any(one.lifted_at is None for one in recusals)
    return excluded, recused, max(ended, default=None)


def _seats(session: Session, person: Person, case: Case, now: datetime) -> tuple[HeldSeat, ...]:
    accepted = and_(Acceptance.person_id == person.id, Acceptance.meeting_id == Meeting.id)
    taking_part = and_(
        Covenant.organisation_id == Seat.organisation_id, Covenant.table_id == Meeting.table_id
    )
    given = and_(Disclosure.seat_id == Seat.id, Disclosure.withdrawn_at.is_(None))
    rows = session.execute(
        from_holds(SeatHold, Seat, AgendaItem, Meeting)
        .outerjoin(Acceptance, accepted)
        .outerjoin(Covenant, taking_part)
        .outerjoin(Disclosure, given)
        .add_columns(Acceptance.at, Covenant, Disclosure)
        .where(SeatHold.person_id == person.id, Case.id == case.id)
    ).all()
    by_hold: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        by_hold.setdefault(row.SeatHold.id, []).append(row)
    return tuple(_held(same, now) for same in by_hold.values())


def _held(same: Sequence[Any], now: datetime) -> HeldSeat:
    first = same[0]
    covenants = (Span(row.Covenant.from_at, row.Covenant.until_at) for row in same if row.Covenant)
    return HeldSeat(
        first.SeatHold,
        first.Seat,
        first.AgendaItem,
        first.Meeting,
        first.at,
        best_of(covenants, now),
        {row.Disclosure.section_id: row.Disclosure for row in same if row.Disclosure},
    )


def _tasks(session: Session, person: Person, case: Case) -> tuple[HeldTask, ...]:
    rows = session.execute(
        select(Task, AgendaItem, Meeting, TaskSection)
        .outerjoin(AgendaItem, AgendaItem.id == Task.item_id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .outerjoin(TaskSection, TaskSection.task_id == Task.id)
        .where(Task.person_id == person.id, Task.case_id == case.id)
    ).all()
    by_task: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        by_task.setdefault(row.Task.id, []).append(row)
    return tuple(
        HeldTask(
            same[0].Task,
            same[0].AgendaItem,
            same[0].Meeting,
            {row.TaskSection.section_id: row.TaskSection for row in same if row.TaskSection},
        )
        for same in by_task.values()
    )
