"""What the matrix of sections and seats shows, as plain frozen data; never a text of a case."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.kinds import Regime

Pair = tuple[uuid.UUID, uuid.UUID]


class Proposal(StrEnum):
    """What is ticked beforehand beside what is given: nothing, the standard, or last time."""

    NONE = ""
    STANDARD = "standard"
    PREVIOUS = "previous"


def proposal_of(typed: str | None) -> Proposal:
    """The proposal somebody asks for; anything odd is none."""
    return Proposal(typed) if typed in list(Proposal) else Proposal.NONE


class ChangeKind(StrEnum):
    """What became different after the papers were opened."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    TEXT = "text"
    RECALLED = "recalled"


def mark_of(pairs: Iterable[Pair]) -> str:
    """A mark of fixed length of which seats are shown which sections."""
    return hashlib.sha256("|".join(sorted(map(written, pairs))).encode()).hexdigest()


def written(pair: Pair) -> str:
    """A seat and a section as the value of one box."""
    return f"{pair[0]}:{pair[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSection:
    """A section of the case; ``number`` is the person concerned it is about.

    ``asks``: its source wants to be asked about each extra reader; ``has_nobody`` says that no one
    is named there who could decide, by law or because it asks. ``recalled_at``: the source took
    it back, and nobody can be given it.
    """

    id: uuid.UUID
    label_nl: str
    label_en: str
    number: int | None
    source: str
    regime: Regime
    no_passing_on: bool
    asks: bool
    has_nobody: bool
    recalled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A seat with how many sections it reads, waits for, and would gain or lose by the ticks."""

    seat_id: uuid.UUID
    organisation: str
    code: str
    occupant: str
    is_staff_only: bool
    reads: int
    waits: int
    gains: tuple[MatrixSection, ...]
    loses: tuple[MatrixSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One section for one seat."""

    pair: str
    seat_id: uuid.UUID
    is_ticked: bool
    is_given: bool
    is_waiting: bool
    is_standard: bool
    was_withdrawn: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One section for every seat."""

    section: MatrixSection
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became different after publication; of a text no seat is named."""

    kind: ChangeKind
    section: MatrixSection
    seat: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMatrix:
    """All seats and sections of one case on the agenda."""

    item_id: uuid.UUID
    reference: str
    starts_at: datetime
    ends_at: datetime
    previous_at: datetime | None
    standing: str
    ticks: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    changes: tuple[Change, ...]

    @property
    def differs(self) -> bool:
        """What is ticked is not what is given."""
        return self.standing != self.ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage:
    """The matrix of a meeting, or of one of its items."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    published_at: datetime | None
    is_over: bool
    proposal: Proposal
    texts: tuple[tuple[str, str], ...]
    items: tuple[ItemMatrix, ...]

    @property
    def changed(self) -> int:
        """How much became different after publication."""
        return sum(len(item.changes) for item in self.items)
