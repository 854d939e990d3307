"""What the pages about seats show, as plain frozen data already filtered by the reading side."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.access.meetings.steps import Waiting
from app.access.opened import OpenedMeeting
from app.domain.kinds import HoldEnd, Regime


def standing_of(
    occupant_id: uuid.UUID | None, section_ids: Iterable[uuid.UUID], *, staff_only: bool
) -> str:
    """How a seat stands, as a mark of fixed length: who sits there, unseen or not, shown what.

    A seat has no version of its own: its state lies in holds and disclosures, which occupants and
    sources change too.
    """
    parts = [str(occupant_id), str(staff_only), *sorted(map(str, section_ids))]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Choice:
    """One possibility of a select; a standing deputy is marked as one."""

    id: uuid.UUID
    name: str
    is_standing_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHead:
    """What every page about an item says first."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    case_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    reference: str
    meeting_starts_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    is_published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One person on a seat for a time, past, now or to come; without end it lasts."""

    name: str
    from_at: datetime
    until_at: datetime | None
    is_deputy: bool
    ended: HoldEnd | None
    is_ahead: bool
    is_over: bool

    @property
    def is_now(self) -> bool:
        """The one who sits there just now."""
        return not self.is_ahead and not self.is_over


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """A seat in a list; a deputy sits there until a moment."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    occupant: str
    deputy_until: datetime | None
    is_staff_only: bool
    is_proposed: bool
    given: int


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A guest of the item: whether there is an account yet, and whether the task was accepted."""

    name: str
    organisation: str
    has_account: bool
    has_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeats:
    """All seats and guests at an item and the organisations that could have a seat."""

    head: ItemHead
    seats: tuple[SeatRow, ...]
    guests: tuple[GuestRow, ...]
    others: tuple[Choice, ...]
    sections: int
    proposals: int
    waiting: Waiting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One organisation at one item: its seats, and who could occupy another."""

    head: ItemHead
    organisation: Choice
    has_covenant: bool
    seats: tuple[SeatRow, ...]
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A section as it may be ticked for a seat; ``number`` is the person concerned it is about."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    number: int | None
    source: str
    regime: Regime
    no_passing_on: bool
    is_given: bool
    is_waiting: bool
    is_standard: bool
    was_withdrawn: bool
    recalled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPage:
    """One seat with everything staff decide about it."""

    head: ItemHead
    seat_id: uuid.UUID
    organisation: Choice
    occupant_id: uuid.UUID | None
    occupant: str
    is_staff_only: bool
    is_proposed: bool
    proposed_name: str
    is_invited: bool
    people: tuple[Choice, ...]
    sections: tuple[SectionRow, ...]
    texts: tuple[tuple[str, str], ...]
    sitting: tuple[Stretch, ...]

    @property
    def deputy(self) -> Stretch | None:
        """Who stands in just now, until a moment."""
        return next((one for one in self.sitting if one.is_now and one.is_deputy), None)

    @property
    def returning(self) -> Stretch | None:
        """Who has the seat after the deputy of now."""
        return next((one for one in self.sitting if one.is_ahead), None)

    @property
    def standing(self) -> str:
        """The mark of how the seat stands while this page is shown."""
        given = (row.id for row in self.sections if row.is_given)
        return standing_of(self.occupant_id, given, staff_only=self.is_staff_only)

    @property
    def ticked(self) -> list[str]:
        """What the form starts with: what is given, or the proposal of a seat nobody decided on."""
        fresh = not any(row.is_given or row.was_withdrawn for row in self.sections)
        return [str(row.id) for row in self.sections if row.is_given or (fresh and row.is_standard)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One standard disclosure on the list to confirm."""

    pair: str
    organisation: str
    occupant: str
    section: SectionRow
    ground: str
    purpose: str
    necessity: str
    was_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardPage:
    """The standard disclosures of an item that are not given yet."""

    head: ItemHead
    rows: tuple[ProposalRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """View as seat; ``content`` is None when the occupant sees nothing of this meeting."""

    head: ItemHead
    seat_id: uuid.UUID
    occupant: str
    organisation: str
    content: OpenedMeeting | None
