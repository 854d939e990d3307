"""The extract of the minutes for one recipient: what the own seats could see, less what ended.

The access window does not count here; exclusion, recusal, block and leaving do, and so does handing
the seat over: rights belong to the seat.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.disclosure import sealed_question
from app.access.slots import OwnDecision, Participant
from app.domain.errors import NotVisible
from app.domain.kinds import PresenceState
from app.infra.crypto import Sealed
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    Decision,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

AT_TABLE = (PresenceState.PRESENT, PresenceState.REMOTE, PresenceState.DEPUTY)


@dataclass(frozen=True, slots=True)
class ExtractAction:
    """An action of the own organisation at the item; the full text only where it may be read."""

    action_id: uuid.UUID
    safe: Sealed
    full: Sealed
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractItem:
    """One item in an extract, texts still sealed."""

    item_id: uuid.UUID
    case_id: uuid.UUID
    number: int
    reference: str
    question: Sealed
    participants: tuple[Participant, ...]
    decisions: tuple[OwnDecision, ...]
    actions: tuple[ExtractAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The extract of one recipient of one meeting."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    adopted_at: datetime | None
    items: tuple[ExtractItem, ...]


def read_extract(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Extract:
    """The extract of a closed meeting; NotVisible before it closed or without an own seat.

    Four statements. Confidentiality must have been accepted: else an item shows nothing.
    """
    rows = session.execute(
        scopes.own_slots(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(Case, CaseTable.name.label("table_name"))
        .where(
            Meeting.id == meeting_id,
            Meeting.closed_at.is_not(None),
            c.is_published(now),
            c.has_accepted(actor),
        )
        .order_by(AgendaItem.starts_at, AgendaItem.position)
    ).all()
    if not rows:
        raise NotVisible
    item_ids = [row.AgendaItem.id for row in rows]
    decisions = _decisions(session, actor, meeting_id, now)
    actions = _actions(session, actor, item_ids, now)
    present = _present(session, item_ids)
    meeting = rows[0].Meeting
    return Extract(
        meeting_id=meeting.id,
        table_id=meeting.table_id,
        table_name=rows[0].table_name,
        starts_at=meeting.starts_at,
        adopted_at=meeting.adopted_at,
        items=tuple(
            ExtractItem(
                item_id=row.AgendaItem.id,
                case_id=row.Case.id,
                number=number,
                reference=row.Case.reference,
                question=sealed_question(row.Case),
                participants=tuple(p for p in present if p.item_id == row.AgendaItem.id),
                decisions=tuple(d for d in decisions if d.item_id == row.AgendaItem.id),
                actions=tuple(a for item_id, a in actions if item_id == row.AgendaItem.id),
            )
            for number, row in enumerate(rows, 1)
        ),
    )


def _decisions(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> list[OwnDecision]:
    rows = session.execute(
        scopes.own_decisions(actor, now=now)
        .where(Meeting.id == meeting_id)
        .order_by(Decision.recorded_at)
    ).unique()
    return [
        OwnDecision(
            row.Decision.item_id,
            row.Decision.kind,
            Sealed(row.Decision.text_ct, f"decision:{row.Decision.id}:text"),
            Sealed(row.Decision.dissent_ct, f"decision:{row.Decision.id}:dissent"),
            row.Decision.recorded_at,
        )
        for row in rows
    ]


def _actions(
    session: Session, actor: Actor, item_ids: list[uuid.UUID], now: datetime
) -> list[tuple[uuid.UUID, ExtractAction]]:
    rows = session.execute(
        select(Action, scopes.sees_full_text(actor, now=now).label("full"))
        .where(Action.item_id.in_(item_ids), Action.organisation_id == actor.organisation_id)
        .order_by(Action.due_on, Action.id)
    )
    return [
        (
            row.Action.item_id,
            ExtractAction(
                row.Action.id,
                Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe"),
                Sealed(row.Action.full_ct if row.full else None, f"action:{row.Action.id}:full"),
                row.Action.due_on,
            ),
        )
        for row in rows
    ]


def _present(session: Session, item_ids: list[uuid.UUID]) -> list[Participant]:
    """Who was at the table, unless the seat is staff-only."""
    rows = session.execute(
        select(Seat.item_id, Organisation.name, Organisation.code, Person.name.label("person"))
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, SeatHold.until_at.is_(None)))
        .join(Person, Person.id == SeatHold.person_id)
        .where(
            Seat.item_id.in_(item_ids),
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            Seat.is_staff_only.is_(False),
            Seat.presence.in_(AT_TABLE),
        )
        .order_by(Organisation.code, Person.name)
    )
    return [Participant(row.item_id, row.name, row.code, row.person) for row in rows]
