"""Several actions of the tables served at once: who may hold each, and what tells which is which.

Opens no text; what the actor may not see is simply not among what comes back.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.access.people import may_occupy
from app.access.records.actions import Holder
from app.domain.kinds import ActionState, Ground, TableRoleName
from app.models import Action, Covenant, Organisation, Person, TableRole


def hold(
    session: Session, actor: Actor, ids: Collection[uuid.UUID], *, now: datetime
) -> list[LoadedAction]:
    """Those of these actions the actor follows, as they stand, held against a second writer.

    Always in the same order: of two who change the same ones neither waits for ever.
    """
    rows = session.execute(
        scopes.staff_actions(actor, now=now)
        .where(Action.id.in_(ids), Action.taken_back_at.is_(None))
        .order_by(Action.id)
        .with_for_update(of=Action)
        .execution_options(populate_existing=True)
    )
    return [LoadedAction(row.Action, row.Case, Ground.STAFF) for row in rows]


@dataclass(frozen=True, slots=True)
class Brief:
    """By what somebody who follows an action knows it again, and how it stands; no word of it."""

    organisation: str
    due_on: date
    state: ActionState


def briefly(
    session: Session, actor: Actor, ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, Brief]:
    """Those of these actions the actor follows; asks nothing for none. One statement."""
    if not ids:
        return {}
    rows = session.execute(
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .where(Action.id.in_(ids))
        .with_only_columns(Action.id, Organisation.name, Action.due_on, Action.state)
    )
    return {row.id: Brief(row.name, row.due_on, row.state) for row in rows}


def holders(
    session: Session, actor: Actor, ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, list[Holder]]:
    """Per action who may hold it; whom its case bars is simply not listed. One statement."""
    rows = session.execute(
        select(Action.id, Organisation, Person)
        .join(
            TableRole,
            and_(
                TableRole.table_id == Action.table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
            ),
        )
        .join(Person, Person.id == TableRole.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(
            Covenant,
            and_(
                Covenant.organisation_id == Organisation.id,
                Covenant.table_id == Action.table_id,
                c.is_live(Covenant.from_at, Covenant.until_at, now),
            ),
        )
        .where(
            may_occupy(Action.case_id, now=now),
            Action.id.in_(
                scopes.staff_actions(actor, now=now)
                .where(Action.id.in_(ids))
                .with_only_columns(Action.id)
                .correlate(None)
            ),
        )
        .order_by(Organisation.name, Organisation.id, Person.name, Person.id)
    )
    found: dict[uuid.UUID, list[Holder]] = defaultdict(list)
    for row in rows:
        of, who = row.Organisation, row.Person
        found[row[0]].append(Holder(of.id, of.name, who.id, who.name))
    return found
