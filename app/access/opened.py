"""The content of an occupant's meeting with its texts opened, for the own page and view as seat.

Call only after the transaction that read it has ended: opening asks the key store.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.access.disclosure import OpenSection
from app.access.own_content import Carried, Day, OwnDecision, OwnMeetingContent, Participant
from app.domain.kinds import ActionState, DecisionKind, Regime
from app.infra import crypto
from app.infra.crypto import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """One section as it is read."""

    id: uuid.UUID
    case_id: uuid.UUID
    label_nl: str
    label_en: str
    is_identity: bool
    is_input: bool
    source_organisation_id: uuid.UUID
    source: str
    person_concerned_id: uuid.UUID | None
    regime: Regime
    no_passing_on: bool
    updated_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionText:
    """One decision as it is read."""

    item_id: uuid.UUID
    kind: DecisionKind
    text: str
    dissent: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedText:
    """An unfinished action from before as it is read; without an organisation it is not named."""

    action_id: uuid.UUID
    organisation: str
    due_on: date
    due_at: datetime | None
    is_late: bool
    state: ActionState
    safe: str
    full: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One item as its occupant reads it."""

    item_id: uuid.UUID
    seat_id: uuid.UUID
    number: int
    case_id: uuid.UUID
    reference: str
    discussion: str
    question: str
    opened_at: datetime | None
    closed_at: datetime | None
    sections: tuple[SectionText, ...]
    participants: tuple[Participant, ...]
    decisions: tuple[DecisionText, ...]
    days: tuple[Day, ...]
    carried: tuple[CarriedText, ...]


@dataclass(frozen=True, slots=True)
class OpenedMeeting:
    """The frame of the meeting with its opened items, own input and decisions."""

    frame: OwnMeetingContent
    items: tuple[ItemText, ...]
    own_input: tuple[SectionText, ...]
    decisions: tuple[DecisionText, ...]


def open_texts(content: OwnMeetingContent) -> OpenedMeeting:
    """Open every text of the page with one statement on the key store."""
    sealed = list(dict.fromkeys(_sealed(content)))
    texts = dict(zip(sealed, crypto.unseal_many(sealed), strict=True))
    items = tuple(
        ItemText(
            item_id=item.item_id,
            seat_id=item.seat_id,
            number=item.number,
            case_id=item.case_id,
            reference=item.reference,
            discussion=item.discussion,
            question=texts[item.question],
            opened_at=item.opened_at,
            closed_at=item.closed_at,
            sections=tuple(_section(one, texts) for one in item.sections),
            participants=item.participants,
            decisions=tuple(_decision(one, texts) for one in item.decisions),
            days=item.days,
            carried=tuple(_carried(one, texts) for one in item.carried),
        )
        for item in content.items
    )
    return OpenedMeeting(
        frame=content,
        items=items,
        own_input=tuple(_section(one, texts) for one in content.own_input),
        decisions=tuple(_decision(one, texts) for one in content.decisions),
    )


def _sealed(content: OwnMeetingContent) -> Iterator[Sealed]:
    for item in content.items:
        yield item.question
        yield from (one.text for one in item.sections)
        for action in item.carried:
            yield action.safe
            yield action.full
    yield from (one.text for one in content.own_input)
    for decision in content.decisions:
        yield decision.text
        yield decision.dissent


def _section(one: OpenSection, texts: dict[Sealed, str]) -> SectionText:
    return SectionText(
        id=one.section_id,
        case_id=one.case_id,
        label_nl=one.label_nl,
        label_en=one.label_en,
        is_identity=one.is_identity,
        is_input=one.is_input,
        source_organisation_id=one.source_organisation_id,
        source=one.source,
        person_concerned_id=one.person_concerned_id,
        regime=one.regime,
        no_passing_on=one.no_passing_on,
        updated_at=one.updated_at,
        text=texts[one.text],
    )


def _carried(one: Carried, texts: dict[Sealed, str]) -> CarriedText:
    return CarriedText(
        action_id=one.action_id,
        organisation=one.organisation,
        due_on=one.due_on,
        due_at=one.due_at,
        is_late=one.is_late,
        state=one.state,
        safe=texts[one.safe],
        full=texts[one.full],
        is_own=one.is_own,
    )


def _decision(one: OwnDecision, texts: dict[Sealed, str]) -> DecisionText:
    return DecisionText(
        item_id=one.item_id,
        kind=one.kind,
        text=texts[one.text],
        dissent=texts[one.dissent],
        recorded_at=one.recorded_at,
    )
