"""Roll call of a meeting for its staff: who is there on which seats, and what each accepted.

A barred case and its seats are absent. Being seen, or saying yes aloud, opens nothing by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.meetings.live import SeatAt, by_telephone, has_account
from app.domain.kinds import Ground, PresenceState
from app.infra import clock
from app.models import (
    Acceptance,
    Action,
    AgendaItem,
    Case,
    CaseTable,
    Decision,
    Meeting,
    Note,
    OralMark,
    Organisation,
    Person,
    Seat,
    SeatHold,
    SpokenAcceptance,
)

Place = tuple[Seat, uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollSeat:
    """One seat as roll call sees it, and when its occupant accepted confidentiality.

    ``accepted_at`` is on the own account; ``aloud_at`` in the room, where it counts alone.
    """

    at: SeatAt
    case_id: uuid.UUID
    closed: bool
    accepted_at: datetime | None
    aloud_at: datetime | None

    @property
    def place(self) -> Place:
        """The seat with its case, to note somebody on."""
        return self.at.seat, self.case_id

    @property
    def who(self) -> uuid.UUID:
        """Whose seats are noted in one go: the person's, else those nobody of there holds."""
        return self.at.person_id or self.at.seat.organisation_id


def read_roll(session: Session, actor: Actor, meeting_id: uuid.UUID) -> list[RollSeat]:
    """Every seat at this meeting, by organisation, person and agenda; in one statement."""
    now = clock.now()
    rows = session.execute(
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .outerjoin(
            Acceptance,
            and_(Acceptance.person_id == Person.id, Acceptance.meeting_id == Meeting.id),
        )
        .outerjoin(
            SpokenAcceptance,
            and_(
                SpokenAcceptance.person_id == Person.id,
                SpokenAcceptance.meeting_id == Meeting.id,
            ),
        )
        .add_columns(
            Organisation,
            SeatHold,
            Person,
            Acceptance.at.label("accepted_at"),
            SpokenAcceptance.at.label("aloud_at"),
            by_telephone().label("by_telephone"),
        )
        .where(Meeting.id == meeting_id, Seat.is_proposed.is_(False))
        .order_by(Organisation.code, Person.name, AgendaItem.position, Seat.id)
    )
    return [
        RollSeat(
            at=_seat_at(row),
            case_id=row.Case.id,
            closed=row.AgendaItem.closed_at is not None,
            accepted_at=row.accepted_at,
            aloud_at=row.aloud_at,
        )
        for row in rows
    ]


def _seat_at(row: Row[*tuple[Any, ...]]) -> SeatAt:
    person, hold = row.Person, row.SeatHold
    return SeatAt(
        seat=row.Seat,
        organisation=row.Organisation.name,
        code=row.Organisation.code,
        person_id=person.id if person else None,
        person=person.name if person else row.by_telephone or "",
        has_account=has_account(person.state if person else None, row.by_telephone),
        is_deputy=bool(hold and hold.is_deputy),
        kind=row.Organisation.kind,
        answer=hold.answer if hold else None,
        accepted=row.accepted_at is not None,
        spoken=row.aloud_at is not None,
        is_given=False,
        by_telephone=row.by_telephone or "",
    )


def note(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    places: Sequence[Place],
    presence: PresenceState,
    *,
    is_alone: bool | None = None,
) -> None:
    """Who was seen on these loaded seats; of somebody elsewhere, whether nobody else is there."""
    for seat, _case_id in places:
        seat.presence = presence
        seat.is_alone = is_alone if presence is PresenceState.REMOTE else None
        seat.left_at = None
    audit.record_all(
        session,
        actor,
        [
            audit.Entry(
                event=audit.Event.CHANGE,
                object_kind="presence",
                object_id=seat.id,
                ground=Ground.STAFF,
                table_id=meeting.table_id,
                meeting_id=meeting.id,
                item_id=seat.item_id,
                case_id=case_id,
            )
            for seat, case_id in places
        ],
    )


def forget_undiscussed(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Nobody was at a discussion that did not take place: items nobody took up or wrote at.

    Of what a case bars the actor from nothing is known, and nothing forgotten.
    """
    lines = (Action, Decision, Note, OralMark)
    untouched = (
        scopes.staff_items(actor, now=clock.now())
        .where(
            Meeting.id == meeting.id,
            Case.id.is_not(None),
            AgendaItem.opened_at.is_(None),
            *(~exists().where(one.item_id == AgendaItem.id) for one in lines),
        )
        .with_only_columns(AgendaItem.id)
    )
    seats = Seat.item_id.in_(session.scalars(untouched).all())
    session.execute(update(Seat).where(seats).values(presence=None, is_alone=None))


def accept_aloud(session: Session, actor: Actor, meeting: Meeting, person_id: uuid.UUID) -> None:
    """Somebody at this meeting said yes in the room: of the statement as it stands now."""
    table = session.get_one(CaseTable, meeting.table_id)
    session.add(
        SpokenAcceptance(
            meeting_id=meeting.id,
            person_id=person_id,
            at=clock.now(),
            recorded_by_id=actor.person_id,
            text_version=table.confidentiality_version,
        )
    )
    _record_aloud(session, actor, meeting, person_id, audit.Event.ADD)


def withdraw_aloud(session: Session, actor: Actor, meeting: Meeting, person_id: uuid.UUID) -> None:
    """It was noted by mistake; nothing happens when it was not noted."""
    found = select(SpokenAcceptance.id).where(
        SpokenAcceptance.meeting_id == meeting.id, SpokenAcceptance.person_id == person_id
    )
    spoken_id = session.scalar(found)
    if spoken_id is not None:
        session.execute(delete(SpokenAcceptance).where(SpokenAcceptance.id == spoken_id))
        _record_aloud(session, actor, meeting, person_id, audit.Event.DELETE)


def _record_aloud(
    session: Session, actor: Actor, meeting: Meeting, person_id: uuid.UUID, event: audit.Event
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="spoken-acceptance",
            object_id=person_id,
            ground=Ground.STAFF,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        ),
    )
