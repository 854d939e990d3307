"""One act makes an urgent meeting: case, agenda, seats, papers and invitations; or nothing at all.

It gives no seat more than the table's standard disclosures that were on the form, and what its
source has to decide stays closed until the source did.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSeat, Permission, audit, disclosure, scopes
from app.access.case_life import new_facts
from app.access.meetings import planning
from app.access.meetings.contacts import Contact, contacts_of, first_holder, partners_of
from app.access.meetings.timetable import set_window, tell_staff
from app.access.messages.notices import queue_papers
from app.access.records import new_cases
from app.access.seats import naming
from app.access.seats.papers import disclose
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, ItemKind
from app.domain.references import normalise_reference
from app.domain.states import may_move
from app.domain.urgent import TEMPLATES, StartsIn, Template, UrgentKind, kinds_of, start_of
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.models import AgendaItem, Case, CaseTable, Meeting, Seat, SeatHold

LINK = re.compile(r"https://[^\s<>\"]+")
LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrgent:
    """What was typed; an empty reference is a new case, ``shown`` the standards on the form.

    ``fact_id``: the new fact about that case it is started for.
    """

    table_id: uuid.UUID
    kind: UrgentKind
    reference: str
    organisation_id: uuid.UUID | None
    question: str
    channel: str
    starts: StartsIn
    at: time | None
    partner_ids: tuple[uuid.UUID, ...]
    place: str
    shown: frozenset[uuid.UUID]
    fact_id: uuid.UUID | None = None


def start_urgent(actor: Actor, new: NewUrgent) -> uuid.UUID:
    """Make the meeting, publish it and invite at once; gives its id.

    Refusal CASE_UNKNOWN, STATE_NOT_ALLOWED, VALUE_MISSING, COVENANT_MISSING, and of ``start_of``.
    """
    starts_at = start_of(new.starts, new.at, now=clock.now())
    with transaction() as session:
        table = access.load_staff_table(session, actor, new.table_id, Permission.MEETING_PUBLISH)
        if table.ended_at is not None or new.kind not in kinds_of(table.kind):
            raise NotVisible
        case = _case(session, actor, table, new)
        meeting = _meeting(table, new, starts_at)
        item = _item(meeting, case, TEMPLATES[new.kind])
        session.add_all([meeting, item])
        if may_move(case.state, CaseState.ON_AGENDA):
            case.state = CaseState.ON_AGENDA
        session.flush()
        _record(session, actor, meeting, item)
        held = _seat_partners(session, actor, table, LoadedPlace(item, meeting, case), new)
        _give_standard(session, actor, item.id, new.shown)
        queue_papers(session, meeting)
        queue_calendar(session, meeting.id, held, at_once=True)
        tell_staff(session, meeting)
        if new.fact_id is not None:
            about = {"meeting_id": meeting.id, "case_id": case.id}
            new_facts.note_urgent(session, actor, new.fact_id, **about)
        return meeting.id


@dataclass(frozen=True, slots=True)
class LoadedPlace:
    """What every seat of the one item has in common."""

    item: AgendaItem
    meeting: Meeting
    case: Case


def _case(session: Session, actor: Actor, table: CaseTable, new: NewUrgent) -> Case:
    """The case that was named, perhaps with another question, or a new one."""
    if not new.reference:
        return _new_case(session, actor, table, new)
    case: Case | None = session.scalars(
        scopes.staff_cases(actor, now=clock.now()).where(
            Case.table_id == table.id, Case.reference == normalise_reference(new.reference)
        )
    ).one_or_none()
    if case is None:
        raise Refusal(Reason.CASE_UNKNOWN, "case")
    if case.state not in planning.READY_FOR_AGENDA:
        raise Refusal(Reason.STATE_NOT_ALLOWED, "case")
    if new.question.strip():
        case.question_ct = new_cases.sealed_question(case.id, new.question)
        new_cases.record(session, actor, audit.Event.CHANGE, case)
    return case


def _new_case(session: Session, actor: Actor, table: CaseTable, new: NewUrgent) -> Case:
    if not new.question.strip():
        raise Refusal(Reason.VALUE_MISSING, "question")
    if new.organisation_id is None:
        raise Refusal(Reason.VALUE_MISSING, "organisation")
    wanted = new_cases.NewCase(
        table_id=table.id,
        organisation_id=new.organisation_id,
        question=new.question,
        channel=new.channel,
    )
    return new_cases.add_case(session, actor, table, wanted)


def _meeting(table: CaseTable, new: NewUrgent, starts_at: datetime) -> Meeting:
    """Published from the start, with the shortest window there is."""
    template = TEMPLATES[new.kind]
    is_link = LINK.fullmatch(new.place) is not None
    if not is_link and len(new.place) > LONGEST_PLACE:
        raise Refusal(Reason.TEXT_TOO_LONG, "place")
    meeting = Meeting(
        id=uuid.uuid4(),
        table_id=table.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=template.minutes),
        place="" if is_link else new.place,
        link=new.place if is_link else "",
        opens_working_days=template.opens,
        closes_working_days=template.closes,
        published_at=clock.now(),
        opens_with_item=table.sections_open_with_item,
    )
    set_window(meeting)
    return meeting


def _item(meeting: Meeting, case: Case, template: Template) -> AgendaItem:
    return AgendaItem(
        id=uuid.uuid4(),
        meeting_id=meeting.id,
        case_id=case.id,
        kind=ItemKind.CASE,
        discussion=template.discussion,
        position=1,
        minutes=template.minutes,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def _seat_partners(
    session: Session, actor: Actor, table: CaseTable, place: LoadedPlace, new: NewUrgent
) -> set[uuid.UUID]:
    """A seat for every partner chosen, held by its first contact who may; gives who was invited."""
    partners = {one.id for one in partners_of(session, table, at=place.meeting.starts_at)}
    if not set(new.partner_ids) <= partners:
        raise Refusal(Reason.COVENANT_MISSING, "partners")
    contacts = contacts_of(session, table.id, now=clock.now())
    held = set()
    for organisation_id in new.partner_ids:
        person_id = _seat(session, actor, place, organisation_id, contacts)
        if person_id is not None:
            held.add(person_id)
    session.flush()
    return held


def _seat(
    session: Session,
    actor: Actor,
    place: LoadedPlace,
    organisation_id: uuid.UUID,
    contacts: Mapping[uuid.UUID, Sequence[Contact]],
) -> uuid.UUID | None:
    now = clock.now()
    person_id = first_holder(
        session,
        actor,
        contacts.get(organisation_id, ()),
        table_id=place.meeting.table_id,
        case_id=place.case.id,
    )
    seat = Seat(id=uuid.uuid4(), item_id=place.item.id, organisation_id=organisation_id)
    session.add(seat)
    given = LoadedSeat(seat, place.item, place.meeting, place.case)
    naming.record(session, actor, given, audit.Event.ADD)
    if person_id is not None:
        seat.invited_at = now
        session.add(SeatHold(seat_id=seat.id, person_id=person_id, from_at=now))
        naming.record(session, actor, given, audit.Event.AUTHORISE)
    return person_id


def _give_standard(
    session: Session, actor: Actor, item_id: uuid.UUID, shown: frozenset[uuid.UUID]
) -> None:
    """What the table gives by standard, as far as it stood on the form that was sent."""
    now = clock.now()
    seats = {
        row.Seat.id: LoadedSeat(row.Seat, row.AgendaItem, row.Meeting, row.Case)
        for row in session.execute(
            scopes.staff_seats(actor, now=now).where(Seat.item_id == item_id)
        )
    }
    for one in disclosure.standard_proposals(session, actor, [item_id], now=now):
        if one.standard_id in shown:
            disclose(session, actor, seats[one.seat_id], one.section_id, one, is_standard=True)


def _record(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """The meeting is made and its papers are open; the case stands on its agenda."""
    made = audit.Entry(
        event=audit.Event.ADD,
        object_kind="meeting",
        object_id=meeting.id,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
    )
    placed = replace(
        made,
        object_kind="agenda_item",
        object_id=item.id,
        item_id=item.id,
        case_id=item.case_id,
    )
    opened = replace(made, event=audit.Event.AUTHORISE)
    audit.record(session, actor, made, placed, opened)
