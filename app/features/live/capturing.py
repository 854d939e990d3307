"""One line typed while people talk: what it reads as, and saving it once nothing has to be asked.

What a line reads as is stored and logged nowhere; a line that is sent twice is saved once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission
from app.access.meetings.live import SeatAt, next_start, seats_at
from app.access.messages import leak_gate
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import captured
from app.access.tasks import minute_taking
from app.domain.capture import (
    ABOUT_DATE,
    ABOUT_OWNER,
    Answers,
    Around,
    Candidate,
    Captured,
    LineKind,
    Question,
    read_line,
)
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AT_TABLE, Ground
from app.domain.leaks import CaseWords, findings
from app.domain.local_time import local_date
from app.domain.safe_text import MOST_SAFE, propose
from app.features.live import recording
from app.features.live.service import item_to_read
from app.infra import clock
from app.infra.db import reading

MOST_LINE: Final = 2000
_LINES: Final = uuid.UUID("5f0d2b2e-6f0c-4e52-9a43-0d2f3f0a7c11")


class Asked(StrEnum):
    """What is asked about the safe text, and about an agreement nobody would read."""

    NOBODY_THERE = "nobody-there"
    SAFE_MISSING = "safe-missing"
    SAFE_TELLS = "safe-tells"
    SAFE_TOO_LONG = "safe-too-long"


_ABOUT_SAFE: Final = frozenset({Asked.SAFE_MISSING, Asked.SAFE_TELLS, Asked.SAFE_TOO_LONG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line as it was typed, with the chosen button and what was answered about it.

    ``key`` is what its sender calls it: a line that comes again has the same.
    """

    line: str
    kind: LineKind = LineKind.ACTION
    seat_id: uuid.UUID | None = None
    due_on: date | None = None
    safe: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """A line as it reads, with the safe text of an action, and everything that has to be asked.

    ``unread_case_id`` is the case with whose words the safe text is compared only when it is saved:
    a secretary does not read all of it, and an answer while typing would tell.
    """

    captured: Captured
    safe: str = ""
    asked: tuple[Question | Asked, ...] = ()
    unread_case_id: uuid.UUID | None = None

    @property
    def asks_owner(self) -> bool:
        """Somebody at the item is to be chosen."""
        return not ABOUT_OWNER.isdisjoint(self.asked) or Asked.NOBODY_THERE in self.asked

    @property
    def asks_date(self) -> bool:
        """A date is to be given."""
        return not ABOUT_DATE.isdisjoint(self.asked)

    @property
    def asks_safe(self) -> bool:
        """Another safe text is to be given."""
        return any(one in _ABOUT_SAFE for one in self.asked)


