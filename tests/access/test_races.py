"""Many at once: every race has one winner, and nobody reads after a revoke that was acknowledged."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import pairwise
from threading import Barrier, Event

import pytest
from sqlalchemy import delete, func, select, update

from app.access import Actor, conditions, disclosure, load_actor
from app.access.seats.newcomers import Newcomer
from app.domain.errors import NotPermitted, NotVisible, Refusal, StaleEdit
from app.domain.kinds import PowerfulChangeKind, TaskKind
from app.features.agenda import disclosing, seating
from app.features.agenda.queries import read_seat
from app.features.handovers import answering as handing
from app.features.handovers import proposing
from app.features.people import confirming
from app.features.seats import placing
from app.features.seats import service as seats
from app.features.tasks import service as tasks
from app.infra import clock, wall
from app.infra.db import db, reading, transaction
from app.models import Acceptance, Case, Handover, PowerfulChange, SeatHold, Task
from tests import builders
from tests.statements import counted

REFUSED = (Refusal, NotVisible, NotPermitted, StaleEdit)
# Seconds to wait for another thread, which comes at once unless something is wrong.
PATIENCE = 30


@pytest.fixture
def threads(deep: bool) -> int:
    return 20 if deep else 6


@pytest.fixture
def rounds(deep: bool) -> range:
    return range(200 if deep else 2)


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def at_once(app, threads: int):
    """Starts the acts of one person at one moment; how many were let through."""
    pool = ThreadPoolExecutor(threads)

    def race(by: Actor, *acts: Callable[[], object]) -> int:
        gate = Barrier(len(acts), timeout=60)

        def one(act: Callable[[], object]) -> bool:
            with app.app_context(), wall.acting_as(by.person_id):
                gate.wait()
                try:
                    act()
                except REFUSED:
                    return False
                finally:
                    db.session.remove()
                return True

        db.session.remove()
        return sum(pool.map(one, acts))

    with pool:
        yield race


def actor_of(person_id):
    with reading() as session:
        return load_actor(session, person_id, now=clock.now())


def as_oneself(who: Actor, act: Callable[[], object]) -> None:
    with wall.acting_as(who.person_id):
        act()


def change(statement) -> None:
    with transaction() as session:
        session.execute(statement)


def test_of_many_deputies_one_takes_the_seat_over(world, at_once, threads, rounds) -> None:
    with builders.together():
        deputies = [builders.person(world.police_organisation) for _ in range(threads)]
    seat_id = world.police_seat.id
    for _ in rounds:
        holder = actor_of(world.police.id)
        won = at_once(
            holder,
            *(
                lambda one=one, holder=holder: seats.hand_over(holder, seat_id, one.id)
                for one in deputies
            ),
        )
        assert won == 1
        with reading() as session:
            live = session.scalars(
                select(SeatHold.person_id).where(
                    SeatHold.seat_id == seat_id, conditions.is_held(clock.now())
                )
            ).all()
        assert len(live) == 1
        seats.hand_back(actor_of(live[0]), seat_id)


def test_of_placing_and_handing_over_no_two_hold_the_seat(world, at_once, threads, rounds) -> None:
    """The coordinator places deputies while the holder hands over to others."""
    coordinator, seat_id = actor_of(world.coordinator.id), world.police_seat.id
    with builders.together():
        people = [builders.person(world.police_organisation) for _ in range(threads)]
    for number in rounds:
        change(delete(SeatHold).where(SeatHold.seat_id == seat_id))
        builders.hold(world.police_seat, world.police)
        holder = actor_of(world.police.id)
        placed, handed = people[: threads // 2], people[threads // 2 :]
        at_once(
            holder,
            *(
                lambda one=one: as_oneself(
                    coordinator, lambda: placing.place(coordinator, seat_id, newcomer(one))
                )
                for one in placed
            ),
            *(
                lambda one=one, holder=holder: seats.hand_over(holder, seat_id, one.id)
                for one in handed
            ),
        )
        with reading() as session:
            spans = session.execute(
                select(SeatHold.from_at, SeatHold.until_at).where(SeatHold.seat_id == seat_id)
            ).all()
        taken = sorted((start, end or datetime.max.replace(tzinfo=UTC)) for start, end in spans)
        taken = [one for one in taken if one[0] < one[1]]
        assert all(before[1] <= after[0] for before, after in pairwise(taken)), f"round {number}"


def test_who_has_no_seat_or_task_here_waits_for_nobody_who_does(world) -> None:
    """Or the time an answer takes would tell that there is one; only PostgreSQL holds rows."""
    task = builders.task(world.stranger, world.case, world.coordinator)
    police, care = actor_of(world.police.id), actor_of(world.care.id)
    acts = (
        (seats.hand_back, police, world.police_seat.id, Refusal),
        (seats.hand_back, care, world.police_seat.id, NotVisible),
        (tasks.accept, actor_of(world.stranger.id), task.id, None),
        (tasks.accept, care, task.id, NotVisible),
    )
    for act, who, one, refusal in acts:
        with counted() as sent, pytest.raises(refusal) if refusal else nullcontext():
            act(who, one)
        held = [one for one in sent if "FOR UPDATE" in one or "FOR NO KEY UPDATE" in one]
        is_own = refusal is not NotVisible
        assert bool(held) == (is_own and db.engine.dialect.name == "postgresql"), held


def newcomer(who) -> Newcomer:
    return Newcomer(name=who.name, email=who.email, is_outside=True)


def test_of_many_who_accept_to_lead_a_case_one_leads_it(world, at_once, threads, rounds) -> None:
    with builders.together():
        people = [builders.person(world.host) for _ in range(threads)]
    live = select(Task.person_id).where(Task.accepted_at.is_not(None), Task.ended_at.is_(None))
    for _ in rounds:
        offered = [
            builders.task(one, world.case, world.chair, kind=TaskKind.CASE_LEAD) for one in people
        ]
        leaders = [actor_of(one.id) for one in people]
        accepted = at_once(
            leaders[0],
            *(
                lambda who=who, task=task: as_oneself(who, lambda: tasks.accept(who, task.id))
                for who, task in zip(leaders, offered, strict=True)
            ),
        )
        assert accepted == threads
        with reading() as session:
            assert len(session.scalars(live).all()) == 1
        change(update(Task).values(ended_at=clock.now()))


def test_of_many_who_take_a_case_over_refuse_it_or_take_it_back_one_does(
    world, at_once, threads, rounds
) -> None:
    with builders.together():
        people = [builders.chair(world.host, world.other_table) for _ in range(threads - 2)]
    sender = actor_of(world.coordinator.id)
    *_most, last = people
    for _ in rounds:
        handover = builders.handover(world.case, world.chair, to_table=world.other_table)
        offered = [
            builders.offer(one, handover, world.case, world.chair, accepted_at=clock.now())
            for one in people
        ]
        takers = [actor_of(one.id) for one in people]
        refuses, mine, of = actor_of(last.id), offered[-1].id, (world.case.id, handover.id)
        won = at_once(
            takers[0],
            *(
                lambda who=who, task=task: as_oneself(who, lambda: handing.accept(who, task.id))
                for who, task in zip(takers, offered, strict=True)
            ),
            lambda who=refuses, task=mine: as_oneself(
                who, lambda: handing.refuse(who, task, "Nee")
            ),
            lambda of=of: as_oneself(sender, lambda: proposing.withdraw(sender, *of)),
        )
        assert won == 1
        with reading() as session:
            one = session.get_one(Handover, handover.id)
            assert sum(map(bool, (one.accepted_at, one.refused_at, one.withdrawn_at))) == 1
        change(update(Case).where(Case.id == world.case.id).values(table_id=world.table.id))


def test_a_change_is_confirmed_or_refused_by_one_person(world, at_once, threads, rounds) -> None:
    chair = actor_of(world.chair.id)
    for _ in rounds:
        waiting = builders.save(
            PowerfulChange(
                kind=PowerfulChangeKind.APPOINT_COORDINATOR, subject_id=world.care.id,
                table_id=world.table.id, requested_by_id=world.administrator.id, requested_at=clock.now(),
            )
        )  # fmt: skip
        won = at_once(
            chair,
            *(
                lambda approve=number % 2 == 0, waiting=waiting: confirming.decide(
                    chair, waiting.id, approve=approve
                )
                for number in range(threads)
            ),
        )
        assert won == 1


def test_confidentiality_accepted_many_times_at_once_is_kept_once(
    world, at_once, threads, rounds
) -> None:
    police = actor_of(world.police.id)
    own = Acceptance.person_id == police.person_id
    for _ in rounds:
        change(Acceptance.__table__.delete().where(own))
        at_once(police, *[lambda: seats.accept_confidentiality(police, world.meeting.id)] * threads)
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(Acceptance).where(own)) == 1


def test_a_seat_is_taken_away_once(world, at_once, threads, rounds) -> None:
    coordinator = actor_of(world.coordinator.id)
    for _ in rounds:
        seat = builders.seat(world.item, world.police_organisation)
        assert (
            at_once(
                coordinator, *[lambda one=seat.id: seating.remove_seat(coordinator, one)] * threads
            )
            == 1
        )


def test_nobody_reads_after_a_revoke_that_was_acknowledged(world, at_once, threads, rounds) -> None:
    coordinator, police = actor_of(world.coordinator.id), actor_of(world.police.id)
    seat_id, section_id = world.police_seat.id, world.sections["safety"].id
    for _ in rounds:
        acknowledged, was_read = Event(), Event()
        early, late = [], []

        def look(acknowledged=acknowledged, was_read=was_read, early=early, late=late) -> None:
            reads = late if acknowledged.is_set() else early
            with transaction() as session:
                found = disclosure.read_sections(
                    session, police, [world.case.id], now=clock.now(), meeting_id=world.meeting.id
                )
            if section_id in {one.section_id for one in found}:
                reads.append(found)
                was_read.set()

        def read(look=look, acknowledged=acknowledged) -> None:
            for _ in range(3):
                look()
            acknowledged.wait(PATIENCE)
            look()

        def revoke(acknowledged=acknowledged, was_read=was_read) -> None:
            was_read.wait(PATIENCE)
            try:
                with wall.acting_as(coordinator.person_id):
                    show(coordinator, seat_id, but=section_id)
            finally:
                acknowledged.set()

        assert at_once(police, revoke, *[read] * (threads - 1)) == threads
        assert early, "nobody read it before it was revoked: then nothing was proved"
        assert not late
        with wall.acting_as(coordinator.person_id):
            given = disclosing.confirm_standard(coordinator, world.item.id, {(seat_id, section_id)})
        assert given == 1


def show(staff: Actor, seat_id, *, but) -> None:
    """What the form of a seat sends when one section of it is no longer ticked."""
    page = read_seat(staff, seat_id)
    ticked = frozenset(one.id for one in page.sections if one.is_given) - {but}
    disclosing.save_seat(
        staff, seat_id,
        disclosing.SeatPlan(
            standing=page.standing, person_id=page.occupant_id, staff_only=False,
            section_ids=ticked, deviation=disclosing.Reasoning(ground="", purpose="", necessity=""),
        ),
    )  # fmt: skip
