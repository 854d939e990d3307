"""Throws away settled requests for which there was no case; the others go with their case."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.lifecycle import access_requests, destruction, retention
from app.domain.kinds import TermSubject
from app.domain.local_time import local_date
from app.domain.terms import ends_on
from app.infra import clock, crypto
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import AccessRequest


def forget_settled() -> int:
    """Remove who asked, and the key of it, after the term of summaries; gives how many."""
    with transaction() as session:
        ids = [one.id for one in _past(session)]
        with opened_for(session, System.RETENTION):
            scopes = destruction.remove_requests(session, ids)
    crypto.store().destroy_all(scopes)
    return len(ids)


def _past(session: Session) -> list[AccessRequest]:
    found = access_requests.answered_without_case(session)
    terms = retention.terms_of(session, {one.table_id for one in found})
    subject = TermSubject.KEEP_SUMMARY
    return [
        one
        for one in found
        if one.closed_at is not None
        and ends_on(subject, local_date(one.closed_at), terms[one.table_id][subject].amount)
        <= clock.today()
    ]
