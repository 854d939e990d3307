"""The extract of the minutes: what one recipient keeps of a meeting, never more than its own part.

One reading serves the recipient's page, its plain text, its PDF and the preview for staff; the
texts come out sealed with their reading recorded. The access window does not apply; exclusion,
recusal, withdrawal of the seat and block do.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.case_life import family
from app.access.disclosure import sealed_question
from app.access.loaders import load_own_meeting
from app.access.permissions import Permission
from app.access.records import extract_rows, kept_extracts
from app.access.records.kept_extracts import Latest
from app.domain.kinds import ActionState, DecisionKind, Ground
from app.domain.minutes_text import AtTable, FamilyLine, OralLine
from app.infra.crypto import Sealed
from app.models import Action, AgendaItem, Case, CaseTable, Decision, Meeting

NOTHING = Sealed(None, "")


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision addressed to a seat of the recipient."""

    id: uuid.UUID
    kind: DecisionKind
    text: Sealed
    dissent: Sealed
    taken_by: str
    dissent_by: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class KeptAction:
    """An action of the own organisation; ``full`` is empty where only the safe text opens."""

    id: uuid.UUID
    safe: Sealed
    full: Sealed
    holder: str
    due_on: date
    due_at: datetime | None
    state: ActionState


@dataclass(frozen=True, slots=True)
class KeptText:
    """A note, or an addition to adopted minutes, with when it was written."""

    id: uuid.UUID
    text: Sealed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """One item; all but agreements and actions comes only with its adoption.

    ``fixed`` is what the latest kept extract of the recipient holds of it, where it holds it.
    ``was_discussed``: it was taken up, or something of the recipient's was written down there.
    """

    item_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    starts_at: datetime
    was_discussed: bool
    adopted_at: datetime | None
    question: Sealed
    present: tuple[AtTable, ...]
    oral: tuple[OralLine, ...]
    notes: tuple[KeptText, ...]
    decisions: tuple[KeptDecision, ...]
    actions: tuple[KeptAction, ...]
    additions: tuple[KeptText, ...]
    family: tuple[FamilyLine, ...]
    fixed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a recipient keeps of one meeting; ``adopted`` where that holds for every own item."""

    meeting_id: uuid.UUID
    person_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed: bool
    adopted: bool
    corrections_until_at: datetime | None
    items: tuple[KeptItem, ...]
    latest: Latest | None


def read_extract(
    session: Session,
    actor: Actor,
    meeting_id: uuid.UUID,
    *,
    now: datetime,
    viewer: Actor | None = None,
    is_read: bool = True,
) -> Extract:
    """The recipient's extract; before adoption the list of agreements and actions only.

    With ``viewer`` it is the preview for staff: as adopted, without the items barred to the viewer,
    and recorded as the viewer's reading; nothing is where it is not ``is_read``, but made for
    keeping. Raises NotVisible without an own slot. At most eight statements.
    """
    rows = extract_rows.items_of(session, actor, meeting_id, now=now, viewer=viewer)
    if not rows:
        own = load_own_meeting(session, actor, meeting_id, Permission.EXTRACT_READ)
        name = session.get_one(CaseTable, own.table_id).name
        return _extract(own, name, actor, items=(), adopted=own.adopted_at is not None)
    meeting: Meeting = rows[0].Meeting
    cases = {row.AgendaItem.id: row for row in rows}
    whole = {key for key, row in cases.items() if viewer is not None or adopted_at(row)}
    latest = None
    if viewer is None and len(whole) == len(cases):
        latest = kept_extracts.latest_of(session, actor, meeting_id)
    found = _Found(session, actor, cases, whole=whole, latest=latest, now=now)
    if is_read:
        _record(session, viewer or actor, meeting, found)
    return _extract(
        meeting,
        rows[0].CaseTable.name,
        actor,
        items=tuple(found.item(key) for key in cases),
        adopted=len(whole) == len(cases),
        latest=latest,
    )


def adopted_at(row: Row[*tuple[Any, ...]]) -> datetime | None:
    """When the minutes of an item were adopted: by itself, or with its meeting."""
    at: datetime | None = row.AgendaItem.adopted_at or row.Meeting.adopted_at
    return at


class _Found:
    """Everything that was found about the items, to be dealt out over them."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        cases: dict[uuid.UUID, Row[*tuple[Any, ...]]],
        *,
        whole: set[uuid.UUID],
        latest: Latest | None,
        now: datetime,
    ) -> None:
        """``whole`` are the items of which more shows than agreements and actions."""
        self.cases, self.whole, self.now = cases, whole, now
        self.fixed = latest.parts if latest else {}
        new = whole - self.fixed.keys()
        self.decisions = extract_rows.decisions_of(session, actor, cases, now=now)
        self.actions = extract_rows.actions_of(session, actor, cases, now=now)
        self.notes = extract_rows.notes_of(session, actor, whole, now=now) if whole else []
        self.oral = extract_rows.oral_at(session, actor, whole) if whole else ()
        self.present = extract_rows.present_at(session, actor, new, now=now) if new else ()
        self.family = family.counted(session, new) if new else {}
        added = whole and any(adopted_at(cases[key]) for key in whole)
        self.additions = extract_rows.additions_of(session, actor, whole, now=now) if added else []

    def item(self, key: uuid.UUID) -> KeptItem:
        """What there is of one item."""
        item: AgendaItem = self.cases[key].AgendaItem
        case: Case = self.cases[key].Case
        return KeptItem(
            item_id=key,
            case_id=case.id,
            reference=case.reference,
            starts_at=item.starts_at,
            was_discussed=item.opened_at is not None or self._holds(key),
            adopted_at=adopted_at(self.cases[key]),
            question=self._question(key),
            present=tuple(AtTable(row[1], row[2] or "") for row in self.present if row[0] == key),
            oral=tuple(OralLine(row[0], row[2]) for row in self.oral if row[1] == key),
            notes=tuple(
                KeptText(one.id, Sealed(one.text_ct, f"note:{one.id}:text"), one.recorded_at)
                for one in self.notes
                if one.item_id == key
            ),
            decisions=tuple(
                _decision(row) for row in self.decisions if row.Decision.item_id == key
            ),
            actions=tuple(_action(row) for row in self.actions if row.Action.item_id == key),
            additions=tuple(
                KeptText(one.id, Sealed(one.text_ct, f"addendum:{one.id}:text"), one.recorded_at)
                for one in self.additions
                if one.item_id == key
            ),
            family=self.family.get(key, ()),
            fixed=self.fixed.get(key, NOTHING),
        )

    def _holds(self, key: uuid.UUID) -> bool:
        """Something the recipient keeps was written down at the item."""
        records = [*(row.Decision for row in self.decisions), *(row.Action for row in self.actions)]
        return any(one.item_id == key for one in [*records, *self.notes])

    def _question(self, key: uuid.UUID) -> Sealed:
        """As it read when the item was discussed."""
        if key not in self.whole:
            return NOTHING
        return sealed_question(self.cases[key].Case, self.cases[key].ItemQuestion)

    def read(self) -> Iterator[tuple[str, uuid.UUID, uuid.UUID, uuid.UUID]]:
        """Kind, object, item and case of every text that is opened."""
        for row in self.decisions:
            yield "decision", row.Decision.id, row.Decision.item_id, row.Decision.case_id
        for row in self.actions:
            yield "action", row.Action.id, row.Action.item_id, row.Action.case_id
        for note in self.notes:
            yield "note", note.id, note.item_id, note.case_id
        for added in self.additions:
            yield "addendum", added.id, added.item_id, added.case_id
        for key in self.cases:
            if key in self.whole:
                case_id = self.cases[key].Case.id
                yield "question", case_id, key, case_id


