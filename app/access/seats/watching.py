"""What a watcher's page follows of one meeting: the own slots, and what came for them since.

Two hundred people ask this every three seconds: it is one statement, written out once with the
values as binds. It is built from the scopes every page uses; it opens no text and records nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Uuid,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    union_all,
)
from sqlalchemy.orm import Session

from app.access import audit, checks, followed, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.readings import readings_of_notes
from app.access.records.notes import own_notes
from app.access.seats.explained import own_marks
from app.access.walks import from_holds
from app.domain.errors import NotVisible
from app.infra import crypto
from app.infra.crypto import Sealed
from app.infra.db import UtcDateTime
from app.models import (
    ActionShown,
    AgendaItem,
    Case,
    Decision,
    Disclosure,
    ItemQuestion,
    Meeting,
    Note,
    OralMark,
    Seat,
    Section,
    SectionType,
)

_NOW = cast("datetime", bindparam("now", type_=UtcDateTime()))
_MEETING = bindparam("meeting_id", type_=Uuid())
# Conditions ask of an actor only who it is and for which organisation: here both are binds.
_ME = Actor(
    person_id=cast("uuid.UUID", bindparam("person_id", type_=Uuid())),
    organisation_id=cast("uuid.UUID", bindparam("organisation_id", type_=Uuid())),
    organisation_code="",
    organisation_name="",
    name="",
    email="",
    language="",
    theme="",
    is_administrator=False,
    is_privacy_officer=False,
)

TAKEN_UP, DISCUSSED, OPEN, ASKS, ACCEPTED, ADOPTED = (2**bit for bit in range(6))
TAKEN_DOWN = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedSlot:
    """One own slot: whether it waits, is on the table or was discussed; never the case."""

    seat_id: uuid.UUID
    item_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    taken_up: bool
    discussed: bool
    is_open: bool
    asks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMark:
    """Something the own organisation explained aloud; what was said stands nowhere.

    ``taken_down``: staff wrote the agreement down for whoever gave it.
    """

    id: uuid.UUID
    item_id: uuid.UUID
    recorded_at: datetime
    agreed_at: datetime | None
    taken_down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The state of the viewer's own part; ``tag`` changes when any of it does.

    When the meeting itself began and ended is none of it: that tells of items of others.
    """

    tag: str
    accepted: bool
    is_done: bool
    adopted: bool
    slots: tuple[WatchedSlot, ...]
    marks: tuple[OwnMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNote:
    """A note written for a seat of the actor; its text still sealed."""

    id: uuid.UUID
    item_id: uuid.UUID
    text: Sealed
    recorded_at: datetime


def read_tag(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> str:
    """What changes with anything the viewer sees here; NotVisible without an own slot."""
    return _tag(actor, meeting_id, _rows(session, actor, meeting_id, now))


def read_watched(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Watched:
    """The same rows as ``read_tag`` reads, as a page shows them. One statement."""
    rows = _rows(session, actor, meeting_id, now)
    slots = [row for row in rows if row.kind == "slot"]
    flags = slots[0].flags
    return Watched(
        tag=_tag(actor, meeting_id, rows),
        accepted=bool(flags & ACCEPTED),
        is_done=all(one.flags & DISCUSSED for one in slots),
        adopted=all(one.flags & ADOPTED for one in slots),
        slots=tuple(sorted(map(_slot, slots), key=lambda one: (one.starts_at, one.seat_id.hex))),
        marks=tuple(
            sorted(
                (_mark(row) for row in rows if row.kind == "mark"),
                key=lambda one: (one.recorded_at, one.id.hex),
            )
        ),
    )


def read_own_notes(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[OwnNote, ...]:
    """Notes written for own seats whose item is open just now; each reading is recorded."""
    rows = session.execute(
        own_notes(actor, now=now)
        .where(Meeting.id == meeting_id, c.is_open_seat(actor, now))
        .add_columns(Meeting)
        .order_by(Note.recorded_at, Note.id)
    ).all()
    found = {row.Note.id: row.Note for row in rows}
    if rows:
        audit.record_all(session, actor, readings_of_notes(list(found.values()), rows[0].Meeting))
    return tuple(
        OwnNote(
            id=one.id,
            item_id=one.item_id,
            text=Sealed(one.text_ct, f"note:{one.id}:text"),
            recorded_at=one.recorded_at,
        )
        for one in found.values()
    )


def _rows(session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime) -> list[Any]:
    checks.note()
    rows = list(
        session.connection().execute(
            _statement(),
            {
                "person_id": actor.person_id,
                "organisation_id": actor.organisation_id,
                "meeting_id": meeting_id,
                "now": now,
            },
        )
    )
    if not any(row.kind == "slot" for row in rows):
        raise NotVisible
    return rows


def _tag(actor: Actor, meeting_id: uuid.UUID, rows: Sequence[Any]) -> str:
    """A keyed hash: it tells nothing to who has it, and no two viewers share one."""
    state = sorted("|".join(map(str, row)) for row in rows)
    return crypto.store().fingerprint("\n".join([f"{actor.person_id}{meeting_id}", *state])).hex()


@cache
def _statement() -> CompoundSelect[Any]:
    """All that is followed, each part the scope of the page that shows it."""
    open_seat = and_(c.is_open_seat(_ME, _NOW), c.is_not_barred(_ME, _NOW))
    decisions: Any = scopes.own_decisions(_ME, now=_NOW).with_only_columns(
        literal_column("'decision'"),
        Decision.id,
        Decision.item_id,
        Decision.version,
        null(),
        null(),
        null(),
    )
    notes: Any = (
        own_notes(_ME, now=_NOW)
        .where(open_seat)
        .with_only_columns(
            literal_column("'note'"), Note.id, Note.item_id, Note.version, null(), null(), null()
        )
    )
    marks: Any = own_marks(_ME, now=_NOW).with_only_columns(
        literal_column("'mark'"),
        OralMark.id,
        OralMark.item_id,
        _flags({TAKEN_DOWN: OralMark.agreement_recorded_by_id.is_not(None)}),
        OralMark.recorded_at,
        OralMark.agreed_at,
        null(),
    )
    # An action from before that ends meanwhile goes with the next change: asking for it every time
    # would cost a third more, the chair's say next to nothing. Where nothing opened it before.
    shown: Any = (
        followed.shown_actions(_ME, now=_NOW)
        .where(~scopes.sees_full_text(_ME, now=_NOW))
        .with_only_columns(
            literal_column("'shown'"),
            ActionShown.id,
            AgendaItem.id,
            literal_column("1"),
            null(),
            null(),
            null(),
        )
    )
    return union_all(
        *(part.where(Meeting.id == _MEETING) for part in (_slots(), decisions, notes, shown)),
        *(part.where(Meeting.id == _MEETING) for part in (marks, _sections(open_seat))),
    )


def _slots() -> Any:  # noqa: ANN401 - a statement
    ready = and_(
        c.is_in_window(_NOW), c.is_taken_up(_NOW), c.has_accepted(_ME), c.has_covenant(_NOW)
    )
    knows_nobody = c.knows_nobody(_ME, _NOW)
    flags = _flags(
        {
            TAKEN_UP: AgendaItem.opened_at.is_not(None),
            DISCUSSED: AgendaItem.closed_at.is_not(None),
            OPEN: and_(ready, knows_nobody),
            ASKS: and_(ready, ~knows_nobody),
            ACCEPTED: c.has_accepted(_ME),
            ADOPTED: or_(AgendaItem.adopted_at.is_not(None), Meeting.adopted_at.is_not(None)),
        }
    )
    finished = ItemQuestion.item_id.is_not(None)
    asked = case((finished, ItemQuestion.question_ct), else_=Case.question_ct)
    slots = scopes.own_slots(_ME, now=_NOW).outerjoin(
        ItemQuestion, ItemQuestion.item_id == AgendaItem.id
    )
    statement: Any = slots.with_only_columns(
        literal_column("'slot'").label("kind"),
        Seat.id.label("id"),
        AgendaItem.id.label("item_id"),
        flags.label("flags"),
        AgendaItem.starts_at.label("first_at"),
        AgendaItem.ends_at.label("last_at"),
        # Sealed anew with every change: the ciphertext tells two questions apart.
        case((and_(ready, knows_nobody), asked)).label("question"),
    )
    return statement


def _flags(bits: dict[int, ColumnElement[bool]]) -> ColumnElement[int]:
    total: ColumnElement[int] = literal_column("0")
    for bit, condition in bits.items():
        total = total + case((condition, bit), else_=0)
    return total


def _sections(open_seat: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a statement
    statement: Any = (
        from_holds(
            literal_column("'section'"),
            Section.id,
            AgendaItem.id,
            Section.words_version,
            Section.updated_at,
            null(),
            null(),
        )
        .join(Disclosure, Disclosure.seat_id == Seat.id)
        .join(
            Section,
            and_(Section.id == Disclosure.section_id, Section.case_id == AgendaItem.case_id),
        )
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(open_seat, c.is_disclosed(_NOW), SectionType.is_identity.is_(False))
    )
    return statement


def _slot(row: Any) -> WatchedSlot:  # noqa: ANN401 - a row of the statement
    return WatchedSlot(
        seat_id=row.id,
        item_id=row.item_id,
        starts_at=row.first_at,
        ends_at=row.last_at,
        taken_up=bool(row.flags & TAKEN_UP),
        discussed=bool(row.flags & DISCUSSED),
        is_open=bool(row.flags & OPEN),
        asks=bool(row.flags & ASKS),
    )


def _mark(row: Any) -> OwnMark:  # noqa: ANN401 - as above
    return OwnMark(
        id=row.id,
        item_id=row.item_id,
        recorded_at=row.first_at,
        agreed_at=row.last_at,
        taken_down=bool(row.flags & TAKEN_DOWN),
    )
