"""Acts on a case itself: new, its question, its state; each is one unit of work and logged."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.access import (
    Actor,
    Permission,
    audit,
    disclosure,
    load_case,
    load_staff_table,
)
from app.access.case_life import plans
from app.access.records import settling
from app.access.records.new_cases import NewCase, add_case, record, sealed_question
from app.access.records.settling import Decision
from app.access.referrals import by_telephone, clocks, feedback, waiting
from app.access.referrals.held_cases import hold_case
from app.access.tasks.giving import end_with_case
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import CaseState
from app.domain.states import SHUT
from app.features.cases.case_page import is_by_hand
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Case


def create_case(actor: Actor, new: NewCase, caller_id: uuid.UUID | None = None) -> uuid.UUID:
    """Put a new case on the list of a table served; gives its id.

    What somebody called about is judged first, like every other referral.
    """
    with transaction() as session:
        table = load_staff_table(session, actor, new.table_id, Permission.CASE_CREATE)
        if caller_id is not None:
            return by_telephone.take_down(session, actor, table, new, caller_id).id
        return add_case(session, actor, table, new).id


def change_question(actor: Actor, case_id: uuid.UUID, *, question: str, version: int) -> None:
    """Replace the question to the table; StaleEdit when somebody saved since ``version``."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        is_late = case.version != version
        if is_late:
            # Whoever was late is shown the other text: a reading, in this very transaction.
            record(session, actor, audit.Event.READ, case)
        else:
            case.question_ct = sealed_question(case_id, question)
            record(session, actor, audit.Event.CHANGE, case)
    if is_late:
        raise StaleEdit(crypto.unseal(disclosure.sealed_question(case)), case.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is said where a case ends; ``message`` is for whoever referred it.

    ``decisions``: what becomes of each unfinished action.
    """

    reason: str = ""
    message: str = ""
    decisions: Mapping[uuid.UUID, Decision] = field(default_factory=dict)


def move_case(
    actor: Actor, case_id: uuid.UUID, to: CaseState, ending: Ending | None = None
) -> None:
    """Bring a case into a next state by hand; the agenda has its own moves.

    A case of which criteria to end it are not met closes with a reason, and none closes while an
    action of it is undecided. REASON_NEEDED, ACTIONS_UNDECIDED.
    """
    said = ending or Ending()
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        hold_case(session, case)
        if not is_by_hand(case.state, to) or waiting.is_judged(session, case):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if to is CaseState.CLOSED and not said.reason and plans.exit_count(session, case.id).unmet:
            raise Refusal(Reason.REASON_NEEDED, "reason")
        if to is CaseState.CLOSED:
            settling.settle(session, actor, case, said.decisions)
        case.state = to
        if to in (CaseState.CLOSED, CaseState.REFUSED):
            case.closed_at = clock.now()
            end_with_case(session, actor, case)
            clocks.end(session, case)
            feedback.tell_ended(session, case, said.message)
        record(session, actor, audit.Event.CHANGE, case, reason=said.reason)


def close_case(actor: Actor, case_id: uuid.UUID, ending: Ending) -> None:
    """End a case. STATE_NOT_ALLOWED, REASON_NEEDED, ACTIONS_UNDECIDED."""
    move_case(actor, case_id, CaseState.CLOSED, replace(ending, reason=ending.reason.strip()))


def load_open_case(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case that may still be written in."""
    case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
    if case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return case


@dataclass(frozen=True, slots=True)
class QuestionToEdit:
    """The question as it stands, with the version an edit starts from."""

    reference: str
    question: str
    version: int


def question_to_edit(actor: Actor, case_id: uuid.UUID) -> QuestionToEdit:
    """Read the question for editing; recorded as a reading."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        record(session, actor, audit.Event.READ, case)
    question = crypto.unseal(disclosure.sealed_question(case))
    return QuestionToEdit(case.reference, question, case.version)
