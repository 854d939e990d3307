"""What a source decides about the readers of its sections, and what it shared with whom.

For the named representatives of the source at that table alone; staff see what was decided.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import to_case
from app.domain.kinds import Regime, TaskKind
from app.models import (
    AgendaItem,
    BreakGlass,
    Case,
    CaseTable,
    Disclosure,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Seat,
    Section,
    SectionType,
    Task,
    TaskSection,
)


def asks_source(section: Section, given_at: datetime) -> bool:
    """The source is asked about a reader the section was given to at that moment."""
    wanted = section.asks_from is not None and given_at >= section.asks_from
    return section.regime is not Regime.AVG or wanted


def is_agreed(section: Section, given: Disclosure, now: datetime) -> bool:
    """The source need not be asked about a disclosure that stands, or said yes and still does."""
    if given.source_refused:
        return False
    if not asks_source(section, given.decided_at):
        return True
    lasts = given.source_until_at is None or given.source_until_at > now
    return given.source_decided_at is not None and lasts


def _of_source(actor: Actor, now: datetime) -> c.Condition:
    return and_(
        Section.source_organisation_id == actor.organisation_id,
        Section.case_id == Case.id,
        Case.table_id.in_(actor.representative_table_ids),
        c.is_not_barred(actor, now),
    )


def _at_seats() -> Select[Disclosure, Section, SectionType, CaseTable, Organisation, Case]:
    """Disclosures; ``Organisation`` is None for a seat only staff know of, such as a shelter."""
    given = (
        select(Disclosure, Section, SectionType, CaseTable, Organisation)
        .join(Section, Section.id == Disclosure.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Seat, Seat.id == Disclosure.seat_id)
        .outerjoin(
            Organisation,
            and_(Organisation.id == Seat.organisation_id, Seat.is_staff_only.is_(False)),
        )
    )
    return to_case(given).add_columns(Case).join(CaseTable, CaseTable.id == Case.table_id)


def _by_task() -> Select[TaskSection, Task, Section, SectionType, CaseTable, Organisation, Case]:
    """Tasks; ``Organisation`` is None where one of its seats is one only staff know of."""
    return (
        select(TaskSection, Task, Section, SectionType, CaseTable, Organisation, Case)
        .join(Task, Task.id == TaskSection.task_id)
        .join(Section, Section.id == TaskSection.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Case, Case.id == Task.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .outerjoin(Organisation, _may_be_named(Task.organisation_id))
    )


def seats_waiting(
    actor: Actor, *, now: datetime
) -> Select[Disclosure, Section, SectionType, CaseTable, Organisation, Case]:
    """Seats that wait for the own organisation as a source, while they may still come to read."""
    checks.note()
    return _at_seats().where(
        _of_source(actor, now),
        c.is_at_live_item(),
        or_(Meeting.closes_at.is_(None), Meeting.closes_at > now),
        c.is_asked(Section, Disclosure.decided_at),
        Disclosure.withdrawn_at.is_(None),
        Disclosure.source_decided_at.is_(None),
    )


def tasks_waiting(
    actor: Actor, *, now: datetime
) -> Select[TaskSection, Task, Section, SectionType, CaseTable, Organisation, Case]:
    """Tasks that name an own section and wait for the own organisation as its source."""
    checks.note()
    return _by_task().where(
        _of_source(actor, now),
        Case.table_id == Task.table_id,
        or_(Task.until_at.is_(None), Task.until_at > now),
        or_(Task.ended_at.is_(None), Task.ended_at > now),
        c.is_asked(Section, Task.granted_at),
        TaskSection.source_decided_at.is_(None),
        TaskSection.source_refused.is_(False),
    )


def decisions_waiting(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """The same as the source is asked them: all who may accept a handover are one reader.

    ``to_table`` is the table they would accept it for.
    """
    to_table = aliased(CaseTable)
    waiting = tasks_waiting(actor, now=now)
    reader = func.coalesce(Task.handover_id, Task.id)
    place = func.row_number().over(
        partition_by=(TaskSection.section_id, reader), order_by=TaskSection.task_id
    )
    asked = waiting.with_only_columns(
        TaskSection.task_id, TaskSection.section_id, place.label("place")
    ).subquery()
    is_first = and_(
        asked.c.task_id == TaskSection.task_id,
        asked.c.section_id == TaskSection.section_id,
        asked.c.place == 1,
    )
    return (
        waiting.join(asked, is_first)
        .outerjoin(to_table, to_table.id == Task.to_table_id)
        .add_columns(to_table.name.label("to_table"))
    )


def is_same_reader(task_id: uuid.UUID) -> c.Condition:
    """``Task`` is this one, or of the same handover."""
    of = select(Task.handover_id).where(Task.id == task_id).correlate(None).scalar_subquery()
    return or_(Task.id == task_id, Task.handover_id == of)


def readers_waiting(actor: Actor, *, now: datetime) -> Any:  # noqa: ANN401 - a column expression
    """How many readers wait for the own organisation, for one column of a statement."""
    seats = seats_waiting(actor, now=now).with_only_columns(Disclosure.id).subquery()
    tasks = decisions_waiting(actor, now=now).with_only_columns(TaskSection.task_id).subquery()
    return (
        select(func.count()).select_from(seats).scalar_subquery()
        + select(func.count()).select_from(tasks).scalar_subquery()
    )


def own_sections(actor: Actor, *, now: datetime) -> Select[Section, SectionType, Case, CaseTable]:
    """Every section the own organisation brought, at the tables where the actor speaks for it."""
    checks.note()
    return (
        select(Section, SectionType, Case, CaseTable)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Case, Case.id == Section.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .where(_of_source(actor, now))
    )


def read_at_seats(
    actor: Actor, section_ids: Sequence[uuid.UUID] | None, *, now: datetime
) -> Select[Disclosure, Section, SectionType, CaseTable, Organisation, Case, Meeting]:
    """Seats own sections opened to: of published papers, agreed to where that was asked.

    Of all own sections, or of these; what was withdrawn before the papers opened never was open.
    """
    checks.note()
    agreed = or_(
        ~c.is_asked(Section, Disclosure.decided_at),
        and_(Disclosure.source_decided_at.is_not(None), Disclosure.source_refused.is_(False)),
        Disclosure.withdrawn_at > Meeting.opens_at,
    )
    shared = (
        _at_seats()
        .add_columns(Meeting)
        .where(
            _of_source(actor, now),
            c.is_published(now),
            Meeting.opens_at <= now,
            or_(Disclosure.withdrawn_at.is_(None), Disclosure.withdrawn_at > Meeting.opens_at),
            agreed,
        )
    )
    return shared if section_ids is None else shared.where(Section.id.in_(section_ids))


def read_by_tasks(
    actor: Actor, section_ids: Sequence[uuid.UUID] | None, *, now: datetime
) -> Select[TaskSection, Task, Section, SectionType, CaseTable, Organisation, Case, Meeting]:
    """Accepted tasks that named own sections, agreed to where that was asked.

    ``Meeting`` is None but for a task at one item, which opens and ends with its papers.
    """
    checks.note()
    shared = (
        _by_task()
        .outerjoin(AgendaItem, AgendaItem.id == Task.item_id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .add_columns(Meeting)
        .where(
            _of_source(actor, now),
            Task.accepted_at <= now,
            or_(Task.item_id.is_(None), Meeting.opens_at <= now),
            or_(~c.is_asked(Section, Task.granted_at), TaskSection.source_decided_at.is_not(None)),
            TaskSection.source_refused.is_(False),
        )
    )
    return shared if section_ids is None else shared.where(Section.id.in_(section_ids))


def read_by_leads(
    actor: Actor, section_ids: Sequence[uuid.UUID] | None, *, now: datetime
) -> Select[Section, Task, Organisation]:
    """Case leads who accepted: a plan of one's own opens to them without being named."""
    checks.note()
    shared = (
        select(Section, Task, Organisation)
        .join(Case, Case.id == Section.case_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Task, and_(Task.case_id == Case.id, Task.kind == TaskKind.CASE_LEAD))
        .outerjoin(Organisation, _may_be_named(Task.organisation_id))
        .where(
            _of_source(actor, now),
            SectionType.is_plan.is_(True),
            ~c.is_asked(Section, Task.granted_at),
            Task.accepted_at <= now,
        )
    )
    return shared if section_ids is None else shared.where(Section.id.in_(section_ids))


