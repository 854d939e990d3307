"""The persons concerned of a case by their neutral labels; never by name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, case_scopes
from app.domain.kinds import ConcernedRole
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import Case, PersonConcerned


@dataclass(frozen=True, slots=True)
class Concerned:
    """One person concerned; the label is still sealed."""

    id: uuid.UUID
    role: ConcernedRole
    label: Sealed


def concerned_of(session: Session, actor: Actor, case: Case) -> list[Concerned]:
    """Everybody concerned in a loaded case, in their order."""
    rows = session.execute(
        case_scopes.staff_concerned(actor, now=clock.now())
        .where(PersonConcerned.case_id == case.id)
        .order_by(PersonConcerned.position)
    )
    found = {row.PersonConcerned.id: row.PersonConcerned for row in rows}
    return [
        Concerned(one.id, one.role, Sealed(one.label_ct, f"person_concerned:{one.id}:label"))
        for one in found.values()
    ]
