"""What a representative's own pages show: frozen, opened texts; nothing another may not see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app import access
from app.access import Actor, Permission
from app.access.administration.kinds_in_force import of_code
from app.access.opened import OpenedMeeting, open_texts
from app.access.people import Occupant
from app.access.seats.own_input import InputLine, read_own_input
from app.access.seats.own_seats import MeetingLine, read_own_meetings
from app.access.seats.slots import read_own_meeting
from app.domain.kind_document import LegalRegime
from app.domain.kinds import InvitationAnswer
from app.infra import clock
from app.infra.db import reading, transaction

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class OwnMeetingPage:
    """The own meeting with its texts opened; ``ended`` once the access window has closed.

    ``regime``: on what it rests, to be read with what is to be accepted; None once it was.
    """

    meeting: OpenedMeeting
    ended: bool
    regime: LegalRegime | None


def own_meeting(actor: Actor, meeting_id: uuid.UUID, *, with_names: bool) -> OwnMeetingPage:
    """The page of one meeting through one's own seats; every section opened is recorded."""
    now = clock.now()
    with transaction() as session:
        content = read_own_meeting(session, actor, meeting_id, now=now, with_names=with_names)
        ended = content.closes_at is not None and content.closes_at <= now
        is_asked = not content.accepted and not ended
        regime = of_code(session, content.kind_code, now).document.regime if is_asked else None
    return OwnMeetingPage(open_texts(content), ended, regime)


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """Own meetings, coming or past."""

    rows: tuple[MeetingLine, ...]
    number: int
    pages: int
    past: bool


def own_meetings(actor: Actor, *, past: bool, number: int) -> MeetingsPage:
    """Own meetings with the first and last own time; never another's item between them."""
    with reading() as session:
        rows, total = read_own_meetings(
            session, actor, now=clock.now(), past=past, number=number, size=PAGE_SIZE
        )
    return MeetingsPage(rows, number, max(1, -(-total // PAGE_SIZE)), past)


@dataclass(frozen=True, slots=True)
class InputPage:
    """Input of the own organisation, whether or not one has a seat."""

    rows: tuple[InputLine, ...]
    number: int
    pages: int


def input_of_organisation(actor: Actor, *, number: int) -> InputPage:
    """A page of it for a named representative; the texts open one by one."""
    with reading() as session:
        rows, total = read_own_input(session, actor, now=clock.now(), number=number, size=PAGE_SIZE)
    return InputPage(rows, number, max(1, -(-total // PAGE_SIZE)))


@dataclass(frozen=True, slots=True)
class SeatPage:
    """The own seat, for handing it over or stepping back."""

    seat_id: uuid.UUID
    meeting_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    is_deputy: bool
    answer: InvitationAnswer
    colleagues: tuple[Occupant, ...]


def own_seat(actor: Actor, seat_id: uuid.UUID) -> SeatPage:
    """The own seat with the colleagues who may take it; those who may not are simply not there."""
    with reading() as session:
        own = access.load_own_seat(session, actor, seat_id, Permission.SEAT_DEPUTISE)
        people = access.possible_occupants(
            session,
            actor,
            organisation_id=actor.organisation_id,
            table_id=own.meeting.table_id,
            case_id=own.case_id,
        )
        return SeatPage(
            seat_id=own.seat.id,
            meeting_id=own.meeting.id,
            starts_at=own.item.starts_at,
            ends_at=own.item.ends_at,
            is_deputy=own.hold.is_deputy,
            answer=own.hold.answer,
            colleagues=tuple(one for one in people if one.id != actor.person_id),
        )
