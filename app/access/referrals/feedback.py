"""What whoever referred a case hears of its end: that it ended, and words addressed to it.

Nothing else of the discussion: no text of the case comes here by itself.
"""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.referrals import words
from app.access.referrals.triage import tell_referrer
from app.domain.kinds import ReferralState
from app.infra import clock, crypto
from app.models import Case, Referral


def is_followed(session: Session, case: Case) -> bool:
    """Whether somebody referred a loaded case and still follows it."""
    return session.scalars(_followed(case)).one_or_none() is not None


def tell_ended(session: Session, case: Case, message: str) -> None:
    """The referral of a case that staff ended ends with it; the referrer is mailed, neutrally.

    ``message`` comes below what was addressed to the referrer before.
    """
    referral = session.scalars(_followed(case)).one_or_none()
    if referral is None:
        return
    referral.state, referral.changed_at = ReferralState.CLOSED, clock.now()
    if message.strip():
        before = crypto.unseal(words.sealed_outcome(referral)) if referral.outcome_ct else ""
        text = "\n\n".join(one for one in (before, message.strip()) if one)
        binding = words.outcome_binding(referral.id)
        referral.outcome_ct = words.seal(case.id, text, binding)
    tell_referrer(session, referral)


def _followed(case: Case) -> Select[Referral]:
    return select(Referral).where(
        Referral.case_id == case.id, Referral.state == ReferralState.ACCEPTED
    )