def _decision(row: Row[*tuple[Any, ...]]) -> KeptDecision:
    one: Decision = row.Decision
    return KeptDecision(
        one.id,
        one.kind,
        Sealed(one.text_ct, f"decision:{one.id}:text"),
        Sealed(row.dissent_ct, f"decision:{one.id}:dissent"),
        row.taken_by or "",
        row.dissent_by or "",
        row.rests_on or "",
    )


def _action(row: Row[*tuple[Any, ...]]) -> KeptAction:
    action: Action = row.Action
    return KeptAction(
        id=action.id,
        safe=Sealed(action.safe_ct, f"action:{action.id}:safe"),
        full=Sealed(action.full_ct if row.full else None, f"action:{action.id}:full"),
        holder=row.name or "",
        due_on=action.due_on,
        due_at=action.due_at,
        state=action.state,
    )


def _extract(
    meeting: Meeting,
    table_name: str,
    actor: Actor,
    *,
    items: tuple[KeptItem, ...],
    adopted: bool,
    latest: Latest | None = None,
) -> Extract:
    return Extract(
        meeting_id=meeting.id,
        person_id=actor.person_id,
        table_id=meeting.table_id,
        table_name=table_name,
        starts_at=meeting.starts_at,
        closed=meeting.closed_at is not None,
        adopted=adopted,
        corrections_until_at=meeting.corrections_until_at,
        items=items,
        latest=latest,
    )


def _record(session: Session, reader: Actor, meeting: Meeting, found: _Found) -> None:
    """One line per text that is opened."""
    ground = Ground.STAFF if meeting.table_id in reader.staff_table_ids else Ground.SEAT
    lines = [
        audit.Entry(
            event=audit.Event.READ,
            object_kind=kind,
            object_id=object_id,
            ground=ground,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=item_id,
            case_id=case_id,
        )
        for kind, object_id, item_id, case_id in dict.fromkeys(found.read())
    ]
    audit.record_all(session, reader, lines)
