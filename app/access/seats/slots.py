"""What an occupant sees of one meeting: own slots, and what the own seats open; nothing else.

One reading serves the occupant's own page and staff's *view as seat*; both get the texts sealed and
open them after the commit.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.administration.kinds_in_force import code_of
from app.access.case_life.order_clocks import days_of
from app.access.conditions import is_held
from app.access.disclosure import OpenSection, read_sections, sealed_question
from app.access.own_content import (
    Carried,
    OpenItem,
    OwnDecision,
    OwnMeetingContent,
    OwnSlot,
    Participant,
    former_of,
)
from app.access.people import may_occupy
from app.access.readings import readings_of
from app.access.records import carried
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.infra.crypto import Sealed
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Decision,
    InputRequest,
    Invitation,
    InvitationItem,
    ItemQuestion,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


def read_own_meeting(
    session: Session,
    actor: Actor,
    meeting_id: uuid.UUID,
    *,
    now: datetime,
    with_names: bool = False,
) -> OwnMeetingContent:
    """What the actor may see of this meeting; NotVisible without an invited slot of one's own.

    Six statements whatever the number of items, one more with names, and one where days count.
    ``with_names`` opens the identity sections the seats disclose.
    """
    rows = _slots(session, actor, meeting_id, now)
    if not rows:
        raise NotVisible
    open_rows = [row for row in rows if row.is_open]
    case_ids = {row.Case.id for row in rows}
    decision_rows = _decisions(session, actor, meeting_id, now)
    decisions = [_decision(one) for one in decision_rows]
    before = carried.read_own(session, actor, meeting_id, now=now) if open_rows else []
    also = readings_of(open_rows, [one.Decision for one in decision_rows], rows[0].Meeting)
    sections = read_sections(
        session,
        actor,
        list(case_ids),
        now=now,
        meeting_id=meeting_id,
        also=[*also, *carried.readings(before, rows[0].Meeting, Ground.SEAT)],
    )
    if with_names and open_rows:
        sections += read_sections(
            session, actor, list(case_ids), now=now, meeting_id=meeting_id, identity=True
        )
    participants = _participants(session, actor, meeting_id, now) if open_rows else []
    open_cases = {row.Case.id for row in open_rows}
    days = days_of(session, rows[0].CaseTable, open_cases)
    return _content(
        rows,
        now,
        items=tuple(
            replace(
                _open_item(row, number, sections, participants, decisions),
                days=days.get(row.Case.id, ()),
                carried=_carried(actor, row, before, participants),
            )
            for number, row in enumerate(rows, 1)
            if row.is_open
        ),
        own_input=tuple(one for one in sections if one.case_id not in open_cases),
        decisions=tuple(decisions),
    )


def _slots(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """Own slots in order: whether each is open or asks, and the calendar entry that holds it."""
    is_ready = and_(
        c.is_in_window(now), c.is_taken_up(now), c.has_accepted(actor), c.has_covenant(now)
    )
    knows_nobody = c.knows_nobody(actor, now)
    entry = (
        select(InvitationItem.item_id, Invitation.id)
        .join(Invitation, Invitation.id == InvitationItem.invitation_id)
        .where(
            Invitation.person_id == actor.person_id,
            Invitation.meeting_id == meeting_id,
            Invitation.cancelled_at.is_(None),
        )
        .subquery()
    )
    statement = (
        scopes.own_slots(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .outerjoin(entry, entry.c.item_id == AgendaItem.id)
        .outerjoin(ItemQuestion, ItemQuestion.item_id == AgendaItem.id)
        .outerjoin(InputRequest, and_(InputRequest.seat_id == Seat.id, _waits_for_known(now)))
        .add_columns(
            Case,
            CaseTable,
            ItemQuestion,
            _flag(and_(is_ready, knows_nobody)).label("is_open"),
            _flag(and_(is_ready, ~knows_nobody)).label("asks"),
            c.has_accepted(actor).label("accepted"),
            entry.c.id.label("invitation_id"),
            InputRequest.id.label("known_id"),
        )
        .where(Meeting.id == meeting_id)
        .order_by(AgendaItem.starts_at, AgendaItem.position, Seat.id)
    )
    return list(session.execute(statement).all())


def _waits_for_known(now: datetime) -> ColumnElement[bool]:
    """``InputRequest`` waits for a yes or no: is the family known."""
    return and_(
        InputRequest.asks_known,
        InputRequest.known.is_(None),
        scopes.is_open_request(now),
        c.has_covenant(now),
    )


def _flag(condition: c.Condition) -> ColumnElement[bool]:
    return case((condition, literal(value=True)), else_=literal(value=False))


def _participants(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> list[Participant]:
    """Occupants of the items open to the actor, unless the seat is staff-only.

    Whoever was excluded meanwhile is not named: to others that looks like a withdrawal.
    """
    own = scopes.open_items(actor, now=now).where(Meeting.id == meeting_id)
    # First, not as a condition: PostgreSQL joins in the order written, and would read all seats.
    items = own.with_only_columns(AgendaItem.id).distinct().subquery()
    statement = (
        select(Seat.item_id, Organisation.name, Organisation.code, Person.name.label("person"))
        .select_from(items)
        .join(AgendaItem, AgendaItem.id == items.c.id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .join(Person, Person.id == SeatHold.person_id)
        .where(
            may_occupy(AgendaItem.case_id, now=now),
            Seat.removed_at.is_(None),
            Seat.is_proposed.is_(False),
            Seat.is_staff_only.is_(False),
        )
        .order_by(Organisation.code, Person.name)
    )
    return [
        Participant(row.item_id, row.name, row.code, row.person)
        for row in session.execute(statement)
    ]


def _decisions(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> list[Row[*tuple[Any, ...]]]:
    """Decisions addressed to own seats, with what opens of a dissent; each comes once."""
    statement = (
        scopes.own_decisions(actor, now=now)
        .add_columns(case((c.reads_dissent(actor), Decision.dissent_ct)).label("dissent_ct"))
        .where(Meeting.id == meeting_id)
        .order_by(Decision.recorded_at)
    )
    rows = {row.Decision.id: row for row in session.execute(statement)}
    return list(rows.values())


def _decision(found: Row[*tuple[Any, ...]]) -> OwnDecision:
    row: Decision = found.Decision
    return OwnDecision(
        row.id,
        row.item_id,
        row.kind,
        Sealed(row.text_ct, f"decision:{row.id}:text"),
        Sealed(found.dissent_ct, f"decision:{row.id}:dissent"),
        row.recorded_at,
    )


def _open_item(
    row: Row[*tuple[Any, ...]],
    number: int,
    sections: list[OpenSection],
    participants: list[Participant],
    decisions: list[OwnDecision],
) -> OpenItem:
    item = row.AgendaItem
    here = tuple(one for one in participants if one.item_id == item.id)
    return OpenItem(
        item_id=item.id,
        seat_id=row.Seat.id,
        number=number,
        case_id=row.Case.id,
        reference=row.Case.reference,
        discussion=item.discussion.value if item.discussion else "",
        question=sealed_question(row.Case, row.ItemQuestion),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        sections=_from_those_known([one for one in sections if one.case_id == row.Case.id], here),
        participants=here,
        decisions=tuple(one for one in decisions if one.item_id == item.id),
        days=(),
        carried=(),
    )


def _carried(
    actor: Actor,
    row: Row[*tuple[Any, ...]],
    before: list[Carried],
    participants: list[Participant],
) -> tuple[Carried, ...]:
    """The actions from before at an open item; who does not show there is not named by them."""
    item_id = row.AgendaItem.id
    return carried.named_by(
        [one for one in before if one.item_id == item_id],
        {one.organisation for one in participants if one.item_id == item_id},
        actor.organisation_id,
    )


def _from_those_known(
    sections: list[OpenSection], here: tuple[Participant, ...]
) -> tuple[OpenSection, ...]:
    """A source that does not show at the item, such as a shelter, is not named by its text."""
    known = {one.organisation for one in here}
    return tuple(one if one.source in known else replace(one, source="") for one in sections)


def _content(rows: list[Row[*tuple[Any, ...]]], now: datetime, **found: Any) -> OwnMeetingContent:  # noqa: ANN401 - the three tuples of the content
    meeting, table = rows[0].Meeting, rows[0].CaseTable
    published = meeting.published_at is not None and meeting.published_at <= now
    return OwnMeetingContent(
        meeting_id=meeting.id,
        table_name=table.name,
        starts_at=meeting.starts_at,
        place=meeting.place,
        link=meeting.link,
        published=published,
        opens_with_item=meeting.opens_with_item,
        in_window=published and meeting.opens_at <= now < meeting.closes_at,
        opens_at=meeting.opens_at if published else None,
        closes_at=meeting.closes_at if published else None,
        started=meeting.started_at is not None,
        closed=meeting.closed_at is not None,
        adopted=all((meeting.adopted_at or row.AgendaItem.adopted_at) for row in rows),
        accepted=bool(rows[0].accepted),
        confidentiality_nl=table.confidentiality_nl,
        confidentiality_en=table.confidentiality_en,
        confidentiality_version=table.confidentiality_version,
        kind_code=code_of(table),
        slots=tuple(_slot(row, number) for number, row in enumerate(rows, 1)),
        **found,
    )


def _slot(row: Row[*tuple[Any, ...]], number: int) -> OwnSlot:
    hold = row.SeatHold
    return OwnSlot(
        seat_id=row.Seat.id,
        item_id=row.AgendaItem.id,
        number=number,
        starts_at=row.AgendaItem.starts_at,
        ends_at=row.AgendaItem.ends_at,
        answer=hold.answer,
        former=former_of(hold),
        is_deputy=hold.is_deputy,
        until_at=hold.until_at,
        answer_to_confirm=hold.answer_recorded_by_id is not None
        and hold.answer_confirmed_at is None,
        asks=bool(row.asks),
        invitation_id=row.invitation_id,
        known_id=row.known_id,
    )
