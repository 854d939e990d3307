"""Takes an act of planning back while its messages still wait, if nothing else changed since.

A picture holds every plain column of a meeting's rows, and never a text of a case. Barred staff
plan too, so pictures look at all of a meeting; nobody gets to see one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Final

from sqlalchemy import LargeBinary, Select, delete, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.access import checks, scopes
from app.access.actor import Actor
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import ItemKind
from app.infra import calendar_queue, clock
from app.models import AgendaItem, Case, InputRequest, Meeting, PlanningStep, Seat, SeatHold

PICTURED: Final = {
    model.__tablename__: model
    for model in (Meeting, AgendaItem, Seat, SeatHold, InputRequest, Case)
}

# Per row, "table:id": its columns as JSON can hold them.
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Picture:
    """How a meeting stood, and when; without rows where messages do not wait."""

    at: datetime
    rows: Rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """An act of one's own that can be taken back until ``until_at``; None hides how many hear."""

    step_id: uuid.UUID
    people: int | None
    until_at: datetime

    @property
    def seconds(self) -> int:
        """How long there is still time."""
        return max(0, round((self.until_at - clock.now()).total_seconds()))


def picture(session: Session, meeting: Meeting) -> Picture:
    """How the meeting stands now, to compare with after an act; ``meeting`` is held."""
    waits = bool(calendar_queue.delay())
    return Picture(clock.now(), _rows_of(session, meeting.id) if waits else {})


def keep(session: Session, actor: Actor, meeting: Meeting, before: Picture) -> None:
    """Remember how to take back what this transaction did, when somebody will hear of it."""
    if not before.rows:
        return
    session.flush()
    until_at = before.at + calendar_queue.delay()
    waiting = _waiting(session, meeting, until_at)
    after = _rows_of(session, meeting.id)
    if not waiting or after == before.rows:
        return
    undo = {
        key: {name: value for name, value in row.items() if after[key][name] != value}
        for key, row in before.rows.items()
        if key in after and after[key] != row
    }
    session.add(
        PlanningStep(
            meeting_id=meeting.id,
            person_id=actor.person_id,
            undo=json.dumps(undo),
            after=_hash(after),
            waiting=len(waiting),
            until_at=until_at,
        )
    )


def last_step(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Waiting | None:
    """The actor's last act at this meeting that can still be taken back."""
    checks.note()
    closed = scopes.staff_items(actor, now=now).where(
        Meeting.id == meeting_id, AgendaItem.kind == ItemKind.CASE, Case.id.is_(None)
    )
    row = session.execute(
        _open_steps(actor, meeting_id, now)
        .add_columns(closed.with_only_columns(AgendaItem.id).exists().label("has_closed"))
        .order_by(PlanningStep.until_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    step = row.PlanningStep
    return Waiting(step.id, None if row.has_closed else step.waiting, step.until_at)


def take_back(session: Session, actor: Actor, meeting: Meeting, step_id: uuid.UUID) -> None:
    """Put back what the act changed. ``meeting`` is held for this transaction.

    Raises NotVisible for an act of somebody else, Refusal when messages left or more changed.
    """
    step = session.scalars(
        select(PlanningStep).where(
            PlanningStep.id == step_id,
            PlanningStep.meeting_id == meeting.id,
            PlanningStep.person_id == actor.person_id,
        )
    ).one_or_none()
    if step is None:
        raise NotVisible
    waiting = _waiting(session, meeting, step.until_at)
    if step.undone_at is not None or step.until_at <= clock.now() or len(waiting) < step.waiting:
        raise Refusal(Reason.UNDO_TOO_LATE)
    if _hash(_rows_of(session, meeting.id)) != step.after:
        raise Refusal(Reason.UNDO_OVERTAKEN)
    for key, values in json.loads(step.undo).items():
        table, row_id = key.split(":")
        row = session.get_one(PICTURED[table], uuid.UUID(row_id))
        for name, value in values.items():
            setattr(row, name, _stored(_columns(PICTURED[table])[name], value))
    step.undone_at = clock.now()


def _waiting(session: Session, meeting: Meeting, since: datetime) -> set[uuid.UUID | None]:
    return calendar_queue.hold_waiting(session, meeting.id, meeting.series_id, since=since)


def _open_steps(actor: Actor, meeting_id: uuid.UUID, now: datetime) -> Select[PlanningStep]:
    return select(PlanningStep).where(
        PlanningStep.meeting_id == meeting_id,
        PlanningStep.person_id == actor.person_id,
        PlanningStep.undone_at.is_(None),
        PlanningStep.until_at > now,
    )


def _rows_of(session: Session, meeting_id: uuid.UUID) -> Rows:
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id)
    seats = select(Seat.id).where(Seat.item_id.in_(items))
    wanted: dict[Any, Any] = {
        Meeting: Meeting.id == meeting_id,
        AgendaItem: AgendaItem.meeting_id == meeting_id,
        Seat: Seat.item_id.in_(items),
        SeatHold: SeatHold.seat_id.in_(seats),
        InputRequest: InputRequest.seat_id.in_(seats),
        Case: Case.id.in_(select(AgendaItem.case_id).where(AgendaItem.meeting_id == meeting_id)),
    }
    return {
        key: row
        for model, condition in wanted.items()
        for key, row in _rows(session, model, condition)
    }


def _rows(session: Session, model: Any, condition: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any model
    names = list(_columns(model))
    statement = select(model.id, *(getattr(model, name) for name in names)).where(condition)
    for row in session.execute(statement).all():
        values = dict(zip(names, (_plain(value) for value in row[1:]), strict=True))
        yield f"{model.__tablename__}:{row[0]}", values


@cache
def _columns(model: Any) -> dict[str, TypeEngine[Any]]:  # noqa: ANN401 - any model
    """Every column but the key, the count of versions and ciphertext."""
    return {
        attribute.key: attribute.columns[0].type
        for attribute in inspect(model).column_attrs
        if attribute.key not in {"id", "version"}
        and not isinstance(attribute.columns[0].type, LargeBinary)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, uuid.UUID) else value


def _stored(column: TypeEngine[Any], value: Any) -> Any:  # noqa: ANN401 - a column's value
    kind = getattr(column, "impl_instance", column).python_type
    if value is None:
        return None
    if kind in {datetime, date, time}:
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum | uuid.UUID) else value


def _hash(now: Rows) -> str:
    return hashlib.sha256(json.dumps(now, sort_keys=True).encode()).hexdigest()


def forget_past(session: Session) -> None:
    """Throw away what can no longer be taken back."""
    session.execute(delete(PlanningStep).where(PlanningStep.until_at <= clock.now()))
