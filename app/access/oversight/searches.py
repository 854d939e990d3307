"""What somebody looked for in a list: recorded, and kept sealed so that no address tells it.

An address holds the id of the search only; it says nothing to anybody else and nothing tomorrow.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading
from app.models import Draft

KEPT: Final = timedelta(hours=1)
LONGEST: Final = 120


def searching(kind: str) -> audit.Entry:
    """The line for having looked for something in a list; not for what."""
    return audit.Entry(event=audit.Event.SEARCH, object_kind=kind)


def keep(session: Session, actor: Actor, line: audit.Entry, typed: Mapping[str, str]) -> uuid.UUID:
    """Record the search and keep what was typed for an hour; gives its id."""
    search_id = uuid.uuid4()
    key = _key(line.object_kind, search_id)
    fields = {name: words[:LONGEST] for name, words in typed.items() if words}
    session.add(
        Draft(
            person_id=actor.person_id,
            form_key=key,
            fields_ct=crypto.seal(crypto.DRAFTS, json.dumps(fields), belongs_to=key),
            expires_at=clock.now() + KEPT,
        )
    )
    audit.record(session, actor, line)
    return search_id


def kept(actor: Actor, kind: str, search_id: uuid.UUID) -> dict[str, str] | None:
    """What the actor looked for in that list; None once it is forgotten, and for anybody else."""
    key = _key(kind, search_id)
    with reading() as session:
        draft = session.scalars(
            select(Draft).where(
                Draft.person_id == actor.person_id,
                Draft.form_key == key,
                Draft.expires_at > clock.now(),
            )
        ).one_or_none()
        sealed = Sealed(draft.fields_ct, key) if draft else None
    return dict(json.loads(crypto.unseal(sealed))) if sealed else None


def _key(kind: str, search_id: uuid.UUID) -> str:
    return f"search:{kind}:{search_id}"
