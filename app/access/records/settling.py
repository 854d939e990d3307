"""What becomes of the unfinished actions of a case that ends: every one is decided about.

Functions take a case that was loaded and is held. Where a team takes a case over, or another
table, its actions stay or go along as they are; that is not decided here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access import audit, case_scopes, scopes
from app.access.actor import Actor
from app.access.people import may_come_near, may_occupy
from app.access.records import term_requests
from app.access.records.action_events import seal_remark
from app.access.records.actions import is_of_all, is_overdue
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ActionState, Ground
from app.domain.states import UNFINISHED
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import Action, ActionEvent, Case, Organisation, Person


class Choice(StrEnum):
    """What becomes of one action."""

    KEEP = "keep"
    DONE = "done"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """About one action: ``reason`` where it lapses, ``said_by`` who just said that it is done."""

    choice: Choice
    reason: str = ""
    said_by: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSettle:
    """One unfinished action with who may say how it goes; its safe text still sealed."""

    id: uuid.UUID
    safe: Sealed
    organisation: str
    holder: str
    due_on: date
    due_at: datetime | None
    is_late: bool
    speakers: tuple[tuple[uuid.UUID, str], ...]


def to_settle(session: Session, actor: Actor, case: Case) -> tuple[ToSettle, ...]:
    """Every unfinished action of the case, soonest first. Two statements."""
    now = clock.now()
    rows = session.execute(
        _unfinished(actor, case, now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(Organisation.name.label("organisation"), Person.name.label("holder"))
    ).all()
    said = _speakers(session, case, [row.Action.id for row in rows], now) if rows else {}
    return tuple(
        ToSettle(
            id=row.Action.id,
            safe=Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe"),
            organisation=row.organisation,
            holder=row.holder or "",
            due_on=row.Action.due_on,
            due_at=row.Action.due_at,
            is_late=is_overdue(row.Action),
            speakers=tuple(said.get(row.Action.id, ())),
        )
        for row in rows
    )


def _unfinished(actor: Actor, case: Case, now: datetime) -> Select[Action, Case]:
    return (
        scopes.staff_actions(actor, now=now)
        .where(
            Action.case_id == case.id,
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
        .order_by(Action.due_on, Action.id)
    )


def _speakers(
    session: Session, case: Case, ids: Collection[uuid.UUID], now: datetime
) -> Mapping[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """The holder of each, or who represents the organisation where nobody is named."""
    rows = session.execute(
        select(Action.id, Person.id, Person.name)
        .join(
            Person,
            and_(
                Person.organisation_id == Action.organisation_id,
                may_come_near(case.id, now=now),
                or_(
                    Action.person_id == Person.id,
                    and_(is_of_all(now), may_occupy(case.id, now=now)),
                ),
            ),
        )
        .where(Action.id.in_(ids))
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    for action_id, person_id, name in rows:
        found[action_id].append((person_id, name))
    return found


def settle(
    session: Session, actor: Actor, case: Case, decisions: Mapping[uuid.UUID, Decision]
) -> None:
    """Do to every unfinished action what was decided about it.

    Refusal at ``choice_…``, ``reason_…`` or ``said_by_…`` (the id in hex): undecided, without a
    reason, or said by nobody who may have said it.
    """
    now = clock.now()
    rows = session.scalars(
        _unfinished(actor, case, now)
        .with_only_columns(Action)
        .with_for_update(of=Action)
        .execution_options(populate_existing=True)
    ).all()
    undecided = next((one for one in rows if one.id not in decisions), None)
    if undecided is not None:
        raise Refusal(Reason.ACTIONS_UNDECIDED, f"choice_{undecided.id.hex}")
    told = [one for one in rows if decisions[one.id].choice is not Choice.KEEP]
    said = _speakers(session, case, [one.id for one in told], now) if told else {}
    for action in told:
        decision = decisions[action.id]
        _refuse_unfounded(action, decision, {person_id for person_id, _ in said.get(action.id, ())})
        _end(session, actor, action, decision, now)
    audit.record_all(session, actor, [_line(one, decisions[one.id].said_by) for one in told])


def refuse_undecided(session: Session, case: Case) -> None:
    """Where a case ends without a page that asks: each of its actions has to be ended first."""
    if case_scopes.count_open_actions(session, case.id):
        raise Refusal(Reason.ACTIONS_UNDECIDED)


def _refuse_unfounded(action: Action, decision: Decision, speakers: set[uuid.UUID]) -> None:
    if decision.choice is Choice.LAPSE and not decision.reason:
        raise Refusal(Reason.REASON_NEEDED, f"reason_{action.id.hex}")
    if decision.choice is Choice.DONE and decision.said_by not in speakers:
        raise Refusal(Reason.VALUE_UNKNOWN, f"said_by_{action.id.hex}")


def _end(session: Session, actor: Actor, action: Action, decision: Decision, now: datetime) -> None:
    is_done = decision.choice is Choice.DONE
    event_id = uuid.uuid4()
    action.state = ActionState.DONE if is_done else ActionState.LAPSED
    action.finished_at = now
    session.add(
        ActionEvent(
            id=event_id,
            action_id=action.id,
            at=now,
            state=action.state,
            remark_ct=seal_remark(action.case_id, event_id, decision.reason),
            recorded_by_id=actor.person_id,
            said_by_id=decision.said_by if is_done else None,
            said_at=now if is_done else None,
        )
    )
    term_requests.let_go(session, action)


def _line(action: Action, said_by: uuid.UUID | None) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.CHANGE,
        object_kind="action",
        object_id=action.id,
        ground=Ground.STAFF,
        on_behalf_of_id=said_by if action.state is ActionState.DONE else None,
        table_id=action.table_id,
        item_id=action.item_id,
        case_id=action.case_id,
    )
