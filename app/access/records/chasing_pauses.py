"""Nobody is told of an action for a while: with a reason and a last day, by staff of its table."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.domain.errors import Reason, Refusal
from app.domain.kinds import RetentionClass
from app.domain.states import UNFINISHED
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import ActionEvent, ActionPause

LONGEST: Final = timedelta(days=60)


def pause(
    session: Session, actor: Actor, loaded: LoadedAction, *, until_on: date, reason: str
) -> None:
    """Tell nobody until that day; another pause ends. Refusal for no reason, or an odd day."""
    action = loaded.action
    if action.state not in UNFINISHED:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if not reason.strip():
        raise Refusal(Reason.REASON_NEEDED, "reason")
    today = clock.today()
    if until_on <= today:
        raise Refusal(Reason.DATE_IN_PAST, "until_on")
    if until_on > today + LONGEST:
        raise Refusal(Reason.DAYS_OUT_OF_RANGE, "until_on")
    resume(session, loaded)
    event_id = uuid.uuid4()
    scope = KeyScope.of_case(action.case_id, RetentionClass.DECISIONS)
    session.add(
        ActionEvent(
            id=event_id,
            action_id=action.id,
            at=clock.now(),
            recorded_by_id=actor.person_id,
            remark_ct=crypto.seal(scope, reason, belongs_to=f"action_event:{event_id}:remark"),
        )
    )
    session.add(
        ActionPause(
            action_id=action.id,
            event_id=event_id,
            by_id=actor.person_id,
            from_at=clock.now(),
            until_on=until_on,
        )
    )


def resume(session: Session, loaded: LoadedAction) -> bool:
    """Let the schedule go on; False where nothing was paused."""
    live = session.scalars(
        select(ActionPause)
        .where(ActionPause.action_id == loaded.action.id, ActionPause.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if live is None:
        return False
    live.ended_at = clock.now()
    session.flush()
    return True
