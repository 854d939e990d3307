"""The agreed order of criminal-justice and care interventions of a case, for staff of its table.

Which step an action is shows to nobody who does not see the action itself by the usual rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.domain.agenda import Direction
from app.domain.interventions import chain_of, moved
from app.domain.kinds import ActionState, Chain, Ground, OrganisationKind, TableKind
from app.domain.local_time import local_date
from app.domain.states import action_is_overdue
from app.infra.crypto import Sealed
from app.models import Action, Case, CaseTable, Organisation, Person

_OTHER = aliased(Action)


def place(action: Action, chain: Chain | None, kind: OrganisationKind) -> None:
    """Give a new action its chain and, at a table that agrees on an order, the next step of it.

    The step is told by the statement that stores it.
    """
    action.chain = chain or chain_of(kind)
    before = select(func.max(_OTHER.step)).where(_OTHER.case_id == action.case_id)
    following = func.coalesce(before.scalar_subquery(), 0) + 1
    action.step = (
        select(case((CaseTable.kind == TableKind.ACTION, following)))
        .where(CaseTable.id == action.table_id)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of a case with who holds it; ``number`` is None outside the agreed order."""

    action: Action
    organisation: str
    holder: str
    text: Sealed
    full: Sealed


def staff_steps(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> tuple[Step, ...]:
    """The actions of a case of a table served: the agreed order first, then the rest by term.

    What was taken back or lapsed before it had a place is no step.
    """
    rows = session.execute(
        _steps(actor, case_id, now=now).order_by(
            Action.step.is_(None), Action.step, Action.due_on, Action.recorded_at, Action.id
        )
    )
    return tuple(
        Step(
            action=row.Action,
            organisation=row.organisation,
            holder=row.holder or "",
            text=Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe"),
            full=Sealed(row.Action.full_ct, f"action:{row.Action.id}:full"),
        )
        for row in rows
    )


def _steps(actor: Actor, case_id: uuid.UUID, *, now: datetime) -> Select[Action, Case, str, str]:
    return (
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(Organisation.name.label("organisation"), Person.name.label("holder"))
        .where(
            Action.case_id == case_id,
            Action.table_id == Case.table_id,
            Action.taken_back_at.is_(None),
            or_(Action.step.is_not(None), Action.state != ActionState.LAPSED),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step as pages show it; late by the hour where it has one."""

    action_id: uuid.UUID
    number: int | None
    text: str
    organisation: str
    holder: str
    due_on: date
    due_at: datetime | None
    state: ActionState
    is_late: bool
    chain: Chain | None


def views_of(steps: Sequence[Step], texts: Sequence[str], *, now: datetime) -> tuple[StepView, ...]:
    """The steps with their opened texts, numbered in the agreed order."""
    return tuple(
        StepView(
            action_id=one.action.id,
            number=number if one.action.step is not None else None,
            text=text,
            organisation=one.organisation,
            holder=one.holder,
            due_on=one.action.due_on,
            due_at=one.action.due_at,
            state=one.action.state,
            is_late=action_is_overdue(
                one.action.due_on,
                one.action.state,
                local_date(now),
                due_at=one.action.due_at,
                now=now,
            ),
            chain=one.action.chain,
        )
        for number, (one, text) in enumerate(zip(steps, texts, strict=True), 1)
    )


def steps_of(
    session: Session, actor: Actor, about: Case, table_kind: TableKind, *, now: datetime
) -> tuple[Step, ...]:
    """The steps of a loaded case where its table agrees on an order; else none, unasked."""
    if table_kind is not TableKind.ACTION:
        return ()
    return tuple(
        one for one in staff_steps(session, actor, about.id, now=now) if one.action.step is not None
    )


def readings_of(steps: Sequence[Step]) -> list[audit.Entry]:
    """One line in the access log per action that was opened in full."""
    return [
        audit.Entry(
            event=audit.Event.READ,
            object_kind="action",
            object_id=one.action.id,
            ground=Ground.STAFF,
            table_id=one.action.table_id,
            item_id=one.action.item_id,
            case_id=one.action.case_id,
        )
        for one in steps
    ]


def move(
    session: Session, actor: Actor, loaded: LoadedAction, direction: Direction, *, now: datetime
) -> None:
    """One place earlier or later; an action without a place gets the last one."""
    order = _order(session, actor, loaded.action, now=now)
    if loaded.action in order:
        order = moved(order, loaded.action, direction)
    else:
        order.append(loaded.action)
    _number(session, order)
    _log(session, actor, loaded.action)


def leave(session: Session, actor: Actor, loaded: LoadedAction, *, now: datetime) -> None:
    """Take an action out of the order; it stays to be done."""
    order = _order(session, actor, loaded.action, now=now)
    loaded.action.step = None
    _number(session, [one for one in order if one is not loaded.action])
    _log(session, actor, loaded.action)


def set_chain(session: Session, actor: Actor, loaded: LoadedAction, chain: Chain) -> None:
    """Say to which chain an action belongs."""
    loaded.action.chain = chain
    _log(session, actor, loaded.action)


def _order(session: Session, actor: Actor, about: Action, *, now: datetime) -> list[Action]:
    """The steps of a case in order, held: two moves happen one after the other."""
    statement = (
        scopes.staff_actions(actor, now=now)
        .where(Action.case_id == about.case_id, Action.step.is_not(None))
        .order_by(Action.step, Action.id)
        .with_for_update(of=Action)
        .execution_options(populate_existing=True)
    )
    return [row.Action for row in session.execute(statement)]


def _number(session: Session, order: Sequence[Action]) -> None:
    """The version stays, so that nobody's open form goes stale by the step of another action."""
    for number, one in enumerate(order, 1):
        if one.step != number:
            session.execute(update(Action).where(Action.id == one.id).values(step=number))


def _log(session: Session, actor: Actor, action: Action) -> None:
    entry = audit.Entry(
        event=audit.Event.CHANGE,
        object_kind="action",
        object_id=action.id,
        ground=Ground.STAFF,
        table_id=action.table_id,
        item_id=action.item_id,
        case_id=action.case_id,
    )
    audit.record(session, actor, entry)
