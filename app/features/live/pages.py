"""What the working page of a meeting shows, as plain frozen data; texts are opened already."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.access.meetings.acting import Acting
from app.access.meetings.room_view import RoomView
from app.access.oversight import emergency_review
from app.access.own_content import Day
from app.access.records.interventions import StepView
from app.access.records.item_log import What
from app.domain.course import Outlook
from app.domain.kinds import (
    ActionState,
    DecisionKind,
    DiscussionKind,
    ItemKind,
    PresenceState,
    RequiredRole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item in the course of the meeting; a closed block shows its times only."""

    item_id: uuid.UUID
    kind: ItemKind
    discussion: DiscussionKind | None
    reference: str
    starts_at: datetime
    ends_at: datetime
    opened: bool
    closed: bool
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A seat at the current item; who has no account yet is in the room only.

    That one ``is_hidden`` is at the item, only staff may know.
    """

    seat_id: uuid.UUID
    code: str
    organisation: str
    person: str
    presence: PresenceState | None
    is_here: bool
    is_alone: bool | None
    has_account: bool
    accepted: bool
    spoken: bool
    lacks_sitter: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section of the current case."""

    label_nl: str
    label_en: str
    text: str
    is_identity: bool
    no_passing_on: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A line just taken back; it can be put back as long as its version stands."""

    item_id: uuid.UUID
    what: What
    id: uuid.UUID
    at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """Something written down at the current item, in its place.

    ``kind`` is that of a decision or the state of an action, ``more`` its dissent or full text.
    What is not ``is_open`` was not opened: a note for fewer than all.
    """

    what: What
    id: uuid.UUID
    at: datetime
    version: int
    kind: str = ""
    text: str = ""
    more: str = ""
    is_open: bool = False
    who: str = ""
    readers: tuple[str, ...] = ()
    is_for_all: bool = False
    taken_by: str = ""
    dissent_of: str = ""
    rests_on: str = ""
    due_on: date | None = None
    due_at: datetime | None = None
    is_agreed: bool = False
    is_removed: bool = False

    @classmethod
    def taken_back(cls, removed: Removed) -> LogLine:
        """The empty place of a line that was taken back."""
        return cls(
            what=removed.what,
            id=removed.id,
            at=removed.at,
            version=removed.version,
            is_removed=True,
        )


@dataclass(frozen=True, slots=True)
class Timer:
    """What is left of the item on the table; seconds below zero are over its time."""

    seconds_left: int
    total_seconds: int
    ends_at: datetime
    is_paused: bool

    @property
    def minutes_over(self) -> int:
        """Whole minutes past its time."""
        return max(0, -self.seconds_left // 60)

    @property
    def share(self) -> int:
        """Hundredths of its time that are gone."""
        gone = self.total_seconds - self.seconds_left
        return min(100, max(0, 100 * gone // self.total_seconds))


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody in the room without a seat at the current item."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A partner explained something aloud; ``is_agreed``: a reason may rest on it."""

    id: uuid.UUID
    code: str
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody invited for the current item alone; they hold a task, not a seat."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedLine:
    """An unfinished action from before; ``may_show``: the reader may open it to who is here."""

    action_id: uuid.UUID
    who: str
    text: str
    full: str
    due_on: date
    due_at: datetime | None
    is_late: bool
    state: ActionState
    is_shown: bool
    is_hidden: bool
    may_show: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentItem:
    """The item on the table; ``partners`` is how many organisations the case was disclosed to."""

    item_id: uuid.UUID
    decision_kinds: tuple[DecisionKind, ...]
    case_id: uuid.UUID | None
    reference: str
    discussion: DiscussionKind | None
    question: str
    starts_at: datetime
    ends_at: datetime
    opened: bool
    closed: bool
    returns: bool
    turn: uuid.UUID | None
    timer: Timer | None
    sections: tuple[SectionText, ...]
    shows_names: bool
    places: tuple[Place, ...]
    partners: int
    carried: tuple[CarriedLine, ...]
    lines: tuple[LogLine, ...]
    bystanders: tuple[InRoom, ...]
    guests: tuple[Guest, ...]
    marks: tuple[Mark, ...]

    @property
    def is_on_table(self) -> bool:
        """Taken up and not finished."""
        return self.opened and not self.closed

    @property
    def unknown(self) -> tuple[Place, ...]:
        """Places at which somebody was seen whom nobody put there."""
        return tuple(one for one in self.places if one.lacks_sitter)

    @property
    def waits(self) -> bool:
        """The gate stands."""
        return bool(self.bystanders or self.unknown)

    @property
    def saved_at(self) -> datetime | None:
        """When the last line was written down."""
        return max((one.at for one in self.lines if not one.is_removed), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Everything the working page shows; the outlook is there while the meeting goes on.

    ``missing`` has to be there at this item and is not.
    """

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    started: bool
    closed: bool
    adopted: bool
    cancelled: bool
    now: datetime
    outlook: Outlook | None
    steps: tuple[Step, ...]
    to_discuss: tuple[emergency_review.ToDiscuss, ...]
    room: RoomView | None
    item: CurrentItem | None
    order: tuple[StepView, ...] | None
    acting: Acting | None
    missing: tuple[RequiredRole, ...]
    has_family: bool
    days: tuple[Day, ...]

    @property
    def is_running(self) -> bool:
        """Begun and not closed."""
        return self.started and not self.closed and not self.cancelled

    @property
    def all_discussed(self) -> bool:
        """What is left is to close; a block that bars the reader never tells whether it is done."""
        cases = [step for step in self.steps if step.kind is ItemKind.CASE]
        return self.is_running and all(step.closed and step.reference for step in cases)
