"""A proposed order of the agenda: what it changes and saves, and the act of taking it over.

A closed block takes part with its times alone: an order that weighed who sits there would tell it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit
from app.access.meetings import steps
from app.access.meetings.ordering import Sitting, Standing, sittings, standing_items
from app.access.meetings.recipients import Recipient, Recipients, with_the_whole
from app.access.meetings.timetable import lay_out, load_for_change
from app.domain.agenda import AgendaEntry, PlannedItem, plan
from app.domain.errors import StaleEdit
from app.domain.kinds import ItemKind
from app.domain.spans import Slot, match_spans, spans
from app.domain.waiting import Discussed, propose, waiting_of
from app.features.meetings.overruns import Overrun, planned
from app.features.meetings.queries import MeetingHead, find_head
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Meeting

Waits = Mapping[Hashable, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item in an order; ``was_at`` is its time now where the proposal gives it another."""

    kind: ItemKind
    reference: str
    starts_at: datetime
    minutes: int
    comes_first: bool
    was_at: datetime | None
    overrun: Overrun | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What one partner waits now and would wait, in minutes."""

    name: str
    organisation: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """The order as it stands, and a better one where there is one.

    ``order`` and ``version`` go to and fro with the form, to notice an agenda changed meanwhile.
    """

    meeting: MeetingHead
    now: tuple[Line, ...]
    proposed: tuple[Line, ...]
    gains: tuple[Gain, ...]
    before: int
    after: int
    told: Recipients
    order: str
    version: str
    wanted: tuple[Line, ...] = ()

    @property
    def moved(self) -> int:
        """How many items get another time."""
        return sum(line.was_at is not None for line in self.proposed)

    @property
    def has_children_first(self) -> bool:
        """Whether a case goes in front because children are concerned."""
        return any(line.comes_first for line in self.proposed)


def read_order(actor: Actor, meeting_id: uuid.UUID, *, wanted: str = "") -> OrderPage:
    """The page; ``wanted`` is an order somebody chose before the agenda changed."""
    now = clock.now()
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        seats = sittings(session, actor, meeting, now=now)
        standing = standing_items(session, actor, meeting, seats, now=now)
        whole = with_the_whole(session, actor, meeting_id, now=now)
    proposed = _proposed(meeting.starts_at, standing)
    page = _page(head, standing, proposed or standing, seats)
    page = page if proposed else replace(page, proposed=())
    told = _told(meeting.starts_at, standing, proposed or standing, seats)
    people = [person for key, person in told.items() if key not in whole]
    by_id = {str(one.item.id): one for one in standing}
    chosen = [by_id[key] for key in dict.fromkeys(wanted.split(",")) if key in by_id]
    return replace(
        page,
        told=Recipients(tuple(people), any(one.is_closed for one in standing)),
        wanted=_lines(head.starts_at, chosen, {}, head.ends_at),
    )


def apply_order(actor: Actor, meeting_id: uuid.UUID, *, version: str) -> None:
    """Take the proposal over; StaleEdit when it is not the one that was shown."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        now = clock.now()
        seats = sittings(session, actor, meeting, now=now)
        standing = standing_items(session, actor, meeting, seats, now=now)
        proposed = _proposed(meeting.starts_at, standing)
        if proposed is None or _version(meeting.starts_at, standing, proposed) != version:
            raise StaleEdit("", meeting.version)
        before = steps.picture(session, meeting)
        lay_out(session, meeting, [one.item for one in proposed])
        steps.keep(session, actor, meeting, before)
        _record(session, actor, meeting)


def _proposed(start: datetime, standing: Sequence[Standing]) -> list[Standing] | None:
    found = propose(start, [_discussed(one) for one in standing])
    if found is None:
        return None
    by_id = {one.item.id: one for one in standing}
    return [by_id[key] for key in found.order]


def _discussed(one: Standing) -> Discussed[uuid.UUID]:
    return Discussed(
        _entry(one),
        frozenset[Hashable](one.partners),
        is_block=one.item.kind is not ItemKind.CASE,
        comes_first=one.comes_first,
    )


def _entry(one: Standing) -> AgendaEntry[uuid.UUID]:
    return AgendaEntry(one.item.id, one.item.minutes, one.item.fixed_at)


