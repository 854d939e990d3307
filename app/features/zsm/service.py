"""Entering a line on the day list and recording what came of it; each is one unit of work.

The meeting of a day is made by its first line, and has begun once a first result is recorded.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit, disclosure
from app.access.meetings import day_lists
from app.access.meetings.live import seats_at
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import adoption, item_questions, new_cases, outcomes
from app.access.referrals import clocks, kept_out
from app.access.tasks import minute_taking
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, DecisionKind, Ground, RetentionClass, TableKind
from app.domain.local_time import local_date
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import Case, CaseTable, Decision, DecisionAddressee

BACK, AHEAD = timedelta(days=31), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a line: an outcome of the kind, the words of an advice, a condition."""

    outcome: str = ""
    advice: str = ""
    condition: str = ""

    @property
    def is_any(self) -> bool:
        """Whether there is anything to record."""
        return bool(self.outcome or self.advice.strip() or self.condition.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line as typed; without a number the case only has its own reference."""

    number: str
    question: str
    organisation_id: uuid.UUID
    result: Result


def load_list_table(
    session: Session, actor: Actor, table_id: uuid.UUID, permission: Permission
) -> CaseTable:
    """A table served that works with a day list; NotVisible for any other."""
    table = access.load_staff_table(session, actor, table_id, permission)
    if table.kind is not TableKind.ZSM or table.ended_at is not None:
        raise NotVisible
    return table


def make_list(actor: Actor, table_id: uuid.UUID, day: date) -> None:
    """Have the meeting of a day, before there is any line."""
    _refuse_far(day)
    with transaction() as session:
        table = load_list_table(session, actor, table_id, Permission.MEETING_CREATE)
        day_lists.open_list(session, actor, table, day)


def enter_line(actor: Actor, table_id: uuid.UUID, day: date, new: NewLine) -> uuid.UUID:
    """Put a case on the list of a day, new or known by its number; gives the item.

    Refusal DATE_IN_PAST, VALUE_MISSING, COVENANT_MISSING, CASE_ALREADY_ON_AGENDA, and of `_keep`.
    """
    _refuse_far(day)
    with transaction() as session:
        table = load_list_table(session, actor, table_id, Permission.CASE_CREATE)
        meeting = day_lists.open_list(session, actor, table, day)
        case = _case(session, actor, table, new)
        item = day_lists.put_on_list(session, actor, table, meeting, case)
        if new.result.is_any:
            _keep(session, actor, LoadedItem(item, meeting, case), new.result)
        kept_out.carry_over(session, case)
        return item.id


def record_result(actor: Actor, item_id: uuid.UUID, result: Result) -> tuple[uuid.UUID, date]:
    """Record what came of a line; an empty outcome takes the last one back. Gives where it is."""
    with transaction() as session:
        at = load_line(session, actor, item_id, Permission.DECISION_RECORD)
        _keep(session, actor, at, result)
        return at.meeting.table_id, local_date(at.meeting.starts_at)


def load_line(
    session: Session, actor: Actor, item_id: uuid.UUID, permission: Permission
) -> LoadedItem:
    """A line of a day list of a table served; a barred one is NotVisible."""
    at = access.load_item(session, actor, item_id, permission)
    load_list_table(session, actor, at.meeting.table_id, permission)
    return at


def _refuse_far(day: date) -> None:
    if day < clock.today() - BACK:
        raise Refusal(Reason.DATE_IN_PAST)
    if day > clock.today() + AHEAD:
        raise NotVisible


def _case(session: Session, actor: Actor, table: CaseTable, new: NewLine) -> Case:
    known = day_lists.known_case(session, actor, table, new.number) if new.number else None
    if known is not None:
        if new.question.strip():
            known.question_ct = new_cases.sealed_question(known.id, _asked(session, known, new))
            new_cases.record(session, actor, audit.Event.CHANGE, known)
        return known
    if not new.question.strip():
        raise Refusal(Reason.VALUE_MISSING, "question")
    wanted = new_cases.NewCase(
        table_id=table.id,
        organisation_id=new.organisation_id,
        question=new.question,
        channel="",
    )
    case = new_cases.add_case(session, actor, table, wanted)
    case.imported_number = new.number or None
    return case


def _asked(session: Session, known: Case, new: NewLine) -> str:
    """The words of the day alone, once what was asked before is kept; else after those."""
    if known.question_ct is None or item_questions.is_kept(session, known):
        return new.question
    return f"{crypto.unseal(disclosure.sealed_question(known))}\n\n{new.question}"


def _keep(session: Session, actor: Actor, at: LoadedItem, result: Result) -> None:
    """Keep what came of a line.

    STATE_NOT_ALLOWED before its day and once the minutes are adopted; VALUE_UNKNOWN, NAMES_HIDDEN,
    GATE_WAITS.
    """
    session.refresh(at.meeting, with_for_update=True)
    if result.is_any and local_date(at.meeting.starts_at) > clock.today():
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    minute_taking.refuse_at_the_gate(session, actor, at)
    if (at.meeting.adopted_at or at.item.adopted_at) is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    outcomes.choose(session, actor, at, result.outcome)
    for kind, text in (
        (DecisionKind.ADVICE, result.advice),
        (DecisionKind.BY_PROSECUTOR, result.condition),
    ):
        if text.strip():
            _write_down(session, actor, at, kind, text)
    if result.is_any:
        _was_discussed(session, actor, at)


def _write_down(
    session: Session, actor: Actor, at: LoadedItem, kind: DecisionKind, text: str
) -> None:
    """For every seat at the case; where there is none, it stands there for staff alone."""
    assert at.case is not None  # noqa: S101 - load_item saw to it
    seats = seats_at(session, at.item)
    readers = [one.seat.id for one in seats]
    refuse_naming(actor, at, seats, text, readers=readers)
    decision_id = uuid.uuid4()
    scope = KeyScope.of_case(at.case.id, RetentionClass.DECISIONS)
    session.add(
        Decision(
            id=decision_id,
            item_id=at.item.id,
            case_id=at.case.id,
            kind=kind,
            text_ct=crypto.seal(scope, text, belongs_to=f"decision:{decision_id}:text"),
            recorded_by_id=actor.person_id,
            recorded_at=clock.now(),
        )
    )
    session.flush()
    session.add_all(DecisionAddressee(decision_id=decision_id, seat_id=one) for one in readers)
    if at.meeting.closed_at is not None:
        adoption.words_changed(session, at.meeting, at.item, now=clock.now())
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="decision",
            object_id=decision_id,
            ground=Ground.STAFF,
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=at.case.id,
        ),
    )


def _was_discussed(session: Session, actor: Actor, at: LoadedItem) -> None:
    """With its first result a line was discussed, and the meeting of its day has begun."""
    now = clock.now()
    at.meeting.started_at = at.meeting.started_at or now
    if at.item.opened_at is None:
        at.item.opened_at = at.item.closed_at = now
    if at.case is not None and at.case.state is CaseState.ON_AGENDA:
        at.case.state = CaseState.DISCUSSED
    if at.case is not None:
        clocks.meet_discussed(session, at.meeting.table_id, [at.case.id], actor)
