"""Reads the item on the table for its page and opens its texts once their reading is recorded."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, audit
from app.access.disclosure import OpenSection, read_sections, sealed_question
from app.access.meetings.live import SeatAt, seats_at
from app.access.meetings.room_view import timer_of
from app.access.meetings.turns import turn_of
from app.access.own_content import Carried
from app.access.records import carried, item_questions
from app.access.records.item_log import Line, What, of_kind, read_log
from app.domain.kind_document import KindDocument
from app.domain.kinds import AT_TABLE, Ground
from app.features.live.pages import (
    CarriedLine,
    CurrentItem,
    Guest,
    InRoom,
    LogLine,
    Mark,
    Place,
    Removed,
    SectionText,
    Timer,
)
from app.infra.crypto import Sealed
from app.models import AgendaItem

WRITTEN = (What.DECISION, What.ACTION, What.NOTE, What.ORAL_MARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the page is asked for beyond the usual: names, one note, one line taken back."""

    names_shown: Callable[[uuid.UUID], bool] = lambda _turn: False
    note_id: uuid.UUID | None = None
    removed: Removed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItem:
    """An item as it was read, its texts still sealed."""

    at: LoadedItem
    now: datetime
    sections: list[OpenSection]
    seats: list[SeatAt]
    carried: list[Carried]
    may_show: bool
    lines: list[Line]
    opened_notes: frozenset[uuid.UUID]
    shows_names: bool
    removed: Removed | None
    question: Sealed | None


def read_item(
    session: Session, actor: Actor, at: LoadedItem, wanted: Wanted, *, now: datetime
) -> ReadItem:
    """Everything of a loaded case item, recorded as read in the same statement; six statements."""
    seats = seats_at(session, at.item)
    before = carried.read_for_staff(session, actor, at, now=now)
    lines = read_log(session, actor, at.item, now=now)
    opened = _notes_opened(lines, seats, wanted.note_id)
    turn = turn_of(at.item)
    shows_names = turn is not None and wanted.names_shown(turn)
    question = (
        sealed_question(at.case, item_questions.of_item(session, at.item)) if at.case else None
    )
    also = [_question(at)] if question and question.ciphertext else []
    also += [line.reading(at) for line in lines if line.text.ciphertext and _is_open(line, opened)]
    also += carried.readings(before, at.meeting, Ground.STAFF)
    return ReadItem(
        at=at,
        now=now,
        carried=before,
        may_show=carried.may_show(actor, at.meeting),
        sections=read_sections(
            session,
            actor,
            [at.case.id] if at.case else [],
            now=now,
            identity=None if shows_names else False,
            also=also,
        ),
        seats=seats,
        lines=lines,
        opened_notes=opened,
        shows_names=shows_names,
        removed=_still_gone(wanted.removed, at.item, lines),
        question=question,
    )


def _notes_opened(
    lines: list[Line], seats: list[SeatAt], asked: uuid.UUID | None
) -> frozenset[uuid.UUID]:
    """Notes for every seat at the item, and the one that was asked for."""
    everybody = {one.seat.id for one in seats}
    notes = of_kind(lines, What.NOTE)
    return frozenset(
        one.id for one in notes if one.id == asked or (everybody and everybody <= one.reader_ids)
    )


def _is_open(line: Line, opened: frozenset[uuid.UUID]) -> bool:
    """A note for fewer than all is neither opened nor recorded until it is asked for."""
    return line.what is not What.NOTE or line.id in opened


def _still_gone(removed: Removed | None, item: AgendaItem, lines: list[Line]) -> Removed | None:
    """What was taken back here, unless somebody put it back; a dropped action still has a line."""
    if removed is None or removed.item_id != item.id:
        return None
    line = next((one for one in lines if one.id == removed.id), None)
    dropped = line is not None and line.what is What.ACTION and line.version == removed.version
    return removed if line is None or dropped else None


def _question(at: LoadedItem) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind="question",
        object_id=at.case.id if at.case else None,
        ground=Ground.STAFF,
        table_id=at.meeting.table_id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        case_id=at.item.case_id,
    )


def sealed_texts(read: ReadItem) -> list[Sealed]:
    """The texts of the page, in the order ``current_item`` takes them."""
    question = [read.question] if read.question else []
    texts = [*question, *(one.text for one in read.sections)]
    for line in read.lines:
        if _is_open(line, read.opened_notes):
            texts += [line.text, line.more]
    for one in read.carried:
        texts += [one.safe, one.full]
    return texts


