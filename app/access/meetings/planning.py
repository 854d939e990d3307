"""What staff need to plan a meeting: who is concerned, who sits elsewhere, which sections exist.

Every function starts from a meeting or an actor that already passed a loader; times and tables may
come out of meetings the actor does not serve, but never a case.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.scopes import staff_seats
from app.domain.kinds import CaseState, InvitationAnswer
from app.infra import clock
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Disclosure,
    Meeting,
    PersonConcerned,
    Seat,
    SeatHold,
    Section,
    SectionType,
)

READY_FOR_AGENDA = (
    CaseState.ACCEPTED,
    CaseState.ON_AGENDA,
    CaseState.DISCUSSED,
    CaseState.IN_PROGRESS,
)


def case_count() -> ScalarSelect[int]:
    """Number of cases on the agenda of ``Meeting`` of the enclosing statement, for its staff."""
    return (
        select(func.count())
        .select_from(AgendaItem)
        .where(
            AgendaItem.meeting_id == Meeting.id,
            AgendaItem.case_id.is_not(None),
            AgendaItem.removed_at.is_(None),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )


def cases_for_agenda(actor: Actor, meeting: Meeting, *, now: datetime) -> Select[Case]:
    """Cases on the table's list that may be discussed and are not on this agenda yet."""
    checks.note()
    return select(Case).where(
        c.is_staff_table(actor, Case.table_id),
        Case.table_id == meeting.table_id,
        Case.state.in_(READY_FOR_AGENDA),
        c.is_not_barred(actor, now),
        ~exists().where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.case_id == Case.id,
            AgendaItem.removed_at.is_(None),
        ),
    )


def is_on_another_agenda(session: Session, case_id: uuid.UUID, meeting_id: uuid.UUID) -> bool:
    """Whether another meeting, not cancelled and not closed, still has this case on its agenda."""
    found = session.scalar(
        select(AgendaItem.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case_id,
            AgendaItem.removed_at.is_(None),
            Meeting.id != meeting_id,
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def invited_people(
    session: Session, meeting: Meeting, *, item_ids: Iterable[uuid.UUID] | None = None
) -> frozenset[uuid.UUID]:
    """Who holds an invited seat at this meeting, or at these items of it: all of them.

    Barred staff plan too: a change of times has to reach everybody, also at a case they never see.
    """
    statement = (
        select(SeatHold.person_id)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.removed_at.is_(None),
            Seat.removed_at.is_(None),
            Seat.invited_at.is_not(None),
            is_held(clock.now()),
        )
    )
    if item_ids is not None:
        statement = statement.where(AgendaItem.id.in_(list(item_ids)))
    return frozenset(session.scalars(statement))


def invited_holds(session: Session, meeting: Meeting) -> list[tuple[SeatHold, datetime]]:
    """Every live hold of an invited seat here with the start of its item, barred ones included."""
    rows = session.execute(
        select(SeatHold, AgendaItem.starts_at)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.removed_at.is_(None),
            Seat.removed_at.is_(None),
            Seat.invited_at.is_not(None),
            is_held(clock.now()),
        )
    )
    return [(row.SeatHold, row.starts_at) for row in rows]


def cases_on_agenda(session: Session, meeting: Meeting) -> list[Case]:
    """Every case on this agenda, also those barred to the actor: a cancelled meeting frees all."""
    return list(
        session.scalars(
            select(Case)
            .join(AgendaItem, AgendaItem.case_id == Case.id)
            .where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None))
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """When the occupant of a seat sits elsewhere during the item; never at which case.

    ``table_name`` is empty where the actor may not know who sits there: then the hours are those of
    the item itself, so that they match no block that is closed to the actor.
    """

    seat_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime


