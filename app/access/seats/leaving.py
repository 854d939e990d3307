"""Who is in the room at one item and has no place at the next: said out loud before that opens.

Starts from items that passed a loader; it never tells what an item is about.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.loaders import LoadedItem
from app.access.seats.bystanders import name_of
from app.access.seats.roll_call import RollSeat, read_roll
from app.access.tasks.giving import guests_at
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AT_TABLE
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import AgendaItem, Bystander, Seat


@dataclass(frozen=True, slots=True)
class Remaining:
    """Somebody in the room; of who was let in without a seat the name is sealed."""

    key: str
    name: str
    organisation: str = ""
    bystander: Bystander | None = None
    seats: tuple[Seat, ...] = ()

    @property
    def sealed(self) -> Sealed:
        """The name of a bystander; of others an empty text."""
        return name_of(self.bystander) if self.bystander else Sealed(None, self.key)


def remaining(
    session: Session, actor: Actor, to: LoadedItem, before: AgendaItem | None
) -> list[Remaining]:
    """Who was seen at this meeting and has no place at ``to``, in order.

    Of the item ``before``, if there was one, also who was invited or let in there.
    """
    roll = read_roll(session, actor, to.meeting.id)
    known = {_who(one) for one in roll if one.at.seat.item_id == to.item.id}
    known |= {str(row.Task.person_id) for row in session.execute(guests_at(to.item))}
    there = {
        _who(one): Remaining(_key(one), one.at.person, one.at.organisation, seats=_seats(roll, one))
        for one in roll
        if _is_there(one)
    }
    for row in session.execute(guests_at(before)) if before else ():
        key = f"person:{row.Task.person_id}"
        there.setdefault(str(row.Task.person_id), Remaining(key, row.name, row.organisation))
    let_in = (
        session.scalars(
            select(Bystander)
            .where(Bystander.item_id == before.id, Bystander.is_admitted.is_(True))
            .order_by(Bystander.noted_at, Bystander.id)
        )
        if before
        else ()
    )
    seen = [one for who, one in there.items() if who not in known]
    return seen + [Remaining(f"bystander:{one.id}", "", bystander=one) for one in let_in]


def _who(one: RollSeat) -> str:
    """Whose seat it is: a person's, or of who takes part there by telephone."""
    at = one.at
    if at.person_id is not None:
        return str(at.person_id)
    return f"{at.seat.organisation_id} {at.by_telephone}" if at.by_telephone else str(at.seat.id)


def _key(one: RollSeat) -> str:
    return f"person:{one.at.person_id}" if one.at.person_id else f"seat:{one.at.seat.id}"


def _is_there(one: RollSeat) -> bool:
    return one.at.seat.presence in AT_TABLE and one.at.seat.left_at is None


def _seats(roll: list[RollSeat], who: RollSeat) -> tuple[Seat, ...]:
    """Where the same one was seen."""
    return tuple(one.at.seat for one in roll if _who(one) == _who(who) and _is_there(one))


def go(room: list[Remaining]) -> None:
    """They left: until they are seen again, or a discussion begins at which they have a place."""
    for one in room:
        for seat in one.seats:
            seat.left_at = clock.now()


def come_in(session: Session, item: AgendaItem) -> None:
    """A discussion begins: who was seen at it is in the room."""
    left = select(Seat).where(Seat.item_id == item.id, Seat.left_at.is_not(None))
    for seat in session.scalars(left):
        seat.left_at = None


def items_of(session: Session, actor: Actor, meeting_id: uuid.UUID) -> list[LoadedItem]:
    """The case items of a meeting in order, without those that bar the actor."""
    rows = session.execute(
        scopes.staff_items(actor, now=clock.now())
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return [LoadedItem(row.AgendaItem, row.Meeting, row.Case) for row in rows if row.Case]


def next_of(items: list[LoadedItem], item: AgendaItem) -> LoadedItem | None:
    """The next one still to come: after ``item``, else the first in order."""
    left = [one for one in items if one.item.id != item.id and one.item.closed_at is None]
    after = (one for one in left if one.item.position > item.position)
    return next(after, next(iter(left), None))


def last_of(items: list[LoadedItem], to: AgendaItem) -> AgendaItem | None:
    """What was on the table before ``to``: the item that is still open, else the last finished."""
    others = [one.item for one in items if one.item.id != to.id and one.item.opened_at]
    still = next((one for one in others if one.closed_at is None), None)
    return still or max(others, key=_moved_at, default=None)


def was_said(items: list[LoadedItem], to: AgendaItem) -> bool:
    """Whether it was said who left before ``to``, and nothing else was on the table since."""
    said = to.cleared_at
    others = (one.item for one in items if one.item.id != to.id and one.item.opened_at)
    return said is not None and all(_moved_at(one) <= said for one in others)


def _moved_at(item: AgendaItem) -> datetime:
    """When an item that was taken up was last taken up or finished."""
    return item.closed_at or item.reopened_at or item.opened_at or clock.now()


def refuse_unsaid(session: Session, actor: Actor, to: LoadedItem) -> None:
    """Refusal LEAVERS_FIRST before ``to`` opens, until it was said who left before it.

    ``after`` is the id of the item that was finished just before, where ``to`` comes next to it;
    ``ask`` is that of ``to``. Neither is there while another item is on the table: nobody can have
    left. Nothing is asked where everybody in the room has a place at ``to``.
    """
    items = items_of(session, actor, to.meeting.id)
    before = last_of(items, to.item)
    is_open = before is not None and before.closed_at is None
    if not is_open and was_said(items, to.item):
        return
    if not remaining(session, actor, to, before):
        return
    if is_open:
        raise Refusal(Reason.LEAVERS_FIRST)
    next_one = next_of(items, before) if before else None
    follows = before is not None and next_one is not None and next_one.item.id == to.item.id
    raise Refusal(
        Reason.LEAVERS_FIRST, after=before.id if before and follows else None, ask=to.item.id
    )
