"""Whom a case bars, for as long as there is the case, and of its log lines once it is gone.

It never says who: what stays is a keyed hash.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, exists, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.infra import clock, crypto
from app.models import AuditEvent, Exclusion, FormerBar, Recusal

Bar = tuple[type[Exclusion | Recusal], ColumnElement[bool]]


def bars() -> tuple[Bar, ...]:
    """What bars people from cases, each with the condition under which it does so just now."""
    live = c.is_live(Exclusion.from_at, Exclusion.until_at, clock.now())
    return (Exclusion, live), (Recusal, Recusal.lifted_at.is_(None))


def barred_from_cases(
    session: Session, case_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Per case whom it bars just now; to be asked before anything of it is removed."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for kind, is_barring in bars():
        for row in session.execute(
            select(kind.case_id, kind.person_id).where(kind.case_id.in_(case_ids), is_barring)
        ):
            found[row.case_id].add(row.person_id)
    return found


def remember(session: Session, case_id: uuid.UUID) -> None:
    """Before a case goes, with its exclusions: to whom its log lines stay shut."""
    session.add_all(
        FormerBar(case_id=case_id, person_mark=_mark(person_id))
        for person_id in barred_from_cases(session, [case_id])[case_id]
    )


def barred_before(actor: Actor, case_id: SQLColumnExpression[Any]) -> c.Condition:
    """A case that is gone by now barred the actor."""
    return exists().where(
        FormerBar.case_id == case_id, FormerBar.person_mark == _mark(actor.person_id)
    )


def forget(session: Session) -> None:
    """Drop what stands of cases of which the log holds no line any more."""
    session.execute(
        delete(FormerBar).where(~exists().where(AuditEvent.case_id == FormerBar.case_id))
    )


def _mark(person_id: uuid.UUID) -> str:
    return crypto.store().fingerprint(f"barred:{person_id}").hex()
