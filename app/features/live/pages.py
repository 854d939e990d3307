"""What the working page of a meeting shows, as plain frozen data; texts are opened already."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.access.oversight import emergency_review
from app.domain.kinds import ActionState, DecisionKind, ItemKind, PresenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item in the course of the meeting; a closed block shows its times only."""

    item_id: uuid.UUID
    kind: ItemKind
    reference: str
    starts_at: datetime
    ends_at: datetime
    opened: bool
    closed: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at the current item; who has no account yet is in the room only."""

    seat_id: uuid.UUID
    code: str
    organisation: str
    person: str
    presence: PresenceState | None
    has_account: bool
    lacks_sitter: bool


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section of the current case."""

    label_nl: str
    label_en: str
    text: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision at the current item, with whom it is addressed to."""

    id: uuid.UUID
    kind: DecisionKind
    text: str
    dissent: str
    version: int
    recorded_at: datetime
    addressees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action at the current item."""

    id: uuid.UUID
    safe: str
    full: str
    holder: str
    due_on: date
    state: ActionState
    version: int


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody in the room without a seat at the current item."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited for the current item alone; they hold a task, not a seat."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentItem:
    """The item on the table."""

    item_id: uuid.UUID
    reference: str
    question: str
    starts_at: datetime
    ends_at: datetime
    opened: bool
    closed: bool
    sections: tuple[SectionText, ...]
    places: tuple[Place, ...]
    decisions: tuple[DecisionLine, ...]
    actions: tuple[ActionLine, ...]
    bystanders: tuple[InRoom, ...]
    guests: tuple[Guest, ...]

    @property
    def unknown(self) -> tuple[Place, ...]:
        """Places at which somebody was seen whom nobody put there."""
        return tuple(one for one in self.places if one.lacks_sitter)

    @property
    def waits(self) -> bool:
        """The gate stands."""
        return bool(self.bystanders or self.unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Everything the working page shows."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    started: bool
    closed: bool
    adopted: bool
    cancelled: bool
    steps: tuple[Step, ...]
    to_discuss: tuple[emergency_review.ToDiscuss, ...]
    item: CurrentItem | None
