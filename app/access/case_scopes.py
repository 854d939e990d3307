"""What staff see around one case: persons, readers, agenda history, who is kept out, by whom.

Every statement is narrowed to the tables the actor serves and to cases that do not bar the actor;
features add columns, filters, order and paging.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import is_to_end
from app.access.walks import from_holds, to_case
from app.domain.errors import NotVisible
from app.domain.kinds import STAFF_ROLES, AccountState
from app.domain.states import UNFINISHED
from app.infra import clock, wall
from app.infra.wall import System
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Declaration,
    Disclosure,
    Exclusion,
    ExclusionReason,
    FamilyAttendance,
    Informing,
    Meeting,
    Organisation,
    Person,
    PersonConcerned,
    Recusal,
    Seat,
    SeatHold,
    Section,
    SectionType,
    TableRole,
)


def _staff_case(actor: Actor, now: datetime) -> c.Condition:
    return and_(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))


def next_meeting_at(now: datetime) -> ScalarSelect[datetime]:
    """When ``Case`` of the enclosing statement is next on an agenda of its table; None if never."""
    return (
        select(func.min(Meeting.starts_at))
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(
            AgendaItem.case_id == Case.id,
            AgendaItem.removed_at.is_(None),
            Meeting.table_id == Case.table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at > now,
        )
        .correlate(Case)
        .scalar_subquery()
    )


def staff_concerned(actor: Actor, *, now: datetime) -> Select[PersonConcerned, Case, Section]:
    """Persons concerned with their identity section, if it was written."""
    checks.note()
    identity = select(SectionType.id).where(SectionType.is_identity)
    return (
        select(PersonConcerned, Case, Section)
        .select_from(PersonConcerned)
        .join(Case, Case.id == PersonConcerned.case_id)
        .outerjoin(
            Section,
            and_(
                Section.person_concerned_id == PersonConcerned.id,
                Section.section_type_id.in_(identity),
            ),
        )
        .where(_staff_case(actor, now))
    )


def staff_readers(actor: Actor, *, now: datetime) -> Select[Disclosure, Section, Organisation]:
    """Live disclosures whose seat may still read: its meeting is neither cancelled nor shut."""
    checks.note()
    disclosed = (
        select(Disclosure, Section, Organisation)
        .join(Section, Section.id == Disclosure.section_id)
        .join(Seat, Seat.id == Disclosure.seat_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
    )
    return to_case(disclosed).where(
        _staff_case(actor, now),
        Section.case_id == Case.id,
        c.is_disclosed(now),
        Seat.removed_at.is_(None),
        AgendaItem.removed_at.is_(None),
        Meeting.cancelled_at.is_(None),
        Meeting.table_id == Case.table_id,
        or_(Meeting.closes_at.is_(None), Meeting.closes_at > now),
    )


def last_position(session: Session, case: Case) -> int:
    """Where the last person concerned of a loaded case stands; 0 when there is none."""
    statement = select(func.max(PersonConcerned.position)).where(PersonConcerned.case_id == case.id)
    return session.scalar(statement) or 0


def sections_about(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Ids of all sections about one person concerned; ask only about a loaded person."""
    return list(session.scalars(select(Section.id).where(Section.person_concerned_id == person_id)))


def was_shown(session: Session, section_ids: Sequence[uuid.UUID]) -> bool:
    """Whether anybody was ever shown one of these sections; withdrawn disclosures count.

    A request for input shows an identity without a disclosure, and leaves a declaration.
    """
    disclosed = select(Disclosure.id).where(Disclosure.section_id.in_(section_ids))
    declared = select(Declaration.id).where(Declaration.section_id.in_(section_ids))
    return session.scalar(union_all(disclosed, declared).limit(1)) is not None


def was_told(session: Session, person_id: uuid.UUID) -> bool:
    """Whether somebody wrote down that this person was informed, or was at a discussion."""
    told = select(Informing.id).where(Informing.person_concerned_id == person_id)
    there = select(FamilyAttendance.id).where(FamilyAttendance.person_concerned_id == person_id)
    return session.scalar(union_all(told, there).limit(1)) is not None


