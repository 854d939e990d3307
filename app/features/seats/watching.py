"""The live page of a representative: the own part of a running meeting, and nothing beside it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.access.opened import DecisionText, ItemText, OpenedMeeting, open_texts
from app.access.seats import explained, watching
from app.access.seats.slots import read_own_meeting
from app.access.seats.watching import OwnMark, Watched, WatchedSlot
from app.infra import clock, crypto
from app.infra.db import reading, recorded_reading, transaction


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as its reader sees it."""

    item_id: uuid.UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveItem:
    """One own item as it stands now; ``content`` only while it is open to the viewer."""

    number: int
    seat_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    asks: bool
    content: ItemText | None
    decisions: tuple[DecisionText, ...]
    notes: tuple[NoteText, ...]
    marks: tuple[OwnMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    """What the page shows; ``tag`` is how the script asks whether that changed."""

    meeting: OpenedMeeting
    tag: str
    accepted: bool
    is_done: bool
    adopted: bool
    shown_at: datetime
    items: tuple[LiveItem, ...]


def live_tag(actor: Actor, meeting_id: uuid.UUID) -> str:
    """Changes with anything the viewer's live page shows. One statement, no text opened."""
    with reading() as session:
        return watching.read_tag(session, actor, meeting_id, now=clock.now())


def live_page(actor: Actor, meeting_id: uuid.UUID) -> LivePage:
    """The own items with what came for them; every text opened is recorded."""
    now = clock.now()
    with recorded_reading() as session:
        state = watching.read_watched(session, actor, meeting_id, now=now)
        content = read_own_meeting(session, actor, meeting_id, now=now)
        notes = watching.read_own_notes(session, actor, meeting_id, now=now)
    texts = crypto.unseal_many([one.text for one in notes])
    return _page(
        state,
        open_texts(content),
        tuple(NoteText(one.item_id, text) for one, text in zip(notes, texts, strict=True)),
        now,
    )


def agree(actor: Actor, mark_id: uuid.UUID, *, does: bool) -> uuid.UUID:
    """Say whether a reason may rest on what was explained aloud; gives the meeting."""
    with transaction() as session:
        return explained.agree_with_mark(session, actor, mark_id, agree=does)


def _page(
    state: Watched, meeting: OpenedMeeting, notes: tuple[NoteText, ...], now: datetime
) -> LivePage:
    opened = {one.seat_id: one for one in meeting.items}
    return LivePage(
        meeting=meeting,
        tag=state.tag,
        accepted=state.accepted,
        is_done=state.is_done,
        adopted=state.adopted,
        shown_at=now,
        items=tuple(
            LiveItem(
                number=number,
                seat_id=slot.seat_id,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                state=_state(slot),
                asks=slot.asks,
                content=opened.get(slot.seat_id),
                decisions=tuple(one for one in meeting.decisions if one.item_id == slot.item_id),
                notes=tuple(one for one in notes if one.item_id == slot.item_id),
                marks=tuple(one for one in state.marks if one.item_id == slot.item_id),
            )
            for number, slot in enumerate(state.slots, 1)
        ),
    )


def _state(slot: WatchedSlot) -> str:
    if slot.discussed:
        return "discussed"
    return "now" if slot.taken_up else "waits"