def read_by_requests(
    actor: Actor, section_ids: Sequence[uuid.UUID] | None, *, now: datetime
) -> Select[Section, InputRequest, Organisation]:
    """Seats that were asked for input: they get to know whom it is about, papers open or not."""
    checks.note()
    shared = (
        select(Section, InputRequest, Organisation)
        .join(Case, Case.id == Section.case_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .join(InputRequest, InputRequest.seat_id == Seat.id)
        .outerjoin(
            Organisation, and_(_may_be_named(Seat.organisation_id), Seat.is_staff_only.is_(False))
        )
        .where(
            _of_source(actor, now),
            SectionType.is_identity.is_(True),
            ~c.is_asked(Section, InputRequest.asked_at),
        )
    )
    return shared if section_ids is None else shared.where(Section.id.in_(section_ids))


def read_in_emergency(
    actor: Actor, section_ids: Sequence[uuid.UUID] | None, *, now: datetime
) -> Select[Section, BreakGlass, Organisation]:
    """Emergency readings: they open everything of a case, own sections included."""
    checks.note()
    shared = (
        select(Section, BreakGlass, Organisation)
        .join(Case, Case.id == Section.case_id)
        .join(BreakGlass, BreakGlass.case_id == Case.id)
        .join(Person, Person.id == BreakGlass.person_id)
        .outerjoin(Organisation, _may_be_named(Person.organisation_id))
        .where(_of_source(actor, now), BreakGlass.from_at <= now)
    )
    return shared if section_ids is None else shared.where(Section.id.in_(section_ids))


def _may_be_named(organisation_id: Any) -> c.Condition:  # noqa: ANN401 - a column
    return and_(Organisation.id == organisation_id, ~c.is_hidden_at(Case.id, organisation_id))


def close_section(session: Session, section_id: uuid.UUID, *, now: datetime) -> None:
    """Nobody reads this section any more; ask only about a loaded one."""
    session.execute(
        update(Disclosure)
        .where(Disclosure.section_id == section_id, Disclosure.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    session.execute(
        update(TaskSection).where(TaskSection.section_id == section_id).values(source_refused=True)
    )


def reopen_requests(session: Session, section_id: uuid.UUID, *, now: datetime) -> None:
    """The answers this text was given with are taken back; the questions wait again."""
    session.execute(
        update(InputRequest)
        .where(InputRequest.section_id == section_id)
        .values(
            answer=None, answered_at=None, answered_by_id=None, recorded_by_id=None,
            confirmed_at=None, recalled_at=now,
        )
    )  # fmt: skip
