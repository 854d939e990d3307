"""What a secretary writes with: the item of the task, who may be named there, and the own lines.

Lines of others, the sections and who is present stand on the worksheet of staff, never here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, audit
from app.access.meetings.live import seats_at
from app.access.tasks import minute_taking
from app.domain.kinds import ActionState, Ground
from app.features.live.pages import Place
from app.features.live.reading_item import place_of
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import Action, Decision, Note, OralMark

Row = Decision | Action | Note | OralMark
KINDS: Final[dict[minute_taking.Line, str]] = {
    Decision: "decision",
    Action: "action",
    Note: "note",
    OralMark: "oral-mark",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A line the secretary wrote down; ``who`` and ``due_on`` are of an action or a mark."""

    what: str
    at: datetime
    text: str
    who: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretaryPage:
    """The item and the own lines; ``is_live`` from the start of the meeting until adoption."""

    task_id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str
    starts_at: datetime
    is_live: bool
    places: tuple[Place, ...]
    lines: tuple[OwnLine, ...]


def item_of(actor: Actor, task_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """The meeting and the item of one task, for a line while it is typed. NotVisible."""
    with reading() as session:
        at = minute_taking.load_of_task(session, actor, task_id)
    return at.meeting.id, at.item.id


def page_of(actor: Actor, task_id: uuid.UUID) -> SecretaryPage:
    """The page of one task; the own lines it opens are recorded as read. NotVisible."""
    now = clock.now()
    with transaction() as session:
        at = minute_taking.load_of_task(session, actor, task_id)
        seats = minute_taking.nameable(actor, at, seats_at(session, at.item))
        rows = _rows(session, actor, at, now)
        audit.record_all(session, actor, [_reading(one, at) for one in rows])
    sealed = [text for one in rows for text in _sealed(one)]
    texts = dict(zip(sealed, crypto.unseal_many(sealed), strict=True))
    codes = {one.seat.organisation_id: one.code for one in seats}
    by_seat = {one.seat.id: one.code for one in seats}
    return SecretaryPage(
        task_id=task_id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        reference=at.case.reference if at.case else "",
        starts_at=at.item.starts_at,
        is_live=at.meeting.started_at is not None
        and (at.meeting.adopted_at or at.item.adopted_at) is None,
        places=tuple(place_of(one) for one in seats),
        lines=tuple(_line(one, texts, codes, by_seat) for one in rows),
    )


def _rows(session: Session, actor: Actor, at: LoadedItem, now: datetime) -> list[Row]:
    found: list[Row] = []
    for kind in KINDS:
        lines = minute_taking.own_lines(actor, kind, now=now).where(kind.item_id == at.item.id)
        found += [
            one
            for one in session.scalars(lines)
            if getattr(one, "deleted_at", None) is None
            and getattr(one, "state", None) is not ActionState.LAPSED
        ]
    return sorted(found, key=lambda one: one.recorded_at)


def _sealed(one: Row) -> Iterator[Sealed]:
    if isinstance(one, Action):
        yield Sealed(one.safe_ct, f"action:{one.id}:safe")
        yield Sealed(one.full_ct, f"action:{one.id}:full")
    elif not isinstance(one, OralMark):
        yield Sealed(one.text_ct, f"{KINDS[type(one)]}:{one.id}:text")


def _line(
    one: Row,
    texts: dict[Sealed, str],
    codes: dict[uuid.UUID, str],
    by_seat: dict[uuid.UUID, str],
) -> OwnLine:
    said = [texts[each] for each in _sealed(one)]
    what, at = KINDS[type(one)], one.recorded_at
    if isinstance(one, Action):
        who = codes.get(one.organisation_id, "")
        return OwnLine(what=what, at=at, text=said[1] or said[0], who=who, due_on=one.due_on)
    if isinstance(one, OralMark):
        return OwnLine(what=what, at=at, text="", who=by_seat.get(one.seat_id, ""))
    return OwnLine(what=what, at=at, text=said[0])


def _reading(one: Row, at: LoadedItem) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind=KINDS[type(one)],
        object_id=one.id,
        ground=Ground.TASK,
        table_id=at.meeting.table_id,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        case_id=at.item.case_id,
    )
