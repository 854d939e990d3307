"""Hourly: throws away what is kept for a short while, warns of covenants; nothing of a case.

Drafts of referrals are no case yet: what nobody touched for thirty days goes.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from app.access.administration import covenants, providers
from app.access.meetings import steps
from app.access.messages import checked_words, feeds, leak_findings
from app.access.records import exports, paper_copies
from app.access.referrals import drafts
from app.infra import clock, wall
from app.infra.db import transaction
from app.infra.wall import System
from app.models import Draft, SubmitKey, Throttle

SUBMIT_KEYS_KEPT = timedelta(days=1)
# domain/throttle.py counts no failure older than a day; a second day is margin.
THROTTLES_KEPT = timedelta(days=2)


def tidy() -> None:
    """Delete what is past its term: forms, tries, prints, copies, steps, questions, findings."""
    now = clock.now()
    with wall.acting_as(System.TIDYING), transaction() as session:
        session.execute(delete(Draft).where(Draft.expires_at <= now))
        session.execute(delete(SubmitKey).where(SubmitKey.used_at <= now - SUBMIT_KEYS_KEPT))
        session.execute(delete(Throttle).where(Throttle.updated_at <= now - THROTTLES_KEPT))
        paper_copies.forget_expired(session, now=now)
        exports.forget_expired(session, now=now)
        steps.forget_past(session)
        feeds.forget_ended(session)
        leak_findings.forget_past(session)
        checked_words.forget_old(session)
        covenants.queue_warnings(session, now=now)
        drafts.expire(session, now=now)
        providers.forget_past(session, now=now)
