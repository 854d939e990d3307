"""What was looked for in the lists of readers: kept sealed for its asker, so no address tells it.

An address holds the id of the search only; it says nothing to anybody else and nothing tomorrow.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.access import Actor, audit
from app.access.oversight import readers
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.infra.wall import System, opened_for
from app.models import Draft

KEPT: Final = timedelta(hours=1)
LONGEST: Final = 120
FIELDS: Final = ("person", "reference", "since", "until", "section", "odd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where was looked, as the log names the list; ``reference`` as typed, of ``case_id`` one."""

    kind: str
    case_id: uuid.UUID | None = None
    reference: str = ""


def keep(actor: Actor, looked: Looked, typed: Mapping[str, str]) -> uuid.UUID:
    """Record the search and keep it; gives its id. NotVisible for a case not watched over."""
    search_id, now = uuid.uuid4(), clock.now()
    fields = {name: typed[name][:LONGEST] for name in FIELDS if typed.get(name)}
    with transaction() as session:
        with opened_for(session, System.OVERSIGHT):
            if looked.case_id is not None:
                readers.load_watched_case(session, actor, looked.case_id, now=now)
            found = looked.case_id or readers.watched_case_called(
                session, actor, looked.reference, now=now
            )
        session.add(
            Draft(
                person_id=actor.person_id,
                form_key=_key(search_id),
                fields_ct=crypto.seal(
                    crypto.DRAFTS, json.dumps(fields), belongs_to=_key(search_id)
                ),
                expires_at=now + KEPT,
            )
        )
        audit.record(session, actor, readers.searching(actor, looked.kind, case_id=found))
    return search_id


def kept(actor: Actor, search_id: uuid.UUID) -> dict[str, str] | None:
    """What the actor looked for; None once it is forgotten, and for anybody else."""
    with reading() as session:
        draft = session.scalars(
            select(Draft).where(
                Draft.person_id == actor.person_id,
                Draft.form_key == _key(search_id),
                Draft.expires_at > clock.now(),
            )
        ).one_or_none()
        sealed = Sealed(draft.fields_ct, _key(search_id)) if draft else None
    return dict(json.loads(crypto.unseal(sealed))) if sealed else None


def _key(search_id: uuid.UUID) -> str:
    return f"readers:{search_id}"
