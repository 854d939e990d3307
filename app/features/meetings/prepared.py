"""What the preparation page shows: agenda, seats and checklist as plain frozen data.

Everything here was filtered by the reading side; nothing in this file may ask the database.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access.meetings.carry_over import Carried
from app.access.meetings.steps import Waiting
from app.access.messages.leak_findings import LeftOut
from app.access.messages.replies import MailAnswer
from app.access.oversight.emergency_review import ToDiscuss
from app.access.own_content import FormerAnswer
from app.domain.kinds import (
    DiscussionKind,
    InvitationAnswer,
    ItemKind,
    OrganisationKind,
    Participation,
    PresenceState,
    RequiredRole,
)
from app.domain.quorum import Expected
from app.features.meetings.overruns import Overrun
from app.features.meetings.queries import MeetingHead


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A stretch of the item during which an occupant sits elsewhere; the table if known here."""

    table_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """One seat as staff see it while preparing."""

    id: uuid.UUID
    item_id: uuid.UUID
    reference: str
    organisation_id: uuid.UUID
    code: str
    name: str
    occupant_id: uuid.UUID | None
    occupant: str
    email: str
    is_proposed: bool
    is_staff_only: bool
    kind: OrganisationKind
    presence: PresenceState | None
    invited_at: datetime | None
    answer: InvitationAnswer
    former: FormerAnswer | None
    by_mail: MailAnswer | None
    has_bounced: bool
    visible: int
    waiting: int
    total: int
    has_names: bool
    asked: bool
    request_id: uuid.UUID | None
    deadline_at: datetime | None
    asks_known: bool
    asks_content: bool
    known: bool | None
    answered: bool
    recalled_at: datetime | None
    busy: tuple[Elsewhere, ...]

    @property
    def state(self) -> str:
        """How the seat is drawn; see components/seat.html."""
        if not self.occupant:
            return "open"
        if self.answer is InvitationAnswer.NO:
            return "declined"
        if self.busy:
            return "conflict"
        if self.invited_at is None:
            return "named"
        return "invited" if self.answer is InvitationAnswer.OPEN else "occupied"

    @property
    def is_coming(self) -> bool:
        """Somebody sits here who has not said no."""
        return bool(self.occupant) and self.answer is not InvitationAnswer.NO

    @property
    def expected(self) -> Expected:
        """What counts of it for the required roles."""
        return Expected(self.kind, bool(self.occupant), self.answer, self.presence)

    @property
    def is_tentative(self) -> bool:
        """The calendar of the occupant said *perhaps*; the answer itself stays open."""
        return (
            self.answer is InvitationAnswer.OPEN
            and self.by_mail is not None
            and self.by_mail.applied is Participation.TENTATIVE
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One row of the agenda; ``is_closed`` is a case barred to the reader: times only.

    ``missing``: who has to be there and nobody comes for.
    """

    id: uuid.UUID
    kind: ItemKind
    is_closed: bool
    reference: str
    case_id: uuid.UUID | None
    discussion: DiscussionKind | None
    starts_at: datetime
    ends_at: datetime
    minutes: int
    fixed_at: datetime | None
    is_first: bool
    is_last: bool
    has_question: bool
    sections: int
    sections_unseen: int
    overrun: Overrun | None
    seats: tuple[SeatView, ...]
    missing: tuple[RequiredRole, ...]

    @property
    def asked(self) -> int:
        """Seats asked for input."""
        return sum(seat.asked for seat in self.seats)

    @property
    def answered(self) -> int:
        """Seats that gave an answer."""
        return sum(seat.answered for seat in self.seats)

    @property
    def coming(self) -> int:
        """Seats at which somebody is expected; a proposal is no seat yet."""
        return sum(seat.is_coming for seat in self.seats if not seat.is_proposed)

    @property
    def wanted(self) -> int:
        """All seats that are not mere proposals."""
        return sum(not seat.is_proposed for seat in self.seats)

    @property
    def without(self) -> tuple[SeatView, ...]:
        """Refused seats of organisations that nobody else comes for."""
        coming = {seat.organisation_id for seat in self.seats if seat.is_coming}
        return tuple(
            seat
            for seat in self.seats
            if seat.answer is InvitationAnswer.NO and seat.organisation_id not in coming
        )

    @property
    def conflicts(self) -> tuple[SeatView, ...]:
        """Seats whose occupant has another slot at this time."""
        return tuple(seat for seat in self.seats if seat.busy)


@dataclass(frozen=True, slots=True)
class Column:
    """An organisation of the matrix."""

    id: uuid.UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Everything the preparation page and its three sister pages show."""

    meeting: MeetingHead
    items: tuple[ItemView, ...]
    columns: tuple[Column, ...]
    waiting: Waiting | None
    left_out: frozenset[LeftOut]
    to_discuss: tuple[ToDiscuss, ...]
    carried: tuple[Carried, ...] = ()

    @property
    def cases(self) -> tuple[ItemView, ...]:
        """The case items the reader may see."""
        return tuple(item for item in self.items if item.case_id)

    @property
    def seats(self) -> tuple[SeatView, ...]:
        """All seats of those cases that are not mere proposals."""
        return tuple(seat for item in self.cases for seat in item.seats if not seat.is_proposed)

    @property
    def unasked(self) -> tuple[SeatView, ...]:
        """Occupied seats that were not asked for input yet."""
        return tuple(seat for seat in self.seats if seat.occupant and not seat.asked)

    @property
    def proposals(self) -> tuple[SeatView, ...]:
        """Seats somebody named in an input, for staff to decide on."""
        return tuple(seat for item in self.cases for seat in item.seats if seat.is_proposed)

    @property
    def bounced(self) -> tuple[str, ...]:
        """People whose mail comes back, by name."""
        return tuple(dict.fromkeys(seat.occupant for seat in self.seats if seat.has_bounced))

    @property
    def replies_waiting(self) -> int:
        """How many answers by mail somebody has to look at."""
        answers = [seat.by_mail for seat in self.seats if seat.by_mail]
        return len({waiting for answer in answers for waiting in answer.waiting})

    @property
    def people(self) -> int:
        """How many different people sit at this meeting."""
        return len({seat.occupant_id for seat in self.seats if seat.occupant_id})

    @property
    def organisations(self) -> int:
        """How many organisations have a seat."""
        return len({seat.organisation_id for seat in self.seats})

    def cell(self, item: ItemView, column: Column) -> SeatView | None:
        """The seat to show in a cell: the one that most needs attention."""
        order = ("conflict", "open", "declined", "named", "invited", "occupied")
        here = [
            seat
            for seat in item.seats
            if seat.organisation_id == column.id and not seat.is_proposed
        ]
        return min(here, key=lambda seat: order.index(seat.state), default=None)

    @property
    def checklist(self) -> Checklist:
        """What to look at before publishing; it warns and never blocks."""
        return _checklist(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The items of the list 'before publishing', each empty when it is in order."""

    cases: int
    without_occupant: tuple[SeatView, ...]
    without_section: tuple[SeatView, ...]
    sections_unseen: tuple[ItemView, ...]
    conflicts: tuple[SeatView, ...]
    without_question: tuple[ItemView, ...]
    asked_blind: tuple[SeatView, ...]
    input_missing: tuple[SeatView, ...]
    not_invited: tuple[SeatView, ...]
    unanswered: tuple[SeatView, ...]
    refused: tuple[SeatView, ...]
    replies_waiting: int
    roles_missing: tuple[ItemView, ...]
    deadline_at: datetime | None

    @property
    def done(self) -> int:
        """How many of the points are in order."""
        return sum(not point for point in self.points)

    @property
    def points(self) -> tuple[bool, ...]:
        """Per point whether it asks for attention, in the order of the page."""
        return (
            not self.cases,
            bool(self.without_question),
            bool(self.without_occupant),
            bool(self.roles_missing),
            bool(self.without_section or self.sections_unseen),
            bool(self.conflicts),
            bool(self.input_missing or self.asked_blind),
            bool(self.not_invited or self.unanswered or self.refused or self.replies_waiting),
        )


def _checklist(page: Preparation) -> Checklist:
    seats = page.seats
    held = [seat for seat in seats if seat.occupant]
    missing = tuple(seat for seat in seats if seat.asked and not seat.answered)
    invited = [seat for seat in held if seat.invited_at]
    return Checklist(
        cases=len(page.cases),
        without_occupant=tuple(seat for seat in seats if not seat.occupant),
        without_section=tuple(seat for seat in seats if not seat.visible),
        sections_unseen=tuple(item for item in page.cases if item.sections_unseen),
        conflicts=tuple(seat for seat in seats if seat.busy),
        without_question=tuple(item for item in page.cases if not item.has_question),
        asked_blind=tuple(seat for seat in seats if seat.asked and not seat.has_names),
        input_missing=missing,
        not_invited=tuple(seat for seat in held if not seat.invited_at),
        unanswered=tuple(s for s in invited if s.answer is InvitationAnswer.OPEN),
        refused=tuple(s for s in invited if s.answer is InvitationAnswer.NO),
        replies_waiting=page.replies_waiting,
        roles_missing=tuple(item for item in page.cases if item.missing),
        deadline_at=min((s.deadline_at for s in missing if s.deadline_at), default=None),
    )
