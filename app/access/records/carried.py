"""Unfinished actions from before, at a later item of their case: what its seats and staff read.

The seats read the safe text; the full one only who reads it anyhow, or everybody once the chair
agreed for that action at that item. It must never name an organisation the reader does not see
there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, case, exists, select, update
from sqlalchemy.orm import Session, aliased

from app.access import audit, followed, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedItem
from app.access.own_content import Carried
from app.access.people import may_occupy
from app.access.records.actions import is_overdue
from app.domain.errors import NotPermitted, NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.domain.states import UNFINISHED
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import (
    Action,
    ActionShown,
    AgendaItem,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

_SAT, _HELD = aliased(Seat), aliased(SeatHold)


def readings(of: Iterable[Carried], meeting: Meeting, ground: Ground) -> list[audit.Entry]:
    """One line per full text that opens at these items; the caller records them."""
    return [_line(one, meeting, audit.Event.READ, ground) for one in of if one.full.ciphertext]


def read_own(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> list[Carried]:
    """What the actor's open items of a meeting go through, first due first. One statement."""
    reads = followed.sees_followed_text(actor, now=now)
    rows = session.execute(
        followed.followed_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .add_columns(Organisation.name.label("organisation"), case((reads, 1), else_=0).label("n"))
        .where(Meeting.id == meeting_id)
        .order_by(Action.due_on, Action.id)
    )
    return [
        _carried(
            row.Action,
            row.AgendaItem.id,
            row.organisation,
            reads=bool(row.n),
            is_own=_is_own(row.Action, actor),
        )
        for row in rows
    ]


def _is_own(action: Action, actor: Actor) -> bool:
    of_all = action.person_id is None and action.table_id in actor.representative_table_ids
    return action.organisation_id == actor.organisation_id and (
        of_all or action.person_id == actor.person_id
    )


def named_by(of: Sequence[Carried], known: Iterable[str], own_id: uuid.UUID) -> tuple[Carried, ...]:
    """The same, naming only organisations that show at the item, and the own one."""
    names = set(known)
    return tuple(
        one if one.organisation in names or one.organisation_id == own_id
        else replace(one, organisation="")
        for one in of
    )  # fmt: skip


def read_for_staff(
    session: Session, actor: Actor, at: LoadedItem, *, now: datetime
) -> list[Carried]:
    """Every unfinished action from before at a loaded case item. One statement."""
    is_shown = exists().where(
        ActionShown.action_id == Action.id,
        ActionShown.item_id == at.item.id,
        ActionShown.withdrawn_at.is_(None),
    )
    rows = session.execute(
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(
            Organisation.code,
            Person.name,
            case((is_shown, 1), else_=0).label("shown"),
            case((c.is_hidden_at(Action.case_id, Action.organisation_id), 1), else_=0).label("hid"),
        )
        .where(
            Action.case_id == at.item.case_id,
            Action.item_id != at.item.id,
            Action.table_id == at.meeting.table_id,
            Action.recorded_at < at.item.starts_at,
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
        .order_by(Action.due_on, Action.id)
    )
    return [
        replace(
            _carried(row.Action, at.item.id, row.code, reads=True),
            holder=row.name or "",
            is_shown=bool(row.shown),
            is_hidden=bool(row.hid),
        )
        for row in rows
    ]


def _carried(
    action: Action, item_id: uuid.UUID, organisation: str, *, reads: bool, is_own: bool = False
) -> Carried:
    return Carried(
        action_id=action.id,
        item_id=item_id,
        case_id=action.case_id,
        organisation_id=action.organisation_id,
        organisation=organisation,
        due_on=action.due_on,
        due_at=action.due_at,
        is_late=is_overdue(action),
        state=action.state,
        safe=Sealed(action.safe_ct, f"action:{action.id}:safe"),
        full=Sealed(action.full_ct if reads else None, f"action:{action.id}:full"),
        is_own=is_own,
    )


def load_carried(session: Session, actor: Actor, at: LoadedItem, action_id: uuid.UUID) -> Carried:
    """One of them, for staff. NotVisible."""
    every = read_for_staff(session, actor, at, now=clock.now())
    found = next((one for one in every if one.action_id == action_id), None)
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sits at an item; ``reads_already``: on a seat at the item the action comes from."""

    person: str
    organisation: str
    reads_already: bool


def readers(
    session: Session, at: LoadedItem, action_id: uuid.UUID, *, now: datetime
) -> tuple[Reader, ...]:
    """Who reads the full text of a loaded action at a loaded item once its chair agrees."""
    sat_there = exists().where(
        _HELD.person_id == SeatHold.person_id,
        c.is_live(_HELD.from_at, _HELD.until_at, now),
        _SAT.id == _HELD.seat_id,
        _SAT.item_id == Action.item_id,
        _SAT.removed_at.is_(None),
        Action.id == action_id,
    )
    rows = session.execute(
        select(Person.name, Organisation.name.label("organisation"), sat_there)
        .select_from(Seat)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, c.is_held(now)))
        .join(Person, Person.id == SeatHold.person_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(
            Seat.item_id == at.item.id,
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            may_occupy(AgendaItem.case_id, now=now),
        )
        .order_by(Organisation.name, Person.name, Person.id)
    )
    return tuple(Reader(name, organisation, bool(sat)) for name, organisation, sat in rows)


def show(session: Session, actor: Actor, at: LoadedItem, one: Carried) -> None:
    """Its chair agrees that everybody at this item reads the full text; twice is as good as once.

    NotPermitted for who does not chair, Refusal where nothing may be shown.
    """
    _refuse_others(actor, at)
    if one.is_hidden or not one.full.ciphertext:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if one.is_shown:
        return
    session.add(
        ActionShown(
            action_id=one.action_id,
            item_id=at.item.id,
            agreed_by_id=actor.person_id,
            agreed_at=clock.now(),
        )
    )
    _record(session, actor, at, one, "shown")


def hide(session: Session, actor: Actor, at: LoadedItem, one: Carried) -> None:
    """It is not shown any more at this item. NotPermitted, NotVisible where it is not shown."""
    _refuse_others(actor, at)
    ended = session.scalars(
        update(ActionShown)
        .where(
            ActionShown.action_id == one.action_id,
            ActionShown.item_id == at.item.id,
            ActionShown.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
        .returning(ActionShown.id)
    ).all()
    if not ended:
        raise NotVisible
    _record(session, actor, at, one, "withdrawn")


def may_show(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor chairs the table of a loaded meeting, or that meeting alone."""
    return meeting.table_id in actor.chair_table_ids or meeting.id in actor.acting_meeting_ids


def _refuse_others(actor: Actor, at: LoadedItem) -> None:
    if not may_show(actor, at.meeting):
        raise NotPermitted


def _record(session: Session, actor: Actor, at: LoadedItem, one: Carried, outcome: str) -> None:
    line = _line(one, at.meeting, audit.Event.AUTHORISE, Ground.STAFF, outcome)
    audit.record(session, actor, line)


def _line(
    one: Carried, meeting: Meeting, event: audit.Event, ground: Ground, outcome: str = "done"
) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind="action",
        object_id=one.action_id,
        outcome=outcome,
        ground=ground,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=one.item_id,
        case_id=one.case_id,
    )
