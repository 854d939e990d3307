"""Many at once: every race has one winner, and nobody reads after a revoke that was acknowledged."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select

from app.access import Actor, conditions, disclosure, load_actor
from app.domain.errors import NotPermitted, NotVisible, Refusal, StaleEdit
from app.domain.kinds import PowerfulChangeKind
from app.features.agenda import disclosing, seating
from app.features.agenda.queries import read_seat
from app.features.people import confirming
from app.features.seats import service as seats
from app.infra import clock, wall
from app.infra.db import db, reading, transaction
from app.models import Acceptance, PowerfulChange, SeatHold
from tests import builders

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
        gate = Barrier(len(acts))

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