def current_item(read: ReadItem, texts: Iterator[str], kind: KindDocument) -> CurrentItem:
    """The page's part about the item, with its texts opened."""
    item, case = read.at.item, read.at.case
    question = next(texts) if read.question else ""
    sections = tuple(
        SectionText(one.label_nl, one.label_en, next(texts), one.is_identity, one.no_passing_on)
        for one in read.sections
    )
    opened = {
        line.id: (next(texts), next(texts))
        for line in read.lines
        if _is_open(line, read.opened_notes)
    }
    before = tuple(_carried(read, one, next(texts), next(texts)) for one in read.carried)
    return CurrentItem(
        item_id=item.id,
        decision_kinds=kind.decision_kinds,
        case_id=item.case_id,
        reference=case.reference if case else "",
        discussion=item.discussion,
        question=question,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        opened=item.opened_at is not None,
        closed=item.closed_at is not None,
        returns=item.returns,
        turn=turn_of(item),
        timer=_timer(item, read.now),
        sections=sections,
        shows_names=read.shows_names,
        places=tuple(place_of(one) for one in read.seats),
        partners=len({one.code for one in read.seats if one.is_given and one.person}),
        carried=before,
        lines=_log(read, opened),
        bystanders=tuple(
            InRoom(one.id, opened[one.id][0]) for one in of_kind(read.lines, What.BYSTANDER)
        ),
        guests=tuple(Guest(one.who) for one in of_kind(read.lines, What.GUEST)),
        marks=tuple(
            Mark(one.id, one.who, one.agreed_at is not None)
            for one in of_kind(read.lines, What.ORAL_MARK)
        ),
    )


def _carried(read: ReadItem, one: Carried, text: str, full: str) -> CarriedLine:
    return CarriedLine(
        action_id=one.action_id,
        who=f"{one.holder}, {one.organisation}" if one.holder else one.organisation,
        text=text,
        full=full,
        due_on=one.due_on,
        due_at=one.due_at,
        is_late=one.is_late,
        state=one.state,
        is_shown=one.is_shown,
        is_hidden=one.is_hidden,
        may_show=read.may_show and bool(full) and not one.is_hidden,
    )


def _timer(item: AgendaItem, now: datetime) -> Timer | None:
    found = timer_of(item)
    if found is None or item.closed_at is not None:
        return None
    return Timer(
        seconds_left=found.seconds_left(now),
        total_seconds=60 * (item.minutes + item.extra_minutes),
        ends_at=found.ends_at(now),
        is_paused=found.is_paused,
    )


def place_of(one: SeatAt) -> Place:
    """A seat at the item as pages name it."""
    return Place(
        seat_id=one.seat.id,
        code=one.code,
        organisation=one.organisation,
        person=one.person,
        presence=one.seat.presence,
        is_here=one.seat.presence in AT_TABLE,
        is_alone=one.seat.is_alone,
        has_account=one.has_account,
        accepted=one.accepted,
        spoken=one.spoken,
        lacks_sitter=one.lacks_sitter,
        is_hidden=one.seat.is_staff_only,
    )


def _log(read: ReadItem, opened: dict[uuid.UUID, tuple[str, str]]) -> tuple[LogLine, ...]:
    """The lines as they were written down, with the place of the one just taken back."""
    codes = {one.seat.id: one.code for one in read.seats}
    marks = {one.id: one.who for one in of_kind(read.lines, What.ORAL_MARK)}
    lines = [
        LogLine(
            what=one.what,
            id=one.id,
            at=one.at,
            version=one.version,
            kind=one.kind,
            text=opened.get(one.id, ("", ""))[0],
            more=opened.get(one.id, ("", ""))[1],
            is_open=_is_open(one, read.opened_notes),
            who=one.who,
            readers=tuple(one.readers),
            is_for_all=bool(codes) and set(codes) <= one.reader_ids,
            taken_by=codes.get(one.seat_id, "") if one.seat_id else "",
            dissent_of=codes.get(one.other_seat_id, "") if one.other_seat_id else "",
            rests_on=marks.get(one.mark_id, "") if one.mark_id else "",
            due_on=one.due_on,
            due_at=one.due_at,
            is_agreed=one.agreed_at is not None,
        )
        for one in of_kind(read.lines, *WRITTEN)
        if read.removed is None or one.id != read.removed.id
    ]
    if read.removed is not None:
        lines.append(LogLine.taken_back(read.removed))
    return tuple(sorted(lines, key=lambda one: (one.at, one.id)))
