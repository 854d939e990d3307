"""By what triage sees that somebody came before: a keyed hash of a name and a birth date.

Written when a person concerned is named; who may compare is for ``repeats`` to say.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.identity_marks import named_in, same_person
from app.infra import clock, crypto
from app.models import IdentityMark


def mark_of(name: str, born: date | None) -> str:
    """The hash of a name and a birth date; empty when they could be of several people."""
    text = same_person(name, born)
    return crypto.store().fingerprint(f"identity:{text}").hex() if text else ""


def forget(session: Session, concerned_id: uuid.UUID) -> None:
    """Nobody is known by the mark of this person any more."""
    session.execute(delete(IdentityMark).where(IdentityMark.person_concerned_id == concerned_id))


def remember(session: Session, case_id: uuid.UUID, concerned_id: uuid.UUID, identity: str) -> None:
    """Know a person by the identity that was written now, and by no earlier one."""
    session.flush()
    forget(session, concerned_id)
    name, born = named_in(identity)
    mark = new_mark(case_id, concerned_id, name=name, born=born)
    if mark is not None:
        session.add(mark)


def new_mark(
    case_id: uuid.UUID, concerned_id: uuid.UUID, *, name: str, born: date | None
) -> IdentityMark | None:
    """The row to store for a person concerned, where there is anything to know it by."""
    mark = mark_of(name, born)
    if not mark:
        return None
    return IdentityMark(
        person_concerned_id=concerned_id, case_id=case_id, mark=mark, made_at=clock.now()
    )