@dataclass(frozen=True, slots=True)
class LinePage:
    """Where a line belongs, for the page that asks about it."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str


def line_page(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> LinePage:
    """The item a line is typed at; NotVisible as for saving."""
    with reading() as session:
        loaded = access.load_item(session, actor, item_id, Permission.DECISION_RECORD)
    if loaded.meeting.id != meeting_id or loaded.case is None:
        raise NotVisible
    return LinePage(meeting_id, item_id, loaded.case.reference)


def _item_of(
    session: Session, actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID
) -> LoadedItem:
    loaded = item_to_read(session, actor, item_id, Permission.DECISION_RECORD)
    if loaded.meeting.id != meeting_id or loaded.case is None:
        raise NotVisible
    return loaded


def read(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID, typed: Typed) -> ReadAs:
    """What a line reads as at this item; nothing of it is stored. NotVisible as for saving."""
    with reading() as session:
        loaded = _item_of(session, actor, meeting_id, item_id)
        seats = minute_taking.nameable(actor, loaded, seats_at(session, loaded.item))
        around = _around(session, loaded, typed, seats)
        is_staff = minute_taking.ground_of(actor, loaded.meeting) is Ground.STAFF
    answers = Answers(seat_id=typed.seat_id, due_on=typed.due_on)
    found = read_line(typed.line, around, answers)
    refuse_naming(actor, loaded, seats, found.text, readers=_readers(found, seats))
    if found.kind is LineKind.DECISION and found.text and not found.owners:
        return _for_who_is_there(found, around, seats)
    if found.kind is not LineKind.ACTION or not found.text:
        return ReadAs(captured=found, asked=found.questions)
    words = leak_gate.words_at_table(actor, meeting_id) if is_staff else None
    safe, about_safe = _safe_text(found.text, typed.safe, words)
    asked: tuple[Question | Asked, ...] = (*found.questions, *about_safe)
    unread = None if is_staff else loaded.item.case_id
    return ReadAs(captured=found, safe=safe, asked=asked, unread_case_id=unread)


def _readers(found: Captured, seats: list[SeatAt]) -> set[uuid.UUID]:
    """The seats that will read a line: an agreement without owners goes to who is there."""
    if found.kind is LineKind.DECISION and not found.owners:
        return {one.seat.id for one in seats if one.seat.presence in AT_TABLE}
    return {one.seat_id for one in found.owners}


def _for_who_is_there(found: Captured, around: Around, seats: list[SeatAt]) -> ReadAs:
    """An agreement is for who is there: where nobody is yet, nobody would ever read it."""
    if found.questions or any(one.seat.presence in AT_TABLE for one in seats):
        return ReadAs(captured=found, asked=found.questions)
    return ReadAs(captured=replace(found, candidates=around.seats), asked=(Asked.NOBODY_THERE,))


def _around(session: Session, loaded: LoadedItem, typed: Typed, seats: list[SeatAt]) -> Around:
    following = next_start(session, loaded.meeting) if ">" in typed.line else None
    return Around(
        today=clock.today(),
        now=clock.now(),
        seats=tuple(
            Candidate(one.seat.id, one.code, one.organisation, one.person) for one in seats
        ),
        next_meeting=local_date(following) if following else None,
        usual_kind=typed.kind,
    )


def _safe_text(text: str, given: str, words: CaseWords | None) -> tuple[str, tuple[Asked, ...]]:
    """What was given, else the proposal; looked at once more either way.

    Without the words of the case nothing is proposed and nothing told of them: to a secretary a
    proposal would say who is concerned.
    """
    safe = given.strip() or (propose(text, words) if words else "")
    if not safe:
        return safe, (Asked.SAFE_MISSING,)
    if len(safe) > MOST_SAFE:
        return safe, (Asked.SAFE_TOO_LONG,)
    return safe, (Asked.SAFE_TELLS,) if words and findings(safe, words) else ()


def refuse_telling(actor: Actor, meeting_id: uuid.UUID, safe: str) -> None:
    """Refusal SAFE_TELLS for a safe text that says something of a case at this meeting."""
    if leak_gate.says_something(actor, meeting_id, safe):
        raise Refusal(Reason.SAFE_TELLS, "safe")


def save(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID, typed: Typed) -> ReadAs:
    """Save a line unless something has to be asked first, which the answer then holds.

    Refusal GATE_WAITS and as for the forms. A line that was saved before is not saved again, and
    nothing is asked about it any more, whatever happened since.
    """
    line_id = _id_of(actor, item_id, typed.key)
    if typed.key and _is_saved(actor, line_id):
        alone = Around(today=clock.today(), seats=(), usual_kind=typed.kind)
        return ReadAs(captured=Captured(kind=read_line(typed.line, alone).kind, text=""))
    read_as = read(actor, meeting_id, item_id, typed)
    if read_as.asked:
        return read_as
    case_id = read_as.unread_case_id
    if case_id and leak_gate.says_something_of(case_id, read_as.safe):
        raise Refusal(Reason.SAFE_TELLS, "safe")
    try:
        _SAVE[read_as.captured.kind](actor, item_id, line_id, read_as)
    except IntegrityError:
        if not _is_saved(actor, line_id):
            raise
    return replace(read_as, asked=())


def _is_saved(actor: Actor, line_id: uuid.UUID) -> bool:
    with reading() as session:
        return captured.is_recorded(session, actor, line_id)


def _id_of(actor: Actor, item_id: uuid.UUID, key: str) -> uuid.UUID:
    """The same for a line that comes again, also after the server fell over in between."""
    return uuid.uuid5(_LINES, f"{actor.person_id}:{item_id}:{key}") if key else uuid.uuid4()


def _decision(actor: Actor, item_id: uuid.UUID, line_id: uuid.UUID, read_as: ReadAs) -> None:
    found = read_as.captured
    addressees = tuple(one.seat_id for one in found.owners)
    new = recording.NewDecision(id=line_id, text=found.text, addressee_ids=addressees)
    recording.record_decision(actor, item_id, new)


def _action(actor: Actor, item_id: uuid.UUID, line_id: uuid.UUID, read_as: ReadAs) -> None:
    found = read_as.captured
    new = recording.NewAction(
        id=line_id,
        seat_id=found.owners[0].seat_id,
        due_on=found.due_on or clock.today(),
        due_at=found.due_at,
        safe=read_as.safe,
        full=found.text if found.text != read_as.safe else "",
    )
    recording.record_action(actor, item_id, new)


def _note(actor: Actor, item_id: uuid.UUID, line_id: uuid.UUID, read_as: ReadAs) -> None:
    found = read_as.captured
    readers = tuple(one.seat_id for one in found.owners)
    recording.record_note(
        actor, item_id, recording.NewNote(id=line_id, text=found.text, reader_ids=readers)
    )


def _oral_mark(actor: Actor, item_id: uuid.UUID, line_id: uuid.UUID, read_as: ReadAs) -> None:
    seat_id = read_as.captured.owners[0].seat_id
    recording.record_oral_mark(actor, item_id, recording.NewOralMark(id=line_id, seat_id=seat_id))


_SAVE: Final = {
    LineKind.DECISION: _decision,
    LineKind.ACTION: _action,
    LineKind.NOTE: _note,
    LineKind.ORAL_MARK: _oral_mark,
}
