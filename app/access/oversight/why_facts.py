"""Turns what was loaded about one person and one case into the facts of app.access.policy.

With each ground go the stretches of time it rests on, to say since when and until when.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access.meetings.source_decisions import asks_source
from app.access.oversight.why_rows import HeldSeat, HeldTask, Loaded
from app.access.policy import (
    ALWAYS,
    NEVER,
    EmergencyFacts,
    SeatFacts,
    SectionFacts,
    Span,
    TaskFacts,
)
from app.domain.kinds import (
    AT_TABLE,
    STAFF_ROLES,
    AccountState,
    PresenceState,
    TableRoleName,
    TaskKind,
)
from app.models import AgendaItem, BreakGlass, Disclosure, Meeting, Person, Section, TaskSection


@dataclass(frozen=True, slots=True)
class Stretches:
    """The spans in time one ground rests on; it holds while all of them do."""

    spans: tuple[Span, ...]

    @property
    def since(self) -> datetime | None:
        """When the last of them began."""
        return max((one.from_at for one in self.spans if one.from_at), default=None)

    @property
    def until(self) -> datetime | None:
        """When the first of them ends; None when none does."""
        return min((one.until_at for one in self.spans if one.until_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSection:
    """One section with the facts about one person, and the stretches behind each of them."""

    section_id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    is_source_hidden: bool
    facts: SectionFacts
    by_seat: tuple[Stretches, ...]
    by_task: tuple[Stretches, ...]
    by_emergency: tuple[Stretches, ...]


def known_sections(loaded: Loaded, *, now: datetime) -> list[KnownSection]:
    """The facts per section, in the order of the scheme."""
    return [_known(loaded, row, now) for row in loaded.sections]


def _known(loaded: Loaded, row: Any, now: datetime) -> KnownSection:  # noqa: ANN401 - a row
    section, kind = row.Section, row.SectionType
    person = loaded.person
    seats = [_seat_facts(loaded, one, section, now) for one in loaded.seats]
    tasks = [_task_facts(loaded, one, section, now, is_plan=kind.is_plan) for one in loaded.tasks]
    opened = [_emergency_facts(loaded, one, now) for one in loaded.emergencies]
    facts = SectionFacts(
        active=_is_active(person.row, now),
        administrator=person.row.is_administrator,
        excluded=loaded.excluded,
        recused=loaded.recused,
        staff_role=person.role(*STAFF_ROLES, now=now),
        representative_role=person.role(TableRoleName.REPRESENTATIVE, now=now),
        is_source=section.source_organisation_id == person.row.organisation_id,
        regime=section.regime,
        seats=tuple(facts for facts, _ in seats),
        tasks=tuple(facts for facts, _ in tasks),
        emergencies=tuple(facts for facts, _ in opened),
    )
    return KnownSection(
        section_id=section.id,
        label_nl=kind.label_nl,
        label_en=kind.label_en,
        source=row.name,
        is_source_hidden=bool(row.is_hidden),
        facts=facts,
        by_seat=tuple(stretches for _, stretches in seats),
        by_task=tuple(stretches for _, stretches in tasks),
        by_emergency=tuple(stretches for _, stretches in opened),
    )


def _is_active(person: Person, now: datetime) -> bool:
    """An account may end by itself, as that of a guest does."""
    goes_on = person.ends_at is None or person.ends_at > now
    return person.state is AccountState.ACTIVE and goes_on


def _seat_facts(
    loaded: Loaded, held: HeldSeat, section: Section, now: datetime
) -> tuple[SeatFacts, Stretches]:
    meeting, given = held.meeting, held.disclosures.get(section.id)
    hold = Span(held.hold.from_at, held.hold.until_at)
    window = Span(meeting.opens_at, meeting.closes_at) if meeting.closes_at else NEVER
    published, taken_up = Span(meeting.published_at), _taken_up(held)
    shown = {
        one.id
        for one in loaded.identities.values()
        if (said := held.disclosures.get(one.id))
        and (not _asks(one, said, said.decided_at) or _said(said).holds(now))
    }
    can_answer = meeting.closes_at is None or meeting.closes_at > now
    asked = given is not None and _asks(section, given, given.decided_at)
    facts = SeatFacts(
        hold=hold,
        same_organisation=held.seat.organisation_id == loaded.person.row.organisation_id,
        seat_live=held.seat.removed_at is None and not held.seat.is_proposed,
        on_agenda=_is_at_table(loaded, held.item, meeting),
        window=window,
        published=published,
        accepted=held.accepted_at is not None,
        covenant=held.covenant,
        disclosed=given is not None,
        source_decided=given is not None and given.source_decided_at is not None,
        knows_nobody=shown <= (loaded.declared if can_answer else loaded.declared_once),
        asks_source=asked,
        source_said=_said(given),
        taken_up=taken_up,
    )
    decided = (given.decided_at, given.source_decided_at) if given else ()
    moments = (held.accepted_at, loaded.freed_at, *decided)
    until = [_said(given)] if asked else []
    spans = (hold, window, published, taken_up, held.covenant)
    return facts, Stretches((*spans, *until, *_from(moments)))


def _taken_up(held: HeldSeat) -> Span:
    """Since when the item is, to this seat; always where papers do not wait for it."""
    if not held.meeting.opens_with_item:
        return ALWAYS
    presence = held.seat.presence
    was_seen = presence in AT_TABLE and (
        presence is not PresenceState.DEPUTY or held.hold.is_deputy
    )
    return Span(held.item.opened_at) if was_seen else NEVER


def _asks(section: Section, given: Disclosure | TaskSection | None, given_at: datetime) -> bool:
    """The word of the source counts: it is asked, or it said no without being asked."""
    return asks_source(section, given_at) or (given is not None and given.source_refused)


def _said(given: Disclosure | TaskSection | None) -> Span:
    """As long as the source says yes, if it ever did."""
    if given is None or given.source_refused:
        return NEVER
    return Span(given.source_decided_at, given.source_until_at)


def _is_at_table(loaded: Loaded, item: AgendaItem, meeting: Meeting) -> bool:
    return (
        item.removed_at is None
        and meeting.cancelled_at is None
        and meeting.table_id == loaded.case.table_id
    )


def _from(moments: Iterable[datetime | None]) -> list[Span]:
    return [Span(moment) for moment in moments if moment]


def _task_facts(
    loaded: Loaded, held: HeldTask, section: Section, now: datetime, *, is_plan: bool
) -> tuple[TaskFacts, Stretches]:
    task, named = held.task, held.named.get(section.id)
    span = Span(task.from_at, _earliest(task.until_at, task.ended_at))
    at_item = held.item is not None and held.meeting is not None
    window = ALWAYS
    if task.item_id is not None:
        window = _window_of(held.meeting)
    shown = {
        one.id
        for one in loaded.identities.values()
        if (said := held.named.get(one.id))
        and (not _asks(one, said, task.granted_at) or _said(said).holds(now))
    }
    facts = TaskFacts(
        span=span,
        accepted=Span(task.accepted_at),
        same_organisation=task.organisation_id == loaded.person.row.organisation_id,
        at_table=task.table_id == loaded.case.table_id,
        is_case_lead=task.kind is TaskKind.CASE_LEAD,
        case_goes_on=loaded.case.closed_at is None,
        item_live=task.item_id is None or (at_item and _is_task_item_live(loaded, held)),
        window=window,
        named=named is not None,
        is_plan=is_plan,
        source_decided=named is not None and named.source_decided_at is not None,
        knows_nobody=shown <= loaded.declared,
        asks_source=_asks(section, named, task.granted_at),
        source_said=_said(named),
    )
    moments = (loaded.freed_at, named.source_decided_at if named else None)
    stretches = (span, Span(task.accepted_at), *_from(moments))
    if named is not None and _asks(section, named, task.granted_at):
        stretches = (*stretches, _said(named))
    if task.item_id is not None:
        stretches = (*stretches, window)
    return facts, Stretches(stretches)


def _is_task_item_live(loaded: Loaded, held: HeldTask) -> bool:
    item, meeting = held.item, held.meeting
    return (
        item is not None
        and meeting is not None
        and item.case_id == loaded.case.id
        and item.removed_at is None
        and meeting.cancelled_at is None
        and meeting.table_id == held.task.table_id
        and meeting.published_at is not None
    )


def _window_of(meeting: Meeting | None) -> Span:
    if meeting is None or meeting.closes_at is None or meeting.published_at is None:
        return NEVER
    opens = max(meeting.opens_at or meeting.published_at, meeting.published_at)
    return Span(opens, meeting.closes_at)


def _emergency_facts(
    loaded: Loaded, opened: BreakGlass, now: datetime
) -> tuple[EmergencyFacts, Stretches]:
    span = Span(opened.from_at, _earliest(opened.until_at, opened.ended_at))
    named = loaded.person.role(TableRoleName.EMERGENCY_READER, now=now)
    eligible = ALWAYS if loaded.person.row.is_privacy_officer else named
    facts = EmergencyFacts(
        span=span, eligible=eligible, at_table=opened.table_id == loaded.case.table_id
    )
    return facts, Stretches((span, *_from((loaded.freed_at,))))


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
