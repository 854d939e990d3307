"""What was typed when a session timed out: kept encrypted for 24 hours, given back once.

Bound to the person and the page; a password or code is never kept.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from app.infra import clock, crypto, wall
from app.infra.db import transaction
from app.models import Draft

KEPT = timedelta(hours=24)
SECRETS = frozenset({"password", "new_password", "current_password", "code", "client_secret"})
NEVER_KEPT = SECRETS | {"csrf_token", "submit_key"}


def page_key(path: str, item: str) -> str:
    """The address of a page, with the item it shows when that stands in no path."""
    try:
        return f"{path}?item={uuid.UUID(item)}"
    except ValueError:
        return path


def keep(person_id: uuid.UUID, page: str, fields: MultiDict[str, str]) -> None:
    """Keep typed fields for this person and page, replacing an earlier draft."""
    typed = [
        [name, value]
        for name, value in fields.items(multi=True)
        if name not in NEVER_KEPT and value
    ]
    if not typed:
        return
    with wall.acting_as(person_id), transaction() as session:
        session.execute(
            delete(Draft).where(Draft.person_id == person_id, Draft.form_key == page[:200])
        )
        session.add(
            Draft(
                person_id=person_id,
                form_key=page[:200],
                fields_ct=crypto.seal(
                    crypto.DRAFTS, json.dumps(typed), belongs_to=f"draft:{person_id}"
                ),
                expires_at=clock.now() + KEPT,
            )
        )


def take(person_id: uuid.UUID, page: str) -> MultiDict[str, str] | None:
    """Give the draft of this person and page back and forget it; None when there is none."""
    with transaction() as session:
        draft = session.scalars(
            select(Draft).where(
                Draft.person_id == person_id,
                Draft.form_key == page[:200],
                Draft.expires_at > clock.now(),
            )
        ).one_or_none()
        if draft is None:
            return None
        sealed = crypto.Sealed(draft.fields_ct, f"draft:{person_id}")
        session.delete(draft)
    return MultiDict(json.loads(crypto.unseal(sealed)))
