"""Fills the past year or years (and the weeks to come) of the larger sizes with meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.domain import presets
from app.domain.kinds import (
    ActionState,
    CaseState,
    ConcernedRole,
    DiscussionKind,
    InvitationAnswer,
    PresenceState,
)
from app.domain.local_time import local_date, local_to_utc
from app.features.demo.acute import add_order
from app.features.demo.agendas import ItemPlan, MeetingPlan, SeatPlan, add_meeting
from app.features.demo.batch import Batch
from app.features.demo.calendar_years import Stretch, last_and_this, one_year_back, opening_of
from app.features.demo.ground import World
from app.features.demo.phrases import ACTIONS, AGREEMENTS, HOUSEHOLDS, QUESTIONS, SENTENCES
from app.features.demo.records import DonePlan
from app.features.demo.tell import ToldCase, add_case, add_concerned, add_section

# Days: until minutes are adopted, until cases close.
ADOPTED_AFTER: Final = 10
CLOSED_AFTER: Final = 120
FRIDAY: Final = 4
ROWS_AT_ONCE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How busy a table is in a year (domain.md §6); ``actions`` is an average per case.

    ``cases`` are discussed in the year that is counted, ``carried`` of them came before it.
    ``outcomes`` says how many of them came to what, exactly.
    """

    meetings: int
    cases: int
    minutes: int
    seats: tuple[int, int]
    actions: float
    carried: int = 0
    outcomes: tuple[tuple[str, int], ...] = ()


# Of the last calendar year that is over; the year under way goes on at the same pace.
REGION: Final = {
    "mda": Rhythm(24, 28, 60, (6, 9), 6.5, carried=10),
    "act": Rhythm(150, 260, 15, (3, 5), 3.2, outcomes=(("order-agreed", 221), ("no-action", 39))),
    "zsm": Rhythm(
        253, 430, 10, (4, 6), 1.5, outcomes=(("advice-given", 357), ("no-advice", 73))
    ),
    "zvh": Rhythm(48, 35, 60, (5, 8), 5.0, outcomes=(("pga", 23), ("no-pga", 12))),
    "jbt": Rhythm(
        46, 130, 75, (4, 6), 2.0,
        outcomes=(("investigation", 61), ("voluntary-plan", 54), ("measure-ends", 15)),
    ),
    "huis": Rhythm(
        110, 110, 45, (4, 6), 4.0,
        outcomes=(("extend", 45), ("not-extend", 57), ("end-early", 8)),
    ),
    "stalk": Rhythm(12, 24, 30, (4, 6), 2.5, outcomes=(("approach-agreed", 24),)),
}  # fmt: skip


def add_year(batch: Batch, world: World, session: Session, rhythms: dict[str, Rhythm]) -> int:
    """The 365 days before today of every table; gives the number of rows."""
    return _add(batch, world, session, rhythms, one_year_back())


def add_calendar_years(
    batch: Batch, world: World, session: Session, rhythms: dict[str, Rhythm]
) -> int:
    """The last whole year of every table, to the exact numbers, and this one until now; rows."""
    return _add(batch, world, session, rhythms, last_and_this(local_date(world.now)))


def _add(
    batch: Batch,
    world: World,
    session: Session,
    rhythms: dict[str, Rhythm],
    stretches: tuple[Stretch, ...],
) -> int:
    """Written in parts so that memory stays small."""
    written = 0
    for table, rhythm in rhythms.items():
        seated = _seated(world, table)
        for stretch in stretches:
            for plan in _meetings(batch, world, _Wanted(table, rhythm, seated, stretch)):
                add_meeting(batch, world, plan)
                if batch.size > ROWS_AT_ONCE:
                    written += batch.write(session)
    return written + batch.write(session)


