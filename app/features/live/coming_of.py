"""What came of one discussion, said or corrected later; it is no part of the minutes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission
from app.access.records import outcomes
from app.domain.errors import NotVisible
from app.domain.kind_document import OutcomeRule
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePage:
    """One discussion, what may come of it and what did."""

    item_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    outcome: str
    offered: tuple[OutcomeRule, ...]


def outcome_page(actor: Actor, item_id: uuid.UUID) -> OutcomePage:
    """NotVisible before the discussion; nothing is offered where the kind names no outcome."""
    with reading() as session:
        at = _discussed(session, actor, item_id)
        came_of = outcomes.of_items(session, actor, [item_id]).get(item_id)
        offered = outcomes.offered(session, at.meeting.table_id)
    if at.case is None:
        raise NotVisible
    return OutcomePage(
        item_id=item_id,
        case_id=at.case.id,
        reference=at.case.reference,
        outcome=came_of.code if came_of else "",
        offered=offered,
    )


def say_outcome(actor: Actor, item_id: uuid.UUID, code: str) -> None:
    """Let this be what came of it; an empty code takes it back. VALUE_UNKNOWN."""
    with transaction() as session:
        outcomes.choose(session, actor, _discussed(session, actor, item_id), code)


def _discussed(session: Session, actor: Actor, item_id: uuid.UUID) -> LoadedItem:
    at = access.load_item(session, actor, item_id, Permission.DECISION_RECORD)
    if at.item.opened_at is None:
        raise NotVisible
    return at
