"""Input of the own organisation: what there is, and whether it may still be changed.

A list shows where a text belongs, never the text itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import OwnRequest
from app.access.walks import to_case
from app.models import (
    Case,
    CaseTable,
    Disclosure,
    InputRequest,
    Meeting,
    Seat,
    Section,
    SectionType,
)


@dataclass(frozen=True, slots=True)
class InputLine:
    """One text of the own organisation in a list."""

    section_id: uuid.UUID
    reference: str
    table_name: str
    label_nl: str
    label_en: str
    updated_at: datetime


def own_input(actor: Actor, *, now: datetime) -> Select[Section, SectionType, Case, CaseTable]:
    """Input of the own organisation at the tables where the actor is its named representative."""
    checks.note()
    return (
        select(Section, SectionType, Case, CaseTable)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Case, Case.id == Section.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .where(
            Section.source_organisation_id == actor.organisation_id,
            Section.text_ct.is_not(None),
            SectionType.is_input.is_(True),
            Case.table_id.in_(actor.representative_table_ids),
            c.is_not_barred(actor, now),
        )
    )


def read_own_input(
    session: Session, actor: Actor, *, now: datetime, number: int, size: int
) -> tuple[tuple[InputLine, ...], int]:
    """A page of the own organisation's input, newest first, and how much there is. Two queries."""
    mine = own_input(actor, now=now)
    total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    rows = session.execute(
        mine.with_only_columns(
            Section.id,
            Case.reference,
            CaseTable.name,
            SectionType.label_nl,
            SectionType.label_en,
            Section.updated_at,
        )
        .order_by(Section.updated_at.desc(), Section.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    return tuple(InputLine(*row) for row in rows), total


def is_discussed(session: Session, section_id: uuid.UUID) -> bool:
    """Whether a meeting of the case's table began at which this text was asked or disclosed."""
    began_at = func.coalesce(Meeting.started_at, Meeting.starts_at)
    asked = exists().where(InputRequest.seat_id == Seat.id, InputRequest.section_id == section_id)
    disclosed = exists().where(
        Disclosure.seat_id == Seat.id,
        Disclosure.section_id == section_id,
        or_(Disclosure.withdrawn_at.is_(None), Disclosure.withdrawn_at > began_at),
    )
    on_the_table = to_case(select(Meeting.id).select_from(Seat)).where(
        Case.table_id == Meeting.table_id, _has_begun(), or_(asked, disclosed)
    )
    return session.scalar(on_the_table.limit(1)) is not None


def is_answer_discussed(session: Session, own: OwnRequest) -> bool:
    """The same for a loaded answer, which may have no text: its own meeting counts."""
    begun = select(Meeting.id).where(Meeting.id == own.item.meeting_id, _has_begun())
    if session.scalar(begun) is not None:
        return True
    text_id = own.request.section_id
    return text_id is not None and is_discussed(session, text_id)


def _has_begun() -> ColumnElement[bool]:
    return or_(Meeting.started_at.is_not(None), Meeting.adopted_at.is_not(None))
