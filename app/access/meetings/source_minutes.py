"""What sources decided about readers, as the minutes of staff tell it; it never decides itself."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app.access import scopes
from app.access.actor import Actor
from app.models import (
    AgendaItem,
    Case,
    Disclosure,
    Meeting,
    Organisation,
    Person,
    Seat,
    Section,
    SectionType,
    Task,
    TaskSection,
)

# Named once: making an alias costs more than asking the database.
_LATER, _LATER_ITEM = aliased(Meeting), aliased(AgendaItem)


def decided_at(actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Select[Any]:
    """What sources decided about readers at this meeting, for the minutes of staff."""
    return (
        scopes.staff_disclosures(actor, now=now)
        .join(Section, Section.id == Disclosure.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(Person, Person.id == Disclosure.source_decided_by_id)
        .add_columns(SectionType, Organisation, Person, Case)
        .where(Meeting.id == meeting_id, Disclosure.source_decided_at.is_not(None))
        .order_by(Case.reference, Disclosure.source_decided_at)
    )


def decided_about_tasks(actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> Select[Any]:
    """What sources decided about holders of tasks, for the minutes of staff.

    It belongs to the task's own item, or else to the first meeting with the case that had not
    ended yet.
    """
    first = (
        select(_LATER_ITEM.id)
        .join(_LATER, _LATER.id == _LATER_ITEM.meeting_id)
        .where(
            _LATER_ITEM.case_id == Case.id,
            _LATER_ITEM.removed_at.is_(None),
            _LATER.table_id == Case.table_id,
            _LATER.cancelled_at.is_(None),
            func.coalesce(_LATER.closed_at, _LATER.ends_at) > TaskSection.source_decided_at,
        )
        .order_by(_LATER.ends_at, _LATER_ITEM.id)
        .limit(1)
        .correlate(Case, TaskSection)
        .scalar_subquery()
    )
    return (
        scopes.staff_items(actor, now=now)
        .join(Task, and_(Task.case_id == Case.id, Task.table_id == Case.table_id))
        .join(TaskSection, TaskSection.task_id == Task.id)
        .join(Section, Section.id == TaskSection.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .join(Person, Person.id == TaskSection.source_decided_by_id)
        .add_columns(TaskSection, SectionType, Organisation, Person)
        .where(
            Meeting.id == meeting_id,
            TaskSection.source_decided_at.is_not(None),
            AgendaItem.id == func.coalesce(Task.item_id, first),
        )
        .order_by(Case.reference, TaskSection.source_decided_at)
    )
