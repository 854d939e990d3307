"""What staff ask whoever calls, and record while the referral waits; never of a written referral.

What a referrer wrote is the referrer's: there staff ask back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.case_life import informings
from app.access.referrals import completeness
from app.access.referrals.triage import Loaded
from app.domain.errors import Reason, Refusal
from app.domain.kinds import WAITING_REFERRALS, Channel, Ground, Urgency
from app.infra import clock
from app.models import Informing, ReferralCriterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How soon it is needed, which criteria are met, and what the family knows."""

    urgency: Urgency
    met: Collection[str] = ()
    informed: bool | None = None
    informed_on: date | None = None
    why_not: str = ""


def record_facts(session: Session, actor: Actor, loaded: Loaded, facts: Facts) -> None:
    """Complete a loaded referral that was taken down by telephone. STATE_NOT_ALLOWED.

    VALUE_MISSING where the day is, REASON_NEEDED where it is not said why the family does not know.
    """
    referral = loaded.referral
    if referral.channel is not Channel.TELEPHONE or referral.state not in WAITING_REFERRALS:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    referral.urgency, referral.changed_at = facts.urgency, clock.now()
    judged = completeness.criteria_of(session, [(referral, loaded.table)])[referral.id]
    session.execute(delete(ReferralCriterion).where(ReferralCriterion.referral_id == referral.id))
    for one in judged:
        code = one.criterion.code
        session.add(ReferralCriterion(referral_id=referral.id, code=code, is_met=code in facts.met))
    if facts.informed is not None and facts.informed is not referral.family_informed:
        _say_what_the_family_knows(session, actor, loaded, facts)
    _record(session, actor, loaded)


def _say_what_the_family_knows(
    session: Session, actor: Actor, loaded: Loaded, facts: Facts
) -> None:
    if facts.informed and (facts.informed_on is None or facts.informed_on > clock.today()):
        raise Refusal(Reason.VALUE_MISSING, "informed_on")
    if not facts.informed and not facts.why_not.strip():
        raise Refusal(Reason.REASON_NEEDED, "why_not")
    loaded.referral.family_informed = facts.informed
    row = Informing(
        case_id=loaded.case.id,
        informed_on=facts.informed_on if facts.informed else None,
        organisation_id=loaded.referral.organisation_id,
    )
    why_not = "" if facts.informed else facts.why_not
    informings.add(session, actor, loaded.case, row, reason=why_not)


def _record(session: Session, actor: Actor, loaded: Loaded) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="referral",
            object_id=loaded.referral.id,
            outcome=loaded.referral.state.value,
            ground=Ground.STAFF,
            case_id=loaded.case.id,
            table_id=loaded.case.table_id,
            on_behalf_of_id=loaded.referral.person_id,
        ),
    )
