"""Who of the family took part in a discussion, recorded by staff: as what and how, no names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, Permission, audit, load_item
from app.access.administration.kinds_in_force import in_force
from app.access.case_life import family, informings
from app.access.readings import readings_of_case
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import ConcernedRole, FamilyPart, FamilyRole
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Case, CaseTable, FamilyAttendance


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """Somebody as typed; a child may be one of the children concerned."""

    role: FamilyRole
    part: FamilyPart
    person_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who was recorded; the label only where it is a person concerned."""

    id: uuid.UUID
    role: FamilyRole
    part: FamilyPart
    label: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child concerned of which nothing is recorded yet."""

    person_id: uuid.UUID
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPage:
    """The family at one item; ``children`` are asked about one by one."""

    item_id: uuid.UUID
    meeting_id: uuid.UUID
    reference: str
    starts_at: datetime
    lines: tuple[Line, ...]
    children: tuple[Child, ...]
    can_write: bool


def family_page(actor: Actor, item_id: uuid.UUID) -> FamilyPage:
    """The page; NotVisible at a table whose kind has no part for the family."""
    with transaction() as session:
        at, case = _load(session, actor, item_id)
        lines = family.lines_at(session, at)
        people = informings.people_of(session, actor, case.id)
        audit.record_all(session, actor, readings_of_case(case))
    labels = crypto.unseal_left([informings.sealed_label(one) for one in people])
    named = {one.id: label for one, label in zip(people, labels, strict=True)}
    said = {one.person_concerned_id for one in lines}
    return FamilyPage(
        item_id=at.item.id,
        meeting_id=at.meeting.id,
        reference=case.reference,
        starts_at=at.item.starts_at,
        lines=tuple(
            Line(one.id, one.role, one.part, named.get(one.person_concerned_id, ""))
            if one.person_concerned_id
            else Line(one.id, one.role, one.part, "")
            for one in lines
        ),
        children=tuple(
            Child(one.id, named[one.id])
            for one in people
            if one.role is ConcernedRole.CHILD and one.id not in said
        ),
        can_write=_can_write(at),
    )


def add(actor: Actor, item_id: uuid.UUID, new: NewLine) -> None:
    """Record somebody. STATE_NOT_ALLOWED once the minutes stand."""
    with transaction() as session:
        at, case = _load(session, actor, item_id, write=True)
        if new.person_id is not None:
            informings.load_person(session, actor, case.id, new.person_id)
        line = FamilyAttendance(
            case_id=case.id,
            person_concerned_id=new.person_id,
            role=new.role,
            part=new.part,
        )
        family.add(session, actor, at, line)


def take_back(actor: Actor, item_id: uuid.UUID, line_id: uuid.UUID) -> None:
    """Somebody was recorded by mistake."""
    with transaction() as session:
        at, _case = _load(session, actor, item_id, write=True)
        family.take_back(session, actor, at, line_id)


def _load(
    session: Session, actor: Actor, item_id: uuid.UUID, *, write: bool = False
) -> tuple[LoadedItem, Case]:
    at = load_item(session, actor, item_id, Permission.DECISION_RECORD)
    table = session.get_one(CaseTable, at.meeting.table_id)
    kind = in_force(session, table, clock.now()).document
    if at.case is None or not kind.has_family_part:
        raise NotVisible
    if write and not _can_write(at):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return at, at.case


def _can_write(at: LoadedItem) -> bool:
    stands = at.meeting.adopted_at or at.item.adopted_at
    return stands is None and at.meeting.cancelled_at is None
