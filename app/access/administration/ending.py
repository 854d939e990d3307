"""What an organisation's part in a table holds: counted before it ends, without a case."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.domain.states import UNFINISHED
from app.models import (
    Action,
    AgendaItem,
    CaseTable,
    InputRequest,
    Meeting,
    Person,
    Seat,
    TableRole,
)

COUNTED: Final = ("people", "roles", "seats", "actions", "questions")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBehind:
    """What is open of one organisation at one table; people are those with a role there."""

    table_id: uuid.UUID
    table: str
    people: int = 0
    roles: int = 0
    seats: int = 0
    actions: int = 0
    questions: int = 0


def part_behind(
    session: Session,
    organisation_id: uuid.UUID,
    *,
    table_ids: Iterable[uuid.UUID] = (),
    from_at: datetime,
    now: datetime,
) -> tuple[PartBehind, ...]:
    """Count what ends at ``from_at``, by table, in a session of ``System.LEAVING``.

    At these tables; where none is named, at every one where something is open. Seats are those of
    meetings that are not over then; no text is read.
    """
    checks.note()
    counts: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for statement in (
        _roles(organisation_id, from_at),
        _seats(organisation_id, max(from_at, now)),
        _actions(organisation_id),
        _questions(organisation_id, now),
    ):
        for row in session.execute(statement).mappings():
            counts[row["table_id"]] |= {
                name: value for name, value in row.items() if name in COUNTED
            }
    tables = list(table_ids) or list(counts)
    names = session.execute(
        select(CaseTable.id, CaseTable.name)
        .where(CaseTable.id.in_(tables))
        .order_by(CaseTable.name, CaseTable.id)
    )
    return tuple(
        PartBehind(table_id=table_id, table=name, **counts[table_id]) for table_id, name in names
    )


def _roles(organisation_id: uuid.UUID, from_at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            TableRole.table_id,
            func.count(TableRole.person_id.distinct()).label("people"),
            func.count(TableRole.id).label("roles"),
        )
        .join(Person, Person.id == TableRole.person_id)
        .where(
            Person.organisation_id == organisation_id,
            or_(TableRole.until_at.is_(None), TableRole.until_at > from_at),
        )
        .group_by(TableRole.table_id)
    )


def _seats(organisation_id: uuid.UUID, from_at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Meeting.table_id, func.count(Seat.id).label("seats"))
        .select_from(Seat)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Seat.organisation_id == organisation_id,
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
            Meeting.ends_at > from_at,
        )
        .group_by(Meeting.table_id)
    )


def _actions(organisation_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(Action.table_id, func.count(Action.id).label("actions"))
        .where(Action.organisation_id == organisation_id, Action.state.in_(UNFINISHED))
        .group_by(Action.table_id)
    )


def _questions(organisation_id: uuid.UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Meeting.table_id, func.count(InputRequest.id).label("questions"))
        .select_from(InputRequest)
        .join(Seat, Seat.id == InputRequest.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Seat.organisation_id == organisation_id,
            Seat.removed_at.is_(None),
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at > now,
            InputRequest.answer.is_(None),
            InputRequest.withdrawn_at.is_(None),
        )
        .group_by(Meeting.table_id)
    )
