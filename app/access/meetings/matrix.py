"""What the matrix of sections and seats is made of: statements for staff, narrowed to one meeting.

Nothing here decides who reads: a matrix shows decisions, given and withdrawn, never a text.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Disclosure,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
    StandardDisclosure,
)

# Named once: making an alias costs more than asking the database.
_EARLIER_ITEM, _EARLIER = aliased(AgendaItem), aliased(Meeting)


def _held(now: datetime) -> c.Condition:
    return c.is_live(SeatHold.from_at, SeatHold.until_at, now)


def case_items(
    actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Select[AgendaItem, Meeting, Case]:
    """The cases on the agenda in order, with the table and when each was on an agenda before.

    Columns added: ``table_name`` and ``previous_at``, the start of the meeting before this one.
    """
    previous = _last_before(Meeting.table_id, Meeting.starts_at)
    return (
        scopes.staff_items(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(CaseTable.name.label("table_name"), previous.label("previous_at"))
        .where(Meeting.id == meeting_id, Case.id.is_not(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    )


def _last_before(table_id: Any, starts_at: Any) -> ScalarSelect[datetime]:  # noqa: ANN401 - columns or values
    """When ``Case`` was last on an agenda of this table before that moment; None if never."""
    return (
        select(func.max(_EARLIER.starts_at))
        .join(_EARLIER_ITEM, _EARLIER_ITEM.meeting_id == _EARLIER.id)
        .where(
            _EARLIER_ITEM.case_id == Case.id,
            _EARLIER_ITEM.removed_at.is_(None),
            _EARLIER.table_id == table_id,
            _EARLIER.cancelled_at.is_(None),
            _EARLIER.starts_at < starts_at,
        )
        .correlate(Case, Meeting)
        .scalar_subquery()
    )


def seats(actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Select[Seat, AgendaItem]:
    """Every seat that was decided on, with its organisation and, if any, who occupies it."""
    return (
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, _held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .add_columns(Organisation, Person)
        .where(Meeting.id == meeting_id, Seat.is_proposed.is_(False))
        .order_by(Organisation.name, Person.name, Seat.id)
    )


def disclosures(actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Select[Disclosure, Seat]:
    """What was ever decided for these seats, oldest first; what stands comes last."""
    return (
        scopes.staff_disclosures(actor, now=now)
        .where(Meeting.id == meeting_id, Seat.removed_at.is_(None))
        .order_by(Disclosure.withdrawn_at.is_(None), Disclosure.decided_at, Disclosure.id)
    )


def previous_seats(
    actor: Actor, meeting: Meeting, case_ids: Sequence[uuid.UUID], *, now: datetime
) -> Select[Seat, AgendaItem, Meeting, Case]:
    """Who sat at these cases when they were last on an agenda before ``meeting``, shown what.

    A row per seat and section; what was withdrawn since is not among them. Columns added:
    ``person_id`` and ``Disclosure``, None for a seat that was shown nothing.
    """
    return (
        scopes.staff_seats(actor, now=now)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, _held(now)))
        .outerjoin(
            Disclosure, and_(Disclosure.seat_id == Seat.id, Disclosure.withdrawn_at.is_(None))
        )
        .add_columns(SeatHold.person_id, Disclosure)
        .where(
            Case.id.in_(case_ids),
            Meeting.id != meeting.id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at == _last_before(meeting.table_id, meeting.starts_at),
            Seat.is_proposed.is_(False),
        )
    )


def standards(table_id: uuid.UUID) -> Select[StandardDisclosure]:
    """What a table discloses by standard, with its texts."""
    return (
        select(StandardDisclosure)
        .where(StandardDisclosure.table_id == table_id)
        .order_by(StandardDisclosure.purpose, StandardDisclosure.id)
    )
