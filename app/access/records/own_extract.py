"""The own extract for its recipient: once everything of it is adopted, as a fixed version.

Whoever comes first fixes it, the worker or the recipient; a version is never changed. Where
something may no longer be seen, or came to it, the next version says so.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from app.access.actor import Actor
from app.access.records.extracts import Extract, read_extract
from app.access.records.kept_extracts import Latest, keep, note_use
from app.access.records.opened_extracts import (
    ExtractPage,
    head_of,
    kept_of,
    open_extract,
    parts_of,
)
from app.access.records.printing import record_copy
from app.domain.errors import NotVisible
from app.infra import clock
from app.infra.db import transaction


def read_own(actor: Actor, meeting_id: uuid.UUID, *, taken: bool = False) -> ExtractPage:
    """The extract for the page; ``taken`` records that it leaves the screen with what was read.

    Raises NotVisible without an own slot, or where there is nothing to take along.
    """
    now = clock.now()
    found = _read(actor, meeting_id, now=now, taken=taken)
    page, latest = _as_fixed(actor, found, now=now)
    if latest is not None and not latest.is_used(taken=taken):
        with transaction() as session:
            note_use(session, latest.id, now=now, taken=taken)
    return page


def fix(actor: Actor, meeting_id: uuid.UUID) -> bool:
    """Fix what changed of an extract that nobody reads now; whether all of it is adopted."""
    now = clock.now()
    with transaction() as session:
        try:
            found = read_extract(session, actor, meeting_id, now=now, is_read=False)
        except NotVisible:
            return False
    _as_fixed(actor, found, now=now)
    return found.adopted and bool(found.items)


def _read(actor: Actor, meeting_id: uuid.UUID, *, now: datetime, taken: bool) -> Extract:
    with transaction() as session:
        found = read_extract(session, actor, meeting_id, now=now)
        if taken:
            if not found.items:
                raise NotVisible
            record_copy(session, actor, found)
    return found


def _as_fixed(actor: Actor, found: Extract, *, now: datetime) -> tuple[ExtractPage, Latest | None]:
    """The page, and the version that reads like it; a concept has none."""
    page = open_extract(found)
    if not (found.adopted and found.items):
        return page, None
    if page.kept is not None:
        return page, found.latest
    version = found.latest.version + 1 if found.latest else 1
    with transaction() as session:
        made = keep(
            session,
            head_of(found, version=version, made_at=now),
            parts_of(found, page),
            table_id=found.table_id,
        )
        if made is None:  # somebody else was first; what that says is asked anew
            found = read_extract(session, actor, found.meeting_id, now=now, is_read=False)
    if made is not None:
        return replace(page, kept=kept_of(made)), made
    page = open_extract(found)
    return page, found.latest if page.kept else None
