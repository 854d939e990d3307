"""The call sheet of a meeting: per partner whom to call, what came of it, who holds the seat."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSeat, Permission, audit
from app.access.meetings.calls import (
    Closed,
    Try,
    add_try,
    closed_until_source,
    contacts_at,
    seats_to_fill,
    tries_at,
)
from app.access.meetings.contacts import Contact
from app.access.seats import naming
from app.access.seats.answers import take_down
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CallOutcome, InvitationAnswer, PresenceState
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.models import CaseTable, Seat

SETTLED = (CallOutcome.COMING, CallOutcome.BY_TELEPHONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """Somebody to call; ``last`` is what came of the last try."""

    key: str
    name: str
    phone: str
    may_sit: bool
    holds: bool
    last: Try | None
    is_next: bool

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(one for one in self.phone if one.isdecimal() or one == "+")

    @property
    def offers_seat(self) -> bool:
        """Comes, has an account, and somebody else holds the seat or nobody does."""
        coming = self.last is not None and self.last.outcome is CallOutcome.COMING
        return coming and self.may_sit and not self.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """The seats of an organisation at one item, with whom to call; ``seat_id`` is the held one."""

    seat_id: uuid.UUID
    organisation: str
    starts_at: datetime
    holders: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    tries: tuple[Try, ...]

    @property
    def settled(self) -> Try | None:
        """The last try that settled it: somebody comes, or takes part by telephone."""
        if self.tries and self.tries[-1].outcome is CallOutcome.NO_ANSWER:
            return None
        return next((one for one in reversed(self.tries) if one.outcome in SETTLED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """The whole sheet."""

    meeting_id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    can_call: bool
    can_start: bool
    seats: tuple[SeatRow, ...]
    closed: tuple[Closed, ...]

    @property
    def settled(self) -> int:
        """For how many seats somebody comes or takes part by telephone."""
        return sum(one.settled is not None for one in self.seats)


def read_calls(actor: Actor, meeting_id: uuid.UUID) -> CallSheet:
    """The sheet of a meeting of a table served; NotVisible otherwise."""
    with reading() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_READ)
        table = session.get_one(CaseTable, meeting.table_id)
        rows = seats_to_fill(session, actor, meeting)
        contacts = contacts_at(session, table.id, {row.Case.id for row in rows})
        tries = tries_at(session, {row.Seat.id for row in rows})
        return CallSheet(
            meeting_id=meeting.id,
            table_id=table.id,
            table_name=table.name,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            link=meeting.link,
            can_call=meeting.cancelled_at is None and meeting.closed_at is None,
            can_start=meeting.published_at is not None and meeting.cancelled_at is None,
            seats=tuple(_seat_row(group, contacts, tries) for group in _together(rows)),
            closed=tuple(closed_until_source(session, actor, meeting)),
        )


def _together(rows: Sequence[Any]) -> list[list[Any]]:
    """The seats of one organisation at one item: somebody is called for all of them at once."""
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.AgendaItem.id, row.Organisation.id].append(row)
    return list(found.values())


def _seat_row(
    group: Sequence[Any],
    contacts: Mapping[uuid.UUID, Sequence[Contact]],
    tries: Sequence[Try],
) -> SeatRow:
    row = next((one for one in group if one.Person is not None), group[0])
    seats = {one.Seat.id for one in group}
    mine = tuple(one for one in tries if one.seat_id in seats)
    last = {one.key: one for one in mine}
    here = contacts.get(row.Organisation.id, ())
    following, holders = _next_key(here, last), {one.Person.id for one in group if one.Person}
    return SeatRow(
        seat_id=row.Seat.id,
        organisation=row.Organisation.name,
        starts_at=row.AgendaItem.starts_at,
        holders=tuple(one.Person.name for one in group if one.Person),
        contacts=tuple(
            ContactRow(
                key=one.key,
                name=one.name,
                phone=one.phone,
                may_sit=one.may_sit,
                holds=one.person_id in holders,
                last=last.get(one.key),
                is_next=one.key == following,
            )
            for one in here
        ),
        tries=mine,
    )


def _next_key(contacts: Sequence[Contact], last: Mapping[str, Try]) -> str:
    """Whom to call now: the first who did not fail to answer; nobody once somebody comes."""
    if any(one.outcome in SETTLED for one in last.values()):
        return ""
    missed = {key for key, one in last.items() if one.outcome is CallOutcome.NO_ANSWER}
    return next((one.key for one in contacts if one.key not in missed), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTry:
    """What was pressed: for which seat, whom, and whether somebody on the telephone is alone."""

    seat_id: uuid.UUID
    key: str
    outcome: CallOutcome
    is_alone: bool | None = None


def note_try(actor: Actor, meeting_id: uuid.UUID, new: NewTry) -> None:
    """Note a try; whoever holds the seat and comes has then said yes."""
    with transaction() as session:
        loaded = _load(session, actor, meeting_id, new.seat_id)
        contact = _contact(session, loaded, new.key)
        if new.outcome is CallOutcome.BY_TELEPHONE:
            loaded = _join_by_telephone(session, actor, loaded, contact, is_alone=new.is_alone)
        if new.outcome is CallOutcome.COMING:
            _say_yes(session, actor, loaded, contact)
        add_try(session, actor, loaded, contact, new.outcome)


def make_holder(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID, key: str) -> None:
    """Give the seat to a contact with an account, who is invited at once.

    Whoever takes part by telephone keeps the place: then it is another seat.
    """
    with transaction() as session:
        loaded = _load(session, actor, meeting_id, seat_id)
        contact = _contact(session, loaded, key)
        if not contact.may_sit or contact.person_id is None:
            raise Refusal(Reason.PERSON_NOT_ACTIVE)
        naming.hold_seat(session, loaded)
        if _on_telephone(session, loaded):
            loaded = _another_seat(session, actor, loaded)
        naming.name_occupant(session, actor, loaded, contact.person_id)
        loaded.seat.invited_at = loaded.seat.invited_at or clock.now()
        session.flush()
        _say_yes(session, actor, loaded, contact)
        queue_calendar(session, loaded.meeting.id, [contact.person_id], at_once=True)


def _load(session: Session, actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID) -> LoadedSeat:
    loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
    if loaded.meeting.id != meeting_id or loaded.seat.is_proposed:
        raise NotVisible
    naming.refuse_when_over(loaded.meeting)
    return loaded


def _contact(session: Session, loaded: LoadedSeat, key: str) -> Contact:
    contacts = contacts_at(session, loaded.meeting.table_id, {loaded.case.id})
    for one in contacts.get(loaded.seat.organisation_id, ()):
        if one.key == key:
            return one
    raise NotVisible


def _join_by_telephone(
    session: Session,
    actor: Actor,
    loaded: LoadedSeat,
    contact: Contact,
    *,
    is_alone: bool | None,
) -> LoadedSeat:
    """A name in the room only: nothing opens, also not for who holds the organisation's seat.

    Gives the seat that is taken part at.
    """
    if contact.may_sit or is_alone is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    naming.hold_seat(session, loaded)
    loaded = _telephone_seat(session, actor, loaded, contact)
    loaded.seat.presence, loaded.seat.is_alone = PresenceState.REMOTE, is_alone
    return loaded


def _telephone_seat(
    session: Session, actor: Actor, loaded: LoadedSeat, contact: Contact
) -> LoadedSeat:
    """The seat this contact has already, or the one that was called for if it is free, or more."""
    here = [
        LoadedSeat(row.Seat, row.AgendaItem, row.Meeting, row.Case)
        for row in seats_to_fill(session, actor, loaded.meeting)
        if row.AgendaItem.id == loaded.item.id
        and row.Organisation.id == loaded.seat.organisation_id
    ]
    for one in here:
        if contact.key in _on_telephone(session, one):
            return one
    is_held = naming.live_hold(session, actor, loaded.seat.id) is not None
    if is_held or _on_telephone(session, loaded):
        return _another_seat(session, actor, loaded)
    return loaded


def _on_telephone(session: Session, loaded: LoadedSeat) -> set[str]:
    """Who takes part by telephone at this seat."""
    tries = tries_at(session, [loaded.seat.id])
    return {one.key for one in tries if one.outcome is CallOutcome.BY_TELEPHONE}


def _another_seat(session: Session, actor: Actor, loaded: LoadedSeat) -> LoadedSeat:
    seat = Seat(
        id=uuid.uuid4(),
        item_id=loaded.item.id,
        organisation_id=loaded.seat.organisation_id,
        is_staff_only=loaded.seat.is_staff_only,
    )
    session.add(seat)
    session.flush()
    given = LoadedSeat(seat, loaded.item, loaded.meeting, loaded.case)
    naming.record(session, actor, given, audit.Event.ADD)
    return given


def _say_yes(session: Session, actor: Actor, loaded: LoadedSeat, contact: Contact) -> None:
    hold = naming.live_hold(session, actor, loaded.seat.id)
    if hold is not None and hold.person_id == contact.person_id and loaded.seat.invited_at:
        take_down(session, actor, loaded, hold, InvitationAnswer.YES)
