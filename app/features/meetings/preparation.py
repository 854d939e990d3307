"""Reads the preparation page of one meeting from a fixed number of queries.

Everything is read through the staff scopes: a case barred to the actor is a closed block with its
times, and none of its seats or counts come out.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.access import Actor, conditions, scopes
from app.access.meetings import planning, steps
from app.access.meetings.carry_over import carried_to
from app.access.messages import leak_findings
from app.access.messages.replies import MailAnswer, answers_by_mail
from app.access.oversight import emergency_review
from app.access.own_content import former_of
from app.domain import quorum
from app.domain.kinds import InvitationAnswer, ItemKind, RequiredRole
from app.features.meetings.overruns import Overrun, planned
from app.features.meetings.prepared import (
    Column,
    Elsewhere,
    ItemView,
    Preparation,
    SeatView,
)
from app.features.meetings.queries import MeetingHead, find_head
from app.infra import clock
from app.infra.db import reading
from app.models import (
    AgendaItem,
    BouncedAddress,
    Covenant,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


def read_preparation(
    actor: Actor, meeting_id: uuid.UUID, *, with_carried: bool = False
) -> Preparation:
    """The whole page; NotVisible when the actor does not serve the meeting's table.

    ``with_carried``: what comes back from earlier meetings as well.
    """
    now = clock.now()
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        rows = _item_rows(session, actor, meeting, now)
        counts = {
            count.case_id: count
            for count in planning.section_counts(session, actor, meeting, now=now)
        }
        seats = _seats(session, actor, meeting, now, counts)
        columns = _columns(session, meeting, seats.values())
        waiting = steps.last_step(session, actor, meeting, now=now)
        left_out = leak_findings.left_out_at(session, actor, meeting)
        opened = emergency_review.review_items(session, actor, meeting, now=now)
        carried = carried_to(session, actor, meeting) if with_carried and head.can_plan else ()
    return Preparation(
        meeting=head,
        items=_items(head, rows, seats, counts),
        columns=columns,
        waiting=waiting,
        left_out=left_out,
        to_discuss=opened,
        carried=tuple(carried),
    )


def _item_rows(session: Session, actor: Actor, meeting: Meeting, now: datetime) -> Sequence[Any]:
    statement = scopes.staff_items(actor, now=now).where(AgendaItem.meeting_id == meeting.id)
    return session.execute(statement.order_by(AgendaItem.position, AgendaItem.id)).all()


def _seats(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    now: datetime,
    counts: Mapping[uuid.UUID, planning.SectionCount],
) -> dict[uuid.UUID, list[SeatView]]:
    """The seats per item, organisations in alphabetical order."""
    reaches = {
        reach.seat_id: reach for reach in planning.seat_reaches(session, actor, meeting, now=now)
    }
    busy: dict[uuid.UUID, list[planning.Busy]] = defaultdict(list)
    for one in planning.busy_elsewhere(session, actor, meeting, now=now):
        busy[one.seat_id].append(one)
    by_mail = answers_by_mail(session, actor, meeting.id, now=now)
    live = and_(SeatHold.seat_id == Seat.id, conditions.is_held(now))
    asked = and_(InputRequest.seat_id == Seat.id, InputRequest.withdrawn_at.is_(None))
    statement = (
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, live)
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .outerjoin(InputRequest, asked)
        .outerjoin(BouncedAddress, BouncedAddress.address == func.lower(Person.email))
        .add_columns(Organisation, SeatHold, Person, InputRequest, BouncedAddress.at)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(Organisation.code, Seat.id)
    )
    seats: dict[uuid.UUID, list[SeatView]] = defaultdict(list)
    for row in session.execute(statement):
        seat = row.Seat
        count = counts.get(row.Case.id)
        view = _seat(
            row,
            reaches.get(seat.id),
            busy=busy[seat.id],
            total=count.total if count else 0,
            by_mail=by_mail.get((row.Person.id, seat.item_id)) if row.Person else None,
        )
        seats[seat.item_id].append(view)
    return seats


def _seat(
    row: Any,  # noqa: ANN401 - a row
    reach: planning.SeatReach | None,
    *,
    busy: Sequence[planning.Busy],
    total: int,
    by_mail: MailAnswer | None,
) -> SeatView:
    seat, organisation, hold, request = row.Seat, row.Organisation, row.SeatHold, row.InputRequest
    return SeatView(
        id=seat.id,
        item_id=seat.item_id,
        reference=row.Case.reference,
        organisation_id=organisation.id,
        code=organisation.code,
        name=organisation.name,
        occupant_id=row.Person.id if row.Person else None,
        occupant=row.Person.name if row.Person else "",
        email=row.Person.email if row.Person else "",
        is_proposed=seat.is_proposed,
        is_staff_only=seat.is_staff_only,
        kind=organisation.kind,
        presence=seat.presence,
        invited_at=seat.invited_at,
        answer=hold.answer if hold else InvitationAnswer.OPEN,
        former=former_of(hold) if hold else None,
        by_mail=by_mail,
        has_bounced=row.at is not None,
        visible=reach.visible if reach else 0,
        waiting=reach.waiting if reach else 0,
        total=total,
        has_names=reach.names if reach else False,
        asked=request is not None,
        request_id=request.id if request else None,
        deadline_at=request.deadline_at if request else None,
        asks_known=request is not None and request.asks_known,
        asks_content=request is None or request.asks_content,
        known=request.known if request else None,
        answered=request is not None and request.answered_at is not None,
        recalled_at=request.recalled_at if request else None,
        busy=tuple(
            Elsewhere(one.table_name, one.starts_at, one.ends_at) for one in dict.fromkeys(busy)
        ),
    )


def _columns(
    session: Session, meeting: Meeting, seats: Iterable[Sequence[SeatView]]
) -> tuple[Column, ...]:
    """Organisations with a covenant on the day of the meeting, and those that hold a seat."""
    live = conditions.is_live(Covenant.from_at, Covenant.until_at, meeting.starts_at)
    statement = (
        select(Organisation)
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .where(Covenant.table_id == meeting.table_id, live)
    )
    found = {
        organisation.id: Column(organisation.id, organisation.code, organisation.name)
        for organisation in session.scalars(statement)
    }
    for seat in (seat for row in seats for seat in row if not seat.is_proposed):
        found[seat.organisation_id] = Column(seat.organisation_id, seat.code, seat.name)
    return tuple(sorted(found.values(), key=lambda column: column.code))


def _items(
    meeting: MeetingHead,
    rows: Sequence[Any],
    seats: Mapping[uuid.UUID, Sequence[SeatView]],
    counts: Mapping[uuid.UUID, planning.SectionCount],
) -> tuple[ItemView, ...]:
    _plan, overruns = planned(
        meeting.starts_at, [row.AgendaItem for row in rows], planned_end=meeting.ends_at
    )
    ends = (ItemKind.OPENING, ItemKind.CLOSING)
    movable = [row.AgendaItem.id for row in rows if row.AgendaItem.kind not in ends]
    return tuple(
        _item(
            row,
            seats=tuple(seats.get(row.AgendaItem.id, ())),
            count=counts.get(row.AgendaItem.case_id),
            overrun=overruns.get(row.AgendaItem.id),
            movable=movable,
            required=meeting.required,
        )
        for row in rows
    )


def _item(
    row: Any,  # noqa: ANN401 - a row
    *,
    seats: tuple[SeatView, ...],
    count: planning.SectionCount | None,
    overrun: Overrun | None,
    movable: Sequence[uuid.UUID],
    required: frozenset[RequiredRole],
) -> ItemView:
    item, case = row.AgendaItem, row.Case
    return ItemView(
        id=item.id,
        kind=item.kind,
        is_closed=item.kind is ItemKind.CASE and case is None,
        reference=case.reference if case else "",
        case_id=case.id if case else None,
        discussion=item.discussion if case else None,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        minutes=item.minutes,
        fixed_at=item.fixed_at,
        is_first=movable[:1] == [item.id],
        is_last=movable[-1:] == [item.id],
        has_question=bool(case and case.question_ct),
        sections=count.total if count else 0,
        sections_unseen=count.given_to_nobody if count else 0,
        overrun=overrun,
        seats=seats,
        missing=quorum.missing(required, [s.expected for s in seats if not s.is_proposed])
        if case
        else (),
    )
