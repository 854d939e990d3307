"""Load-and-check in one step: the only way to get hold of one protected object.

Absent and hidden raise the same NotVisible. Nothing here looks at a role by itself: every loader is
a scope narrowed to one id.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import action_disclosures, checks, scopes
from app.access.actor import Actor
from app.access.held import hold_seats
from app.access.people import Occupant, is_standing_deputy, may_occupy
from app.access.permissions import Permission, audience_of
from app.domain.errors import NotPermitted, NotVisible
from app.domain.kinds import Ground
from app.infra import clock
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    Decision,
    IdentityProvider,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Room,
    Seat,
    SeatHold,
    Section,
)


def _one(session: Session, statement: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]]:
    row = session.execute(statement.limit(1)).one_or_none()
    if row is None:
        raise NotVisible
    return row


def _require(actor: Actor, permission: Permission) -> None:
    checks.note()
    if not actor.belongs_to(audience_of(permission)):
        raise NotVisible


def load_staff_table(
    session: Session, actor: Actor, table_id: uuid.UUID, permission: Permission
) -> CaseTable:
    """A table the actor serves."""
    _require(actor, permission)
    if table_id not in actor.staff_table_ids:
        raise NotVisible
    table = session.get(CaseTable, table_id)
    if table is None:
        raise NotVisible
    return table


def load_managed(
    session: Session,
    actor: Actor,
    model: type[Organisation | Person | CaseTable | Room | IdentityProvider],
    object_id: uuid.UUID,
    permission: Permission,
) -> Any:  # noqa: ANN401 - one of the five administrator objects, as asked
    """An organisation, person or table for the functional administrator."""
    _require(actor, permission)
    found = session.get(model, object_id)
    if found is None:
        raise NotVisible
    return found


def load_case(session: Session, actor: Actor, case_id: uuid.UUID, permission: Permission) -> Case:
    """A case of a table the actor serves."""
    _require(actor, permission)
    statement = scopes.staff_cases(actor, now=clock.now()).where(Case.id == case_id)
    case: Case = _one(session, statement).Case
    return case


def load_meeting(
    session: Session, actor: Actor, meeting_id: uuid.UUID, permission: Permission
) -> Meeting:
    """A meeting of a table the actor serves."""
    _require(actor, permission)
    meeting: Meeting = _one(
        session, scopes.staff_meetings(actor).where(Meeting.id == meeting_id)
    ).Meeting
    return meeting


@dataclass(frozen=True, slots=True)
class LoadedItem:
    """A case item with its meeting and case, all visible to the actor."""

    item: AgendaItem
    meeting: Meeting
    case: Case | None


def load_item(
    session: Session,
    actor: Actor,
    item_id: uuid.UUID,
    permission: Permission,
    *,
    with_case: bool = True,
) -> LoadedItem:
    """An agenda item of a table served; a barred case makes it invisible with ``with_case``."""
    _require(actor, permission)
    row = _one(session, scopes.staff_items(actor, now=clock.now()).where(AgendaItem.id == item_id))
    if with_case and row.Case is None:
        raise NotVisible
    return LoadedItem(row.AgendaItem, row.Meeting, row.Case)


@dataclass(frozen=True, slots=True)
class LoadedSeat:
    """A seat with its item, meeting and case, all visible to the actor."""

    seat: Seat
    item: AgendaItem
    meeting: Meeting
    case: Case


def load_seat(
    session: Session, actor: Actor, seat_id: uuid.UUID, permission: Permission
) -> LoadedSeat:
    """A live seat at an item of a table served."""
    _require(actor, permission)
    row = _one(session, scopes.staff_seats(actor, now=clock.now()).where(Seat.id == seat_id))
    return LoadedSeat(row.Seat, row.AgendaItem, row.Meeting, row.Case)


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A seat the actor occupies, with the hold that says so."""

    seat: Seat
    hold: SeatHold
    item: AgendaItem
    meeting: Meeting
    case_id: uuid.UUID


def load_own_seat(
    session: Session, actor: Actor, seat_id: uuid.UUID, permission: Permission
) -> OwnSeat:
    """An invited seat the actor occupies just now; for an act on it use ``hold_own_seat``."""
    _require(actor, permission)
    row = _one(session, _own_seat(actor, seat_id))
    return OwnSeat(row.Seat, row.SeatHold, row.AgendaItem, row.Meeting, row.case_id)


def hold_own_seat(
    session: Session, actor: Actor, seat_id: uuid.UUID, permission: Permission
) -> OwnSeat:
    """The same, and nobody else passes it on meanwhile.

    Asked before and, by the clock of then, after it is held: a foreign seat waits for nobody.
    """
    _require(actor, permission)
    _one(session, _own_seat(actor, seat_id).with_only_columns(Seat.id))
    hold_seats(session, [seat_id])
    row = _one(session, _own_seat(actor, seat_id).with_for_update(of=SeatHold))
    return OwnSeat(row.Seat, row.SeatHold, row.AgendaItem, row.Meeting, row.case_id)


