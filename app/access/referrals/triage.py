"""What staff do with a referral, and what its referrer does back: every move of its state, once.

The case and its referral move in step, here and nowhere else. The question whether it came before
is for ``repeats``; going to another table or a team is a handover.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.messages.referral_notices import queue_arrived
from app.access.permissions import Permission, audience_of
from app.access.referrals import clocks, scopes, words
from app.access.referrals.held_cases import hold_tasks
from app.access.tasks.giving import end_with_case
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    WAITING_REFERRALS,
    CaseState,
    ClockStart,
    Ground,
    ReferralState,
    Urgency,
)
from app.domain.states import may_move
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Case, CaseTable, Referral, ReferralQuestion

TELL_REFERRER: Final = "referrals.told"

# How the case stands where its referral does.
STATES: Final = {
    ReferralState.SENT: CaseState.REFERRED,
    ReferralState.IN_TRIAGE: CaseState.IN_TRIAGE,
    ReferralState.RETURNED: CaseState.RETURNED,
    ReferralState.ACCEPTED: CaseState.ACCEPTED,
    ReferralState.ADVISED: CaseState.REFUSED,
    ReferralState.REFUSED: CaseState.REFUSED,
    ReferralState.WITHDRAWN: CaseState.CLOSED,
    ReferralState.CLOSED: CaseState.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A referral with its case and the table it lies at, held until the act is done."""

    referral: Referral
    case: Case
    table: CaseTable


def find(session: Session, actor: Actor, referral_id: uuid.UUID) -> Loaded:
    """A referral at a table served, to look at. NotVisible."""
    row = session.execute(_served(actor, referral_id)).one_or_none()
    if row is None:
        raise NotVisible
    return Loaded(row.Referral, row.Case, row.CaseTable)


