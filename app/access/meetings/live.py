"""What staff need of one item while a meeting is held; the item itself was loaded before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.access.conditions import is_held
from app.domain.kinds import (
    AT_TABLE,
    AccountState,
    CallOutcome,
    InvitationAnswer,
    OrganisationKind,
    PresenceState,
)
from app.domain.quorum import Expected
from app.infra import clock
from app.models import (
    Acceptance,
    AgendaItem,
    Call,
    Case,
    Disclosure,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
    SpokenAcceptance,
    TableContact,
)

# Named once: making an alias costs more than asking the database.
_CALLED = aliased(Person)


@dataclass(frozen=True, slots=True)
class SeatAt:
    """A seat at an item with who occupies it; without an account it is in the room only.

    Confidentiality was ``accepted`` on the own account, or ``spoken`` in the room; ``is_given``
    means that something of the case was disclosed to the seat.
    """

    seat: Seat
    organisation: str
    code: str
    person_id: uuid.UUID | None
    person: str
    has_account: bool
    is_deputy: bool
    kind: OrganisationKind
    answer: InvitationAnswer | None
    accepted: bool
    spoken: bool
    is_given: bool
    by_telephone: str = ""

    @property
    def expected(self) -> Expected:
        """What counts of it for the required roles."""
        answer = self.answer or InvitationAnswer.OPEN
        return Expected(self.kind, self.person_id is not None, answer, self.seat.presence)

    @property
    def lacks_sitter(self) -> bool:
        """Somebody was seen there, but not whom the seat is held by: no known deputy, or nobody.

        Who takes part by telephone without an account was called and stands on the call sheet.
        """
        if self.seat.presence is PresenceState.REMOTE and self.by_telephone:
            return False
        if self.seat.presence is PresenceState.DEPUTY:
            return not self.is_deputy
        return self.seat.presence in AT_TABLE and self.person_id is None


def open_items_of(session: Session, meeting: Meeting) -> list[tuple[AgendaItem, Case | None]]:
    """Items of a loaded meeting that are open just now, with their cases."""
    rows = session.execute(
        select(AgendaItem, Case)
        .outerjoin(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.opened_at.is_not(None),
            AgendaItem.closed_at.is_(None),
        )
    )
    return [(row.AgendaItem, row.Case) for row in rows]


def next_start(session: Session, meeting: Meeting) -> datetime | None:
    """When the table of a loaded meeting meets next after it, if that is planned."""
    return session.scalar(
        select(func.min(Meeting.starts_at)).where(
            Meeting.table_id == meeting.table_id,
            Meeting.starts_at > meeting.starts_at,
            Meeting.starts_at > clock.now(),
            Meeting.cancelled_at.is_(None),
        )
    )


def by_telephone() -> ScalarSelect[str]:
    """Who takes part on ``Seat`` by telephone, after a call: a name in the room only."""
    return (
        select(func.coalesce(_CALLED.name, TableContact.name))
        .select_from(Call)
        .outerjoin(TableContact, TableContact.id == Call.contact_id)
        .outerjoin(_CALLED, _CALLED.id == func.coalesce(Call.person_id, TableContact.person_id))
        .where(Call.seat_id == Seat.id, Call.outcome == CallOutcome.BY_TELEPHONE)
        .order_by(Call.at.desc(), Call.id)
        .limit(1)
        .correlate(Seat)
        .scalar_subquery()
    )


def seats_at(session: Session, item: AgendaItem) -> list[SeatAt]:
    """The seats at a loaded item, by organisation."""
    rows = session.execute(
        select(
            Seat,
            Organisation.name.label("organisation"),
            Organisation.code,
            Organisation.kind,
            Person.id.label("person_id"),
            Person.name.label("person"),
            Person.state,
            SeatHold.is_deputy,
            SeatHold.answer,
            exists()
            .where(
                Acceptance.person_id == SeatHold.person_id,
                Acceptance.meeting_id == item.meeting_id,
            )
            .label("accepted"),
            exists()
            .where(
                SpokenAcceptance.person_id == SeatHold.person_id,
                SpokenAcceptance.meeting_id == item.meeting_id,
            )
            .label("spoken"),
            exists()
            .where(
                Disclosure.seat_id == Seat.id,
                Disclosure.withdrawn_at.is_(None),
                Disclosure.source_refused.is_(False),
            )
            .label("is_given"),
            by_telephone().label("by_telephone"),
        )
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(clock.now())))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .where(Seat.item_id == item.id, Seat.removed_at.is_(None), Seat.is_proposed.is_(False))
        .order_by(Organisation.code, Seat.id)
    )
    return [
        SeatAt(
            seat=row.Seat,
            organisation=row.organisation,
            code=row.code,
            person_id=row.person_id,
            person=row.person or row.by_telephone or "",
            has_account=has_account(row.state, row.by_telephone),
            is_deputy=bool(row.is_deputy),
            kind=row.kind,
            answer=row.answer,
            accepted=row.accepted,
            spoken=row.spoken,
            is_given=row.is_given,
            by_telephone=row.by_telephone or "",
        )
        for row in rows
    ]


def has_account(state: AccountState | None, telephone: str | None) -> bool:
    """Whether somebody on a seat may have a screen; ``state`` is of its holder, if it has one."""
    if state is None:
        return not telephone
    return state is not AccountState.INVITED
