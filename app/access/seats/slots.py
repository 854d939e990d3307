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
from app.access.conditions import is_held
from app.access.disclosure import OpenSection, read_sections, sealed_question
from app.access.own_content import (
    OpenItem,
    OwnDecision,
    OwnMeetingContent,
    OwnSlot,
    Participant,
    former_of,
)
from app.access.people import may_occupy
from app.access.readings import readings_of
from app.domain.errors import NotVisible
from app.infra.crypto import Sealed
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Decision,
    Invitation,
    InvitationItem,
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

    Five statements whatever the number of items, one more with names. ``with_names`` opens the
    identity sections the seats disclose.
    """
    rows = _slots(session, actor, meeting_id, now)
    if not rows:
        raise NotVisible
    open_rows = [row for row in rows if row.is_open]
    case_ids = {row.Case.id for row in rows}
    decision_rows = _decisions(session, actor, meeting_id, now)
    decisions = [_decision(one) for one in decision_rows]
    sections = read_sections(
        session,
        actor,
        list(case_ids),
        now=now,
        meeting_id=meeting_id,
        also=readings_of(open_rows, decision_rows, rows[0].Meeting),
    )
    if with_names and open_rows:
        sections += read_sections(
            session, actor, list(case_ids), now=now, meeting_id=meeting_id, identity=True
        )
    participants = _participants(session, actor, meeting_id, now) if open_rows else []
    open_cases = {row.Case.id for row in open_rows}
    return _content(
        rows,
        now,
        items=tuple(
            _open_item(row, number, sections, participants, decisions)
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
    is_ready = and_(c.is_in_window(now), c.has_accepted(actor), c.has_covenant(now))
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
        .add_columns(
            Case,
            CaseTable,
            _flag(and_(is_ready, knows_nobody)).label("is_open"),
            _flag(and_(is_ready, ~knows_nobody)).label("asks"),
            c.has_accepted(actor).label("accepted"),
            entry.c.id.label("invitation_id"),
        )
        .where(Meeting.id == meeting_id)
        .order_by(AgendaItem.starts_at, AgendaItem.position, Seat.id)
    )
    return list(session.execute(statement).all())


def _flag(condition: c.Condition) -> ColumnElement[bool]:
    return case((condition, literal(value=True)), else_=literal(value=False))


def _participants(
    session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime
) -> list[Participant]:
    """Occupants of the items open to the actor, unless the seat is staff-only.

    Whoever was excluded meanwhile is not named: to others that looks like a withdrawal.
    """
    own = scopes.open_items(actor, now=now).where(Meeting.id == meeting_id)
    item_ids = own.with_only_columns(AgendaItem.id)
    statement = (
        select(Seat.item_id, Organisation.name, Organisation.code, Person.name.label("person"))
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .join(Person, Person.id == SeatHold.person_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(
            Seat.item_id.in_(item_ids),
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
) -> list[Decision]:
    """Decisions addressed to own seats; one addressed to two of them comes once."""
    statement = (
        scopes.own_decisions(actor, now=now)
        .where(Meeting.id == meeting_id)
        .order_by(Decision.recorded_at)
    )
    return list(dict.fromkeys(row.Decision for row in session.execute(statement)))


def _decision(row: Decision) -> OwnDecision:
    return OwnDecision(
        row.id,
        row.item_id,
        row.kind,
        Sealed(row.text_ct, f"decision:{row.id}:text"),
        Sealed(row.dissent_ct, f"decision:{row.id}:dissent"),
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
        question=sealed_question(row.Case),
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        sections=_from_those_known([one for one in sections if one.case_id == row.Case.id], here),
        participants=here,
        decisions=tuple(one for one in decisions if one.item_id == item.id),
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
        in_window=published and meeting.opens_at <= now < meeting.closes_at,
        opens_at=meeting.opens_at if published else None,
        closes_at=meeting.closes_at if published else None,
        started=meeting.started_at is not None,
        closed=meeting.closed_at is not None,
        adopted=meeting.adopted_at is not None,
        accepted=bool(rows[0].accepted),
        confidentiality_nl=table.confidentiality_nl,
        confidentiality_en=table.confidentiality_en,
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
    )
