"""Ground 4 of access.md §2: opening a case in an emergency, to read it and do nothing else.

A reference nobody has, one that bars the actor and one of another table all give None.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access import audit, checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, CaseState, ConcernedRole, Ground, RetentionClass
from app.domain.references import is_reference
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope, Sealed
from app.infra.wall import System, opened_for
from app.models import (
    BreakGlass,
    Case,
    EmergencyReason,
    Person,
    PersonConcerned,
)

LASTS: Final = timedelta(minutes=15)
KIND: Final = "emergency-reading"


def open_case(session: Session, actor: Actor, reference: str, reason: str) -> BreakGlass | None:
    """Open a case for fifteen minutes and have chair and source told; None when it may not.

    The try is recorded either way: the caller commits before it refuses.
    """
    now = clock.now()
    wanted = _openable(actor, now).where(Case.reference == reference)
    with opened_for(session, System.OVERSIGHT):
        found = session.scalars(wanted).one_or_none()
    if found is None:
        # A reason typed may tell of a case, and would outlive the case it belongs to.
        tried = reference if is_reference(reference) else ""
        refused = line_of(audit.Event.EMERGENCY, outcome="refused", reason=tried)
        audit.record(session, actor, replace(refused, reason_scope=KeyScope.of_try(tried)))
        return None
    reading_id = uuid.uuid4()
    opened = BreakGlass(
        id=reading_id,
        person_id=actor.person_id,
        case_id=found.id,
        table_id=found.table_id,
        from_at=now,
        until_at=now + LASTS,
    )
    session.add(opened)
    session.flush()
    sealed = sealed_for(found.id, reason, binding_of(reading_id, "reason"))
    session.add(EmergencyReason(reading_id=reading_id, text_ct=sealed))
    by = Ground.BREAK_GLASS
    audit.record(session, actor, line_of(audit.Event.EMERGENCY, opened, reason=reason, ground=by))
    outbox.add(
        session,
        "emergency.opened",
        unique_key=f"emergency.opened:{reading_id}",
        payload={"reading_id": reading_id},
    )
    return opened


def _openable(actor: Actor, now: datetime) -> Select[Any]:
    """The account's state is asked again: the actor may have been blocked since it was made."""
    checks.note()
    return select(Case).where(
        grounds.may_break_glass(actor),
        exists().where(Person.id == actor.person_id, Person.state == AccountState.ACTIVE),
        c.is_not_barred(actor, now),
        Case.state != CaseState.DESTROYED,
    )


def load_open(session: Session, actor: Actor, reading_id: uuid.UUID) -> tuple[BreakGlass, Case]:
    """The actor's own reading while it goes on; NotVisible before, after and for others."""
    checks.note()
    now = clock.now()
    row = session.execute(
        select(BreakGlass, Case)
        .join(Case, Case.id == BreakGlass.case_id)
        .where(
            BreakGlass.id == reading_id,
            BreakGlass.person_id == actor.person_id,
            grounds.is_broken_open(actor, now),
            c.is_not_barred(actor, now),
            BreakGlass.until_at > now,
            or_(BreakGlass.ended_at.is_(None), BreakGlass.ended_at > now),
        )
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.BreakGlass, row.Case


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom sections are about: the role, and the word staff use, still sealed."""

    role: ConcernedRole
    label: Sealed


def concerned_of(session: Session, opened: BreakGlass) -> dict[uuid.UUID, Concerned]:
    """The persons concerned of a loaded reading, by id; no names."""
    rows = session.scalars(select(PersonConcerned).where(PersonConcerned.case_id == opened.case_id))
    return {
        one.id: Concerned(one.role, Sealed(one.label_ct, f"person_concerned:{one.id}:label"))
        for one in rows
    }


def end(session: Session, actor: Actor, reading_id: uuid.UUID) -> None:
    """Stop reading before the fifteen minutes are over. NotVisible."""
    opened, _case = load_open(session, actor, reading_id)
    opened.ended_at = clock.now()
    ended = line_of(audit.Event.EMERGENCY, opened, outcome="ended", ground=Ground.BREAK_GLASS)
    audit.record(session, actor, ended)


def own_readings(actor: Actor, *, now: datetime) -> Select[BreakGlass, Case]:
    """What the actor opened itself, minus cases that bar the actor by now."""
    checks.note()
    return (
        select(BreakGlass, Case)
        .join(Case, Case.id == BreakGlass.case_id)
        .where(BreakGlass.person_id == actor.person_id, c.is_not_barred(actor, now))
    )


def line_of(
    event: audit.Event,
    opened: BreakGlass | None = None,
    *,
    outcome: str = "done",
    reason: str = "",
    ground: Ground | None = None,
) -> audit.Entry:
    """A line of the log about a reading; without one, about a try that was refused."""
    return audit.Entry(
        event=event,
        object_kind=KIND,
        object_id=opened.id if opened else None,
        case_id=opened.case_id if opened else None,
        table_id=opened.table_id if opened else None,
        outcome=outcome,
        ground=ground,
        reason=reason,
    )


def sealed_for(case_id: uuid.UUID, text: str, binding: str) -> bytes:
    """The text under the key of the case, so that it goes when the case does."""
    return crypto.seal(KeyScope.of_case(case_id, RetentionClass.SUMMARY), text, belongs_to=binding)


def binding_of(reading_id: uuid.UUID, column: str) -> str:
    """The row and column a text of a reading belongs to."""
    return f"break_glass:{reading_id}:{column}"
