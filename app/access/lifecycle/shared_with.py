"""With which organisations the texts of an access request were shared, when, and on which ground.

It opens no text and names no person: ask it only about texts that were read for the answer. An
organisation only staff know of at this case is left out throughout: who asks may be whom it
hides somebody from. A day still to come is too: it would tell when the case is discussed.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.walks import to_case
from app.domain.kinds import SharedWay, TaskKind
from app.infra import clock
from app.models import (
    Action,
    ActionDisclosure,
    AgendaItem,
    BreakGlass,
    Case,
    Decision,
    DecisionAddressee,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """That one text was open to one organisation: when, and on which ground and purpose.

    ``ground`` and ``purpose`` are empty where none was written; then ``way`` says why.
    """

    object_id: uuid.UUID
    organisation: str
    from_at: datetime
    until_at: datetime | None
    way: SharedWay | TaskKind
    ground: str = ""
    purpose: str = ""


def shared_with(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Sequence[Shared]:
    """Who could read these sections, agreements, actions and (by the case's id) the question."""
    found = [
        *_by_disclosure(session, case, ids),
        *_by_request(session, case, ids),
        *_by_task(session, case, ids),
        *_by_lead(session, case, ids),
        *_in_emergency(session, case, ids),
        *_by_decision(session, case, ids),
        *_by_action(session, case, ids),
        *_at_table(session, case, ids),
    ]
    return sorted(found, key=lambda one: (one.from_at, one.organisation))


def _of(case: Case, organisation_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Organisations are joined where they may be named at this case."""
    return and_(
        Organisation.id == organisation_id, ~c.is_hidden_at(Case.id, organisation_id),
        Case.id == case.id,
    )  # fmt: skip


def _by_disclosure(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """To seats: of published papers, and agreed to by the source where it had to be."""
    agreed = or_(
        ~c.is_asked(Section, Disclosure.decided_at),
        and_(Disclosure.source_decided_at.is_not(None), Disclosure.source_refused.is_(False)),
        Disclosure.withdrawn_at > Meeting.opens_at,
    )
    rows = session.execute(
        _seats(case, Disclosure, Meeting)
        .join(Disclosure, Disclosure.seat_id == Seat.id)
        .join(Section, Section.id == Disclosure.section_id)
        .where(
            Disclosure.section_id.in_(ids),
            _is_open(),
            or_(Disclosure.withdrawn_at.is_(None), Disclosure.withdrawn_at > Meeting.opens_at),
            agreed,
        )
    )
    for row in rows:
        given, meeting = row.Disclosure, row.Meeting
        since = (meeting.opens_at, given.decided_at, given.source_decided_at)
        ends = (given.withdrawn_at, given.source_until_at, meeting.closes_at, meeting.cancelled_at)
        yield Shared(
            object_id=given.section_id, organisation=row.name, way=SharedWay.SEAT,
            from_at=max(one for one in since if one), until_at=_past(*ends),
            ground=given.ground, purpose=given.purpose,
        )  # fmt: skip


def _by_request(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """Who was asked for input got to know whom it is about, and the question."""
    asked = _seats(case, InputRequest).join(InputRequest, InputRequest.seat_id == Seat.id)
    names = (
        asked.add_columns(Section.id.label("object_id"))
        .join(Section, Section.case_id == Case.id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            Section.id.in_(ids),
            SectionType.is_identity.is_(True),
            ~c.is_asked(Section, InputRequest.asked_at),
        )
    )
    rows = [*session.execute(names)]
    if case.id in ids:
        rows += session.execute(asked.add_columns(Case.id.label("object_id")))
    for row in rows:
        one = row.InputRequest
        yield Shared(
            object_id=row.object_id, organisation=row.name, way=SharedWay.INPUT_REQUEST,
            from_at=one.asked_at,
            until_at=_past(one.answered_at, one.deadline_at, one.withdrawn_at),
        )  # fmt: skip


def _by_task(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """Guests, secretaries, whoever was asked, took over or reviewed: what their task named."""
    named = (
        _tasks(case)
        .add_columns(TaskSection)
        .join(TaskSection, TaskSection.task_id == Task.id)
        .join(Section, Section.id == TaskSection.section_id)
        .where(
            Section.id.in_(ids),
            or_(~c.is_asked(Section, Task.granted_at), TaskSection.source_decided_at.is_not(None)),
            TaskSection.source_refused.is_(False),
        )
    )
    for row in session.execute(named):
        section = row.TaskSection
        yield _task(
            row, section.section_id, section.source_decided_at, until=section.source_until_at
        )
    if case.id in ids:
        for row in session.execute(_tasks(case).where(Task.opens_question.is_(True))):
            yield _task(row, case.id)


def _by_lead(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """A case lead reads the plan and all actions, named or not."""
    leads = _tasks(case).where(Task.kind == TaskKind.CASE_LEAD)
    read = (
        leads.add_columns(Section.id.label("object_id"))
        .join(Section, Section.case_id == Case.id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            Section.id.in_(ids),
            SectionType.is_plan.is_(True),
            ~c.is_asked(Section, Task.granted_at),
        )
    )
    done = leads.add_columns(Action.id.label("object_id")).join(
        Action, and_(Action.case_id == Case.id, Action.id.in_(ids))
    )
    for row in (*session.execute(read), *session.execute(done)):
        yield _task(row, row.object_id)


def _task(
    row: Any,  # noqa: ANN401 - a row
    object_id: uuid.UUID,
    *since: datetime | None,
    until: datetime | None = None,
) -> Shared:
    task, meeting = row.Task, row.Meeting
    opens, closes = (meeting.opens_at, meeting.closes_at) if meeting else (None, None)
    return Shared(
        object_id=object_id, organisation=row.name, way=task.kind,
        from_at=max(one for one in (task.accepted_at, opens, *since) if one),
        until_at=_past(task.until_at, task.ended_at, closes, until),
    )  # fmt: skip


def _in_emergency(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """An emergency reading opens everything there is of the case."""
    rows = session.execute(
        select(BreakGlass, Organisation.name)
        .join(Case, Case.id == BreakGlass.case_id)
        .join(Person, Person.id == BreakGlass.person_id)
        .join(Organisation, _of(case, Person.organisation_id))
    ).all()
    for row in rows:
        opened = row.BreakGlass
        for object_id in ids:
            yield Shared(
                object_id=object_id, organisation=row.name, way=SharedWay.EMERGENCY,
                from_at=opened.from_at, until_at=_past(opened.ended_at, opened.until_at),
            )  # fmt: skip


def _by_decision(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    rows = session.execute(
        _seats(case, Decision.id.label("object_id"), Decision.recorded_at)
        .join(DecisionAddressee, DecisionAddressee.seat_id == Seat.id)
        .join(Decision, Decision.id == DecisionAddressee.decision_id)
        .where(Decision.id.in_(ids))
    )
    for row in rows:
        yield _lasting(row, SharedWay.DECISION)


def _by_action(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """The organisation that does it; where the full text was given apart, on which ground."""
    about = select(Action.id.label("object_id"), Action.recorded_at, Organisation.name).join(
        Case, Case.id == Action.case_id
    )
    held = about.join(Organisation, _of(case, Action.organisation_id)).where(Action.id.in_(ids))
    for row in session.execute(held):
        yield _lasting(row, SharedWay.ACTION)
    given = (
        about.add_columns(ActionDisclosure)
        .join(ActionDisclosure, ActionDisclosure.action_id == Action.id)
        .join(Person, Person.id == ActionDisclosure.person_id)
        .join(Organisation, _of(case, Person.organisation_id))
        .where(Action.id.in_(ids))
    )
    for row in session.execute(given):
        one = row.ActionDisclosure
        yield Shared(
            object_id=row.object_id, organisation=row.name, way=SharedWay.ACTION,
            from_at=one.decided_at, until_at=_past(one.withdrawn_at),
            ground=one.ground, purpose=one.purpose,
        )  # fmt: skip


def _at_table(session: Session, case: Case, ids: Collection[uuid.UUID]) -> Iterator[Shared]:
    """The question is read by every seat of the item once its papers are open."""
    rows = session.execute(
        _seats(case, Meeting, AgendaItem.id).where(_is_open(), Seat.removed_at.is_(None))
    )
    for row in rows:
        meeting = row.Meeting
        for key in {case.id, row.id} & set(ids):
            yield Shared(
                object_id=key, organisation=row.name, way=SharedWay.SEAT,
                from_at=meeting.opens_at, until_at=_past(meeting.closes_at, meeting.cancelled_at),
            )  # fmt: skip


def _lasting(row: Any, way: SharedWay) -> Shared:  # noqa: ANN401 - a row
    """What was told to somebody stays with them."""
    return Shared(
        object_id=row.object_id, organisation=row.name, way=way, from_at=row.recorded_at,
        until_at=None,
    )  # fmt: skip


def _seats(case: Case, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - models and columns
    """Seats at the items of the case; the columns' tables are joined by whoever asks."""
    return to_case(select(Organisation.name, *columns).select_from(Seat)).join(
        Organisation, and_(_of(case, Seat.organisation_id), Seat.is_staff_only.is_(False))
    )


def _tasks(case: Case) -> Select[*tuple[Any, ...]]:
    """Tasks that were accepted: nothing opens before that, nor, at an item, before its papers."""
    return (
        select(Task, Organisation.name, Meeting)
        .join(Case, Case.id == Task.case_id)
        .join(Organisation, _of(case, Task.organisation_id))
        .outerjoin(AgendaItem, AgendaItem.id == Task.item_id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Task.accepted_at.is_not(None), or_(Task.item_id.is_(None), _is_open()))
    )


def _is_open() -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        c.is_published(now),
        Meeting.opens_at <= now,
        or_(Meeting.cancelled_at.is_(None), Meeting.cancelled_at > Meeting.opens_at),
    )


def _past(*moments: datetime | None) -> datetime | None:
    """The first of these, when it is over: a day still to come tells too much."""
    first = min((one for one in moments if one), default=None)
    return first if first is not None and first <= clock.now() else None
