"""An action goes to a colleague of its holder, or somebody takes one of the whole organisation on.

The organisation stays. What one holder was allowed to read is not the next one's.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import action_disclosures, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.access.people import may_occupy
from app.access.records import term_requests
from app.access.records.term_requests import About
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState, Ground, TableRoleName
from app.domain.states import UNFINISHED
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Action, ActionEvent, Person, TableRole

HANDED: Final = "actions.handed"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the own organisation who may hold the action."""

    id: uuid.UUID
    name: str


def colleagues(
    session: Session, actor: Actor, loaded: LoadedAction, *, now: datetime
) -> tuple[Colleague, ...]:
    """The other representatives of the own organisation at the action's table, by name.

    Whom the case bars is simply not listed; nothing tells why.
    """
    rows = session.execute(
        select(Person.id, Person.name)
        .join(
            TableRole,
            and_(
                TableRole.person_id == Person.id,
                TableRole.table_id == loaded.action.table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
            ),
        )
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.state == AccountState.ACTIVE,
            Person.id.not_in([actor.person_id, loaded.action.person_id or actor.person_id]),
            may_occupy(loaded.case.id, now=now),
        )
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return tuple(Colleague(row.id, row.name) for row in rows)


def hand_over(
    session: Session, actor: Actor, loaded: LoadedAction, event: ActionEvent, person_id: uuid.UUID
) -> None:
    """A locked action goes to a colleague, who is told; a disclosure and a request end with it.

    Refusal where it is finished, or that person is not listed.
    """
    action = loaded.action
    _refuse_finished(loaded)
    now = clock.now()
    if person_id not in [one.id for one in colleagues(session, actor, loaded, now=now)]:
        raise Refusal(Reason.VALUE_UNKNOWN, "colleague")
    term_requests.let_go(session, action)
    action_disclosures.withdraw(session, action, now=now)
    event.new_person_id = person_id
    session.add(event)
    session.flush()
    # From here on it is not the actor's any more, for the second wall neither.
    with opened_for(session, System.HANDOVER):
        action.person_id = person_id
        session.flush()
    outbox.add(
        session,
        HANDED,
        unique_key=f"{HANDED}:{event.id}",
        payload={"action_id": action.id, "person_id": person_id, "event_id": event.id},
    )


def give_to(
    session: Session,
    action: Action,
    event: ActionEvent,
    *,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID | None,
) -> None:
    """Staff name another holder of a locked action: what one was allowed to read is not the next's.

    The holder was found possible by the caller, who adds the event; a request ends with it.
    """
    term_requests.let_go(session, action)
    action_disclosures.withdraw(session, action, now=clock.now())
    action.organisation_id = event.new_organisation_id = organisation_id
    action.person_id = event.new_person_id = person_id


def take_on(session: Session, actor: Actor, loaded: LoadedAction, event: ActionEvent) -> None:
    """The actor holds a locked action of the whole organisation from now on.

    Refusal where it is finished, or somebody holds it.
    """
    _refuse_finished(loaded)
    if loaded.action.person_id is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    event.new_person_id = loaded.action.person_id = actor.person_id
    session.add(event)


def follow_case(session: Session, loaded: LoadedAction) -> None:
    """A locked action that is unfinished again is followed where its case is by now.

    Its holder may say so any time; a table the case left keeps what was finished, to read alone.
    Refusal for its staff.
    """
    action = loaded.action
    if action.state not in UNFINISHED or loaded.case.table_id == action.table_id:
        return
    if loaded.ground is Ground.STAFF:
        raise Refusal(Reason.STATE_NOT_ALLOWED, "state")
    session.flush()
    with opened_for(session, System.HANDOVER):
        action.table_id = loaded.case.table_id
        session.flush()


def still_held(session: Session, actor: Actor, action_id: uuid.UUID) -> About | None:
    """An unfinished action the actor holds by name; None once it went on, or is barred."""
    found = session.execute(
        scopes.own_actions(actor, now=clock.now()).where(
            Action.id == action_id,
            Action.person_id == actor.person_id,
            Action.state.in_(UNFINISHED),
        )
    ).one_or_none()
    return About(found.Action.id, found.Case.id) if found else None


def _refuse_finished(loaded: LoadedAction) -> None:
    if loaded.action.state not in UNFINISHED:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
