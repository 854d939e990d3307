"""Reads the pages about seats and their sections, for staff; section texts stay sealed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit, conditions, disclosure, scopes
from app.access.conditions import is_held
from app.access.meetings import planning, steps
from app.access.meetings.matrix import standards
from app.access.meetings.recalls import recalled_at
from app.access.meetings.source_decisions import is_agreed
from app.access.seats.naming import entry_of
from app.access.seats.proposals import proposed_name
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.features.agenda.pages import (
    Cell,
    Choice,
    ItemHead,
    ItemSeats,
    ProposalRow,
    SeatPage,
    SeatRow,
    SectionRow,
    StandardPage,
)
from app.features.agenda.reasons import offered
from app.features.agenda.sitting import occupant_of, read_guests, read_sitting
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import (
    CaseTable,
    Covenant,
    Disclosure,
    Organisation,
    Person,
    Seat,
    SeatHold,
    Section,
)


def read_item_seats(actor: Actor, item_id: uuid.UUID) -> ItemSeats:
    """The seats of an item; NotVisible for a fixed block or a barred case."""
    now = clock.now()
    with reading() as session:
        loaded, head = head_of(session, actor, item_id)
        seats = _seat_rows(session, actor, item_id)
        seated = {seat.organisation_id for seat in seats}
        others = [one for one in _partners(session, loaded) if one.id not in seated]
        sections = session.execute(planning.case_sections(actor, [head.case_id], now=now)).all()
        proposals = disclosure.standard_proposals(session, actor, [item_id], now=now)
        waiting = steps.last_step(session, actor, loaded.meeting, now=now)
        guests = read_guests(session, loaded.item)
    return ItemSeats(
        head=head,
        seats=seats,
        guests=guests,
        others=tuple(others),
        sections=len(sections),
        proposals=len(proposals),
        waiting=waiting,
    )


def read_cell(actor: Actor, item_id: uuid.UUID, organisation_id: uuid.UUID) -> Cell:
    """An organisation at an item; NotVisible when it neither takes part nor has a seat."""
    with reading() as session:
        loaded, head = head_of(session, actor, item_id)
        seats = tuple(
            seat
            for seat in _seat_rows(session, actor, item_id)
            if seat.organisation_id == organisation_id
        )
        partners = {one.id: one for one in _partners(session, loaded)}
        organisation = partners.get(organisation_id)
        has_covenant = organisation is not None
        if organisation is None:
            if not seats:
                raise NotVisible
            organisation = Choice(organisation_id, seats[0].organisation)
        people = _people(session, actor, loaded, organisation_id) if has_covenant else ()
    return Cell(
        head=head,
        organisation=organisation,
        has_covenant=has_covenant,
        seats=seats,
        people=people,
    )


def read_seat(actor: Actor, seat_id: uuid.UUID) -> SeatPage:
    """A seat with its sections; reading a proposed name is recorded."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
        item, head = head_of(session, actor, loaded.item.id)
        seat = loaded.seat
        organisation = session.get_one(Organisation, seat.organisation_id)
        occupant = occupant_of(session, actor, seat_id)
        sections = _section_rows(session, actor, item, seat_id)
        people = _people(session, actor, item, organisation.id)
        sitting = read_sitting(session, actor, seat_id)
        texts = offered(session.scalars(standards(head.table_id)))
        proposal = proposed_name(session, loaded)
        proposed = crypto.Sealed(proposal, f"seat:{seat.id}:proposed")
        if proposal:
            audit.record(
                session, actor, replace(entry_of(loaded, audit.Event.READ), ground=Ground.STAFF)
            )
    return SeatPage(
        head=head,
        seat_id=seat.id,
        organisation=Choice(organisation.id, organisation.name),
        occupant_id=occupant.id if occupant else None,
        occupant=occupant.name if occupant else "",
        is_staff_only=seat.is_staff_only,
        is_proposed=seat.is_proposed,
        proposed_name=crypto.unseal(proposed),
        is_invited=seat.invited_at is not None,
        people=people,
        sections=sections,
        texts=texts,
        sitting=sitting,
    )


def read_standard(actor: Actor, item_id: uuid.UUID) -> StandardPage:
    """The standard disclosures of an item that are not given yet, seat by seat."""
    now = clock.now()
    with reading() as session:
        loaded, head = head_of(session, actor, item_id)
        proposals = disclosure.standard_proposals(session, actor, [item_id], now=now)
        seats = {seat.id: seat for seat in _seat_rows(session, actor, item_id)}
        sections = {row.id: row for row in _section_rows(session, actor, loaded, None)}
        withdrawn = _withdrawn(session, actor, item_id, now)
    rows = [
        ProposalRow(
            pair=f"{one.seat_id}:{one.section_id}",
            organisation=seats[one.seat_id].organisation,
            occupant=seats[one.seat_id].occupant,
            section=sections[one.section_id],
            ground=one.ground,
            purpose=one.purpose,
            necessity=one.necessity,
            was_withdrawn=(one.seat_id, one.section_id) in withdrawn,
        )
        for one in proposals
        if not seats[one.seat_id].is_proposed
    ]
    order = [row.id for row in sections.values()]
    rows.sort(key=lambda row: (row.organisation, row.pair[:36], order.index(row.section.id)))
    return StandardPage(head=head, rows=tuple(rows))


