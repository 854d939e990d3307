"""What the pages about copies show: what one would hold, how far one is, and its file."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.records import export_rows, exports
from app.domain.errors import NotVisible
from app.domain.kinds import ExportFormat, ExportKind, ExportPurpose
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import Export


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """One copy of one's own: so many rows done of so many, and until when it can be fetched.

    ``rows`` is None until the worker began.
    """

    id: uuid.UUID
    kind: ExportKind
    as_file: ExportFormat
    purpose: ExportPurpose
    rows: int | None
    done: int
    asked_at: datetime
    finished_at: datetime | None
    expires_at: datetime
    fetched_at: datetime | None
    has_failed: bool

    @property
    def is_ready(self) -> bool:
        """The file is there."""
        return self.finished_at is not None

    @property
    def goes_on(self) -> bool:
        """Whether the worker is still at it, or has yet to begin."""
        return not (self.is_ready or self.has_failed)

    @property
    def tag(self) -> str:
        """Changes whenever the page shows something else."""
        return f"{self.done}-{self.goes_on:d}{self.has_failed:d}"


@dataclass(frozen=True, slots=True)
class AskPage:
    """How many rows a copy would have, and the copies that last."""

    kind: ExportKind
    query: str
    rows: int
    copies: tuple[CopyLine, ...]


def ask_page(actor: Actor, kind: ExportKind, query: str) -> AskPage:
    """What a copy of this query would hold now; no text is opened."""
    wanted = export_rows.wanted(kind, query)
    with reading() as session:
        rows = export_rows.count(session, actor, wanted)
        mine = exports.own_exports(actor, now=clock.now()).order_by(Export.asked_at.desc())
        copies = tuple(_line(one) for one in session.scalars(mine))
    return AskPage(kind, wanted.query, rows, copies)


def copy_page(actor: Actor, export_id: uuid.UUID) -> CopyLine:
    """How far a copy of one's own is."""
    with reading() as session:
        export = exports.load(session, actor, export_id, now=clock.now())
        _open(session, actor, export)
        return _line(export)


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A copy as it is taken along, and when it was made."""

    data: bytes
    as_file: ExportFormat
    made_at: datetime


def taken(actor: Actor, export_id: uuid.UUID) -> CopiedFile:
    """The file of a finished copy; taking it along is recorded with its purpose."""
    now = clock.now()
    with transaction() as session:
        export = exports.load(session, actor, export_id, now=now)
        data = _open(session, actor, export)
        if data is None or export.finished_at is None:
            raise NotVisible
        export.fetched_at = now
        exports.record(
            session,
            actor,
            audit.Event.COPY,
            f"copy-{export.kind.value}",
            export.purpose,
            rows=export.rows,
            object_id=export.id,
        )
        return CopiedFile(data, export.as_file, export.finished_at)


def _open(session: Session, actor: Actor, export: Export) -> bytes | None:
    """The file once it is there; NotVisible where it holds what its reader no longer sees.

    Whatever ended, it is gone for the reader and has to be made anew: why is not told, for of an
    exclusion nobody is told.
    """
    if export.file_ct is None:
        return None
    ids, data = exports.from_text(crypto.unseal(exports.file_of(export)))
    if not export_rows.are_visible(session, actor, export.kind, ids):
        raise NotVisible
    return data


def _line(export: Export) -> CopyLine:
    return CopyLine(
        id=export.id,
        kind=export.kind,
        as_file=export.as_file,
        purpose=export.purpose,
        rows=export.rows,
        done=export.done,
        asked_at=export.asked_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
        fetched_at=export.fetched_at,
        has_failed=export.failed_at is not None,
    )
