"""Whether staff saw that an action reported as done is so, where a table asks for that.

Functions that take a ``LoadedAction`` start from one that passed its loader, held by
``actions.lock``.
"""

from __future__ import annotations

import uuid

from sqlalchemy import and_, exists, or_
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ActionState
from app.infra import clock
from app.models import Action, ActionEvent, FollowUp


def is_asked_for() -> c.Condition:
    """The table of ``Action`` wants its staff to look at what was reported as done since."""
    asks = exists().where(
        FollowUp.table_id == Action.table_id,
        FollowUp.verifies.is_(True),
        or_(FollowUp.verifies_from.is_(None), Action.finished_at >= FollowUp.verifies_from),
    )
    return asks.correlate(Action)


def is_waiting() -> c.Condition:
    """``Action`` was reported as done, and staff of its table still have to look."""
    return and_(Action.state == ActionState.DONE, Action.verified_at.is_(None), is_asked_for())


def verifies(session: Session, table_id: uuid.UUID) -> bool:
    """Whether a table wants this."""
    found = session.get(FollowUp, table_id)
    return found is not None and found.verifies


def verify(session: Session, loaded: LoadedAction, actor: Actor) -> None:
    """Staff saw that it is done. Refusal where it is not, or its table does not ask for this."""
    action = loaded.action
    if not verifies(session, action.table_id):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if action.state is not ActionState.DONE or action.verified_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    action.verified_at, action.verified_by_id = clock.now(), actor.person_id
    session.add(
        ActionEvent(
            action_id=action.id,
            at=clock.now(),
            recorded_by_id=actor.person_id,
            is_verification=True,
        )
    )


def forget(action: Action) -> None:
    """The holder says something else since: what staff saw does not hold any more."""
    action.verified_at = action.verified_by_id = None
