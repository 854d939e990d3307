"""What the pages about minutes show: frozen, opened texts of one recipient, or counts for staff."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit, scopes
from app.access.conditions import is_held
from app.access.records.extracts import AtTable, Extract, KeptItem, read_extract
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import ActionState, DecisionKind
from app.features.minutes import moved
from app.features.minutes.moved import KeptDecision
from app.features.minutes.sources import Recalled, SourceSaid, recalled, sources_said
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    Action,
    AgendaItem,
    CaseTable,
    Decision,
    DecisionAddressee,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One agreement as its addressee reads it."""

    kind: DecisionKind
    text: str
    dissent: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action; ``text`` is the full text where that opens, else the neutral one."""

    text: str
    holder: str
    due_on: date
    state: ActionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """The recipient's part of one item."""

    reference: str
    starts_at: datetime
    question: str
    present: tuple[AtTable, ...]
    decisions: tuple[DecisionLine, ...]
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractPage:
    """The extract of one recipient; ``recipient`` is filled in the preview for staff only."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed: bool
    adopted: bool
    items: tuple[ItemPart, ...]
    recipient: str = ""


def own_extract(actor: Actor, meeting_id: uuid.UUID) -> ExtractPage:
    """The actor's own extract; every text opened is recorded."""
    with transaction() as session:
        found = read_extract(session, actor, meeting_id, now=clock.now())
    return _opened(found)


def copied_extract(actor: Actor, meeting_id: uuid.UUID) -> ExtractPage:
    """The own extract to take along: the copy is recorded in the transaction that read it."""
    with transaction() as session:
        found = read_extract(session, actor, meeting_id, now=clock.now())
        if not found.items:
            raise NotVisible
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.COPY,
                object_kind="extract",
                object_id=meeting_id,
                table_id=found.table_id,
                meeting_id=meeting_id,
            ),
        )
    return _opened(found)


