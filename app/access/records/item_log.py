"""Everything written down or noted at one item in one statement, for the worksheet of staff.

Starts from an item that passed a loader. Texts come out sealed; whoever opens one records it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    Date,
    Integer,
    LargeBinary,
    Select,
    String,
    Uuid,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.loaders import LoadedItem
from app.access.records.notes import staff_notes
from app.access.tasks.giving import guests_at
from app.domain.kinds import Ground
from app.infra.crypto import Sealed
from app.infra.db import UtcDateTime
from app.models import (
    Action,
    AgendaItem,
    Bystander,
    Decision,
    DecisionAddressee,
    Note,
    NoteReader,
    OralMark,
    Organisation,
    Person,
    Seat,
    Task,
)


class What(StrEnum):
    """What a line of the log is; the last two are people in the room."""

    DECISION = "decision"
    ACTION = "action"
    NOTE = "note"
    ORAL_MARK = "oral-mark"
    BYSTANDER = "bystander"
    GUEST = "guest"


class _Reader(StrEnum):
    DECISION = "decision-reader"
    NOTE = "note-reader"


@dataclass(slots=True, kw_only=True)
class Line:
    """One line: ``kind`` is that of a decision or the state of an action, ``who`` who holds it.

    ``readers`` are the codes of the seats it is for, ``reader_ids`` the seats.
    """

    what: What
    id: uuid.UUID
    kind: str
    who: str
    seat_id: uuid.UUID | None
    other_seat_id: uuid.UUID | None
    mark_id: uuid.UUID | None
    due_on: date | None
    due_at: datetime | None
    at: datetime
    agreed_at: datetime | None
    version: int
    text: Sealed
    more: Sealed
    readers: list[str] = field(default_factory=list)
    reader_ids: set[uuid.UUID] = field(default_factory=set)

    def reading(self, at: LoadedItem) -> audit.Entry:
        """The line in the access log for having read it."""
        return audit.Entry(
            event=audit.Event.READ,
            object_kind=self.what.value,
            object_id=self.id,
            ground=Ground.STAFF,
            table_id=at.meeting.table_id,
            meeting_id=at.meeting.id,
            item_id=at.item.id,
            case_id=at.item.case_id,
        )


# The columns of every part, in this order, with the type of each.
_COLUMNS: Final[dict[str, Any]] = {
    "what": String(),
    "id": Uuid(),
    "of_id": Uuid(),
    "kind": String(),
    "code": String(),
    "name": String(),
    "seat_id": Uuid(),
    "other_seat_id": Uuid(),
    "mark_id": Uuid(),
    "text_ct": LargeBinary(),
    "more_ct": LargeBinary(),
    "due_on": Date(),
    "due_at": UtcDateTime(),
    "at": UtcDateTime(),
    "agreed_at": UtcDateTime(),
    "version": Integer(),
}
_LINES: Final = frozenset(one.value for one in What)
_BINDINGS: Final = {
    What.DECISION: ("text", "dissent"),
    What.ACTION: ("safe", "full"),
    What.NOTE: ("text", ""),
    What.BYSTANDER: ("name", ""),
}


def read_log(session: Session, actor: Actor, item: AgendaItem, *, now: datetime) -> list[Line]:
    """The lines of a loaded item, oldest first; one statement whatever there is."""
    rows = session.execute(union_all(*_parts(actor, item, now))).all()
    lines = {row.id: _line(row) for row in rows if row.what in _LINES}
    for row in rows:
        if row.what not in _LINES and row.of_id in lines:
            lines[row.of_id].readers.append(row.code)
            lines[row.of_id].reader_ids.add(row.seat_id)
    for line in lines.values():
        line.readers.sort()
    return sorted(lines.values(), key=lambda line: (line.at, line.what.value, line.id))


def of_kind(lines: Iterable[Line], *kinds: What) -> list[Line]:
    """The lines of these kinds, in order."""
    return [line for line in lines if line.what in kinds]


def _parts(actor: Actor, item: AgendaItem, now: datetime) -> list[Select[*tuple[Any, ...]]]:
    at_seat = select(Seat).join(Organisation, Organisation.id == Seat.organisation_id)
    return [
        _part(
            scopes.staff_decisions(actor, now=now).where(Decision.item_id == item.id),
            What.DECISION,
            id=Decision.id,
            kind=type_coerce(Decision.kind, String()),
            seat_id=Decision.taken_by_seat_id,
            other_seat_id=Decision.dissent_seat_id,
            mark_id=Decision.oral_mark_id,
            text_ct=Decision.text_ct,
            more_ct=Decision.dissent_ct,
            at=Decision.recorded_at,
            version=Decision.version,
        ),
        _part(
            scopes.staff_actions(actor, now=now)
            .join(Organisation, Organisation.id == Action.organisation_id)
            .outerjoin(Person, Person.id == Action.person_id)
            .where(Action.item_id == item.id),
            What.ACTION,
            id=Action.id,
            kind=type_coerce(Action.state, String()),
            code=Organisation.code,
            name=Person.name,
            text_ct=Action.safe_ct,
            more_ct=Action.full_ct,
            due_on=Action.due_on,
            due_at=Action.due_at,
            at=Action.recorded_at,
            version=Action.version,
        ),
        _part(
            staff_notes(actor, now=now).where(Note.item_id == item.id),
            What.NOTE,
            id=Note.id,
            text_ct=Note.text_ct,
            at=Note.recorded_at,
            version=Note.version,
        ),
        _part(
            at_seat.join(OralMark, OralMark.seat_id == Seat.id).where(
                OralMark.item_id == item.id, OralMark.deleted_at.is_(None)
            ),
            What.ORAL_MARK,
            id=OralMark.id,
            code=Organisation.code,
            seat_id=Seat.id,
            at=OralMark.recorded_at,
            agreed_at=OralMark.agreed_at,
        ),
        _part(
            select(Bystander).where(Bystander.item_id == item.id, Bystander.settled_at.is_(None)),
            What.BYSTANDER,
            id=Bystander.id,
            text_ct=Bystander.name_ct,
            at=Bystander.noted_at,
        ),
        _guests(item),
        _part(
            at_seat.join(DecisionAddressee, DecisionAddressee.seat_id == Seat.id).where(
                Seat.item_id == item.id
            ),
            _Reader.DECISION,
            of_id=DecisionAddressee.decision_id,
            code=Organisation.code,
            seat_id=Seat.id,
        ),
        _part(
            at_seat.join(NoteReader, NoteReader.seat_id == Seat.id).where(Seat.item_id == item.id),
            _Reader.NOTE,
            of_id=NoteReader.note_id,
            code=Organisation.code,
            seat_id=Seat.id,
        ),
    ]


def _guests(item: AgendaItem) -> Select[*tuple[Any, ...]]:
    """Who was invited for this item alone; ``code`` is the name of the organisation."""
    return _part(
        guests_at(item).order_by(None),
        What.GUEST,
        id=Task.id,
        code=Organisation.name,
        name=Person.name,
        at=Task.granted_at,
    )


def _part(
    statement: Select[*tuple[Any, ...]],
    what: StrEnum,
    **given: Any,  # noqa: ANN401 - columns
) -> Select[*tuple[Any, ...]]:
    """The statement with the columns all parts have; what is not given is empty."""
    chosen = {"what": literal(what.value), **given}
    return statement.with_only_columns(
        *(chosen.get(name, cast(null(), of)).label(name) for name, of in _COLUMNS.items())
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    what = What(row.what)
    text, more = _BINDINGS.get(what, ("", ""))
    who = ", ".join(part for part in (row.name, row.code) if part)
    return Line(
        what=what,
        id=row.id,
        kind=row.kind or "",
        who=who,
        seat_id=row.seat_id,
        other_seat_id=row.other_seat_id,
        mark_id=row.mark_id,
        due_on=row.due_on,
        due_at=row.due_at,
        at=row.at,
        agreed_at=row.agreed_at,
        version=row.version or 0,
        text=Sealed(row.text_ct, f"{what}:{row.id}:{text}"),
        more=Sealed(row.more_ct, f"{what}:{row.id}:{more}"),
    )
