"""The timer of the item on the table: pause, go on, five minutes more; it ends nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.access import Actor
from app.domain.errors import Reason, Refusal
from app.domain.item_timer import stood_still
from app.features.live.service import live_item, record
from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem

MINUTES_MORE: Final = 5
MOST_EXTRA_MINUTES: Final = 240


def pause(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """The timer stands still; gives the meeting."""
    return _change(actor, item_id, _pause)


def go_on(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """The timer goes on with what was left; gives the meeting."""
    return _change(actor, item_id, _go_on)


def lengthen(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Five minutes more; gives the meeting."""
    return _change(actor, item_id, _lengthen)


def _change(
    actor: Actor, item_id: uuid.UUID, act: Callable[[AgendaItem, datetime], None]
) -> uuid.UUID:
    with transaction() as session:
        loaded = live_item(session, actor, item_id)
        session.refresh(loaded.item, with_for_update={"key_share": True})
        if loaded.item.opened_at is None or loaded.item.closed_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        act(loaded.item, clock.now())
        record(session, actor, loaded.meeting, "timer", loaded)
        return loaded.meeting.id


def _pause(item: AgendaItem, now: datetime) -> None:
    if item.paused_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    item.paused_at = now


def _go_on(item: AgendaItem, now: datetime) -> None:
    if item.paused_at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    item.paused_seconds += stood_still(item.paused_at, now)
    item.paused_at = None


def _lengthen(item: AgendaItem, _now: datetime) -> None:
    if item.extra_minutes + MINUTES_MORE > MOST_EXTRA_MINUTES:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    item.extra_minutes += MINUTES_MORE
