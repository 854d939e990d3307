"""Writes what people leave behind: agreements with addressees, actions, knowing nobody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import presets
from app.domain.kinds import ActionState, DecisionKind, RetentionClass
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.tell import ToldCase
from app.infra.crypto import KeyScope, Unsealed
from app.models import Action, ActionEvent, Decision, DecisionAddressee, Declaration, ItemOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePlan:
    """An action of a closed meeting: due, and finished, so many days from today."""

    owner: str
    safe: str
    full: str
    due_in: int
    state: ActionState = ActionState.OPEN
    finished_in: int = -1


def add_records(
    batch: Batch,
    world: World,
    told: ToldCase,
    *,
    agreements: Sequence[str],
    actions: Sequence[DonePlan],
    item_id: uuid.UUID,
    at: datetime,
    by: str,
    seat_ids: Sequence[uuid.UUID],
) -> None:
    """Agreements addressed to all seats of the item, and its actions."""
    common = {
        "case_id": told.case_id,
        "item_id": item_id,
        "recorded_by_id": world.people[by],
        "recorded_at": at,
    }
    scope = KeyScope.of_case(told.case_id, RetentionClass.DECISIONS)
    for text in agreements:
        decision_id = batch.new_id()
        batch.add(
            Decision,
            id=decision_id,
            kind=DecisionKind.AGREEMENT,
            text_ct=Unsealed(scope, text, f"decision:{decision_id}:text"),
            **common,
        )
        for seat_id in seat_ids:
            batch.link(DecisionAddressee, decision_id=decision_id, seat_id=seat_id)
    for action in actions:
        _add_action(batch, world, told, action, scope=scope, common=common)


def add_outcome(
    batch: Batch, world: World, told: ToldCase, *, code: str, item_id: uuid.UUID, at: datetime,
    by: str,
) -> None:  # fmt: skip
    """What came of a discussion, in the words of the kind of its table."""
    batch.add(
        ItemOutcome,
        item_id=item_id,
        case_id=told.case_id,
        table_id=world.tables[told.table],
        code=code,
        recorded_by_id=world.people[by],
        recorded_at=at,
    )


def add_declarations(
    batch: Batch, world: World, told: ToldCase, *, person: str, at: datetime
) -> None:
    """Somebody saw who is concerned in a case and said to know nobody; once, however often told."""
    for code, section_id, *_ in told.sections:
        if code == presets.IDENTITY and (person, section_id) not in world.declared:
            world.declared.add((person, section_id))
            batch.add(
                Declaration,
                person_id=world.people[person],
                case_id=told.case_id,
                section_id=section_id,
                words_version=1,
                at=at,
            )


def _add_action(
    batch: Batch,
    world: World,
    told: ToldCase,
    action: DonePlan,
    *,
    scope: KeyScope,
    common: dict[str, object],
) -> None:
    action_id = batch.new_id()
    finished = action.state in (ActionState.DONE, ActionState.NOT_DONE, ActionState.NOT_POSSIBLE)
    finished_at = world.now + timedelta(days=action.finished_in)
    batch.add(
        Action,
        id=action_id,
        table_id=world.tables[told.table],
        organisation_id=world.organisations[world.employer[action.owner]],
        person_id=world.people[action.owner],
        safe_ct=Unsealed(scope, action.safe, f"action:{action_id}:safe"),
        full_ct=Unsealed(scope, action.full, f"action:{action_id}:full"),
        due_on=world.now.date() + timedelta(days=action.due_in),
        state=action.state,
        finished_at=finished_at if finished else None,
        **common,
    )
    if action.state is not ActionState.OPEN:
        batch.add(
            ActionEvent,
            action_id=action_id,
            at=finished_at,
            state=action.state,
            recorded_by_id=world.people[action.owner],
        )
