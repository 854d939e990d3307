"""The words of an extract of the minutes and their one canonical form; it must never lose a word.

The canonical text of a kept extract, format 1, is UTF-8 JSON (RFC 8259) without white space between
its tokens, keys in alphabetical order, nothing escaped but what JSON asks for, and no end of line:

    {"format":1,"items":[…],"made_at":…,"meeting":…,"person":…,"starts_at":…,"version":…}

``items`` are ordered by the moment they started, then by id. Moments are UTC with microseconds,
days are ``yyyy-mm-dd``, ids have hyphens, kinds and states are the codes of `app.domain.kinds`.
An item has ``family`` only where somebody of the family was recorded.
Each item is kept as a text of its own (``part_of``), so that it can go with its case: without it
the canonical text cannot be made again. SHA-256 (FIPS 180-4) is taken of the bytes of the whole.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from app.domain.kinds import ActionState, DecisionKind, FamilyPart, FamilyRole

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class AtTable:
    """Somebody who was there, as others at the item may know it; by telephone without a name."""

    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """How many of the family took part as what and how; never who."""

    role: FamilyRole
    part: FamilyPart
    number: int


@dataclass(frozen=True, slots=True)
class OralLine:
    """That an organisation explained something aloud; what it said is recorded nowhere."""

    id: uuid.UUID
    organisation: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Something written down for the recipient among others."""

    id: uuid.UUID
    text: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One agreement as its addressee reads it; the organisations are empty where none is named."""

    id: uuid.UUID
    kind: DecisionKind
    text: str
    dissent: str = ""
    taken_by: str = ""
    dissent_by: str = ""
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action; ``text`` is the full text where that opens, else the neutral one."""

    id: uuid.UUID
    text: str
    holder: str
    due_on: date
    state: ActionState
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdditionLine:
    """Words added after adoption, and when."""

    id: uuid.UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """The recipient's part of one item."""

    item_id: uuid.UUID
    table: str
    reference: str
    starts_at: datetime
    adopted_at: datetime | None
    question: str
    present: tuple[AtTable, ...]
    oral: tuple[OralLine, ...]
    notes: tuple[NoteLine, ...]
    decisions: tuple[DecisionLine, ...]
    actions: tuple[ActionLine, ...]
    additions: tuple[AdditionLine, ...]
    family: tuple[FamilyLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractHead:
    """Whose extract of which meeting it is, which version, and when that was fixed."""

    meeting_id: uuid.UUID
    person_id: uuid.UUID
    starts_at: datetime
    version: int
    made_at: datetime


def canonical_of(head: ExtractHead, parts: Iterable[str]) -> str:
    """The canonical text of a kept extract, of its parts in any order."""
    items = sorted(
        (json.loads(part) for part in parts), key=lambda one: (one["starts_at"], one["item"])
    )
    return _dump(
        {
            "format": FORMAT,
            "items": items,
            "made_at": _moment(head.made_at),
            "meeting": str(head.meeting_id),
            "person": str(head.person_id),
            "starts_at": _moment(head.starts_at),
            "version": head.version,
        }
    )


def sha256_of(canonical: str) -> str:
    """The SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def _of_action(one: ActionLine) -> dict[str, str]:
    """An hour is said only where there is one: what was kept before has none."""
    said = {
        "due_on": one.due_on.isoformat(),
        "holder": one.holder,
        "id": str(one.id),
        "state": one.state.value,
        "text": one.text,
    }
    return said if one.due_at is None else said | {"due_at": _moment(one.due_at)}


def part_of(item: ItemPart) -> str:
    """The canonical text of one item."""
    return _dump(
        {
            "actions": [_of_action(one) for one in item.actions],
            "additions": [
                {"at": _moment(one.at), "id": str(one.id), "text": one.text}
                for one in item.additions
            ],
            "adopted_at": _moment(item.adopted_at) if item.adopted_at else None,
            "decisions": [_decision(one) for one in item.decisions],
            **_family(item),
            "item": str(item.item_id),
            "notes": [{"id": str(one.id), "text": one.text} for one in item.notes],
            "oral": [{"id": str(one.id), "organisation": one.organisation} for one in item.oral],
            "present": [
                {"name": one.name, "organisation": one.organisation} for one in item.present
            ],
            "question": item.question,
            "reference": item.reference,
            "starts_at": _moment(item.starts_at),
            "table": item.table,
        }
    )


def _family(item: ItemPart) -> dict[str, Any]:
    """Absent where nobody was recorded, so that what was kept before reads as it did."""
    if not item.family:
        return {}
    lines = [
        {"number": one.number, "part": one.part.value, "role": one.role.value}
        for one in item.family
    ]
    return {"family": lines}


def item_of(part: str) -> ItemPart:
    """The item a canonical part was made of."""
    read: dict[str, Any] = json.loads(part)
    return ItemPart(
        item_id=uuid.UUID(read["item"]),
        table=read["table"],
        reference=read["reference"],
        starts_at=datetime.fromisoformat(read["starts_at"]),
        adopted_at=datetime.fromisoformat(read["adopted_at"]) if read["adopted_at"] else None,
        question=read["question"],
        present=tuple(AtTable(one["organisation"], one["name"]) for one in read["present"]),
        oral=tuple(OralLine(uuid.UUID(one["id"]), one["organisation"]) for one in read["oral"]),
        notes=tuple(NoteLine(uuid.UUID(one["id"]), one["text"]) for one in read["notes"]),
        decisions=tuple(_decision_line(one) for one in read["decisions"]),
        actions=tuple(
            ActionLine(
                uuid.UUID(one["id"]),
                one["text"],
                one["holder"],
                date.fromisoformat(one["due_on"]),
                ActionState(one["state"]),
                datetime.fromisoformat(one["due_at"]) if "due_at" in one else None,
            )
            for one in read["actions"]
        ),
        additions=tuple(
            AdditionLine(uuid.UUID(one["id"]), one["text"], datetime.fromisoformat(one["at"]))
            for one in read["additions"]
        ),
        family=tuple(
            FamilyLine(FamilyRole(one["role"]), FamilyPart(one["part"]), one["number"])
            for one in read.get("family", ())
        ),
    )


def _decision(one: DecisionLine) -> dict[str, str]:
    return {
        "dissent": one.dissent,
        "dissent_by": one.dissent_by,
        "id": str(one.id),
        "kind": one.kind.value,
        "rests_on": one.rests_on,
        "taken_by": one.taken_by,
        "text": one.text,
    }


def _decision_line(read: dict[str, str]) -> DecisionLine:
    return DecisionLine(
        uuid.UUID(read["id"]),
        DecisionKind(read["kind"]),
        read["text"],
        read["dissent"],
        read["taken_by"],
        read["dissent_by"],
        read["rests_on"],
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
