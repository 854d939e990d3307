"""Who may take over what somebody left open: colleagues of the own organisation, line by line.

A standing deputy of the table is proposed first, then another representative there; whom the case
bars is simply not listed. Nobody is proposed for no other reason.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.people import may_occupy
from app.access.records import bulk
from app.access.records.takeovers import Line, Part
from app.domain.kinds import TableRoleName
from app.models import AgendaItem, Case, Covenant, Meeting, Person, Seat, SeatHold, TableRole, Task

_BESIDE, _SITS = aliased(Seat), aliased(SeatHold)


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who may take a line over."""

    id: uuid.UUID
    name: str
    is_standing_deputy: bool
    is_representative: bool


Successors = Mapping[uuid.UUID, Sequence[Successor]]


def successors_of(
    session: Session, actor: Actor, lines: Collection[Line], *, now: datetime
) -> Successors:
    """Per line who may take it over, who is proposed first. At most three statements."""
    found: dict[uuid.UUID, list[Successor]] = defaultdict(list)
    ids = {part: [one.id for one in lines if one.part is part] for part in Part}
    if ids[Part.SEAT]:
        for line_id, *who in session.execute(_for_seats(actor, ids[Part.SEAT], now)):
            found[line_id].append(Successor(*who))
    if ids[Part.TASK]:
        for line_id, *who in session.execute(_for_tasks(actor, ids[Part.TASK], now)):
            found[line_id].append(Successor(*who))
    if ids[Part.ACTION]:
        holders = bulk.holders(session, actor, ids[Part.ACTION], now=now)
        for one in lines:
            found[one.id] += [
                Successor(who.person_id, who.name, False, True)  # noqa: FBT003 - named above
                for who in holders.get(one.id, ())
                if one.part is Part.ACTION and who.organisation_id == one.organisation_id
            ]
    return {
        line_id: sorted(
            people,
            key=lambda one: (not one.is_standing_deputy, not one.is_representative, one.name),
        )
        for line_id, people in found.items()
    }


def proposed(people: Sequence[Successor]) -> uuid.UUID | None:
    """Who is chosen beforehand; staff may choose somebody else, or nobody."""
    first = people[0] if people else None
    named = first is not None and (first.is_standing_deputy or first.is_representative)
    return first.id if first is not None and named else None


def _for_seats(actor: Actor, ids: Collection[uuid.UUID], now: datetime) -> Select[*tuple[Any, ...]]:
    sits_there = exists().where(
        _BESIDE.item_id == AgendaItem.id,
        _BESIDE.removed_at.is_(None),
        _SITS.seat_id == _BESIDE.id,
        _SITS.person_id == Person.id,
        c.is_live(_SITS.from_at, _SITS.until_at, now),
    )
    return (
        scopes.staff_seats(actor, now=now)
        .join(Person, Person.organisation_id == Seat.organisation_id)
        .where(Seat.id.in_(ids), may_occupy(AgendaItem.case_id, now=now), ~sits_there)
        .with_only_columns(Seat.id, Person.id, Person.name, *_named_at(Meeting.table_id, now))
    )


def _for_tasks(actor: Actor, ids: Collection[uuid.UUID], now: datetime) -> Select[*tuple[Any, ...]]:
    takes_part = exists().where(
        Covenant.organisation_id == Task.organisation_id,
        Covenant.table_id == Case.table_id,
        c.is_live(Covenant.from_at, Covenant.until_at, now),
    )
    return (
        select(Task.id, Person.id, Person.name, *_named_at(Case.table_id, now))
        .join(Case, Case.id == Task.case_id)
        .join(Person, Person.organisation_id == Task.organisation_id)
        .where(
            Task.id.in_(ids),
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, now),
            takes_part,
            may_occupy(Case.id, now=now),
        )
    )


def _named_at(
    table_id: InstrumentedAttribute[uuid.UUID], now: datetime
) -> tuple[ColumnElement[bool], ...]:
    return tuple(
        exists().where(
            TableRole.person_id == Person.id,
            TableRole.table_id == table_id,
            TableRole.role == role,
            c.is_live(TableRole.from_at, TableRole.until_at, now),
        )
        for role in (TableRoleName.DEPUTY, TableRoleName.REPRESENTATIVE)
    )
