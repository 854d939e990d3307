"""Referrals somebody may see, as SQL: the own ones, and those that lie at a table served."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.models import Case, Referral, ReferralQuestion


def is_own(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """``Referral`` is the actor's, made for the organisation it still belongs to.

    Of its case the referrer sees nothing by this: not even that there is one. A bar takes the own
    status away too.
    """
    return and_(
        Referral.person_id == actor.person_id,
        Referral.organisation_id == actor.organisation_id,
        or_(
            Referral.case_id.is_(None),
            c.is_not_barred(actor, now, case_id=Referral.case_id),
        ),
        grounds.goes_on(actor) if not actor.is_administrator else false(),
    )


def own_referrals(actor: Actor, *, now: datetime) -> Select[Referral]:
    """What the actor refers or referred, drafts included."""
    checks.note()
    return select(Referral).where(is_own(actor, now))


def own_questions(actor: Actor, *, now: datetime) -> Select[ReferralQuestion, Referral]:
    """What was asked back about the actor's own referrals."""
    checks.note()
    return (
        select(ReferralQuestion, Referral)
        .join(Referral, Referral.id == ReferralQuestion.referral_id)
        .where(is_own(actor, now))
    )


def staff_referrals(actor: Actor, *, now: datetime) -> Select[Referral, Case]:
    """What was sent and now lies at a table served, decided or not."""
    checks.note()
    return (
        select(Referral, Case)
        .join(Case, Case.id == Referral.case_id)
        .where(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))
    )


def staff_questions(actor: Actor, *, now: datetime) -> Select[ReferralQuestion, Referral, Case]:
    """What staff asked back about the referrals that lie with them."""
    checks.note()
    return (
        select(ReferralQuestion, Referral, Case)
        .join(Referral, Referral.id == ReferralQuestion.referral_id)
        .join(Case, Case.id == Referral.case_id)
        .where(c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, now))
    )
