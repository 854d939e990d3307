"""What the day list and the page of one line show; opened texts are recorded as readings.

The number of statements is that of a day, whatever the number of its lines.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, case_scopes, disclosure, scopes
from app.access.meetings import day_lists
from app.access.readings import readings_of_case
from app.access.records import outcomes
from app.access.records.outcomes import Recorded
from app.domain.kind_document import OutcomeRule, Words
from app.domain.kinds import DecisionKind, Ground
from app.domain.local_time import local_date
from app.domain.states import SHUT
from app.domain.working_days import add_working_days, is_working_day, subtract_working_days
from app.features.zsm.service import AHEAD, BACK, load_line, load_list_table
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, Case, CaseTable, Decision, Meeting, Organisation

ADVICE, CONDITION = DecisionKind.ADVICE, DecisionKind.BY_PROSECUTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case on the list of a day; without a case it is a closed block."""

    item_id: uuid.UUID
    starts_at: datetime
    case_id: uuid.UUID | None
    reference: str = ""
    number: str = ""
    question: str = ""
    brought_by: str = ""
    outcome: Words | None = None
    has_advice: bool = False
    conditions: int = 0
    may_refer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMeeting:
    """A meeting of the day and how far it is."""

    id: uuid.UUID
    starts_at: datetime
    has_begun: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form of a line offers: who takes part, and the outcomes of the kind in force."""

    organisations: tuple[tuple[uuid.UUID, str], ...]
    offered: tuple[OutcomeRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """The list of one day of one table."""

    table_id: uuid.UUID
    table: str
    day: date
    before: date
    after: date
    is_today: bool
    is_working_day: bool
    takes_lines: bool
    meetings: tuple[ListMeeting, ...]
    lines: tuple[Line, ...]
    offered: tuple[OutcomeRule, ...]
    last_organisation_id: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An advice or a condition as it was written down."""

    kind: DecisionKind
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePage:
    """One line with what was written down about it."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    has_begun: bool
    table_id: uuid.UUID
    table: str
    day: date
    case_id: uuid.UUID
    reference: str
    number: str
    question: str
    outcome: str
    offered: tuple[OutcomeRule, ...]
    written: tuple[Written, ...]
    may_refer: bool
    is_open: bool


def choices_of(actor: Actor, table_id: uuid.UUID) -> Choices:
    """What a line may name; nothing of the list itself is read for it."""
    with reading() as session:
        table = load_list_table(session, actor, table_id, Permission.MEETING_READ)
        partners = session.scalars(case_scopes.participants(table.id))
        return Choices(
            tuple((one.id, one.name) for one in partners), outcomes.offered(session, table.id)
        )


def day_page(actor: Actor, table_id: uuid.UUID, day: date) -> DayPage:
    """The list of a day; reading its questions is recorded."""
    with transaction() as session:
        table = load_list_table(session, actor, table_id, Permission.MEETING_READ)
        meetings = session.scalars(day_lists.meetings_of(actor, table.id, day)).all()
        rows = _rows(session, actor, [one.id for one in meetings])
        items = [row.AgendaItem.id for row in rows if row.Case is not None]
        came_of = outcomes.of_items(session, actor, items)
        written = _counts(session, actor, items)
        readings = [line for row in rows if row.Case for line in readings_of_case(row.Case)]
        audit.record_all(session, actor, readings)
        offered = outcomes.offered(session, table.id)
    lines = _lines(rows, came_of, written)
    last = [row.Case.bringing_organisation_id for row in rows if row.Case is not None]
    today = clock.today()
    return DayPage(
        table_id=table.id,
        table=table.name,
        day=day,
        before=subtract_working_days(day, 1, is_holiday),
        after=add_working_days(day, 1, is_holiday),
        is_today=day == today,
        is_working_day=is_working_day(day, is_holiday),
        takes_lines=today - BACK <= day <= today + AHEAD,
        meetings=tuple(_meeting(one) for one in meetings),
        lines=lines,
        offered=offered,
        last_organisation_id=last[-1] if last else None,
    )


def _meeting(one: Meeting) -> ListMeeting:
    return ListMeeting(
        id=one.id,
        starts_at=one.starts_at,
        has_begun=one.started_at is not None,
        is_closed=one.closed_at is not None,
    )


def _rows(
    session: Session, actor: Actor, meeting_ids: Sequence[uuid.UUID]
) -> Sequence[Row[AgendaItem, Meeting, Case, str]]:
    """Every line of these meetings in order, closed blocks included, without fixed blocks."""
    statement = (
        scopes.staff_items(actor, now=clock.now())
        .outerjoin(Organisation, Organisation.id == Case.bringing_organisation_id)
        .add_columns(Organisation.name.label("brought_by"))
        .where(AgendaItem.meeting_id.in_(meeting_ids), AgendaItem.case_id.is_not(None))
        .order_by(Meeting.starts_at, Meeting.id, AgendaItem.position, AgendaItem.id)
    )
    return session.execute(statement).all()


def _counts(
    session: Session, actor: Actor, items: Sequence[uuid.UUID]
) -> Counter[tuple[uuid.UUID, DecisionKind]]:
    """How many advices and conditions stand at each of these lines."""
    rows = session.execute(
        scopes.staff_decisions(actor, now=clock.now())
        .where(Decision.item_id.in_(items), Decision.kind.in_((ADVICE, CONDITION)))
        .with_only_columns(Decision.item_id, Decision.kind, func.count())
        .group_by(Decision.item_id, Decision.kind)
    )
    return Counter({(item_id, kind): number for item_id, kind, number in rows})


def _lines(
    rows: Sequence[Row[AgendaItem, Meeting, Case, str]],
    came_of: Mapping[uuid.UUID, Recorded],
    written: Counter[tuple[uuid.UUID, DecisionKind]],
) -> tuple[Line, ...]:
    shown = [row.Case for row in rows if row.Case is not None]
    opened = crypto.unseal_many([disclosure.sealed_question(case) for case in shown])
    questions = dict(zip((case.id for case in shown), opened, strict=True))
    found = []
    for row in rows:
        item, case = row.AgendaItem, row.Case
        if case is None:
            found.append(Line(item_id=item.id, starts_at=item.starts_at, case_id=None))
            continue
        outcome = came_of.get(item.id)
        found.append(
            Line(
                item_id=item.id,
                starts_at=item.starts_at,
                case_id=case.id,
                reference=case.reference,
                number=case.imported_number or "",
                question=questions[case.id],
                brought_by=row.brought_by,
                outcome=outcome.text if outcome else None,
                has_advice=written[item.id, ADVICE] > 0,
                conditions=written[item.id, CONDITION],
                may_refer=may_refer(case),
            )
        )
    return tuple(found)


def may_refer(case: Case) -> bool:
    """Whether a case can still go on to another table."""
    return case.state not in SHUT


def line_page(actor: Actor, item_id: uuid.UUID) -> LinePage:
    """One line with its texts; reading them is recorded."""
    with transaction() as session:
        at = load_line(session, actor, item_id, Permission.DECISION_RECORD)
        assert at.case is not None  # noqa: S101 - load_item saw to it
        table = session.get_one(CaseTable, at.meeting.table_id)
        decisions = session.scalars(
            scopes.staff_decisions(actor, now=clock.now())
            .where(Decision.item_id == item_id, Decision.kind.in_((ADVICE, CONDITION)))
            .order_by(Decision.recorded_at, Decision.id)
        ).all()
        came_of = outcomes.of_items(session, actor, [item_id]).get(item_id)
        offered = outcomes.offered(session, table.id)
        audit.record_all(
            session,
            actor,
            [*readings_of_case(at.case), *(_reading(one, at.meeting) for one in decisions)],
        )
    sealed = [Sealed(one.text_ct, f"decision:{one.id}:text") for one in decisions]
    question, *texts = crypto.unseal_many([disclosure.sealed_question(at.case), *sealed])
    return LinePage(
        item_id=item_id,
        meeting_id=at.meeting.id,
        has_begun=at.meeting.started_at is not None,
        table_id=table.id,
        table=table.name,
        day=local_date(at.meeting.starts_at),
        case_id=at.case.id,
        reference=at.case.reference,
        number=at.case.imported_number or "",
        question=question,
        outcome=came_of.code if came_of else "",
        offered=offered,
        written=tuple(
            Written(kind=one.kind, text=text, at=one.recorded_at)
            for one, text in zip(decisions, texts, strict=True)
        ),
        may_refer=may_refer(at.case),
        is_open=(at.meeting.adopted_at or at.item.adopted_at) is None,
    )


def _reading(one: Decision, meeting: Meeting) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind="decision",
        object_id=one.id,
        ground=Ground.STAFF,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=one.item_id,
        case_id=one.case_id,
    )