def kept_out(case: Case, *, now: datetime) -> Select[Any]:
    """Who is excluded from or recused at a loaded case just now: both kinds in one statement.

    Columns: kind ("exclusion" or "recusal"), id, name, organisation, from_at, until_at, reason_ct.
    """
    excluded = (
        select(
            literal("exclusion").label("kind"),
            Exclusion.id,
            Person.name,
            Organisation.name.label("organisation"),
            Exclusion.from_at,
            Exclusion.until_at,
            ExclusionReason.text_ct.label("reason_ct"),
        )
        .join(Person, Person.id == Exclusion.person_id)
        .outerjoin(ExclusionReason, ExclusionReason.exclusion_id == Exclusion.id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Exclusion.case_id == case.id,
            or_(Exclusion.until_at.is_(None), Exclusion.until_at > now),
        )
    )
    recused = (
        select(
            literal("recusal"),
            Recusal.id,
            Person.name,
            Organisation.name,
            Recusal.at,
            null(),
            null(),
        )
        .join(Person, Person.id == Recusal.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Recusal.case_id == case.id, Recusal.lifted_at.is_(None))
    )
    return select(union_all(excluded, recused).subquery())


def load_exclusion(session: Session, case: Case, exclusion_id: uuid.UUID) -> Exclusion:
    """An exclusion from a loaded case; NotVisible when it belongs to another."""
    found = session.get(Exclusion, exclusion_id)
    if found is None or found.case_id != case.id:
        raise NotVisible
    return found


def load_recusal(session: Session, case: Case, recusal_id: uuid.UUID) -> Recusal:
    """A recusal at a loaded case; NotVisible when it belongs to another."""
    found = session.get(Recusal, recusal_id)
    if found is None or found.case_id != case.id:
        raise NotVisible
    return found


def live_holds_of(person_id: uuid.UUID, case_id: uuid.UUID) -> Select[SeatHold, Meeting]:
    """Seats a person holds at a case, or is to have back; to end them.

    Those of a closed meeting too, whose papers may be open for days.
    """
    return from_holds(SeatHold, Meeting).where(
        SeatHold.person_id == person_id,
        is_to_end(clock.now()),
        Case.id == case_id,
    )


def has_other_staff(session: Session, case: Case, person_id: uuid.UUID, *, now: datetime) -> bool:
    """Whether active staff remains that is neither excluded from nor recused at the case."""
    statement = (
        select(TableRole.id)
        .join(Person, Person.id == TableRole.person_id)
        .where(
            TableRole.table_id == case.table_id,
            TableRole.role.in_(STAFF_ROLES),
            c.is_live(TableRole.from_at, TableRole.until_at, now),
            Person.id != person_id,
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
            ~exists().where(
                Exclusion.person_id == Person.id,
                Exclusion.case_id == case.id,
                c.is_live(Exclusion.from_at, Exclusion.until_at, now),
            ),
            ~exists().where(
                Recusal.person_id == Person.id,
                Recusal.case_id == case.id,
                Recusal.lifted_at.is_(None),
            ),
        )
        .limit(1)
    )
    return session.scalar(statement) is not None


def count_open_actions(session: Session, case_id: uuid.UUID) -> int:
    """How many actions of a case are unfinished; ask only about a loaded case."""
    statement = (
        select(func.count()).select_from(Action).where(
            Action.case_id == case_id,
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
    )  # fmt: skip
    return session.scalar(statement) or 0


def imported_numbers(session: Session, table_ids: Iterable[uuid.UUID]) -> frozenset[str]:
    """Numbers cases of these tables came in with, so that none is loaded twice.

    Barred cases count: whoever loads a list holds these numbers already.
    """
    statement = select(Case.imported_number).where(
        Case.table_id.in_(table_ids), Case.imported_number.is_not(None)
    )
    with wall.opened_for(session, System.UNIQUENESS):
        return frozenset(number for number in session.scalars(statement) if number)


def taken_references(session: Session, references: Iterable[str]) -> frozenset[str]:
    """Which of these references exist; asked before new ones are given out."""
    statement = select(Case.reference).where(Case.reference.in_(references))
    with wall.opened_for(session, System.UNIQUENESS):
        return frozenset(session.scalars(statement))


def participants(*table_ids: uuid.UUID) -> Select[Organisation]:
    """Organisations that take or took part in any of these tables, by name."""
    return (
        select(Organisation)
        .where(
            exists().where(
                Covenant.organisation_id == Organisation.id, Covenant.table_id.in_(table_ids)
            )
        )
        .order_by(Organisation.name)
    )


def served_tables(actor: Actor) -> Select[CaseTable]:
    """The tables the actor serves, by name."""
    checks.note()
    return (
        select(CaseTable)
        .where(CaseTable.id.in_(actor.staff_table_ids), CaseTable.ended_at.is_(None))
        .order_by(CaseTable.name)
    )
