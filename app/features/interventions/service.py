"""Reading the agreed order of a case and changing it; each is one unit of work and logged."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from app import access
from app.access import Actor, Permission, audit
from app.access.readings import readings_of_case
from app.access.records import interventions
from app.access.records.interventions import StepView
from app.domain.agenda import Direction
from app.domain.kinds import Chain
from app.domain.states import SHUT
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import CaseTable


class Place(StrEnum):
    """Where a press brings an action in the order."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """Who does what, when, in which order; and what has no place in it."""

    case_id: uuid.UUID
    reference: str
    table: str
    steps: tuple[StepView, ...]
    others: tuple[StepView, ...]
    is_open: bool


def order_page(actor: Actor, case_id: uuid.UUID) -> OrderPage:
    """The order of one case with its full texts; reading them is recorded."""
    now = clock.now()
    with transaction() as session:
        case = access.load_case(session, actor, case_id, Permission.CASE_READ)
        table = session.get_one(CaseTable, case.table_id)
        steps = interventions.staff_steps(session, actor, case_id, now=now)
        audit.record_all(
            session, actor, [*readings_of_case(case), *interventions.readings_of(steps)]
        )
    opened = crypto.unseal_many(
        [one.full if one.full.ciphertext is not None else one.text for one in steps]
    )
    views = interventions.views_of(steps, opened, now=now)
    return OrderPage(
        case_id=case.id,
        reference=case.reference,
        table=table.name,
        steps=tuple(one for one in views if one.number is not None),
        others=tuple(one for one in views if one.number is None),
        is_open=case.state not in SHUT,
    )


def place_step(actor: Actor, action_id: uuid.UUID, to: Place) -> uuid.UUID:
    """Bring an action earlier, later, into the order or out of it; gives its case."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        if to is Place.OUT:
            interventions.leave(session, actor, loaded, now=clock.now())
        else:
            where = Direction.UP if to is Place.UP else Direction.DOWN
            interventions.move(session, actor, loaded, where, now=clock.now())
        return loaded.case.id


def choose_chain(actor: Actor, action_id: uuid.UUID, chain: Chain) -> uuid.UUID:
    """Say to which chain an action belongs; gives its case."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        interventions.set_chain(session, actor, loaded, chain)
        return loaded.case.id
