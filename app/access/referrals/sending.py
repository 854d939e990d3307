"""Sending a referral: its draft becomes a case at the table, with its clocks, and is forgotten.

Whoever refers serves no table, so all of it is written as the system; the referrer keeps the status
alone. Nothing is told of who came before: sending is the same whether or not anybody did.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.messages import referral_notices as notices
from app.access.records.new_cases import add_with_reference
from app.access.referrals import clocks, drafts, kept_out, parts, words
from app.access.referrals.drafts import OwnDraft
from app.domain.errors import Reason, Refusal
from app.domain.kinds import CaseState, ClockStart, ReferralState, Urgency
from app.domain.referral_drafts import STEP_OF, Lack
from app.infra import clock
from app.infra.wall import System, opened_for
from app.models import Case, CaseTable, Referral, SectionType


def send(session: Session, actor: Actor, own: OwnDraft) -> Case:
    """Make the case of a held draft that misses nothing. Refusal names what it misses.

    The referrer's account and the table were looked at with the draft.
    """
    table = _refuse_unfinished(own)
    now, case_id, draft = clock.now(), uuid.uuid4(), own.draft
    case = Case(
        id=case_id,
        table_id=table.id,
        bringing_organisation_id=actor.organisation_id,
        state=CaseState.REFERRED,
        channel=draft.matter.channel.value,
        created_at=now,
    )
    types = session.scalars(
        select(SectionType).where(SectionType.table_id == table.id).order_by(SectionType.position)
    ).all()
    criteria = [one.code for one in own.kind.document.criteria] if own.kind else []
    partners = drafts.possible_partners(session, actor, table, now=now)
    made = parts.made_of(
        actor,
        parts.Sent(
            case=case,
            referral_id=own.referral.id,
            draft=draft,
            types=types,
            criteria=criteria,
            partner_ids=frozenset(one.id for one in partners),
        ),
    )
    with opened_for(session, System.REFERRAL):
        add_with_reference(session, case, table.prefix)
        session.add_all(made)
        started = clocks.start(session, case, table, ClockStart.REFERRAL, now)
        _settle(own, case, due_at=started[0].due_at if started else None)
    kept_out.carry_over(session, case)
    drafts.queue_forgetting(session, [own.referral.id])
    notices.queue_arrived(session, own.referral, at_once=draft.matter.urgency is Urgency.ACUTE)
    _record(session, actor, own.referral, case)
    return case


def _record(session: Session, actor: Actor, referral: Referral, case: Case) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="referral",
            object_id=referral.id,
            case_id=case.id,
            table_id=case.table_id,
        ),
    )


def _refuse_unfinished(own: OwnDraft) -> CaseTable:
    if own.table is None:
        raise Refusal(Reason.TABLE_TAKES_NONE)
    if own.lacks == (Lack.CRITERIA,) and own.draft.met.number >= 0:
        raise Refusal(Reason.CRITERIA_CHANGED)
    if own.lacks:
        raise Refusal(Reason.REFERRAL_INCOMPLETE, STEP_OF[own.lacks[0]].value)
    return own.table


def _settle(own: OwnDraft, case: Case, *, due_at: datetime | None) -> None:
    """From now on the row says where it stands, and no word of what was written."""
    referral, draft, now = own.referral, own.draft, clock.now()
    referral.case_id, referral.state = case.id, ReferralState.SENT
    referral.channel = draft.matter.channel
    referral.urgency = draft.matter.urgency or Urgency.REGULAR
    referral.family_informed = draft.household.informed
    referral.kind_version = own.kind.number if own.kind else 0
    referral.due_at = due_at
    referral.sent_at = referral.changed_at = now
    if draft.matter.late:
        referral.late_ct = words.seal(case.id, draft.matter.late, words.late_binding(referral.id))
    referral.draft_ct = None
