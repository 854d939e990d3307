"""What the worker does of a print run: one copy after the other, each read anew as who asked.

A copy, its number, its words and the lines of the log are stored together or not at all; a run that
was cut short goes on where it was. Last all are set as one document, sealed like their words.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_actor
from app.access.opened import OpenedMeeting, open_texts
from app.access.records import paper_copies
from app.access.records.extracts import read_extract
from app.access.records.opened_extracts import open_extract
from app.access.records.printing import Reader, load_reader, with_version
from app.access.seats.preview import read_as_occupant
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import Ground
from app.features.papers.extracts import PrintedExtract, day_of, named
from app.features.papers.service import may_print
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import PaperCopy, PrintRun, PrintSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPapers:
    """The papers of one occupant as they go on paper."""

    content: OpenedMeeting
    recipient: str
    language: str
    organisation: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedExtract:
    """The extract of one recipient as it goes on paper."""

    extract: PrintedExtract
    organisation: str
    number: int


Printed = PrintedPapers | NumberedExtract
# Sets the words of a copy; gives what is sealed until it is printed.
Words = Callable[[Printed], str]
# Sets what was put down for copies as one document, in the language of who asked.
Stack = Callable[[Sequence[str], str], bytes]


def make(run_id: uuid.UUID, seat_ids: Sequence[uuid.UUID], *, words: Words, stack: Stack) -> None:
    """Make the copies of a run that are not made yet; a run past its end is left alone."""
    for position, seat_id in enumerate(seat_ids):
        if not _make_one(run_id, position, seat_id, words):
            return
    with transaction() as session:
        run, asker = _going_on(session, run_id)
        if run is None or asker is None:
            return
        sheets = paper_copies.sheets_of(session, run)
    # Nothing is held while it is set: that takes seconds.
    document = stack(crypto.unseal_many(sheets), asker.language) if sheets else b""
    with transaction() as session:
        run, asker = _going_on(session, run_id)
        if run is None or asker is None:
            return
        if document:
            session.add(_sealed(run, document))
        run.finished_at = clock.now()


def _going_on(session: Session, run_id: uuid.UUID) -> tuple[PrintRun | None, Actor | None]:
    """A run that is not over with who asked for it; it failed where that person may no longer."""
    now = clock.now()
    run = paper_copies.hold_run(session, run_id)
    if run is None or run.failed_at is not None or run.finished_at is not None:
        return None, None
    try:
        asker = load_actor(session, run.asked_by_id, now=now)
        paper_copies.load_run(session, asker, run_id, now=now)
    except NotVisible:
        run.failed_at = now
        return None, None
    return run, asker


def _sealed(run: PrintRun, document: bytes) -> PrintSheet:
    sheet_id = uuid.uuid4()
    text = base64.b64encode(document).decode()
    scope, binding = KeyScope.of_print_run(run.id), paper_copies.binding_of(sheet_id)
    sealed = crypto.seal(scope, text, belongs_to=binding)
    return PrintSheet(id=sheet_id, run_id=run.id, words_ct=sealed)


def _make_one(run_id: uuid.UUID, position: int, seat_id: uuid.UUID, words: Words) -> bool:
    """Make one copy, or count it as skipped; False where the run goes no further."""
    with transaction() as session:
        run, asker = _going_on(session, run_id)
        if run is None or asker is None:
            return False
        if position < run.done:
            return True
        if not _print(session, run, asker, seat_id, words):
            run.skipped += 1
        run.done += 1
    return True


def _print(session: Session, run: PrintRun, asker: Actor, seat_id: uuid.UUID, words: Words) -> bool:
    try:
        reader = load_reader(session, asker, seat_id, Permission.PAPER_PRINT, now=clock.now())
    except (NotVisible, Refusal):
        return False
    meeting = reader.loaded.meeting
    is_extract = meeting.adopted_at is not None
    if not may_print(meeting) or is_extract is not run.is_extract or meeting.id != run.meeting_id:
        return False
    printed = (_extract if is_extract else _papers)(session, asker, reader)
    if printed is None:
        return False
    _keep(session, run, reader, printed, words)
    _record(session, asker, reader)
    return True


def _papers(session: Session, asker: Actor, reader: Reader) -> PrintedPapers | None:
    """What the seat sees once its papers are open; nothing where it opens no item."""
    meeting = reader.loaded.meeting
    found = read_as_occupant(session, asker, reader.loaded, now=clock.now())
    if found.content is None or not found.content.items:
        return None
    return PrintedPapers(
        content=open_texts(found.content),
        recipient=named(reader.actor),
        language=reader.actor.language,
        organisation=reader.actor.organisation_name,
        number=paper_copies.next_number(session, meeting),
    )


def _extract(session: Session, asker: Actor, reader: Reader) -> NumberedExtract | None:
    meeting, now = reader.loaded.meeting, clock.now()
    try:
        found = read_extract(session, reader.actor, meeting.id, now=now, viewer=asker)
    except NotVisible:
        return None
    if not found.items:
        return None
    page = open_extract(with_version(session, reader.actor, found))
    extract = PrintedExtract(
        page=page,
        recipient=named(reader.actor),
        language=reader.actor.language,
        adopted_on=day_of(page),
        made_at=now,
    )
    return NumberedExtract(
        extract=extract,
        organisation=reader.actor.organisation_name,
        number=paper_copies.next_number(session, meeting),
    )


def _keep(session: Session, run: PrintRun, reader: Reader, printed: Printed, words: Words) -> None:
    copy = PaperCopy(
        id=uuid.uuid4(),
        meeting_id=run.meeting_id,
        seat_id=reader.loaded.seat.id,
        person_id=reader.actor.person_id,
        number=printed.number,
        is_extract=run.is_extract,
        made_by_id=run.asked_by_id,
        made_at=clock.now(),
    )
    sheet_id = uuid.uuid4()
    sealed = crypto.seal(
        KeyScope.of_print_run(run.id), words(printed), belongs_to=paper_copies.binding_of(sheet_id)
    )
    session.add_all(
        [copy, PrintSheet(id=sheet_id, run_id=run.id, copy_id=copy.id, words_ct=sealed)]
    )


def _record(session: Session, asker: Actor, reader: Reader) -> None:
    """That staff put it on paper, and for which seat; each text read has its own line."""
    loaded = reader.loaded
    audit.record(
        session,
        asker,
        audit.Entry(
            event=audit.Event.COPY,
            object_kind="seat-paper",
            object_id=loaded.seat.id,
            ground=Ground.STAFF,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
        ),
    )
