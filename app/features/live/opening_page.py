"""Reads the one screen before the first case: statement, roll call, open actions, the agenda."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.meetings.acting import Acting, acting_columns, acting_of
from app.access.meetings.quorum import required_column
from app.access.records.actions import is_overdue
from app.access.seats.roll_call import RollSeat, read_roll
from app.domain import quorum
from app.domain.errors import NotVisible
from app.domain.kinds import AT_TABLE, InvitationAnswer, ItemKind, PresenceState, RequiredRole
from app.domain.states import UNFINISHED
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    ConfidentialityText,
    Meeting,
    Organisation,
    Person,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """Somebody with seats at this meeting, or an organisation whose seats nobody holds yet.

    ``said`` is the one answer of all these seats; empty when none was noted, or they differ.
    """

    seat_id: uuid.UUID
    code: str
    organisation: str
    person_id: uuid.UUID | None
    person: str
    has_account: bool
    said: str
    differs: bool
    is_there: bool
    declined: bool
    lacks_sitter: bool
    accepted_at: datetime | None
    aloud_at: datetime | None

    @property
    def has_accepted(self) -> bool:
        """For the room: on the own account or aloud."""
        return self.accepted_at is not None or self.aloud_at is not None


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action of an earlier meeting that is not finished, by its neutral text."""

    action_id: uuid.UUID
    reference: str
    text: str
    holder: str
    due_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One item of the agenda; a barred case shows its times only and asks nobody."""

    item_id: uuid.UUID
    kind: ItemKind
    reference: str
    starts_at: datetime
    ends_at: datetime
    missing: tuple[RequiredRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Everything the opening shows."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    started: bool
    closed: bool
    cancelled: bool
    opens_with_item: bool
    acting: Acting | None
    statement_nl: str
    statement_en: str
    statement_version: int
    statement_from_at: datetime | None
    roll: tuple[RollRow, ...]
    actions: tuple[OpenAction, ...]
    points: tuple[Point, ...]

    @property
    def goes_on(self) -> bool:
        """Whether anything can still be noted."""
        return not self.closed and not self.cancelled

    @property
    def there(self) -> tuple[RollRow, ...]:
        """Who takes part."""
        return tuple(row for row in self.roll if row.is_there)

    @property
    def accepted(self) -> int:
        """How many of them accepted confidentiality."""
        return sum(row.has_accepted for row in self.there)

    @property
    def not_alone(self) -> tuple[RollRow, ...]:
        """Who takes part from a room with somebody else in it."""
        return tuple(row for row in self.roll if row.said == "remote-not-alone")

    @property
    def to_note(self) -> bool:
        """Somebody who is expected was not noted yet."""
        return any(
            not (row.said or row.differs or row.declined) and row.person_id for row in self.roll
        )


def read_opening(actor: Actor, meeting_id: uuid.UUID) -> Opening:
    """The whole screen; five statements and one on the key store. NotVisible."""
    now = clock.now()
    with reading() as session:
        row = _head(session, actor, meeting_id, now)
        roll = read_roll(session, actor, meeting_id)
        items = session.execute(
            scopes.staff_items(actor, now=now)
            .where(Meeting.id == meeting_id)
            .order_by(AgendaItem.position, AgendaItem.id)
        ).all()
        actions = _actions(session, actor, [one.AgendaItem for one in items if one.Case], now)
    meeting, table = row.Meeting, row.CaseTable
    texts = crypto.unseal_many(
        [Sealed(one.Action.safe_ct, f"action:{one.Action.id}:safe") for one in actions]
    )
    return Opening(
        meeting_id=meeting.id,
        table_id=table.id,
        table_name=table.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        started=meeting.started_at is not None,
        closed=meeting.closed_at is not None,
        cancelled=meeting.cancelled_at is not None,
        opens_with_item=meeting.opens_with_item,
        acting=acting_of(row),
        statement_nl=table.confidentiality_nl,
        statement_en=table.confidentiality_en,
        statement_version=table.confidentiality_version,
        statement_from_at=row.statement_from_at,
        roll=_rows(roll),
        actions=tuple(_action(one, text) for one, text in zip(actions, texts, strict=True)),
        points=_points(items, roll, quorum.parse(row.required)),
    )


def _head(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> Row[*tuple[Any, ...]]:
    since = (
        select(ConfidentialityText.from_at)
        .where(
            ConfidentialityText.table_id == CaseTable.id,
            ConfidentialityText.version == CaseTable.confidentiality_version,
        )
        .correlate(CaseTable)
        .scalar_subquery()
    )
    row = session.execute(
        scopes.staff_meetings(actor)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(
            CaseTable,
            since.label("statement_from_at"),
            required_column().label("required"),
            *acting_columns(now),
        )
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row


def _rows(roll: Sequence[RollSeat]) -> tuple[RollRow, ...]:
    """Seats of one person lie side by side; of an organisation those nobody holds come last."""
    ordered = sorted(roll, key=_place)
    return tuple(_row(list(seats)) for _who, seats in groupby(ordered, key=lambda one: one.who))


def _place(one: RollSeat) -> tuple[str, bool, str, str]:
    return one.at.code, not one.at.person, one.at.person, str(one.who)


def _row(seats: Sequence[RollSeat]) -> RollRow:
    first = seats[0].at
    said = {_said(one) for one in seats if not one.closed} or {_said(one) for one in seats}
    return RollRow(
        seat_id=first.seat.id,
        code=first.code,
        organisation=first.organisation,
        person_id=first.person_id,
        person=first.person,
        has_account=first.has_account,
        said=next(iter(said)) if len(said) == 1 else "",
        differs=len(said) > 1,
        is_there=any(one.at.seat.presence in AT_TABLE for one in seats),
        declined=all(one.at.answer is InvitationAnswer.NO for one in seats),
        lacks_sitter=any(one.at.lacks_sitter for one in seats),
        accepted_at=seats[0].accepted_at,
        aloud_at=seats[0].aloud_at,
    )


def _said(one: RollSeat) -> str:
    """The answer as it is given on the screen."""
    seat = one.at.seat
    if seat.presence is not PresenceState.REMOTE:
        return seat.presence.value if seat.presence else ""
    return {True: "remote-alone", False: "remote-not-alone", None: "remote"}[seat.is_alone]


def _actions(
    session: Session, actor: Actor, items: Sequence[AgendaItem], now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Unfinished actions of these cases that earlier meetings left, the first due first."""
    statement = (
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(Organisation.code, Person.name.label("person"))
        .where(
            Case.id.in_([item.case_id for item in items]),
            Action.item_id.not_in([item.id for item in items]),
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
        .order_by(Action.due_on, Action.id)
    )
    return session.execute(statement).all()


def _action(row: Row[*tuple[Any, ...]], text: str) -> OpenAction:
    holder = f"{row.person}, {row.code}" if row.person else row.code
    due_on = row.Action.due_on
    late = is_overdue(row.Action)
    return OpenAction(row.Action.id, row.Case.reference, text, holder, due_on, late)


def _points(
    items: Sequence[Row[*tuple[Any, ...]]],
    roll: Sequence[RollSeat],
    required: frozenset[RequiredRole],
) -> tuple[Point, ...]:
    return tuple(
        Point(
            item_id=one.AgendaItem.id,
            kind=one.AgendaItem.kind,
            reference=one.Case.reference if one.Case else "",
            starts_at=one.AgendaItem.starts_at,
            ends_at=one.AgendaItem.ends_at,
            missing=quorum.missing(
                required, [s.at.expected for s in roll if s.at.seat.item_id == one.AgendaItem.id]
            )
            if one.Case
            else (),
        )
        for one in items
    )
