"""The rule of access.md §2 in plain Python, object by object: ``decide`` gives the ground or None.

The same rule stands in SQL in ``conditions`` and ``scopes``; a test over the small world pins the
two to each other. Use this form to explain a decision, never to filter a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.kinds import Ground, Regime


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time [from_at, until_at); ``None`` is open-ended."""

    from_at: datetime | None
    until_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """``now`` lies in the span; a span that never began holds never."""
        return (
            self.from_at is not None
            and self.from_at <= now
            and (self.until_at is None or now < self.until_at)
        )


NEVER = Span(None)
ALWAYS = Span(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """Everything ground 1 asks about one seat of the person.

    ``asks_source``: the source wants to be asked about this reader, whatever the law;
    ``source_said`` lasts as long as its yes. ``knows_nobody``: the person said so of every identity
    disclosed to the seat, if there is any, in the words that stand; after the window, in any.
    ``taken_up``: since the item was, for who is at the table, where papers open with the items.
    """

    hold: Span
    same_organisation: bool
    seat_live: bool
    on_agenda: bool
    window: Span
    published: Span
    accepted: bool
    covenant: Span
    disclosed: bool
    source_decided: bool
    knows_nobody: bool
    asks_source: bool = False
    source_said: Span = ALWAYS
    taken_up: Span = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """Everything ground 5 asks about one task of the person for the case.

    ``window``: that of the meeting whose item the task is tied to, ``ALWAYS`` without one.
    ``case_goes_on``: the case is not closed, which ends a case lead only.
    """

    span: Span
    accepted: Span
    same_organisation: bool
    at_table: bool
    is_case_lead: bool
    case_goes_on: bool
    item_live: bool
    window: Span
    named: bool
    is_plan: bool
    source_decided: bool
    knows_nobody: bool
    asks_source: bool = False
    source_said: Span = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFacts:
    """Everything ground 4 asks about one emergency reading of the person."""

    span: Span
    eligible: Span
    at_table: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionFacts:
    """Everything the rule asks about one person and one section."""

    active: bool
    administrator: bool
    excluded: Span
    recused: bool
    staff_role: Span
    representative_role: Span
    is_source: bool
    regime: Regime
    seats: tuple[SeatFacts, ...]
    tasks: tuple[TaskFacts, ...] = ()
    emergencies: tuple[EmergencyFacts, ...] = ()


def decide(facts: SectionFacts, now: datetime) -> Ground | None:
    """The ground on which the section is seen at ``now``; None when it is not."""
    if not facts.active or facts.administrator or is_barred(facts, now):
        return None
    if facts.staff_role.holds(now):
        return Ground.STAFF
    if facts.is_source and facts.representative_role.holds(now):
        return Ground.SOURCE
    if any(opens_section(seat, facts.regime, now) for seat in facts.seats):
        return Ground.SEAT
    return _personal_ground(facts, now)


def _personal_ground(facts: SectionFacts, now: datetime) -> Ground | None:
    if any(names_section(task, facts.regime, now) for task in facts.tasks):
        return Ground.TASK
    if any(breaks_open(emergency, now) for emergency in facts.emergencies):
        return Ground.BREAK_GLASS
    return None


def is_barred(facts: SectionFacts, now: datetime) -> bool:
    """Exclusion and recusal beat every ground."""
    return facts.recused or facts.excluded.holds(now)


def opens_section(seat: SeatFacts, regime: Regime, now: datetime) -> bool:
    """One and the same seat satisfies every condition of ground 1."""
    return all(_seat_conditions(seat, regime, now))


def _seat_conditions(seat: SeatFacts, regime: Regime, now: datetime) -> Iterable[bool]:
    yield seat.hold.holds(now)
    yield seat.same_organisation
    yield seat.seat_live
    yield seat.on_agenda
    yield seat.published.holds(now)
    yield seat.window.holds(now)
    yield seat.taken_up.holds(now)
    yield seat.accepted
    yield seat.covenant.holds(now)
    yield seat.disclosed
    yield is_agreed(seat, regime, now)
    yield seat.knows_nobody


def names_section(task: TaskFacts, regime: Regime, now: datetime) -> bool:
    """One and the same task satisfies every condition of ground 5."""
    return all(_task_conditions(task, regime, now))


def _task_conditions(task: TaskFacts, regime: Regime, now: datetime) -> Iterable[bool]:
    yield task.span.holds(now)
    yield task.accepted.holds(now)
    yield task.same_organisation
    yield task.at_table
    yield task.case_goes_on or not task.is_case_lead
    yield task.item_live
    yield task.window.holds(now)
    yield task.named or (task.is_case_lead and task.is_plan)
    yield is_agreed(task, regime, now)
    yield task.knows_nobody


def is_agreed(given: SeatFacts | TaskFacts, regime: Regime, now: datetime) -> bool:
    """The source need not be asked about this reader, or said yes and still does.

    Of what a case lead has unnamed the source said nothing.
    """
    if regime is Regime.AVG and not given.asks_source:
        return True
    named = not isinstance(given, TaskFacts) or given.named
    return named and given.source_decided and given.source_said.holds(now)


def breaks_open(emergency: EmergencyFacts, now: datetime) -> bool:
    """The emergency reading goes on, by somebody still named for it at the case's table."""
    return emergency.span.holds(now) and emergency.eligible.holds(now) and emergency.at_table