def load(session: Session, actor: Actor, referral_id: uuid.UUID, permission: Permission) -> Loaded:
    """The same, held for one act at a time. NotVisible."""
    if not actor.belongs_to(audience_of(permission)):
        raise NotVisible
    hold_tasks(session, _case_of(referral_id))
    row = session.execute(
        _served(actor, referral_id)
        .with_for_update(of=(Referral, Case))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return Loaded(row.Referral, row.Case, row.CaseTable)


def _served(actor: Actor, referral_id: uuid.UUID) -> Select[Referral, Case, CaseTable]:
    return (
        scopes.staff_referrals(actor, now=clock.now())
        .join(CaseTable, CaseTable.id == Case.table_id)
        .add_columns(CaseTable)
        .where(Referral.id == referral_id)
    )


def _case_of(referral_id: uuid.UUID) -> ScalarSelect[uuid.UUID | None]:
    return select(Referral.case_id).where(Referral.id == referral_id).scalar_subquery()


def take_up(session: Session, actor: Actor, loaded: Loaded) -> None:
    """Somebody looks at it now; a question that was asked back need not be answered any more."""
    _move(session, actor, loaded, ReferralState.IN_TRIAGE)


def ask_back(session: Session, actor: Actor, loaded: Loaded, question: str) -> None:
    """Ask the referrer something; the clock goes on meanwhile."""
    _move(session, actor, loaded, ReferralState.RETURNED)
    question_id, now = uuid.uuid4(), clock.now()
    session.add(
        ReferralQuestion(
            id=question_id,
            referral_id=loaded.referral.id,
            text_ct=words.seal(loaded.case.id, question, words.asked_binding(question_id)),
            asked_by_id=actor.person_id,
            asked_at=now,
        )
    )
    tell_referrer(session, loaded.referral)


def accept(
    session: Session, actor: Actor, loaded: Loaded, *, message: str = "", reason: str = ""
) -> None:
    """Take it on: the case stands on the list of the table. ``message`` is for the referrer.

    ``reason`` is why, where a required criterion is not met; it goes with the log of the case.
    """
    _decide(session, actor, loaded, ReferralState.ACCEPTED, message=message, reason=reason)
    clocks.start(session, loaded.case, loaded.table, ClockStart.ACCEPTANCE, clock.now())


def decline(
    session: Session, actor: Actor, loaded: Loaded, state: ReferralState, message: str
) -> None:
    """Advise or refuse, with what is addressed to the referrer; the case ends here."""
    if state not in (ReferralState.ADVISED, ReferralState.REFUSED):
        raise Refusal(Reason.VALUE_UNKNOWN)
    _decide(session, actor, loaded, state, message=message)
    _end(session, actor, loaded.case)


def close_as_double(session: Session, actor: Actor, loaded: Loaded) -> None:
    """It belongs to a case of the table that is there already: this one ends.

    To the referrer it reads as accepted: whose case it joined is not the referrer's to know.
    """
    _decide(session, actor, loaded, ReferralState.ACCEPTED)
    loaded.case.state = CaseState.CLOSED
    _end(session, actor, loaded.case)


def answer_back(
    session: Session, actor: Actor, referral: Referral, question_id: uuid.UUID, text: str
) -> None:
    """The referrer answers what was asked back about an own, loaded referral. NotVisible, Refusal.

    Staff go on with it; a question answered before stays as it was.
    """
    with opened_for(session, System.REFERRAL):
        loaded = _own(session, referral)
        question = session.scalars(
            select(ReferralQuestion)
            .where(ReferralQuestion.id == question_id, ReferralQuestion.referral_id == referral.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if question is None:
            raise NotVisible
        if question.answered_at is not None:
            raise Refusal(Reason.ALREADY_ANSWERED)
        if loaded.referral.state not in WAITING_REFERRALS:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        question.answer_ct = words.seal(loaded.case.id, text, words.answer_binding(question.id))
        question.answered_at, question.answered_by_id = clock.now(), actor.person_id
        if loaded.referral.state is ReferralState.RETURNED:
            _step(loaded, ReferralState.IN_TRIAGE)
    queue_arrived(session, loaded.referral, at_once=loaded.referral.urgency is Urgency.ACUTE)
    _record(session, actor, loaded, Ground.TASK)


def withdraw(session: Session, actor: Actor, referral: Referral, reason: str) -> None:
    """The referrer takes an own, loaded referral back while it waits; staff read why. Refusal."""
    with opened_for(session, System.REFERRAL):
        loaded = _own(session, referral)
        _step(loaded, ReferralState.WITHDRAWN)
        loaded.referral.decided_at, loaded.referral.decided_by_id = clock.now(), actor.person_id
        loaded.referral.outcome_ct = _sealed_outcome(loaded, reason)
    with opened_for(session, System.HANDOVER):
        _end(session, actor, loaded.case)
    _record(session, actor, loaded, Ground.TASK)


def _own(session: Session, referral: Referral) -> Loaded:
    """The case and table of a referral its referrer loaded, held in the order staff hold them."""
    hold_tasks(session, _case_of(referral.id))
    row = session.execute(
        select(Referral, Case, CaseTable)
        .join(Case, Case.id == Referral.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .where(Referral.id == referral.id)
        .with_for_update(of=(Referral, Case))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return Loaded(row.Referral, row.Case, row.CaseTable)


def _decide(
    session: Session,
    actor: Actor,
    loaded: Loaded,
    state: ReferralState,
    *,
    message: str = "",
    reason: str = "",
) -> None:
    _move(session, actor, loaded, state, reason=reason)
    referral = loaded.referral
    referral.decided_at, referral.decided_by_id = clock.now(), actor.person_id
    referral.outcome_ct = _sealed_outcome(loaded, message)
    clocks.meet(session, loaded.case, loaded.table, ClockStart.REFERRAL, actor)
    tell_referrer(session, referral)


def _sealed_outcome(loaded: Loaded, message: str) -> bytes | None:
    if not message.strip():
        return None
    return words.seal(loaded.case.id, message, words.outcome_binding(loaded.referral.id))


def _end(session: Session, actor: Actor, case: Case) -> None:
    """Nothing of it goes on: no task, no offer to another table, and no clock."""
    case.closed_at = clock.now()
    end_with_case(session, actor, case)
    clocks.end(session, case)


def _move(
    session: Session, actor: Actor, loaded: Loaded, to: ReferralState, *, reason: str = ""
) -> None:
    _step(loaded, to)
    _record(session, actor, loaded, Ground.STAFF, reason=reason)


def _step(loaded: Loaded, to: ReferralState) -> None:
    """Both states at once; refused where somebody else was first, or it is decided."""
    waits = loaded.referral.state in WAITING_REFERRALS
    if not waits or loaded.referral.state is to or not may_move(loaded.case.state, STATES[to]):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    loaded.referral.state, loaded.case.state = to, STATES[to]
    loaded.referral.changed_at = clock.now()


def _record(
    session: Session, actor: Actor, loaded: Loaded, ground: Ground, *, reason: str = ""
) -> None:
    """One line of the log per move; its outcome is the state that holds from now on."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="referral",
            object_id=loaded.referral.id,
            outcome=loaded.referral.state.value,
            ground=ground,
            case_id=loaded.case.id,
            table_id=loaded.case.table_id,
            reason=reason,
        ),
    )


def tell_referrer(session: Session, referral: Referral) -> None:
    """Queue a neutral mail: something about the own referral changed. Asked again on delivery."""
    outbox.add(
        session,
        TELL_REFERRER,
        unique_key=f"{TELL_REFERRER}:{uuid.uuid4()}",
        payload={
            "referral_id": referral.id,
            "person_id": referral.person_id,
            "state": referral.state.value,
            "mail_id": uuid.uuid4(),
        },
    )
