"""What the pages about papers show: who may get a copy, which are outside, how far a run is."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime

from app import access
from app.access import Actor, Permission, audit
from app.access.records import paper_copies
from app.access.records.paper_copies import PaperReader
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.features.papers.service import may_print
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import CaseTable, Meeting, PrintRun


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """One copy on paper, and when it came back to whom."""

    id: uuid.UUID
    number: int
    organisation: str
    reader: str
    is_extract: bool
    made_at: datetime
    returned_at: datetime | None
    taker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run of one's own: so many done of so many, and until when it can be fetched."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    is_extract: bool
    total: int
    done: int
    skipped: int
    is_being_set: bool
    is_ready: bool
    has_failed: bool
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersPage:
    """Everything on paper of one meeting; ``may_print`` where something may be printed now."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    is_published: bool
    is_extract: bool
    may_print: bool
    readers: tuple[PaperReader, ...]
    copies: tuple[CopyLine, ...]
    runs: tuple[RunLine, ...]

    @property
    def outside(self) -> int:
        """How many papers did not come back; an extract is its reader's to keep."""
        return sum(one.returned_at is None and not one.is_extract for one in self.copies)


def papers_page(actor: Actor, meeting_id: uuid.UUID) -> PapersPage:
    """The papers of a meeting of a table served; no text is opened."""
    now = clock.now()
    with reading() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.PAPER_PRINT)
        table_name = session.get_one(CaseTable, meeting.table_id).name
        readers = paper_copies.readers_at(session, actor, meeting_id, now=now)
        rows = paper_copies.copies_at(session, actor, meeting_id, now=now)
        runs = paper_copies.runs_of(session, actor, meeting_id, now=now)
        return PapersPage(
            meeting_id=meeting.id,
            table_id=meeting.table_id,
            table_name=table_name,
            starts_at=meeting.starts_at,
            is_published=meeting.published_at is not None,
            is_extract=meeting.closed_at is not None,
            may_print=may_print(meeting),
            readers=readers,
            copies=tuple(
                CopyLine(
                    id=row.PaperCopy.id,
                    number=row.PaperCopy.number,
                    organisation=row.organisation,
                    reader=row.reader,
                    is_extract=row.PaperCopy.is_extract,
                    made_at=row.PaperCopy.made_at,
                    returned_at=row.PaperCopy.returned_at,
                    taker=row.taker or "",
                )
                for row in rows
            ),
            runs=tuple(_line(one) for one in runs),
        )


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run with its meeting."""

    run: RunLine
    table_name: str
    starts_at: datetime

    @property
    def goes_on(self) -> bool:
        """Whether the worker is still at it, or has yet to begin."""
        return not (self.run.is_ready or self.run.has_failed)

    @property
    def tag(self) -> str:
        """Changes whenever the page shows something else."""
        return f"{self.run.done}-{self.run.skipped}-{self.goes_on:d}{self.run.has_failed:d}"


def run_page(actor: Actor, run_id: uuid.UUID) -> RunPage:
    """How far a run of one's own is."""
    now = clock.now()
    with reading() as session:
        run = paper_copies.load_run(session, actor, run_id, now=now)
        meeting: Meeting = access.load_meeting(
            session, actor, run.meeting_id, Permission.PAPER_PRINT
        )
        table = session.get_one(CaseTable, meeting.table_id)
        return RunPage(_line(run), table.name, meeting.starts_at)


def printed(actor: Actor, run_id: uuid.UUID) -> bytes:
    """The document of a finished run; taking it along is recorded.

    Refusal where somebody's right to read ended since it was asked for, or nothing came of it.
    """
    now = clock.now()
    with transaction() as session:
        run = paper_copies.load_run(session, actor, run_id, now=now)
        meeting = access.load_meeting(session, actor, run.meeting_id, Permission.PAPER_PRINT)
        document = paper_copies.document_of(session, run)
        if run.finished_at is None or document is None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if paper_copies.is_overtaken(session, run, now=now):
            raise Refusal(Reason.PRINT_OVERTAKEN)
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.COPY,
                object_kind="print-run",
                object_id=run.id,
                ground=Ground.STAFF,
                table_id=meeting.table_id,
                meeting_id=meeting.id,
            ),
        )
    return base64.b64decode(crypto.unseal(document))


def _line(run: PrintRun) -> RunLine:
    return RunLine(
        id=run.id,
        meeting_id=run.meeting_id,
        is_extract=run.is_extract,
        total=run.total,
        done=run.done,
        skipped=run.skipped,
        is_being_set=run.finished_at is None and run.failed_at is None and run.done == run.total,
        is_ready=run.finished_at is not None and run.done > run.skipped,
        has_failed=run.failed_at is not None
        or (run.finished_at is not None and run.done == run.skipped),
        asked_at=run.asked_at,
        expires_at=run.expires_at,
    )
