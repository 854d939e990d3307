"""What the worker does of a copy: its rows in parts, each read anew as who asked.

Nothing of it is kept before it is whole: whoever is cut short begins again, and file, log line and
end are stored together or not at all.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, audit, load_actor
from app.access.records import export_rows, exports
from app.access.records.export_rows import CopiedAction
from app.domain.errors import NotVisible
from app.domain.kinds import ExportFormat, ExportKind
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import Export

PART: Final = 500

# An action with its safe text, opened.
Row = tuple[CopiedAction, str]
# Sets the rows as a file in the language of who asked.
SetFile = Callable[[Sequence[Row], ExportKind, ExportFormat, str], bytes]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A copy as it was asked for, read before anything is written."""

    asker: Actor
    kind: ExportKind
    as_file: ExportFormat
    query: str


def make(export_id: uuid.UUID, *, set_file: SetFile) -> None:
    """Make one copy from its beginning; one that is over is left alone."""
    asked = _begin(export_id)
    if asked is None:
        return
    try:
        rows = list(_rows(export_id, asked))
    except NotVisible:
        _fail(export_id)
        return
    document = set_file(rows, asked.kind, asked.as_file, asked.asker.language)
    _finish(export_id, rows, document)


def _begin(export_id: uuid.UUID) -> _Asked | None:
    with transaction() as session:
        export, asker = _going_on(session, export_id)
        if export is None or asker is None:
            return None
        return _Asked(asker, export.kind, export.as_file, export.query)


def _going_on(session: Session, export_id: uuid.UUID) -> tuple[Export | None, Actor | None]:
    """A copy that is not over with who asked for it; it failed where that person may no longer."""
    now = clock.now()
    export = exports.hold(session, export_id)
    if export is None or export.finished_at or export.failed_at or export.expires_at <= now:
        return None, None
    try:
        return export, load_actor(session, export.person_id, now=now)
    except NotVisible:
        export.failed_at = now
        return None, None


def _rows(export_id: uuid.UUID, asked: _Asked) -> Iterator[Row]:
    wanted = export_rows.wanted(asked.kind, asked.query)
    with transaction() as session:
        export, asker = _going_on(session, export_id)
        if export is None or asker is None:
            raise NotVisible
        ids = export_rows.ids_of(session, asker, wanted)
        export.rows, export.done = len(ids), 0
    for begin in range(0, len(ids), PART):
        outbox.keep_lease()
        yield from _part(export_id, asked.kind, ids[begin : begin + PART])


def _part(export_id: uuid.UUID, kind: ExportKind, ids: Sequence[uuid.UUID]) -> list[Row]:
    with transaction() as session:
        export, asker = _going_on(session, export_id)
        if export is None or asker is None:
            raise NotVisible
        found = export_rows.rows_of(session, asker, kind, ids)
        export.done += len(ids)
    return list(zip(found, crypto.unseal_many([one.safe for one in found]), strict=True))


def _fail(export_id: uuid.UUID) -> None:
    with transaction() as session:
        export, _asker = _going_on(session, export_id)
        if export is not None:
            export.failed_at = clock.now()


def _finish(export_id: uuid.UUID, rows: Sequence[Row], document: bytes) -> None:
    """Store the file, and that so many safe texts of these tables were read for it."""
    with transaction() as session:
        export, asker = _going_on(session, export_id)
        if export is None or asker is None:
            return
        for table_id, number in Counter(one.table_id for one, _safe in rows).items():
            exports.record(
                session,
                asker,
                audit.Event.READ,
                f"copy-{export.kind.value}",
                export.purpose,
                rows=number,
                object_id=export.id,
                table_id=table_id,
            )
        kept = exports.as_text([one.id for one, _safe in rows], document)
        scope = KeyScope.of_export(export.id)
        export.file_ct = crypto.seal(scope, kept, belongs_to=exports.binding_of(export.id))
        export.rows = export.done = len(rows)
        export.finished_at = clock.now()
