"""Deciding which sections a seat is shown, one seat at a time or the standard ones per item."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSeat, Permission, audit, disclosure, scopes
from app.access.meetings import planning
from app.access.meetings.matrix import standards
from app.access.seats.naming import (
    entry_of,
    hold_item,
    hold_seat,
    live_hold,
    name_occupant,
    record,
    refuse_when_over,
)
from app.access.seats.papers import disclose
from app.domain.errors import Reason, Refusal, StaleEdit
from app.features.agenda.pages import standing_of
from app.features.agenda.reasons import Reasoning, chosen
from app.infra import clock
from app.infra.db import transaction
from app.models import Disclosure, Seat, Section

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """How staff want a seat: occupant, sections, the text for deviations, and what they saw."""

    standing: str
    person_id: uuid.UUID | None
    staff_only: bool
    section_ids: frozenset[uuid.UUID]
    deviation: Reasoning


def save_seat(actor: Actor, seat_id: uuid.UUID, plan: SeatPlan) -> None:
    """Bring a seat to this plan in one act: what was not ticked is withdrawn at once."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.DISCLOSURE_DECIDE)
        hold_seat(session, loaded)
        refuse_when_over(loaded.meeting)
        if loaded.seat.is_proposed:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        _refuse_stale(session, actor, loaded, plan)
        name_occupant(session, actor, loaded, plan.person_id)
        if loaded.seat.is_staff_only != plan.staff_only:
            loaded.seat.is_staff_only = plan.staff_only
            record(session, actor, loaded, audit.Event.CHANGE)
        _set_sections(session, actor, loaded, plan)


def confirm_standard(actor: Actor, item_id: uuid.UUID, pairs: Collection[Pair]) -> int:
    """Give the standard disclosures that were seen and ticked, in one act; gives how many.

    What became standard after the list was shown is left for the next time.
    """
    now = clock.now()
    with transaction() as session:
        loaded = access.load_item(session, actor, item_id, Permission.DISCLOSURE_DECIDE)
        hold_item(session, loaded.item)
        refuse_when_over(loaded.meeting)
        seats = {
            row.Seat.id: LoadedSeat(row.Seat, row.AgendaItem, row.Meeting, row.Case)
            for row in session.execute(
                scopes.staff_seats(actor, now=now).where(Seat.item_id == item_id)
            )
        }
        proposals = [
            proposal
            for proposal in disclosure.standard_proposals(session, actor, [item_id], now=now)
            if (proposal.seat_id, proposal.section_id) in pairs
            and not seats[proposal.seat_id].seat.is_proposed
        ]
        for one in proposals:
            disclose(session, actor, seats[one.seat_id], one.section_id, one, is_standard=True)
        return len(proposals)


def _refuse_stale(session: Session, actor: Actor, loaded: LoadedSeat, plan: SeatPlan) -> None:
    """A form opened before a hand-over or a refusal must not undo it unseen."""
    hold = live_hold(session, actor, loaded.seat.id)
    standing = standing_of(
        hold.person_id if hold else None,
        live_disclosures(session, actor, loaded.seat.id),
        staff_only=loaded.seat.is_staff_only,
    )
    if standing != plan.standing:
        raise StaleEdit("", 0)


def _set_sections(session: Session, actor: Actor, loaded: LoadedSeat, plan: SeatPlan) -> None:
    now = clock.now()
    sections = planning.case_sections(actor, [loaded.case.id], now=now)
    known = set(session.scalars(sections.with_only_columns(Section.id)))
    if not plan.section_ids <= known:
        raise Refusal(Reason.VALUE_UNKNOWN, "sections")
    live = live_disclosures(session, actor, loaded.seat.id)
    for section_id in live.keys() - plan.section_ids:
        live[section_id].withdrawn_at = now
        audit.record(session, actor, entry_of(loaded, audit.Event.AUTHORISE, section_id))
    standard = {
        proposal.section_id: proposal
        for proposal in disclosure.standard_proposals(session, actor, [loaded.item.id], now=now)
        if proposal.seat_id == loaded.seat.id
    }
    for section_id in plan.section_ids - live.keys():
        proposal = standard.get(section_id)
        why = proposal or _chosen(session, loaded, plan)
        disclose(session, actor, loaded, section_id, why, is_standard=proposal is not None)


def _chosen(session: Session, loaded: LoadedSeat, plan: SeatPlan) -> Reasoning:
    texts = (
        ()
        if plan.deviation.text_id is None
        else session.scalars(standards(loaded.meeting.table_id))
    )
    return chosen(plan.deviation, texts)


def live_disclosures(
    session: Session, actor: Actor, seat_id: uuid.UUID
) -> dict[uuid.UUID, Disclosure]:
    """What the seat is given just now, by section; some may wait for their source."""
    statement = scopes.staff_disclosures(actor, now=clock.now()).where(
        Seat.id == seat_id, Disclosure.withdrawn_at.is_(None)
    )
    return {row.Disclosure.section_id: row.Disclosure for row in session.execute(statement)}
