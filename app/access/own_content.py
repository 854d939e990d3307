"""The shapes of an occupant's reading of one meeting: frozen, with the texts still sealed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.access.disclosure import OpenSection
from app.domain.kinds import ActionState, DecisionKind, InvitationAnswer
from app.infra.crypto import Sealed
from app.models import SeatHold


@dataclass(frozen=True, slots=True)
class FormerAnswer:
    """What an occupant said for the time before the meeting moved, as long as nothing newer is."""

    answer: InvitationAnswer
    starts_at: datetime


def former_of(hold: SeatHold) -> FormerAnswer | None:
    """The answer of a loaded hold that a move opened again; None once answered anew."""
    if hold.answer is not InvitationAnswer.OPEN:
        return None
    if hold.former_answer is None or hold.former_starts_at is None:
        return None
    return FormerAnswer(hold.former_answer, hold.former_starts_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSlot:
    """One slot of the actor: its clock times and the own answer, never the case.

    ``until_at``: when a deputy's seat goes back by itself.
    ``known_id``: the question whether the family is known, as long as it waits.
    ``asks``: nothing is missing but the answer to "do you know anybody concerned privately".
    """

    seat_id: uuid.UUID
    item_id: uuid.UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    answer: InvitationAnswer
    former: FormerAnswer | None
    is_deputy: bool
    until_at: datetime | None
    answer_to_confirm: bool
    asks: bool
    invitation_id: uuid.UUID | None
    known_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Participant:
    """Another occupant of the same item."""

    item_id: uuid.UUID
    organisation: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """A decision addressed to a seat of the actor."""

    id: uuid.UUID
    item_id: uuid.UUID
    kind: DecisionKind
    text: Sealed
    dissent: Sealed
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A day that counts in the case, such as one of an exclusion order; no text of the case."""

    label_nl: str
    label_en: str
    due_at: datetime
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An action from before at an item; ``full`` is empty where it does not open to the reader.

    ``is_own``: the reader holds it. ``holder`` and ``is_shown`` (at this item) are for staff, and
    so is ``is_hidden``: only staff may know that its organisation has to do with the case.
    """

    action_id: uuid.UUID
    item_id: uuid.UUID
    case_id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    holder: str = ""
    due_on: date
    due_at: datetime | None
    is_late: bool
    state: ActionState
    safe: Sealed
    full: Sealed
    is_own: bool = False
    is_shown: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One item whose content is open to the actor; texts still sealed."""

    item_id: uuid.UUID
    seat_id: uuid.UUID
    number: int
    case_id: uuid.UUID
    reference: str
    discussion: str
    question: Sealed
    opened_at: datetime | None
    closed_at: datetime | None
    sections: tuple[OpenSection, ...]
    participants: tuple[Participant, ...]
    decisions: tuple[OwnDecision, ...]
    days: tuple[Day, ...]
    carried: tuple[Carried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeetingContent:
    """Everything an occupant may see of one meeting at one moment."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    place: str
    link: str
    published: bool
    in_window: bool
    opens_with_item: bool
    opens_at: datetime | None
    closes_at: datetime | None
    started: bool
    closed: bool
    adopted: bool
    accepted: bool
    confidentiality_nl: str
    confidentiality_en: str
    confidentiality_version: int
    kind_code: str
    slots: tuple[OwnSlot, ...]
    items: tuple[OpenItem, ...]
    own_input: tuple[OpenSection, ...]
    decisions: tuple[OwnDecision, ...]
