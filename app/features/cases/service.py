"""Acts on a case itself: new, its question, its state; each is one unit of work and logged."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import (
    Actor,
    Permission,
    audit,
    case_scopes,
    disclosure,
    load_case,
    load_staff_table,
)
from app.access.tasks.giving import end_with_case
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import CaseState, Ground, RetentionClass
from app.domain.references import new_reference
from app.domain.states import may_move
from app.features.cases.case_page import MOVES_BY_HAND
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import Case, Organisation

SHUT = (CaseState.CLOSED, CaseState.DESTROYED, CaseState.REFUSED)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a coordinator types for a new case."""

    table_id: uuid.UUID
    organisation_id: uuid.UUID
    question: str
    channel: str


def create_case(actor: Actor, new: NewCase) -> uuid.UUID:
    """Put a new case on the list of a table served; gives its id."""
    with transaction() as session:
        table = load_staff_table(session, actor, new.table_id, Permission.CASE_CREATE)
        known = session.scalars(case_scopes.participants(table.id))
        if new.organisation_id not in {one.id for one in known}:
            raise Refusal(Reason.COVENANT_MISSING, "organisation")
        case_id = uuid.uuid4()
        case = Case(
            id=case_id,
            table_id=table.id,
            bringing_organisation_id=new.organisation_id,
            state=CaseState.ACCEPTED,
            channel=new.channel,
            question_ct=_sealed_question(case_id, new.question),
            created_at=clock.now(),
        )
        add_with_reference(session, case, table.prefix)
        record(session, actor, audit.Event.ADD, case)
    return case_id


def add_with_reference(session: Session, case: Case, prefix: str) -> None:
    """Store a new case under a reference nobody has; a clash is tried again."""
    for attempt in range(1, MOST_TRIES + 1):
        case.reference = new_reference(prefix)
        try:
            with session.begin_nested():
                session.add(case)
        except IntegrityError:
            if attempt == MOST_TRIES:
                raise
        else:
            return


def change_question(actor: Actor, case_id: uuid.UUID, *, question: str, version: int) -> None:
    """Replace the question to the table; StaleEdit when somebody saved since ``version``."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        is_late = case.version != version
        if is_late:
            # Whoever was late is shown the other text: a reading, in this very transaction.
            record(session, actor, audit.Event.READ, case)
        else:
            case.question_ct = _sealed_question(case_id, question)
            record(session, actor, audit.Event.CHANGE, case)
    if is_late:
        raise StaleEdit(crypto.unseal(disclosure.sealed_question(case)), case.version)


def move_case(actor: Actor, case_id: uuid.UUID, to: CaseState) -> None:
    """Bring a case into a next state by hand; the agenda has its own moves."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        off_agenda = case.state is CaseState.ON_AGENDA and to is CaseState.ACCEPTED
        if to not in MOVES_BY_HAND or off_agenda or not may_move(case.state, to):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        case.state = to
        if to in (CaseState.CLOSED, CaseState.REFUSED):
            case.closed_at = clock.now()
            end_with_case(session, actor, case)
        record(session, actor, audit.Event.CHANGE, case)


def load_open_case(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case that may still be written in."""
    case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
    if case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return case


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    case: Case,
    *,
    kind: str = "case",
    object_id: uuid.UUID | None = None,
) -> None:
    """One log row about a case or something in it."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=kind,
            object_id=object_id or case.id,
            case_id=case.id,
            table_id=case.table_id,
            section_id=object_id if kind == "section" else None,
            ground=Ground.STAFF,
        ),
    )


def organisation_taking_part(
    session: Session, case: Case, organisation_id: uuid.UUID, field: str
) -> Organisation:
    """A source must take part in the table of the case."""
    statement = case_scopes.participants(case.table_id).where(Organisation.id == organisation_id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise Refusal(Reason.VALUE_UNKNOWN, field)
    return found


def _sealed_question(case_id: uuid.UUID, question: str) -> bytes:
    return crypto.seal(
        KeyScope.of_case(case_id, RetentionClass.SUMMARY),
        question,
        belongs_to=disclosure.question_binding(case_id),
    )


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


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a case leaves unfinished."""

    reference: str
    open_actions: int


def closing(actor: Actor, case_id: uuid.UUID) -> Closing:
    """What staff see before they close a case."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        if not may_move(case.state, CaseState.CLOSED):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        return Closing(case.reference, case_scopes.count_open_actions(session, case.id))