def preview(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID) -> ExtractPage:
    """What the occupant of a seat gets once the minutes are adopted; recorded as the viewer's."""
    now = clock.now()
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.MEETING_CLOSE)
        if loaded.meeting.id != meeting_id or loaded.meeting.closed_at is None:
            raise NotVisible
        person_id = session.scalar(
            scopes.staff_holds(actor, now=now)
            .where(Seat.id == seat_id, is_held(now))
            .with_only_columns(SeatHold.person_id)
        )
        if person_id is None:
            raise Refusal(Reason.NO_OCCUPANT)
        try:
            occupant = access.load_actor(session, person_id, now=now)
        except NotVisible:
            raise Refusal(Reason.PERSON_NOT_ACTIVE) from None
        found = read_extract(session, occupant, meeting_id, now=now, viewer=actor)
    return _opened(found, recipient=f"{occupant.organisation_name}, {occupant.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody with seats at the meeting: what comes in the extract and how much does not."""

    seat_id: uuid.UUID
    organisation: str
    name: str
    items: int
    decisions: int
    actions: int
    withheld: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPage:
    """The minutes of a meeting as staff look at them before adopting."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    closed_at: datetime | None
    adopted_at: datetime | None
    recipients: tuple[Recipient, ...]
    empty_seats: int
    of_sources: tuple[SourceSaid, ...]
    recalled: tuple[Recalled, ...]
    kept: tuple[KeptDecision, ...]


def overview(actor: Actor, meeting_id: uuid.UUID) -> MinutesPage:
    """Who gets what of a meeting, and what was decided about a case that left; eight statements.

    No text is opened but that of a case that left: nothing else of it is kept.
    """
    now = clock.now()
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        table_name = session.get_one(CaseTable, meeting.table_id).name
        seats = session.execute(
            scopes.staff_seats(actor, now=now)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
            .outerjoin(Person, Person.id == SeatHold.person_id)
            .with_only_columns(
                Seat.id,
                Seat.item_id,
                Seat.organisation_id,
                Organisation.name.label("organisation"),
                Person.id.label("person_id"),
                Person.name.label("person"),
            )
            .where(Meeting.id == meeting_id, Seat.is_proposed.is_(False))
            .order_by(Organisation.name, Person.name, AgendaItem.starts_at)
        ).all()
        tally = _tally(session, actor, meeting_id, now)
        of_sources = sources_said(session, actor, meeting_id, now=now)
        taken_back = recalled(session, actor, meeting_id, now=now)
        kept = moved.read_kept(session, actor, meeting, now=now)
    held: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in seats:
        if row.person_id:
            held[row.person_id].append(row)
    return MinutesPage(
        meeting_id=meeting.id,
        table_id=meeting.table_id,
        table_name=table_name,
        starts_at=meeting.starts_at,
        closed_at=meeting.closed_at,
        adopted_at=meeting.adopted_at,
        recipients=tuple(_recipient(rows, tally) for rows in held.values()),
        empty_seats=sum(row.person_id is None for row in seats),
        of_sources=of_sources,
        recalled=taken_back,
        kept=moved.opened(kept),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """Decisions per item and per seat, actions per item and organisation."""

    decisions_at: dict[uuid.UUID, set[uuid.UUID]]
    decisions_of: dict[uuid.UUID, set[uuid.UUID]]
    actions: Counter[tuple[uuid.UUID, uuid.UUID]]


def _tally(session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime) -> _Tally:
    at_item: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    of_seat: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    addressed = (
        scopes.staff_decisions(actor, now=now)
        .outerjoin(DecisionAddressee, DecisionAddressee.decision_id == Decision.id)
        .with_only_columns(Decision.id, Decision.item_id, DecisionAddressee.seat_id)
        .where(Meeting.id == meeting_id)
    )
    for decision_id, item_id, seat_id in session.execute(addressed):
        at_item[item_id].add(decision_id)
        of_seat[seat_id].add(decision_id)
    recorded = (
        scopes.staff_actions(actor, now=now)
        .join(AgendaItem, AgendaItem.id == Action.item_id)
        .with_only_columns(Action.item_id, Action.organisation_id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    actions = Counter((row.item_id, row.organisation_id) for row in session.execute(recorded))
    return _Tally(at_item, of_seat, actions)


def _recipient(rows: list[Any], tally: _Tally) -> Recipient:
    item_ids = {row.item_id for row in rows}
    organisation_id = rows[0].organisation_id
    own = set().union(*(tally.decisions_of.get(row.id, set()) for row in rows))
    there = set().union(*(tally.decisions_at.get(item_id, set()) for item_id in item_ids))
    actions = sum(tally.actions[item_id, organisation_id] for item_id in item_ids)
    everyone = sum(count for (at, _who), count in tally.actions.items() if at in item_ids)
    return Recipient(
        seat_id=rows[0].id,
        organisation=rows[0].organisation,
        name=rows[0].person,
        items=len(item_ids),
        decisions=len(own),
        actions=actions,
        withheld=len(there - own) + everyone - actions,
    )


def _opened(found: Extract, *, recipient: str = "") -> ExtractPage:
    """Open every text with one statement on the key store, after the transaction."""
    sealed = list(dict.fromkeys(text for item in found.items for text in _texts_of(item)))
    texts = dict(zip(sealed, crypto.unseal_many(sealed), strict=True))
    return ExtractPage(
        meeting_id=found.meeting_id,
        table_name=found.table_name,
        starts_at=found.starts_at,
        closed=found.closed,
        adopted=found.adopted,
        items=tuple(_part(item, texts) for item in found.items),
        recipient=recipient,
    )


def _texts_of(item: KeptItem) -> Iterator[Sealed]:
    yield item.question
    for decision in item.decisions:
        yield decision.text
        yield decision.dissent
    for action in item.actions:
        yield action.safe
        yield action.full


def _part(item: KeptItem, texts: dict[Sealed, str]) -> ItemPart:
    return ItemPart(
        reference=item.reference,
        starts_at=item.starts_at,
        question=texts[item.question],
        present=item.present,
        decisions=tuple(
            DecisionLine(one.kind, texts[one.text], texts[one.dissent]) for one in item.decisions
        ),
        actions=tuple(
            ActionLine(texts[one.full] or texts[one.safe], one.holder, one.due_on, one.state)
            for one in item.actions
        ),
    )