def _times(start: datetime, order: Sequence[Standing]) -> dict[uuid.UUID, PlannedItem[uuid.UUID]]:
    return {one.key: one for one in plan(start, [_entry(one) for one in order]).items}


def _page(
    head: MeetingHead,
    standing: Sequence[Standing],
    proposed: Sequence[Standing],
    seats: Sequence[Sitting],
) -> OrderPage:
    start = head.starts_at
    before, after = (
        waiting_of(start, [_discussed(one) for one in order]) for order in (standing, proposed)
    )
    stands_at = {key: slot.starts_at for key, slot in _times(start, standing).items()}
    return OrderPage(
        meeting=head,
        now=_lines(start, standing, {}, head.ends_at),
        proposed=_lines(start, proposed, stands_at, head.ends_at),
        gains=_gains(seats, before, after),
        before=sum(before.values()),
        after=sum(after.values()),
        told=Recipients((), has_closed=False),
        order=",".join(str(one.item.id) for one in proposed),
        version=_version(start, standing, proposed),
    )


def _lines(
    start: datetime,
    order: Sequence[Standing],
    stands_at: Mapping[uuid.UUID, datetime],
    planned_end: datetime,
) -> tuple[Line, ...]:
    laid, overruns = planned(start, [one.item for one in order], planned_end=planned_end)
    lines = []
    for one, slot in zip(order, laid.items, strict=True):
        was_at = stands_at.get(slot.key, slot.starts_at)
        lines.append(
            Line(
                kind=one.item.kind,
                reference=one.reference,
                starts_at=slot.starts_at,
                minutes=slot.minutes,
                comes_first=one.comes_first,
                was_at=was_at if was_at != slot.starts_at else None,
                overrun=overruns.get(slot.key),
            )
        )
    return tuple(lines)


def _gains(seats: Sequence[Sitting], before: Waits, after: Waits) -> tuple[Gain, ...]:
    """Who waits less or longer, whoever gains most first."""
    known = {one.partner: one for one in seats}
    found = [
        Gain(
            one.person if one.person_id == partner else "",
            one.organisation,
            before[partner],
            after[partner],
        )
        for partner, one in known.items()
        if before[partner] != after[partner]
    ]
    return tuple(sorted(found, key=lambda one: one.after - one.before))


def _told(
    start: datetime,
    standing: Sequence[Standing],
    proposed: Sequence[Standing],
    seats: Sequence[Sitting],
) -> dict[uuid.UUID, Recipient]:
    """Everybody with an invitation whose own stretches move."""
    own: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    people: dict[uuid.UUID, Recipient] = {}
    for one in seats:
        if one.is_told and one.person_id is not None:
            own[one.person_id].add(one.item_id)
            people[one.person_id] = Recipient(one.person, one.organisation)
    blocks = {one.item.id for one in standing if one.item.kind is not ItemKind.CASE}
    orders = [_times(start, order) for order in (standing, proposed)]
    moving = {}
    for person_id, items in own.items():
        old, new = (
            spans([_slot(times[key]) for key in items], fixed=[_slot(times[key]) for key in blocks])
            for times in orders
        )
        changes = match_spans({uuid.uuid4(): span for span in old}, new)
        if changes.moved or changes.ended or changes.created:
            moving[person_id] = people[person_id]
    return dict(sorted(moving.items(), key=lambda one: (one[1].name, one[1].organisation)))


def _slot(one: PlannedItem[uuid.UUID]) -> Slot:
    return Slot(one.key, one.starts_at, one.ends_at)


def _version(start: datetime, standing: Sequence[Standing], proposed: Sequence[Standing]) -> str:
    """The same as long as the agenda stands as it stood and the same order is proposed."""
    stands = [f"{one.item.id} {one.item.minutes} {one.item.fixed_at}" for one in standing]
    wanted = [str(one.item.id) for one in proposed]
    return hashlib.sha256("\n".join([start.isoformat(), *stands, *wanted]).encode()).hexdigest()


def _record(session: Session, actor: Actor, meeting: Meeting) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="agenda",
            object_id=meeting.id,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        ),
    )
