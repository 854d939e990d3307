"""Fills the past year (and the weeks to come) of the larger sizes with generated meetings."""

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
from app.features.demo.agendas import ItemPlan, MeetingPlan, SeatPlan, add_meeting
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.phrases import ACTIONS, AGREEMENTS, HOUSEHOLDS, QUESTIONS, SENTENCES
from app.features.demo.records import DonePlan
from app.features.demo.tell import ToldCase, add_case, add_concerned, add_section

DAYS_BACK: Final = 365
DAYS_AHEAD: Final = 14
# Days: around today for the hand-written meetings, until minutes are adopted, until cases close.
KEPT_FREE: Final = 4
ADOPTED_AFTER: Final = 10
CLOSED_AFTER: Final = 120
FRIDAY: Final = 4
ROWS_AT_ONCE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How busy a table is in a year (domain.md §6); ``actions`` is an average per case."""

    meetings: int
    cases: int
    minutes: int
    seats: tuple[int, int]
    actions: float


REGION: Final = {
    "mda": Rhythm(24, 28, 60, (6, 9), 6.5),
    "act": Rhythm(150, 260, 15, (3, 5), 3.2),
    "zsm": Rhythm(253, 430, 10, (4, 6), 1.5),
    "zvh": Rhythm(60, 85, 60, (5, 8), 5.0),
    "jbt": Rhythm(46, 130, 75, (4, 6), 2.0),
    "huis": Rhythm(110, 110, 45, (4, 6), 4.0),
}


def add_year(batch: Batch, world: World, session: Session, rhythms: dict[str, Rhythm]) -> int:
    """Generate every table's year; written in parts so that memory stays small. Gives the rows."""
    written = 0
    for table, rhythm in rhythms.items():
        seated = _seated(world, table)
        for plan in _meetings(batch, world, table, rhythm, seated):
            add_meeting(batch, world, plan)
            if batch.size > ROWS_AT_ONCE:
                written += batch.write(session)
    return written + batch.write(session)


def _seated(world: World, table: str) -> list[tuple[str, str]]:
    """Organisation and person of everybody who takes part in this table."""
    return [
        (world.employer[person], person) for person in world.people if table in world.seated[person]
    ]


def _meetings(
    batch: Batch, world: World, table: str, rhythm: Rhythm, seated: list[tuple[str, str]]
) -> Iterator[MeetingPlan]:
    chance = batch.chance
    left = rhythm.cases
    for number in range(rhythm.meetings):
        days = -DAYS_BACK + number * (DAYS_BACK + DAYS_AHEAD) // rhythm.meetings
        day = local_date(world.now) + timedelta(days=days)
        # Weekdays only; the hand-written meetings keep the days around today to themselves.
        day += timedelta(days=max(0, day.weekday() - FRIDAY) and 7 - day.weekday())
        starts_at = local_to_utc(day, time(chance.choice((9, 10, 11, 14, 15)), 0))
        waiting = rhythm.meetings - number
        count = min(left, max(1, round(left / waiting + chance.uniform(-0.4, 0.4))))
        left -= count
        if abs(days) < KEPT_FREE or not count:
            continue
        items = tuple(
            _item(batch, world, table, rhythm, seated, starts_at=starts_at) for _ in range(count)
        )
        ends_at = starts_at + timedelta(minutes=sum(item.minutes for item in items))
        is_past = ends_at < world.now
        yield MeetingPlan(
            table=table,
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
    table: str,
    rhythm: Rhythm,
    seated: list[tuple[str, str]],
    *,
    starts_at: datetime,
) -> ItemPlan:
    chance = batch.chance
    is_past = starts_at < world.now
    told = _case(batch, world, table, starts_at=starts_at)
    wanted = min(len(seated), chance.randint(*rhythm.seats))
    seats = tuple(
        SeatPlan(
            organisation=organisation,
            person=person,
            answer=InvitationAnswer.YES if is_past else InvitationAnswer.OPEN,
            presence=_presence(chance.random()) if is_past else None,
        )
        for organisation, person in chance.sample(seated, wanted)
    )
    whole = int(rhythm.actions)
    count = whole + (chance.random() < rhythm.actions - whole)
    owners = [seat.person for seat in seats if seat.person]
    return ItemPlan(
        minutes=rhythm.minutes,
        told=told,
        discussion=DiscussionKind.NEW,
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


def _case(batch: Batch, world: World, table: str, *, starts_at: datetime) -> ToldCase:
    chance = batch.chance
    told = ToldCase(batch.new_id(), table)
    created_at = min(starts_at, world.now) - timedelta(days=chance.randint(1, 21))
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