def busy_elsewhere(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> list[Busy]:
    """Where occupants of this meeting's seats have a slot at another meeting at the same time.

    The table, and the stretch that overlaps, come out only when the actor may know who sits at that
    slot; of any other slot only that there is one. Who does not come is not there.
    """
    hold, other_hold = SeatHold, aliased(SeatHold)
    other_seat, other_item = aliased(Seat), aliased(AgendaItem)
    other_meeting = aliased(Meeting)
    known = (
        staff_seats(actor, now=now)
        .where(AgendaItem.starts_at < meeting.ends_at, AgendaItem.ends_at > meeting.starts_at)
        .with_only_columns(Seat.id)
        .correlate(None)
    )
    statement = (
        staff_seats(actor, now=now)
        .join(hold, and_(hold.seat_id == Seat.id, is_held(now)))
        .join(
            other_hold,
            and_(
                other_hold.person_id == hold.person_id,
                c.is_live(other_hold.from_at, other_hold.until_at, now),
            ),
        )
        .join(other_seat, other_seat.id == other_hold.seat_id)
        .join(other_item, other_item.id == other_seat.item_id)
        .join(other_meeting, other_meeting.id == other_item.meeting_id)
        .outerjoin(
            CaseTable,
            and_(CaseTable.id == other_meeting.table_id, other_seat.id.in_(known)),
        )
        .where(
            Meeting.id == meeting.id,
            hold.answer != InvitationAnswer.NO,
            other_hold.answer != InvitationAnswer.NO,
            other_meeting.id != meeting.id,
            other_meeting.cancelled_at.is_(None),
            other_item.removed_at.is_(None),
            other_seat.removed_at.is_(None),
            other_seat.is_proposed.is_(False),
            other_item.starts_at < AgendaItem.ends_at,
            other_item.ends_at > AgendaItem.starts_at,
        )
        .with_only_columns(
            Seat.id,
            CaseTable.name,
            AgendaItem.starts_at,
            AgendaItem.ends_at,
            other_item.starts_at.label("other_starts_at"),
            other_item.ends_at.label("other_ends_at"),
        )
        .order_by(other_item.starts_at, other_item.id)
    )
    return list(dict.fromkeys(_busy(*row) for row in session.execute(statement)))


def _busy(
    seat_id: uuid.UUID,
    table_name: str | None,
    starts_at: datetime,
    ends_at: datetime,
    *other: datetime,
) -> Busy:
    if table_name is not None:
        starts_at, ends_at = max(starts_at, other[0]), min(ends_at, other[1])
    return Busy(seat_id=seat_id, table_name=table_name or "", starts_at=starts_at, ends_at=ends_at)


def case_sections(
    actor: Actor, case_ids: Sequence[uuid.UUID], *, now: datetime
) -> Select[Section, SectionType, PersonConcerned]:
    """The sections of cases of tables served, in reading order; the texts stay sealed."""
    checks.note()
    return (
        select(Section, SectionType, PersonConcerned)
        .join(Case, Case.id == Section.case_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .outerjoin(PersonConcerned, PersonConcerned.id == Section.person_concerned_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, now),
            Case.id.in_(case_ids),
        )
        .order_by(SectionType.position, PersonConcerned.position, Section.position, Section.id)
    )


@dataclass(frozen=True, slots=True)
class SeatReach:
    """What one seat is shown: how many sections, how many wait for their source, the names."""

    seat_id: uuid.UUID
    visible: int
    waiting: int
    names: bool


def seat_reaches(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> list[SeatReach]:
    """What each seat of this meeting is shown, in one statement; a seat without any is absent."""
    open_to_seat = func.sum(c.as_number(c.is_disclosed(now)))
    with_names = func.sum(c.as_number(and_(c.is_disclosed(now), SectionType.is_identity)))
    statement = (
        staff_seats(actor, now=now)
        .join(
            Disclosure,
            and_(Disclosure.seat_id == Seat.id, Disclosure.withdrawn_at.is_(None)),
        )
        .join(Section, Section.id == Disclosure.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Meeting.id == meeting.id)
        .with_only_columns(Seat.id, func.count(), open_to_seat, with_names)
        .group_by(Seat.id)
    )
    return [
        SeatReach(seat_id, int(visible), int(given - visible), names=bool(named))
        for seat_id, given, visible, named in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class SectionCount:
    """How many sections a case has, and how many of them no seat at this meeting is given."""

    case_id: uuid.UUID
    total: int
    given_to_nobody: int


def section_counts(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> list[SectionCount]:
    """Per case on the agenda, in one statement, without what its source took back.

    A case without sections is absent.
    """
    checks.note()
    is_given = exists().where(
        Disclosure.section_id == Section.id,
        Disclosure.withdrawn_at.is_(None),
        Seat.id == Disclosure.seat_id,
        Seat.item_id == AgendaItem.id,
        Seat.removed_at.is_(None),
    )
    is_given = is_given.correlate(Section, AgendaItem)
    statement = (
        select(Case.id, func.count(), func.sum(c.as_number(~is_given)))
        .join(AgendaItem, AgendaItem.case_id == Case.id)
        .join(Section, Section.case_id == Case.id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.removed_at.is_(None),
            or_(Section.text_ct.is_not(None), SectionType.is_input.is_(False)),
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, now),
        )
        .group_by(Case.id)
    )
    return [
        SectionCount(case_id, total, int(n)) for case_id, total, n in session.execute(statement)
    ]