def head_of(session: Session, actor: Actor, item_id: uuid.UUID) -> tuple[LoadedItem, ItemHead]:
    """The item with its head; NotVisible for a fixed block or a barred case."""
    loaded = access.load_item(session, actor, item_id, Permission.MEETING_READ)
    if loaded.case is None:
        raise NotVisible
    table = session.get_one(CaseTable, loaded.meeting.table_id)
    meeting, item = loaded.meeting, loaded.item
    return loaded, ItemHead(
        item_id=item.id,
        meeting_id=meeting.id,
        case_id=loaded.case.id,
        table_id=table.id,
        table_name=table.name,
        reference=loaded.case.reference,
        meeting_starts_at=meeting.starts_at,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        is_over=meeting.cancelled_at is not None or meeting.closed_at is not None,
        is_published=meeting.published_at is not None,
    )


def _seat_rows(session: Session, actor: Actor, item_id: uuid.UUID) -> tuple[SeatRow, ...]:
    """The seats of an item with their occupant and number of sections, in two statements."""
    now = clock.now()
    given: dict[uuid.UUID, int] = defaultdict(int)
    disclosures = scopes.staff_disclosures(actor, now=now).where(
        Seat.item_id == item_id, Disclosure.withdrawn_at.is_(None)
    )
    for row in session.execute(disclosures):
        given[row.Seat.id] += 1
    statement = (
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .add_columns(Organisation, Person, SeatHold)
        .where(Seat.item_id == item_id)
        .order_by(Organisation.name, Seat.id)
    )
    return tuple(
        SeatRow(
            id=row.Seat.id,
            organisation_id=row.Organisation.id,
            organisation=row.Organisation.name,
            occupant=row.Person.name if row.Person else "",
            deputy_until=row.SeatHold.until_at if row.SeatHold and row.SeatHold.is_deputy else None,
            is_staff_only=row.Seat.is_staff_only,
            is_proposed=row.Seat.is_proposed,
            given=given[row.Seat.id],
        )
        for row in session.execute(statement)
    )


def _partners(session: Session, loaded: LoadedItem) -> list[Choice]:
    """Organisations with a covenant on the day of the meeting, by name."""
    live = conditions.is_live(Covenant.from_at, Covenant.until_at, loaded.meeting.starts_at)
    statement = (
        select(Organisation)
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .where(Covenant.table_id == loaded.meeting.table_id, live)
        .distinct()
        .order_by(Organisation.name)
    )
    return [Choice(one.id, one.name) for one in session.scalars(statement)]


def _people(
    session: Session, actor: Actor, loaded: LoadedItem, organisation_id: uuid.UUID
) -> tuple[Choice, ...]:
    if loaded.case is None:
        return ()
    people = access.possible_occupants(
        session,
        actor,
        organisation_id=organisation_id,
        table_id=loaded.meeting.table_id,
        case_id=loaded.case.id,
    )
    return tuple(Choice(one.id, one.words, one.is_standing_deputy) for one in people)


def _section_rows(
    session: Session, actor: Actor, loaded: LoadedItem, seat_id: uuid.UUID | None
) -> tuple[SectionRow, ...]:
    """The case's sections; with a seat, also what that seat is given and what is standard."""
    now = clock.now()
    given: dict[uuid.UUID, list[Disclosure]] = defaultdict(list)
    standard: set[uuid.UUID] = set()
    if seat_id is not None:
        decided = scopes.staff_disclosures(actor, now=now).where(Seat.id == seat_id)
        for row in session.execute(decided):
            given[row.Disclosure.section_id].append(row.Disclosure)
        proposals = disclosure.standard_proposals(session, actor, [loaded.item.id], now=now)
        standard = {one.section_id for one in proposals if one.seat_id == seat_id}
    statement = planning.case_sections(
        actor, [loaded.case.id] if loaded.case else [], now=now
    ).join(Organisation, Organisation.id == Section.source_organisation_id)
    return tuple(
        _section_row(row, given[row.Section.id], is_standard=row.Section.id in standard)
        for row in session.execute(statement.add_columns(Organisation))
    )


def _section_row(row: Any, given: list[Disclosure], *, is_standard: bool) -> SectionRow:  # noqa: ANN401 - a row
    section, kind, about = row.Section, row.SectionType, row.PersonConcerned
    live = next((one for one in given if one.withdrawn_at is None), None)
    waits = live is not None and not is_agreed(section, live, clock.now())
    return SectionRow(
        id=section.id,
        label_nl=kind.label_nl,
        label_en=kind.label_en,
        number=about.position if about else None,
        source=row.Organisation.name,
        regime=section.regime,
        no_passing_on=section.no_passing_on,
        is_given=live is not None,
        is_waiting=waits,
        is_standard=is_standard or bool(live and live.is_standard),
        was_withdrawn=live is None and bool(given),
        recalled_at=recalled_at(section, kind),
    )


def _withdrawn(
    session: Session, actor: Actor, item_id: uuid.UUID, now: datetime
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    statement = scopes.staff_disclosures(actor, now=now).where(
        Seat.item_id == item_id, Disclosure.withdrawn_at.is_not(None)
    )
    rows = session.execute(statement)
    return {(row.Disclosure.seat_id, row.Disclosure.section_id) for row in rows}
