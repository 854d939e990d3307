"""One action as staff see it: both texts and the whole history; opening it is recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, actions, audit
from app.access.actions import Holder
from app.domain.kinds import ActionState, Ground
from app.domain.states import action_is_overdue, next_states
from app.features.actions import texts
from app.features.actions.service import REPORTABLE, record
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of the history, opened."""

    at: datetime
    state: ActionState | None
    remark: str
    recorded_by: str
    said_by: str
    said_at: datetime | None
    confirmed: bool
    is_reminder: bool
    new_due_on: date | None
    new_holder: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who may have said how it goes."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """What staff see of one action."""

    id: uuid.UUID
    reference: str
    safe: str
    full: str
    organisation_id: uuid.UUID
    organisation: str
    person_id: uuid.UUID | None
    holder: str
    due_on: date
    overdue: bool
    state: ActionState
    states: tuple[ActionState, ...]
    unfinished: bool
    reminded_at: datetime | None
    version: int
    history: tuple[HistoryRow, ...]
    speakers: tuple[Speaker, ...]
    holders: tuple[Holder, ...]


def action_page(actor: Actor, action_id: uuid.UUID) -> ActionPage:
    """Load, record the reading, and open the texts once the record stands."""
    now = clock.now()
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        record(session, actor, loaded, event=audit.Event.READ, ground=Ground.STAFF)
        lines = actions.history(session, loaded)
        speakers = actions.possible_speakers(session, loaded, now=now)
        holders = actions.possible_holders(session, loaded, now=now)
        organisation, holder = _holder_names(session, loaded)
    action = loaded.action
    safe, full, *remarks = crypto.unseal_many(
        [
            texts.safe_text(action),
            texts.full_text(action),
            *(texts.remark(line.event) for line in lines),
        ]
    )
    return ActionPage(
        id=action.id,
        reference=loaded.case.reference,
        safe=safe,
        full=full,
        organisation_id=action.organisation_id,
        organisation=organisation,
        person_id=action.person_id,
        holder=holder,
        due_on=action.due_on,
        overdue=action_is_overdue(action.due_on, action.state, clock.today()),
        state=action.state,
        states=may_report(action.state),
        unfinished=action.state in actions.UNFINISHED,
        reminded_at=action.reminded_at,
        version=action.version,
        history=tuple(_row(line, remark) for line, remark in zip(lines, remarks, strict=True)),
        speakers=tuple(Speaker(person.id, person.name) for person in speakers),
        holders=tuple(holders),
    )


def may_report(state: ActionState) -> tuple[ActionState, ...]:
    """The states a holder may report next, the present one included: a remark may be added."""
    possible = next_states(state)
    if not possible:
        return ()
    return tuple(one for one in REPORTABLE if one is state or one in possible)


def _holder_names(session: Session, loaded: LoadedAction) -> tuple[str, str]:
    organisation = session.get_one(Organisation, loaded.action.organisation_id)
    if loaded.action.person_id is None:
        return organisation.name, ""
    return organisation.name, session.get_one(Person, loaded.action.person_id).name


def _row(line: actions.HistoryLine, remark: str) -> HistoryRow:
    event = line.event
    return HistoryRow(
        at=event.at,
        state=event.state,
        remark=remark,
        recorded_by=line.recorded_by,
        said_by=line.said_by,
        said_at=event.said_at,
        confirmed=event.confirmed_at is not None,
        is_reminder=event.is_reminder,
        new_due_on=event.new_due_on,
        new_holder=line.new_holder,
    )
