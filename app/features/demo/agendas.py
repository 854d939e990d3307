"""Writes meetings with agenda, seats, disclosures and what a closed meeting leaves behind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from app.domain import presets, windows
from app.domain.kind_document import DisclosurePreset
from app.domain.kinds import (
    DiscussionKind,
    InputAnswer,
    InvitationAnswer,
    ItemKind,
    OrganisationKind,
    PresenceState,
    Regime,
    TableKind,
)
from app.domain.spans import Slot, spans
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.records import DonePlan, add_declarations, add_outcome, add_records
from app.features.demo.tell import ToldCase, add_section
from app.infra import letters
from app.infra.holidays_nl import is_holiday
from app.models import (
    Acceptance,
    AgendaItem,
    Disclosure,
    InputRequest,
    Invitation,
    InvitationItem,
    MailLog,
    Meeting,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """One seat: who sits there (None: nobody yet), what was asked and answered, and how."""

    organisation: str
    person: str | None = None
    answer: InvitationAnswer = InvitationAnswer.OPEN
    invited: bool = True
    asked: bool = False
    input: InputAnswer | None = None
    presence: PresenceState | None = None
    staff_only: bool = False
    by_telephone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPlan:
    """One agenda item: a case with seats, or a fixed block when ``told`` is None."""

    minutes: int
    kind: ItemKind = ItemKind.CASE
    told: ToldCase | None = None
    discussion: DiscussionKind = DiscussionKind.NEW
    seats: tuple[SeatPlan, ...] = ()
    disclose: bool = True
    agreements: tuple[str, ...] = ()
    actions: tuple[DonePlan, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlan:
    """One meeting; moments are aware UTC, accepted are the people who accepted confidentiality.

    Who accepted also said to know nobody concerned, but for the ``unanswered``.
    """

    table: str
    starts_at: datetime
    items: tuple[ItemPlan, ...]
    place: str = ""
    published_at: datetime | None = None
    closed_at: datetime | None = None
    adopted_at: datetime | None = None
    by: str = "joost"
    accepted: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Slots:
    own: dict[str, list[Slot]] = field(default_factory=dict)
    fixed: list[Slot] = field(default_factory=list)


def add_meeting(batch: Batch, world: World, plan: MeetingPlan) -> uuid.UUID:
    """Write one meeting with everything that hangs on it; gives its id."""
    meeting_id, slots = batch.new_id(), _Slots()
    moment = plan.starts_at
    for position, item in enumerate(plan.items, start=1):
        end = moment + timedelta(minutes=item.minutes)
        item_id = batch.add(
            AgendaItem,
            meeting_id=meeting_id,
            case_id=item.told.case_id if item.told else None,
            kind=item.kind,
            discussion=item.discussion if item.told else None,
            position=position,
            minutes=item.minutes,
            starts_at=moment,
            ends_at=end,
            opened_at=moment if plan.closed_at and item.told else None,
            closed_at=end if plan.closed_at and item.told else None,
        )
        slot = Slot(item_id, moment, end)
        if item.told is None:
            slots.fixed.append(slot)
        else:
            _add_seats(batch, world, plan, item, slot=slot, slots=slots)
            if item.outcome:
                add_outcome(
                    batch, world, item.told, code=item.outcome, item_id=item_id, at=end, by=plan.by
                )
        moment = end
    _add_meeting_row(batch, world, plan, meeting_id=meeting_id, ends_at=moment)
    _add_invitations(batch, world, plan, meeting_id=meeting_id, slots=slots)
    for person in sorted(plan.accepted):
        batch.add(
            Acceptance,
            person_id=world.people[person],
            meeting_id=meeting_id,
            at=_accepted_at(world, plan),
            statement=presets.CONFIDENTIALITY_NL,
        )
    return meeting_id


def _accepted_at(world: World, plan: MeetingPlan) -> datetime:
    return (plan.closed_at or world.now) - timedelta(hours=5)


def _add_meeting_row(
    batch: Batch, world: World, plan: MeetingPlan, *, meeting_id: uuid.UUID, ends_at: datetime
) -> None:
    opens = closes = None
    if plan.published_at:
        opens = windows.opens_at(
            published_at=plan.published_at,
            starts_at=plan.starts_at,
            days_before=5,
            is_holiday=is_holiday,
        )
        closes = windows.closes_at(
            planned_end=ends_at, closed_at=plan.closed_at, days_after=5, is_holiday=is_holiday
        )
    batch.add(
        Meeting,
        id=meeting_id,
        table_id=world.tables[plan.table],
        starts_at=plan.starts_at,
        ends_at=ends_at,
        place=plan.place,
        published_at=plan.published_at,
        opens_at=opens,
        closes_at=closes,
        started_at=plan.starts_at if plan.closed_at else None,
        closed_at=plan.closed_at,
        adopted_at=plan.adopted_at,
    )


def _add_seats(
    batch: Batch, world: World, plan: MeetingPlan, item: ItemPlan, *, slot: Slot, slots: _Slots
) -> None:
    assert item.told is not None  # noqa: S101 - only case items have seats
    present: list[uuid.UUID] = []
    around = min(world.now, plan.starts_at)
    invited_at = around - timedelta(days=9)
    for seat in item.seats:
        seat_id = batch.add(
            Seat,
            item_id=slot.item_id,
            organisation_id=world.organisations[seat.organisation],
            is_staff_only=seat.staff_only,
            invited_at=invited_at if seat.invited and seat.person else None,
            presence=seat.presence,
        )
        present.append(seat_id)
        if seat.person:
            _add_hold(batch, world, plan, seat=seat, seat_id=seat_id)
            if seat.invited:
                slots.own.setdefault(seat.person, []).append(slot)
        if seat.asked:
            _add_request(batch, world, plan, item.told, seat=seat, seat_id=seat_id)
        if item.disclose:
            _disclose(batch, world, plan, item.told, seat=seat, seat_id=seat_id)
        if seat.person and seat.person in plan.accepted - plan.unanswered:
            add_declarations(
                batch, world, item.told, person=seat.person, at=_accepted_at(world, plan)
            )
    add_records(
        batch, world, item.told, agreements=item.agreements, actions=item.actions,
        item_id=slot.item_id, at=slot.ends_at, by=plan.by, seat_ids=present,
    )  # fmt: skip


def _add_hold(
    batch: Batch, world: World, plan: MeetingPlan, *, seat: SeatPlan, seat_id: uuid.UUID
) -> None:
    assert seat.person is not None  # noqa: S101 - the caller asked
    around = min(world.now, plan.starts_at)
    answered = seat.answer is not InvitationAnswer.OPEN
    batch.add(
        SeatHold,
        seat_id=seat_id,
        person_id=world.people[seat.person],
        from_at=around - timedelta(days=30),
        answer=seat.answer,
        answered_at=around - timedelta(days=6) if answered else None,
        answer_recorded_by_id=world.people[plan.by] if seat.by_telephone else None,
    )


def _add_request(
    batch: Batch, world: World, plan: MeetingPlan, told: ToldCase, *, seat: SeatPlan,
    seat_id: uuid.UUID,
) -> None:  # fmt: skip
    section_id = None
    if seat.input is InputAnswer.TEXT:
        section_id = tell_input(batch, world, told, organisation=seat.organisation)
    answered = seat.input is not None and seat.person is not None
    batch.add(
        InputRequest,
        seat_id=seat_id,
        asked_by_id=world.people[plan.by],
        asked_at=world.now - timedelta(days=7),
        deadline_at=max(plan.starts_at - timedelta(days=2), world.now + timedelta(hours=20)),
        answer=seat.input,
        answered_at=world.now - timedelta(days=2) if answered else None,
        answered_by_id=world.people[seat.person] if answered and seat.person else None,
        section_id=section_id,
    )


def tell_input(batch: Batch, world: World, told: ToldCase, *, organisation: str) -> uuid.UUID:
    """An answer in text becomes a section of the answering organisation."""
    return add_section(
        batch, world, told, code=presets.INPUT, source=organisation, at=world.now,
        text="Bekend sinds vorig jaar. Laatste contact was vorige week; de afspraken lopen.",
    )  # fmt: skip


@cache
def _standard(table: TableKind, organisation: OrganisationKind) -> dict[str, DisclosurePreset]:
    """What this kind of table discloses to this kind of partner, by section code."""
    return {
        one.section_code: one
        for one in presets.document_of(table).disclosures
        if one.organisation_kind is organisation
    }


def _disclose(
    batch: Batch, world: World, plan: MeetingPlan, told: ToldCase, *, seat: SeatPlan,
    seat_id: uuid.UUID,
) -> None:  # fmt: skip
    standard = _standard(world.table_kinds[told.table], world.kinds[seat.organisation])
    around = min(world.now, plan.starts_at)
    for code, section_id, source, regime in told.sections:
        if code not in standard:
            continue
        by_law = regime is not Regime.AVG
        decider = next((p for p, o in world.employer.items() if o == source), None)
        batch.add(
            Disclosure,
            seat_id=seat_id,
            section_id=section_id,
            ground=standard[code].ground,
            purpose=standard[code].purpose,
            necessity=standard[code].necessity,
            is_standard=True,
            decided_by_id=world.people[plan.by],
            decided_at=around - timedelta(days=4),
            source_decided_by_id=world.people[decider] if by_law and decider else None,
            source_decided_at=around - timedelta(days=3) if by_law else None,
            source_basis="legal-duty" if by_law else "",
        )


def _add_invitations(
    batch: Batch, world: World, plan: MeetingPlan, *, meeting_id: uuid.UUID, slots: _Slots
) -> None:
    for person, own in slots.own.items():
        for span in spans(own, fixed=slots.fixed):
            invitation_id = batch.add(
                Invitation,
                meeting_id=meeting_id,
                person_id=world.people[person],
                uid=str(batch.new_id()),
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                place=plan.place,
                changed_at=min(world.now, plan.starts_at) - timedelta(days=9),
            )
            for item_id in span.item_ids:
                batch.link(InvitationItem, invitation_id=invitation_id, item_id=item_id)
            # Whoever was never told gets no withdrawal: the first mail is part of the story.
            batch.add(
                MailLog,
                at=world.now - timedelta(days=9),
                kind="calendar.request",
                person_id=world.people[person],
                message_id=letters.message_id(invitation_id, 0, "REQUEST"),
            )
