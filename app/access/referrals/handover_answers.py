"""One of those who may accept a handover accepts or refuses it, for the table or team as a whole.

Only then the duty moves, with the time of both; whoever comes second reads what the first one did.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access import conditions as c
from app.access.actor import Actor
from app.access.referrals import clocks, handover_due
from app.access.referrals.handover_scopes import is_unanswered
from app.access.referrals.handovers import end_tasks, hold, line_of
from app.access.referrals.triage import tell_referrer
from app.access.tasks import holding, tasks, transfers
from app.access.tasks.holding import OwnTask
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    WAITING_REFERRALS,
    ClockStart,
    Ground,
    ReferralState,
    RetentionClass,
    TaskKind,
)
from app.domain.states import SHUT
from app.domain.working_days import midnight_after
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System, opened_for
from app.models import Case, CaseTable, Handover, Referral, Task

# So long a team may still read what it accepted, to take it down in its own file.
WORKING_DAYS_TO_READ = 5


def load_offered(session: Session, actor: Actor, task_id: uuid.UUID) -> OwnTask:
    """An own task that asks to accept a handover. NotVisible, Refusal HANDOVER_SETTLED.

    Whoever held one is told that it was settled meanwhile; nobody else is told anything.
    """
    try:
        own = holding.load_own(session, actor, task_id)
    except NotVisible:
        if _was_offered(session, actor, task_id):
            raise Refusal(Reason.HANDOVER_SETTLED) from None
        raise
    if own.task.handover_id is None:
        raise NotVisible
    return own


def _was_offered(session: Session, actor: Actor, task_id: uuid.UUID) -> bool:
    return bool(
        session.scalar(
            select(Task.id).where(
                Task.id == task_id,
                Task.person_id == actor.person_id,
                Task.organisation_id == actor.organisation_id,
                Task.kind == TaskKind.HANDOVER,
                Task.handover_id.is_not(None),
                Task.ended_at.is_not(None),
                c.is_not_barred(actor, clock.now(), case_id=Task.case_id),
            )
        )
    )


def may_accept(actor: Actor, task: Task) -> bool:
    """A held task of a handover to a table still served, or to the team still represented."""
    if task.handover_id is None:
        return False
    if task.to_table_id is not None:
        return task.to_table_id in actor.staff_table_ids
    return bool(actor.representative_table_ids)


def waits(session: Session, task: Task) -> bool:
    """A held task asks to answer a handover that nobody answered yet."""
    if task.handover_id is None:
        return False
    asked = select(Handover.id).where(Handover.id == task.handover_id, is_unanswered())
    return session.scalar(asked) is not None


def accept(session: Session, actor: Actor, own: OwnTask) -> Handover:
    """The table or team of a task that is open takes the case over. NotVisible, Refusal.

    Refused while the case is being discussed.
    """
    if not may_accept(actor, own.task):
        raise NotVisible
    handover = _hold(session, own)
    now = clock.now()
    with opened_for(session, System.HANDOVER):
        case = _hold_case(session, handover)
        handover.accepted_at, handover.accepted_by_id = now, actor.person_id
        old = session.get_one(CaseTable, handover.from_table_id)
        clocks.meet(session, case, old, ClockStart.REFERRAL, actor)
        clocks.end(session, case)
        if handover.to_table_id is not None:
            transfers.move(session, actor, case, handover.to_table_id)
            there = session.get_one(CaseTable, handover.to_table_id)
            clocks.start(session, case, there, ClockStart.ACCEPTANCE, now)
        elif handover.to_organisation_id is not None:
            transfers.leave(session, actor, case, handover.to_organisation_id)
            # It ended as the case closed; whoever accepted takes it down in the own file first.
            own.task.ended_at = own.task.ended_by_id = None
            own.task.until_at = midnight_after(now, WORKING_DAYS_TO_READ, is_holiday)
        _referral_follows(session, actor, case)
    audit.record(session, actor, tasks.line_of(own.task, audit.Event.TRANSFER))
    handover_due.tell_answer(session, handover)
    return handover


def _hold(session: Session, own: OwnTask) -> Handover:
    """The handover of a loaded task, held."""
    if own.task.handover_id is None:
        raise NotVisible
    handover = hold(session, own.case.id, own.task.handover_id)
    session.refresh(own.task)
    return handover


def _hold_case(session: Session, handover: Handover) -> Case:
    """The case, held, while it stands at the table that offers it. NotVisible, Refusal.

    HANDOVER_SETTLED where it ended.
    """
    case = session.scalars(
        select(Case)
        .where(Case.id == handover.case_id, Case.table_id == handover.from_table_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise NotVisible
    if case.state in SHUT:
        raise Refusal(Reason.HANDOVER_SETTLED)
    return case


def _referral_follows(session: Session, actor: Actor, case: Case) -> None:
    """Whoever referred it sees where it lies while that waits, and hears that it was accepted.

    Once judged it follows no more: where a family goes from there is not for whoever referred it.
    """
    referral = session.scalars(select(Referral).where(Referral.case_id == case.id)).one_or_none()
    if referral is None or referral.state not in WAITING_REFERRALS:
        return
    referral.table_id, referral.team_id = case.table_id, case.team_id
    referral.changed_at = referral.passed_on_at = clock.now()
    referral.state = ReferralState.ACCEPTED
    referral.decided_at, referral.decided_by_id = clock.now(), actor.person_id
    tell_referrer(session, referral)


def refuse(session: Session, actor: Actor, own: OwnTask, reason: str) -> Handover:
    """The table or team does not take the case over; why is for the sender. Refusal."""
    if not may_accept(actor, own.task):
        raise NotVisible
    handover = _hold(session, own)
    with opened_for(session, System.HANDOVER):
        handover.refused_at, handover.refused_by_id = clock.now(), actor.person_id
        handover.answer_ct = crypto.seal(
            KeyScope.of_case(own.case.id, RetentionClass.SUMMARY),
            reason,
            belongs_to=answer_binding(handover.id),
        )
    end_tasks(session, actor, handover)
    audit.record(session, actor, line_of(handover, audit.Event.CHANGE, Ground.TASK))
    handover_due.tell_answer(session, handover)
    return handover


def answer_binding(handover_id: uuid.UUID) -> str:
    """What ties the sealed answer to its handover."""
    return f"handover:{handover_id}:answer"


def sealed_answer(handover: Handover) -> Sealed:
    """Why it was refused, as it is stored; for the sender."""
    return Sealed(handover.answer_ct, answer_binding(handover.id))
