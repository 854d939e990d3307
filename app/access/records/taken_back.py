"""What staff took back at an item before its minutes were adopted, to be put back as it was."""

from __future__ import annotations

import uuid
from typing import TypeVar

from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.access.loaders import LoadedItem, load_item
from app.access.permissions import Permission
from app.domain.errors import NotVisible
from app.models import Decision, Note, OralMark

Row = TypeVar("Row", Decision, Note, OralMark)


def load_any(
    session: Session, actor: Actor, model: type[Row], object_id: uuid.UUID, *, deleted: bool
) -> tuple[Row, LoadedItem]:
    """One that was taken back, or that stands, with its item; held till the end. NotVisible."""
    checks.note()
    found = session.get(model, object_id, with_for_update=True, populate_existing=True)
    if found is None or (found.deleted_at is not None) is not deleted:
        raise NotVisible
    return found, load_item(session, actor, found.item_id, Permission.DECISION_RECORD)
