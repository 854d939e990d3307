"""The daily screening list of a Spoedteam: references and what became of them, no assessment.

A line is a case like any other; whoever it bars sees a closed line. Loaded here for staff alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import load_staff_table
from app.access.permissions import Permission
from app.access.records.new_cases import add_with_reference, record
from app.access.records.settling import refuse_undecided
from app.access.referrals import clocks, kept_out
from app.access.referrals.handovers import refuse_waiting
from app.access.tasks.giving import end_with_case
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, ClockStart, TableKind
from app.infra import clock
from app.models import (
    Case,
    CaseTable,
    DailyCount,
    Handover,
    Organisation,
    Person,
    Screening,
)

CHATS: Final = "chats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; without a case it is closed to the reader, or went to another table.

    ``offered_to`` waits for an answer, ``taken_by`` gave one.
    """

    case_id: uuid.UUID | None
    number: str
    reference: str
    state: CaseState | None
    is_urgent: bool
    picked_up_at: datetime | None
    picked_up_by: str
    offered_to: str
    due_at: datetime | None
    taken_by: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many lines a day had, and how many of them were urgent."""

    day: date
    lines: int
    urgent: int


def load_table(session: Session, actor: Actor, table_id: uuid.UUID) -> CaseTable:
    """A screening table the actor serves. NotVisible."""
    table = load_staff_table(session, actor, table_id, Permission.SCREENING_KEEP)
    if table.kind is not TableKind.SCREENING:
        raise NotVisible
    return table


def own_tables(session: Session, actor: Actor) -> Sequence[CaseTable]:
    """The screening tables the actor serves, by name."""
    checks.note()
    return session.scalars(
        select(CaseTable)
        .where(
            CaseTable.id.in_(actor.staff_table_ids),
            CaseTable.kind == TableKind.SCREENING,
            CaseTable.ended_at.is_(None),
        )
        .order_by(CaseTable.name)
    ).all()


def lines_of(session: Session, actor: Actor, table: CaseTable, day: date) -> list[Line]:
    """The lines of a day at a loaded table, urgent ones first. One statement.

    Of a line of a case that bars the reader nothing shows but that there is one.
    """
    now, to_table = clock.now(), aliased(CaseTable)
    is_open = c.is_not_barred(actor, now, case_id=Screening.case_id)
    seen = and_(
        Case.id == Screening.case_id,
        Case.table_id == Screening.table_id,
        is_open,
    )
    went = and_(
        Handover.case_id == Screening.case_id,
        Handover.from_table_id == Screening.table_id,
        Handover.refused_at.is_(None),
        Handover.withdrawn_at.is_(None),
        is_open,
    )
    rows = session.execute(
        select(Screening, Case, Handover, Person.name.label("by"))
        .add_columns(
            is_open.label("is_open"),
            to_table.name.label("to_table"),
            Organisation.name.label("to_team"),
        )
        .select_from(Screening)
        .outerjoin(Case, seen)
        .outerjoin(Handover, went)
        .outerjoin(Person, Person.id == Screening.picked_up_by_id)
        .outerjoin(to_table, to_table.id == Handover.to_table_id)
        .outerjoin(Organisation, Organisation.id == Handover.to_organisation_id)
        .where(Screening.table_id == table.id, Screening.listed_on == day)
        .order_by(
            and_(is_open, Screening.is_urgent).desc(), Screening.case_id, Handover.proposed_at
        )
    ).all()
    last = {row.Screening.case_id: row for row in rows}
    return [_line(row, by=row.by, to=row.to_table or row.to_team) for row in last.values()]


def _line(row: Any, *, by: str | None, to: str | None) -> Line:  # noqa: ANN401 - a row
    one, case, handover = row.Screening, row.Case, row.Handover
    is_taken = handover is not None and handover.accepted_at is not None
    waits = handover is not None and not is_taken
    return Line(
        case_id=case.id if case else None,
        number=(case.imported_number or "") if case else "",
        reference=case.reference if case else "",
        state=case.state if case else None,
        is_urgent=row.is_open and one.is_urgent,
        picked_up_at=one.picked_up_at if case else None,
        picked_up_by=(by or "") if case else "",
        offered_to=(to or "") if waits else "",
        due_at=handover.due_at if handover and waits else None,
        taken_by=(to or "") if is_taken else "",
        taken_at=handover.accepted_at if handover else None,
    )


def days_of(
    session: Session, actor: Actor, table: CaseTable, since: date, until: date
) -> list[DayCount]:
    """How many lines each day had, the last day first; closed ones count, but not as urgent."""
    checks.note()
    is_open = c.is_not_barred(actor, clock.now(), case_id=Screening.case_id)
    urgent = func.count().filter(Screening.is_urgent.is_(True), is_open)
    rows = session.execute(
        select(Screening.listed_on, func.count(), urgent)
        .where(
            Screening.table_id == table.id,
            Screening.listed_on >= since,
            Screening.listed_on <= until,
        )
        .group_by(Screening.listed_on)
        .order_by(Screening.listed_on.desc())
    )
    return [DayCount(*row) for row in rows]


def add(
    session: Session, actor: Actor, table: CaseTable, *, day: date, number: str, is_urgent: bool
) -> Case:
    """One more line on the list of a day, at a held table. Refusal when it stands there."""
    session.refresh(table, with_for_update={"key_share": True})
    if number in {one.number for one in lines_of(session, actor, table, day)}:
        raise Refusal(Reason.SCREENED_ALREADY, "number")
    case = Case(
        id=uuid.uuid4(),
        table_id=table.id,
        bringing_organisation_id=actor.organisation_id,
        state=CaseState.ACCEPTED,
        imported_number=number,
        created_at=clock.now(),
    )
    add_with_reference(session, case, table.prefix)
    session.add(
        Screening(
            case_id=case.id,
            table_id=table.id,
            listed_on=day,
            is_urgent=is_urgent,
            listed_by_id=actor.person_id,
        )
    )
    clocks.start(session, case, table, ClockStart.ACCEPTANCE, clock.now())
    record(session, actor, audit.Event.ADD, case)
    kept_out.carry_over(session, case)
    return case


def load_line(session: Session, actor: Actor, case_id: uuid.UUID) -> tuple[Screening, Case]:
    """A line of a table served that stands there still, held. NotVisible."""
    checks.note()
    row = session.execute(
        select(Screening, Case)
        .join(Case, and_(Case.id == Screening.case_id, Case.table_id == Screening.table_id))
        .where(
            Screening.case_id == case_id,
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, clock.now()),
        )
        .with_for_update(of=(Screening, Case))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.Screening, row.Case


def pick_up(session: Session, actor: Actor, line: Screening, case: Case) -> None:
    """Say that one takes care of a loaded line; whoever was second reads who was first."""
    if line.picked_up_at is not None or case.state in (CaseState.CLOSED, CaseState.REFUSED):
        raise Refusal(Reason.PICKED_UP_ALREADY)
    line.picked_up_at, line.picked_up_by_id = clock.now(), actor.person_id
    case.state = CaseState.IN_PROGRESS
    record(session, actor, audit.Event.CHANGE, case)


def close(session: Session, actor: Actor, line: Screening, case: Case) -> None:
    """A loaded line that is not urgent needs nothing more; an urgent one goes to a team."""
    if line.is_urgent or case.state is CaseState.CLOSED:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    refuse_waiting(session, case)
    refuse_undecided(session, case)
    case.state, case.closed_at = CaseState.CLOSED, clock.now()
    end_with_case(session, actor, case)
    clocks.end(session, case)
    record(session, actor, audit.Event.CHANGE, case)


def chats_on(session: Session, table: CaseTable, day: date) -> int | None:
    """How many chats were counted that day; None when nobody said."""
    found = session.get(DailyCount, (table.id, CHATS, day))
    return found.amount if found else None


def count_chats(session: Session, actor: Actor, table: CaseTable, day: date, amount: int) -> None:
    """Say how many chats there were that day; a later word replaces an earlier one."""
    session.merge(
        DailyCount(
            table_id=table.id,
            code=CHATS,
            counted_on=day,
            amount=amount,
            recorded_by_id=actor.person_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        session,
        actor,
        audit.Entry(event=audit.Event.CHANGE, object_kind="daily_count", table_id=table.id),
    )
