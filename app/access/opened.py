"""The content of an occupant's meeting with its texts opened, for the own page and view as seat.

Call only after the transaction that read it has ended: opening asks the key store.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access.actor import Actor
from app.access.disclosure import OpenSection
from app.access.slots import OwnDecision, OwnMeetingContent, Participant
from app.domain.kinds import DecisionKind
from app.infra import crypto
from app.infra.crypto import Sealed


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section, opened."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    text: str
    is_identity: bool
    is_own: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionText:
    """One decision, opened."""

    kind: DecisionKind
    text: str
    dissent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One open item with its texts."""

    number: int
    seat_id: uuid.UUID
    reference: str
    question: str
    state: str
    sections: tuple[SectionText, ...]
    participants: tuple[Participant, ...]
    decisions: tuple[DecisionText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeetingPage:
    """The own meeting page: what stands in the content, with every text opened."""

    content: OwnMeetingContent
    items: tuple[ItemText, ...]
    own_input: tuple[SectionText, ...]
    decisions: tuple[DecisionText, ...]
    ended: bool


def open_content(actor: Actor, content: OwnMeetingContent, *, now: datetime) -> OwnMeetingPage:
    """Open all texts of a content at once, with one statement on the key store."""
    sealed: list[Sealed] = []
    for item in content.items:
        sealed.append(item.question)
        sealed += [one.text for one in item.sections]
    sealed += [one.text for one in content.own_input]
    for decision in content.decisions:
        sealed += [decision.text, decision.dissent]
    opened = dict(zip((id(one) for one in sealed), crypto.unseal_many(sealed), strict=True))

    def section(one: OpenSection) -> SectionText:
        return SectionText(
            one.section_id,
            one.label_nl,
            one.label_en,
            opened[id(one.text)],
            one.is_identity,
            one.source_organisation_id == actor.organisation_id and one.is_input,
            one.updated_at,
        )

    def decision_text(one: OwnDecision) -> DecisionText:
        return DecisionText(one.kind, opened[id(one.text)], opened[id(one.dissent)])

    return OwnMeetingPage(
        content=content,
        items=tuple(
            ItemText(
                number=item.number,
                seat_id=item.seat_id,
                reference=item.reference,
                question=opened[id(item.question)],
                state=_state(item.opened_at, item.closed_at),
                sections=tuple(section(one) for one in item.sections),
                participants=item.participants,
                decisions=tuple(decision_text(one) for one in item.decisions),
            )
            for item in content.items
        ),
        own_input=tuple(section(one) for one in content.own_input),
        decisions=tuple(decision_text(one) for one in content.decisions),
        ended=content.closes_at is not None and content.closes_at <= now,
    )


def _state(opened_at: datetime | None, closed_at: datetime | None) -> str:
    if closed_at is not None:
        return "closed"
    return "open" if opened_at is not None else "waiting"
