"""Staff decide, the referrer withdraws and another table takes over, all at one moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from app.access.referrals import handovers, triage
from app.access.referrals.handover_scopes import is_unanswered
from app.access.referrals.handovers import Proposal
from app.domain.errors import NotPermitted, NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, ReferralState
from app.features.cases import service as cases
from app.features.handovers import answering
from app.features.triage import service
from app.infra import clock, wall
from app.infra.db import db, reading, transaction
from app.models import Case, CaseClock, Handover, Referral
from tests import builders
from tests.seats import actor_of
from tests.triage import refer

ROUNDS = 2
WHY = service.Acceptance(reason="Toch")


def test_of_all_who_settle_a_referral_at_once_the_duty_ends_with_one(app, world):
    people = (world.chair, world.coordinator, world.police, world.stranger)
    actors = [actor_of(one) for one in people]
    for _ in range(ROUNDS):
        made, won = settled(app, world, actors)
        check(made, won, world)


def settled(app, world, actors):
    chair, coordinator, referrer, receiver = actors
    made = refer(world.table, world.police, world.police_organisation)
    key = made.referral.id
    handover = builders.handover(made.case, world.chair, to_table=world.other_table)
    task = builders.offer(world.stranger, handover, made.case, world.chair, accepted_at=clock.now())

    def withdraw() -> None:
        with transaction() as session:
            triage.withdraw(session, referrer, session.get_one(Referral, key), "Opgelost")

    won = race(
        app,
        ("decline", "accept", "withdraw", "take over"),
        (chair, lambda: service.decline(chair, key, ReferralState.REFUSED, "Nee")),
        (coordinator, lambda: service.accept(coordinator, key, WHY)),
        (referrer, withdraw),
        (receiver, lambda: answering.accept(receiver, task.id)),
    )
    return made, won


def race(app, names, *acts) -> set[str]:
    gate = Barrier(len(acts), timeout=60)

    def one(named) -> str:
        name, (actor, act) = named
        with app.app_context(), wall.acting_as(actor.person_id):
            gate.wait()
            try:
                act()
            except (Refusal, NotVisible, NotPermitted):
                return ""
            finally:
                db.session.remove()
        return name

    db.session.remove()
    with ThreadPoolExecutor(len(acts)) as pool:
        return set(pool.map(one, zip(names, acts, strict=True))) - {""}


def check(made, won: set[str], world) -> None:
    """One act settled it; accepting at the own table may come before another takes it over."""
    with reading() as session:
        referral = session.get_one(Referral, made.referral.id)
        case = session.get_one(Case, made.case.id)
        handovers = session.scalars(select(Handover).where(is_unanswered())).all()
        running = session.scalars(
            select(CaseClock).where(
                CaseClock.case_id == case.id,
                CaseClock.met_at.is_(None),
                CaseClock.ended_at.is_(None),
            )
        ).all()
        waiting = {one.case_id for one in handovers}
    assert len(won - {"accept"}) == (won != {"accept"})
    if "take over" in won:
        assert (case.table_id, case.state) == (world.other_table.id, CaseState.ACCEPTED)
        # Once judged, where it goes from there is not for whoever referred it.
        follows = world.table if "accept" in won else world.other_table
        assert referral.table_id == follows.id
    else:
        assert case.table_id == world.table.id
        assert case.state is triage.STATES[referral.state]
    assert (case.id in waiting) == (won == {"accept"})
    is_over = bool(won & {"decline", "withdraw"})
    assert (case.closed_at is not None) == is_over
    assert not (is_over and running)


def test_a_case_that_ends_and_is_taken_over_at_once_does_one_of_the_two(app, world):
    chair, receiver = actor_of(world.chair), actor_of(world.stranger)
    for _ in range(ROUNDS):
        case, task = offered(world)
        won = race(
            app,
            ("close", "take over"),
            (chair, lambda key=case.id: cases.close_case(chair, key, cases.Ending(reason="Klaar"))),
            (receiver, lambda key=task.id: answering.accept(receiver, key)),
        )
        assert len(won) == 1
        with reading() as session:
            assert (session.get_one(Case, case.id).closed_at is not None) == ("close" in won)
            assert not session.scalars(select(Handover).where(is_unanswered())).all()


def offered(world):
    case = builders.case(world.table, world.police_organisation)
    handover = builders.handover(case, world.chair, to_table=world.other_table)
    now = clock.now()
    return case, builders.offer(world.stranger, handover, case, world.chair, accepted_at=now)


def test_what_ended_meanwhile_is_neither_offered_nor_taken_over(app, world):
    sender, receiver = actor_of(world.coordinator), actor_of(world.stranger)
    case, task = offered(world)
    new = Proposal(reason="Past daar beter", to_table_id=world.other_table.id)
    with transaction() as session:
        stale = session.get_one(Case, case.id)
        session.execute(
            update(Case).values(state=CaseState.CLOSED, closed_at=clock.now()),
            execution_options={"synchronize_session": False},
        )
        assert stale.state is not CaseState.CLOSED
        with pytest.raises(Refusal, match=Reason.STATE_NOT_ALLOWED):
            handovers.propose(session, sender, stale, new)
    with pytest.raises(Refusal, match=Reason.HANDOVER_SETTLED):
        answering.accept(receiver, task.id)