def _own_seat(actor: Actor, seat_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    slots = scopes.own_slots(actor, now=clock.now())
    return slots.add_columns(Case.id.label("case_id")).where(Seat.id == seat_id)


def load_own_meeting(
    session: Session, actor: Actor, meeting_id: uuid.UUID, permission: Permission
) -> Meeting:
    """A meeting at which the actor has an invited slot of its own."""
    _require(actor, permission)
    meeting: Meeting = _one(
        session, scopes.own_slots(actor, now=clock.now()).where(Meeting.id == meeting_id)
    ).Meeting
    return meeting


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request for input to a seat the actor occupies."""

    request: InputRequest
    item: AgendaItem
    case: Case


def load_own_request(
    session: Session, actor: Actor, request_id: uuid.UUID, permission: Permission
) -> OwnRequest:
    """A request for input that still waits for the actor's answer."""
    _require(actor, permission)
    now = clock.now()
    row = _one(
        session,
        scopes.own_requests(actor, now=now)
        .where(InputRequest.id == request_id, scopes.is_open_request(now))
        .with_for_update(of=InputRequest),
    )
    return OwnRequest(row.InputRequest, row.AgendaItem, row.Case)


@dataclass(frozen=True, slots=True)
class LoadedSection:
    """A section with its case and the ground that opened it."""

    section: Section
    case: Case
    ground: Ground


def load_section(
    session: Session, actor: Actor, section_id: uuid.UUID, permission: Permission
) -> LoadedSection:
    """A section the actor sees; changing it takes staff or source, a seat is not enough."""
    _require(actor, Permission.OWN_ACCOUNT)
    row = _one(
        session,
        scopes.visible_sections(actor, now=clock.now()).where(Section.id == section_id),
    )
    ground = Ground(row.ground)
    if permission is Permission.CASE_UPDATE and ground is not Ground.STAFF:
        raise NotPermitted
    if permission is Permission.INPUT_GIVE and ground is not Ground.SOURCE:
        raise NotPermitted
    return LoadedSection(row.Section, row.Case, ground)


@dataclass(frozen=True, slots=True)
class LoadedAction:
    """An action with its case; ``ground`` is what the full text opens on, None when it does not."""

    action: Action
    case: Case
    ground: Ground | None

    @property
    def full(self) -> bool:
        """Whether the full text may be shown."""
        return self.ground is not None


def load_own_action(
    session: Session, actor: Actor, action_id: uuid.UUID, permission: Permission
) -> LoadedAction:
    """An action the actor holds."""
    _require(actor, permission)
    now = clock.now()
    row = _one(
        session,
        scopes.own_actions(actor, now=now)
        .add_columns(
            scopes.sees_by_seat(actor, now=now).label("by_seat"),
            action_disclosures.is_open(actor, now).label("disclosed"),
        )
        .where(Action.id == action_id),
    )
    ground = Ground.SEAT if row.by_seat else Ground.TASK if row.disclosed else None
    return LoadedAction(row.Action, row.Case, ground)


def load_staff_action(
    session: Session, actor: Actor, action_id: uuid.UUID, permission: Permission
) -> LoadedAction:
    """An action of a table served."""
    _require(actor, permission)
    row = _one(session, scopes.staff_actions(actor, now=clock.now()).where(Action.id == action_id))
    return LoadedAction(row.Action, row.Case, Ground.STAFF)


def load_decision(
    session: Session, actor: Actor, decision_id: uuid.UUID, permission: Permission
) -> Decision:
    """A decision at an item of a table served."""
    _require(actor, permission)
    decision: Decision = _one(
        session, scopes.staff_decisions(actor, now=clock.now()).where(Decision.id == decision_id)
    ).Decision
    return decision


def possible_occupants(
    session: Session,
    actor: Actor,
    *,
    organisation_id: uuid.UUID,
    table_id: uuid.UUID,
    case_id: uuid.UUID,
) -> list[Occupant]:
    """Active people of an organisation who may take a seat, standing deputies of the table first.

    The excluded are simply not listed. Raises NotVisible when the actor neither serves the table
    nor belongs to the organisation.
    """
    checks.note()
    if table_id not in actor.staff_table_ids and organisation_id != actor.organisation_id:
        raise NotVisible
    now = clock.now()
    is_first = is_standing_deputy(table_id, now=now).label("is_first")
    statement = (
        select(Person.id, Person.name, Person.function, is_first)
        .where(Person.organisation_id == organisation_id, may_occupy(case_id, now=now))
        .order_by(is_first.desc(), Person.name)
    )
    return [Occupant(*row) for row in session.execute(statement)]
