"""Questions for input that wait, per organisation: since when, what kind, and whom to remind.

Never a word of a question or an answer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.messages.notices import as_text
from app.infra import clock, outbox
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

REMIND = "seats.remind"
NOT_AGAIN_WITHIN = timedelta(hours=48)
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question without an answer; ``is_known``: whether the family is known is what is asked.

    ``since``: asked, or known from then on and content asked since.
    """

    request_id: uuid.UUID
    meeting_id: uuid.UUID
    starts_at: datetime
    table: str
    reference: str
    organisation: str
    person: str
    person_id: uuid.UUID | None
    is_known: bool
    since: datetime
    deadline_at: datetime
    reminded_at: datetime | None

    @property
    def can_remind(self) -> bool:
        """Somebody can still answer it."""
        return self.person_id is not None and self.deadline_at > clock.now()

    @property
    def is_recent(self) -> bool:
        """Its holder was reminded within 48 hours."""
        return self.reminded_at is not None and clock.now() - self.reminded_at < NOT_AGAIN_WITHIN


def waiting(
    session: Session,
    actor: Actor,
    *,
    meeting_id: uuid.UUID | None = None,
    table_id: uuid.UUID | None = None,
    ids: Collection[uuid.UUID] | None = None,
) -> list[Waiting]:
    """What waits at meetings served that are not over, oldest question first. One statement."""
    statement = _statement(actor)
    if meeting_id is not None:
        statement = statement.where(Meeting.id == meeting_id)
    if table_id is not None:
        statement = statement.where(Meeting.table_id == table_id)
    if ids is not None:
        statement = statement.where(InputRequest.id.in_(ids))
    return [_waiting(row) for row in session.execute(statement.limit(MOST))]


def _statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    now = clock.now()
    return (
        scopes.staff_requests(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .add_columns(
            Meeting,
            CaseTable.name.label("table"),
            Case.reference,
            Organisation.name.label("organisation"),
            Person.id.label("person_id"),
            Person.name.label("person"),
        )
        .where(
            InputRequest.answered_at.is_(None),
            InputRequest.withdrawn_at.is_(None),
            AgendaItem.removed_at.is_(None),
            Seat.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
            Meeting.ends_at > now,
        )
        .order_by(InputRequest.asked_at, Organisation.name, InputRequest.id)
    )


def _waiting(row: Any) -> Waiting:  # noqa: ANN401 - a row
    request = row.InputRequest
    return Waiting(
        request_id=request.id,
        meeting_id=row.Meeting.id,
        starts_at=row.Meeting.starts_at,
        table=row.table,
        reference=row.reference,
        organisation=row.organisation,
        person=row.person or "",
        person_id=row.person_id,
        is_known=request.asks_known and request.known is None,
        since=request.known_at or request.asked_at,
        deadline_at=request.deadline_at,
        reminded_at=request.reminded_at,
    )


def remind(session: Session, actor: Actor, ids: Collection[uuid.UUID]) -> tuple[int, int]:
    """One neutral mail per person for these questions; gives how many are sent and skipped.

    What was reminded of within 48 hours is skipped, and so is what nobody can answer.
    """
    found = waiting(session, actor, ids=ids)
    fit = {one.request_id for one in found if one.can_remind and not one.is_recent}
    rows = session.execute(
        _statement(actor).where(InputRequest.id.in_(fit)).with_for_update(of=InputRequest)
    ).all()
    per_person: dict[tuple[uuid.UUID, uuid.UUID], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        row.InputRequest.reminded_at = clock.now()
        per_person[(row.person_id, row.Meeting.id)].append(row.Seat.id)
    for (person_id, meeting_id), seats in sorted(per_person.items()):
        mail_id = uuid.uuid4()
        outbox.add(
            session,
            REMIND,
            unique_key=f"{REMIND}:{mail_id}",
            payload={
                "mail_id": mail_id,
                "person_id": person_id,
                "meeting_id": meeting_id,
                "seat_ids": as_text(seats),
            },
        )
    audit.record_all(session, actor, [_entry(row) for row in rows])
    return len(rows), len(set(ids)) - len(rows)


def _entry(row: Any) -> audit.Entry:  # noqa: ANN401 - a row
    return audit.Entry(
        event=audit.Event.TRANSFER,
        object_kind="input-reminder",
        object_id=row.InputRequest.id,
        table_id=row.Meeting.table_id,
        meeting_id=row.Meeting.id,
        item_id=row.AgendaItem.id,
        case_id=row.AgendaItem.case_id,
    )
