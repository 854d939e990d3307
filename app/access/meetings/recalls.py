"""What sources took back before it was on the table: that they did and when, never what it said."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_

from app.access import scopes
from app.access.actor import Actor
from app.models import (
    Case,
    InputRequest,
    Meeting,
    Organisation,
    Person,
    Seat,
    Section,
    SectionType,
)


def recalled_at(section: Section, kind: SectionType) -> datetime | None:
    """When the source took this input back: its text is gone, nothing else empties it."""
    return section.updated_at if kind.is_input and section.text_ct is None else None


def recalls_at(actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Select[Any]:
    """Answers that were taken back at this meeting, for the minutes of staff.

    ``Person`` took it back; None once something else was given instead.
    """
    return (
        scopes.staff_requests(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(Section, and_(Section.id == InputRequest.section_id, Section.text_ct.is_(None)))
        .outerjoin(Person, Person.id == Section.updated_by_id)
        .add_columns(Organisation, Person, Case)
        .where(Meeting.id == meeting_id, InputRequest.recalled_at.is_not(None))
        .order_by(Case.reference, InputRequest.recalled_at)
    )
