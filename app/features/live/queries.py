"""The working page of a meeting: its course, the current item, who is there, what was agreed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, scopes
from app.access.disclosure import read_sections, sealed_question
from app.access.meetings.live import SeatAt, addressees_of, seats_at
from app.access.oversight import emergency_review
from app.access.readings import readings_at_the_table
from app.access.seats.bystanders import name_of, reading_of, waiting_at
from app.access.tasks.giving import guests_at
from app.domain.errors import NotVisible
from app.features.live.pages import (
    ActionLine,
    CurrentItem,
    DecisionLine,
    Guest,
    InRoom,
    Place,
    SectionText,
    Step,
    Worksheet,
)
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    Action,
    AgendaItem,
    Bystander,
    Case,
    CaseTable,
    Decision,
    Meeting,
    Organisation,
    Person,
)


def worksheet(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID | None) -> Worksheet:
    """The page with the asked item, else the open one; eleven statements whatever the sizes."""
    now = clock.now()
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        rows = session.execute(
            scopes.staff_items(actor, now=now)
            .join(CaseTable, CaseTable.id == Meeting.table_id)
            .add_columns(CaseTable.name.label("table_name"))
            .where(Meeting.id == meeting_id)
            .order_by(AgendaItem.position, AgendaItem.id)
        ).all()
        chosen = _choose([(row.AgendaItem, row.Case) for row in rows], item_id)
        read = _read_item(session, actor, meeting, chosen, now) if chosen else None
        table_name = rows[0].table_name if rows else _name_of(session, meeting)
        to_discuss = emergency_review.review_items(session, actor, meeting, now=now)
    steps = tuple(
        Step(
            item_id=row.AgendaItem.id,
            kind=row.AgendaItem.kind,
            reference=row.Case.reference if row.Case else "",
            starts_at=row.AgendaItem.starts_at,
            ends_at=row.AgendaItem.ends_at,
            opened=row.AgendaItem.opened_at is not None,
            closed=row.AgendaItem.closed_at is not None,
            current=chosen is not None and chosen[0].id == row.AgendaItem.id,
        )
        for row in rows
    )
    return Worksheet(
        meeting_id=meeting.id,
        table_name=table_name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        started=meeting.started_at is not None,
        closed=meeting.closed_at is not None,
        adopted=meeting.adopted_at is not None,
        cancelled=meeting.cancelled_at is not None,
        steps=steps,
        to_discuss=to_discuss,
        item=_open_texts(read) if read else None,
    )


def _name_of(session: Session, meeting: Meeting) -> str:
    """Of the table; an empty agenda does not tell."""
    return session.get_one(CaseTable, meeting.table_id).name


def _choose(
    rows: list[tuple[AgendaItem, Case | None]], item_id: uuid.UUID | None
) -> tuple[AgendaItem, Case] | None:
    """The asked item, else the open one, else the first case still to come."""
    cases = [(item, case) for item, case in rows if case is not None]
    if item_id is not None:
        found = next(((item, case) for item, case in cases if item.id == item_id), None)
        if found is None:
            raise NotVisible
        return found
    is_open = (one for one in cases if one[0].opened_at and not one[0].closed_at)
    to_come = (one for one in cases if not one[0].closed_at)
    return next(is_open, None) or next(to_come, None) or (cases[-1] if cases else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    item: AgendaItem
    case: Case
    sections: list[access.disclosure.OpenSection]
    seats: list[SeatAt]
    decisions: list[Decision]
    addressees: dict[uuid.UUID, list[str]]
    actions: list[tuple[Action, str]]
    bystanders: list[Bystander]
    guests: tuple[Guest, ...]


def _read_item(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    chosen: tuple[AgendaItem, Case],
    now: datetime,
) -> _Read:
    item, case = chosen
    actions = session.execute(
        scopes.staff_actions(actor, now=now)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(Organisation.code, Person.name)
        .where(Action.item_id == item.id)
        .order_by(Action.recorded_at)
    ).all()
    decisions = [
        row.Decision
        for row in session.execute(
            scopes.staff_decisions(actor, now=now)
            .where(Decision.item_id == item.id)
            .order_by(Decision.recorded_at)
        )
    ]
    opened = readings_at_the_table(
        meeting, item, case, [*decisions, *(row.Action for row in actions)]
    )
    waiting = waiting_at(session, item)
    opened += [reading_of(one, LoadedItem(item, meeting, case)) for one in waiting]
    return _Read(
        item=item,
        case=case,
        sections=read_sections(session, actor, [case.id], now=now, also=opened),
        seats=seats_at(session, item),
        decisions=decisions,
        addressees=addressees_of(session, item),
        actions=[
            (row.Action, f"{row.name}, {row.code}" if row.name else row.code) for row in actions
        ],
        bystanders=waiting,
        guests=tuple(Guest(row.name, row.organisation) for row in session.execute(guests_at(item))),
    )


def _open_texts(read: _Read) -> CurrentItem:
    sealed = [sealed_question(read.case), *(one.text for one in read.sections)]
    for decision in read.decisions:
        sealed.append(Sealed(decision.text_ct, f"decision:{decision.id}:text"))
        sealed.append(Sealed(decision.dissent_ct, f"decision:{decision.id}:dissent"))
    for action, _holder in read.actions:
        sealed.append(Sealed(action.safe_ct, f"action:{action.id}:safe"))
        sealed.append(Sealed(action.full_ct, f"action:{action.id}:full"))
    sealed += [name_of(one) for one in read.bystanders]
    texts = iter(crypto.unseal_many(sealed))
    item = read.item
    return CurrentItem(
        item_id=item.id,
        reference=read.case.reference,
        question=next(texts),
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        opened=item.opened_at is not None,
        closed=item.closed_at is not None,
        sections=tuple(
            SectionText(one.label_nl, one.label_en, next(texts)) for one in read.sections
        ),
        places=tuple(
            Place(
                one.seat.id,
                one.code,
                one.organisation,
                one.person,
                one.seat.presence,
                one.has_account,
                one.lacks_sitter,
            )
            for one in read.seats
        ),
        decisions=tuple(
            DecisionLine(
                one.id,
                one.kind,
                next(texts),
                next(texts),
                one.version,
                one.recorded_at,
                tuple(read.addressees.get(one.id, ())),
            )
            for one in read.decisions
        ),
        actions=tuple(
            ActionLine(
                action.id,
                next(texts),
                next(texts),
                holder,
                action.due_on,
                action.state,
                action.version,
            )
            for action, holder in read.actions
        ),
        bystanders=tuple(InRoom(one.id, next(texts)) for one in read.bystanders),
        guests=read.guests,
    )
