"""Extracts of the minutes: the own one for a recipient, and for staff what each recipient gets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit, scopes
from app.access.extracts import Extract, ExtractItem, read_extract
from app.access.slots import Participant
from app.domain.kinds import DecisionKind
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import (
    AgendaItem,
    Decision,
    DecisionAddressee,
    Meeting,
    Organisation,
    Seat,
)


@dataclass(frozen=True, slots=True)
class DecisionText:
    """One decision, opened."""

    kind: DecisionKind
    text: str
    dissent: str


@dataclass(frozen=True, slots=True)
class ActionText:
    """One action of the own organisation, opened; ``full`` empty where it stays closed."""

    action_id: uuid.UUID
    safe: str
    full: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One item of the extract, opened."""

    number: int
    reference: str
    question: str
    participants: tuple[Participant, ...]
    decisions: tuple[DecisionText, ...]
    actions: tuple[ActionText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractPage:
    """The extract of one recipient."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    adopted_at: datetime | None
    items: tuple[ItemText, ...]


def own_extract(actor: Actor, meeting_id: uuid.UUID) -> ExtractPage:
    """The own extract; opening it is recorded."""
    return _read(actor, meeting_id, audit.Event.READ)


def copy_extract(actor: Actor, meeting_id: uuid.UUID) -> ExtractPage:
    """The own extract taken out of the house, for the own registration; recorded as a copy."""
    return _read(actor, meeting_id, audit.Event.COPY)


def _read(actor: Actor, meeting_id: uuid.UUID, event: audit.Event) -> ExtractPage:
    with transaction() as session:
        access.load_own_meeting(session, actor, meeting_id, Permission.EXTRACT_READ)
        extract = read_extract(session, actor, meeting_id, now=clock.now())
        _record(session, actor, extract, event)
    return _opened(extract)


def _record(session: Session, actor: Actor, extract: Extract, event: audit.Event) -> None:
    audit.record_all(
        session,
        actor,
        [
            audit.Entry(
                event=event,
                object_kind="extract",
                object_id=item.item_id,
                table_id=extract.table_id,
                meeting_id=extract.meeting_id,
                item_id=item.item_id,
                case_id=item.case_id,
            )
            for item in extract.items
        ],
    )


def _opened(extract: Extract) -> ExtractPage:
    sealed: list[Sealed] = []
    for item in extract.items:
        sealed += [item.question]
        for decision in item.decisions:
            sealed += [decision.text, decision.dissent]
        for action in item.actions:
            sealed += [action.safe, action.full]
    texts = dict(zip(sealed, crypto.unseal_many(sealed), strict=True))
    return ExtractPage(
        meeting_id=extract.meeting_id,
        table_name=extract.table_name,
        starts_at=extract.starts_at,
        adopted_at=extract.adopted_at,
        items=tuple(_item(item, texts) for item in extract.items),
    )


def _item(item: ExtractItem, texts: dict[Sealed, str]) -> ItemText:
    return ItemText(
        number=item.number,
        reference=item.reference,
        question=texts[item.question],
        participants=item.participants,
        decisions=tuple(
            DecisionText(one.kind, texts[one.text], texts[one.dissent]) for one in item.decisions
        ),
        actions=tuple(
            ActionText(one.action_id, texts[one.safe], texts[one.full], one.due_on)
            for one in item.actions
        ),
    )


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """How much one seat's occupant gets of an item; staff alone see the second number."""

    organisation: str
    reference: str
    decisions: int
    withheld: int


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The minutes of a meeting for staff: what goes to whom."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed: bool
    adopted_at: datetime | None
    lines: tuple[RecipientLine, ...]


def overview(actor: Actor, meeting_id: uuid.UUID) -> OverviewPage:
    """What each seat gets of the decisions; five statements whatever the sizes."""
    now = clock.now()
    with reading() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
        table = access.load_staff_table(session, actor, meeting.table_id, Permission.MEETING_READ)
        decisions = session.execute(
            scopes.staff_decisions(actor, now=now)
            .outerjoin(DecisionAddressee, DecisionAddressee.decision_id == Decision.id)
            .add_columns(DecisionAddressee.seat_id)
            .where(AgendaItem.meeting_id == meeting_id)
        ).all()
        seats = session.execute(
            scopes.staff_seats(actor, now=now)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .add_columns(Organisation.name)
            .where(Meeting.id == meeting_id, Seat.is_proposed.is_(False))
            .order_by(AgendaItem.position, Organisation.code)
        ).all()
    addressed: dict[uuid.UUID, set[uuid.UUID]] = {}
    at_item: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in decisions:
        at_item.setdefault(row.AgendaItem.id, set()).add(row.Decision.id)
        if row.seat_id:
            addressed.setdefault(row.seat_id, set()).add(row.Decision.id)
    return OverviewPage(
        meeting_id=meeting.id,
        table_name=table.name,
        starts_at=meeting.starts_at,
        closed=meeting.closed_at is not None,
        adopted_at=meeting.adopted_at,
        lines=tuple(
            RecipientLine(
                row.name,
                row.Case.reference,
                len(addressed.get(row.Seat.id, ())),
                len(at_item.get(row.AgendaItem.id, ())) - len(addressed.get(row.Seat.id, ())),
            )
            for row in seats
        ),
    )