def _seated(world: World, table: str) -> list[tuple[str, str]]:
    """Organisation and person of everybody who takes part in this table."""
    return [
        (world.employer[person], person) for person in world.people if table in world.seated[person]
    ]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Of which table, with whom, in which stretch of days."""

    table: str
    rhythm: Rhythm
    seated: list[tuple[str, str]]
    stretch: Stretch


def _meetings(batch: Batch, world: World, wanted: _Wanted) -> Iterator[MeetingPlan]:
    rhythm, stretch = wanted.rhythm, wanted.stretch
    past, ahead = stretch.days(rhythm.meetings)
    cases = round(rhythm.cases * stretch.share)
    outcomes = [code for code, times in rhythm.outcomes for _ in range(times)]
    batch.chance.shuffle(outcomes)
    begun = 0
    for number, days in enumerate(past):
        # Shared out evenly, to the last case.
        upto = round((number + 1) * cases / len(past))
        if upto > begun:
            yield _meeting(
                batch, world, wanted, days, numbers=range(begun, upto), outcomes=outcomes
            )
        begun = upto
    many = max(1, round(rhythm.cases / rhythm.meetings))
    for days in ahead:
        yield _meeting(batch, world, wanted, days, numbers=range(cases, cases + many), outcomes=[])


def _meeting(
    batch: Batch,
    world: World,
    wanted: _Wanted,
    days: int,
    *,
    numbers: range,
    outcomes: list[str],
) -> MeetingPlan:
    day = local_date(world.now) + timedelta(days=days)
    # Weekdays only, of the same year.
    if day.weekday() > FRIDAY:
        monday = day + timedelta(days=7 - day.weekday())
        day = monday if monday.year == day.year else day - timedelta(days=day.weekday() - FRIDAY)
    starts_at = local_to_utc(day, time(batch.chance.choice((9, 10, 11, 14, 15)), 0))
    items = tuple(
        _item(batch, world, wanted, starts_at=starts_at, number=number, outcomes=outcomes)
        for number in numbers
    )
    ends_at = starts_at + timedelta(minutes=sum(item.minutes for item in items))
    is_past = ends_at < world.now
    return MeetingPlan(
        table=wanted.table,
        starts_at=starts_at,
        items=items,
        place="Huis van de Delta",
        published_at=starts_at - timedelta(days=6) if is_past else None,
        closed_at=ends_at if is_past else None,
        adopted_at=ends_at + timedelta(days=5) if days < -ADOPTED_AFTER else None,
        accepted=frozenset(s.person for i in items for s in i.seats if s.person)
        if is_past
        else frozenset(),
    )


def _item(
    batch: Batch,
    world: World,
    wanted: _Wanted,
    *,
    starts_at: datetime,
    number: int,
    outcomes: list[str],
) -> ItemPlan:
    chance, rhythm = batch.chance, wanted.rhythm
    is_past = starts_at < world.now
    is_carried = wanted.stretch.carries and number < rhythm.carried
    began = opening_of(wanted.stretch, world.now)
    told = _case(
        batch, world, wanted.table, starts_at=starts_at, began=began, is_carried=is_carried
    )
    add_order(batch, world, told, starts_at, began)
    there = min(len(wanted.seated), chance.randint(*rhythm.seats))
    seats = tuple(
        SeatPlan(
            organisation=organisation,
            person=person,
            answer=InvitationAnswer.YES if is_past else InvitationAnswer.OPEN,
            presence=_presence(chance.random()) if is_past else None,
        )
        for organisation, person in chance.sample(wanted.seated, there)
    )
    whole = int(rhythm.actions)
    count = whole + (chance.random() < rhythm.actions - whole)
    owners = [seat.person for seat in seats if seat.person]
    return ItemPlan(
        minutes=rhythm.minutes,
        told=told,
        discussion=DiscussionKind.FOLLOW_UP if is_carried else DiscussionKind.NEW,
        outcome=outcomes.pop() if outcomes else "",
        seats=seats,
        agreements=(chance.choice(AGREEMENTS),) if is_past else (),
        actions=tuple(_action(batch, world, chance.choice(owners), starts_at) for _ in range(count))
        if is_past and owners
        else (),
    )


def _presence(roll: float) -> PresenceState:
    """Deputies 15 %, no-show 5 % (domain.md §6)."""
    if roll < 0.80:  # noqa: PLR2004 - a share
        return PresenceState.PRESENT
    return PresenceState.DEPUTY if roll < 0.95 else PresenceState.ABSENT  # noqa: PLR2004 - a share


def _action(batch: Batch, world: World, owner: str, starts_at: datetime) -> DonePlan:
    chance = batch.chance
    safe, full = chance.choice(ACTIONS)
    ago = (world.now - starts_at).days
    due_in = chance.randint(2, 24) - ago
    if due_in > -5 and chance.random() < 0.6:  # noqa: PLR2004 - a share
        return DonePlan(owner=owner, safe=safe, full=full, due_in=due_in)
    state = chance.choices(
        (ActionState.DONE, ActionState.NOT_POSSIBLE, ActionState.NOT_DONE), (88, 7, 5)
    )[0]
    finished_in = min(-1, due_in + chance.choice((-1, -1, -1, -1, 3)))
    return DonePlan(
        owner=owner, safe=safe, full=full, due_in=due_in, state=state, finished_in=finished_in
    )


def _case(
    batch: Batch,
    world: World,
    table: str,
    *,
    starts_at: datetime,
    began: datetime,
    is_carried: bool,
) -> ToldCase:
    chance = batch.chance
    told = ToldCase(batch.new_id(), table)
    created_at = min(starts_at, world.now) - timedelta(days=chance.randint(1, 21))
    # What the year before left comes from there; everything else began within this one.
    created_at = began - timedelta(days=60) if is_carried else max(created_at, began)
    source = chance.choices(
        ("VT", "POL", "LT-OW", "GI", "GGZ", "RvdK", "RN"), (35, 20, 20, 8, 6, 4, 4)
    )[0]
    past = (world.now - starts_at).days
    state = (
        CaseState.ON_AGENDA
        if past < 0
        else CaseState.IN_PROGRESS
        if past < CLOSED_AFTER
        else CaseState.CLOSED
    )
    add_case(
        batch, world, told=told, brought_by=source, state=state,
        question=chance.choice(QUESTIONS), created_at=created_at, channel="formulier",
        imported_number=None,
    )  # fmt: skip
    for position, (role, label) in enumerate(chance.choice(HOUSEHOLDS), start=1):
        person = add_concerned(
            batch, told, position=position, role=ConcernedRole(role), label=label, relation="",
            address=1,
        )  # fmt: skip
        if position == 1:
            add_section(
                batch, world, told, code=presets.IDENTITY, source=source, at=created_at,
                text=f"Naam: {label} {chance.randint(100, 999)}", concerned_id=person,
            )  # fmt: skip
    for code, sentences in SENTENCES.items():
        if (table, code) in world.section_types and (code == "cause" or chance.random() < 0.7):  # noqa: PLR2004 - a share
            add_section(
                batch, world, told, code=code, source=source, at=created_at,
                text=chance.choice(sentences),
            )  # fmt: skip
    return told
