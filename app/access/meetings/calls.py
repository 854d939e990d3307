"""Calling partners to a meeting at short notice: what staff of its table see, and what they note.

Tries are added, never changed. A telephone number comes out to staff alone, and whoever a case bars
is not on its sheet: calling would tell that there is something.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from app.access import audit, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedSeat
from app.access.meetings.contacts import Contact, contacts_of
from app.access.people import may_occupy
from app.domain.kinds import CallOutcome
from app.infra import clock
from app.models import (
    AgendaItem,
    Call,
    Case,
    Disclosure,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
    Section,
    SectionType,
    TableContact,
)

_CALLER = aliased(Person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to reach somebody."""

    seat_id: uuid.UUID
    key: str
    name: str
    outcome: CallOutcome
    at: datetime
    by: str


def seats_to_fill(session: Session, actor: Actor, meeting: Meeting) -> Sequence[Any]:
    """The seats of a loaded meeting as staff may see them, with organisation and who holds them."""
    now = clock.now()
    return session.execute(
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, c.is_held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .add_columns(Organisation, SeatHold, Person)
        .where(Meeting.id == meeting.id, Seat.is_proposed.is_(False))
        .order_by(Organisation.name, AgendaItem.position, Seat.id)
    ).all()


def contacts_at(
    session: Session, table_id: uuid.UUID, case_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Contact]]:
    """Whom to call about these cases, per organisation in order, without those they bar."""
    now = clock.now()
    found = contacts_of(session, table_id, now=now)
    people = {one.person_id for row in found.values() for one in row if one.person_id}
    free = (
        select(Person.id)
        .join(Case, Case.id.in_(case_ids))
        .where(Person.id.in_(people), may_occupy(Case.id, now=now))
        .group_by(Person.id)
        .having(func.count(Case.id) == len(set(case_ids)))
    )
    allowed = set(session.scalars(free))
    return {
        organisation_id: [
            one
            for one in row
            if not one.is_gone and (one.person_id is None or one.person_id in allowed)
        ]
        for organisation_id, row in found.items()
    }


def tries_at(session: Session, seat_ids: Collection[uuid.UUID]) -> list[Try]:
    """Every try for these seats, which the actor may see, in order of time."""
    rows = session.execute(
        select(Call, TableContact.name.label("listed"), Person.name, _CALLER.name.label("caller"))
        .outerjoin(TableContact, TableContact.id == Call.contact_id)
        .outerjoin(Person, Person.id == func.coalesce(Call.person_id, TableContact.person_id))
        .join(_CALLER, _CALLER.id == Call.recorded_by_id)
        .where(Call.seat_id.in_(seat_ids))
        .order_by(Call.at, Call.id)
    )
    return [
        Try(
            seat_id=row.Call.seat_id,
            key=_key(row.Call),
            name=row.name or row.listed or "",
            outcome=row.Call.outcome,
            at=row.Call.at,
            by=row.caller,
        )
        for row in rows
    ]


def _key(call: Call) -> str:
    if call.contact_id is not None:
        return f"contact:{call.contact_id}"
    return f"person:{call.person_id}"


def add_try(
    session: Session, actor: Actor, loaded: LoadedSeat, contact: Contact, outcome: CallOutcome
) -> None:
    """Note one try for a loaded seat, with the moment and who noted it."""
    session.add(
        Call(
            meeting_id=loaded.meeting.id,
            seat_id=loaded.seat.id,
            contact_id=contact.contact_id,
            person_id=None if contact.contact_id else contact.person_id,
            outcome=outcome,
            at=clock.now(),
            recorded_by_id=actor.person_id,
        )
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="call",
            object_id=loaded.seat.id,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
            case_id=loaded.case.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class Closed:
    """A section that was given and stays closed until its source decides."""

    label_nl: str
    label_en: str
    source: str
    organisation: str


def closed_until_source(session: Session, actor: Actor, meeting: Meeting) -> list[Closed]:
    """What waits for its source at a loaded meeting, per section and seat."""
    source, now = aliased(Organisation), clock.now()
    rows = session.execute(
        scopes.staff_disclosures(actor, now=now)
        .join(Section, Section.id == Disclosure.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(source, source.id == Section.source_organisation_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(
            Meeting.id == meeting.id,
            Seat.removed_at.is_(None),
            Disclosure.withdrawn_at.is_(None),
            ~c.is_agreed(Section, Disclosure, given_at=Disclosure.decided_at, now=now),
        )
        .with_only_columns(
            SectionType.label_nl, SectionType.label_en, source.name, Organisation.name
        )
        .order_by(source.name, SectionType.position, Organisation.name)
    )
    return [Closed(*row) for row in rows]
