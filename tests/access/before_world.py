"""What the acts before and beside a meeting are done to: who waits for what, and on which list."""

import uuid
from datetime import time, timedelta

from sqlalchemy import select

from app.access import Actor, load_actor
from app.access.referrals import words
from app.domain.kinds import CaseState, ReferralState, TableKind, TableRoleName
from app.domain.presets.sections import AGREEMENTS, EXIT
from app.features.exclusion_orders import service as orders
from app.infra import clock, wall
from app.infra.db import reading
from app.models import Case, HouseholdCase, ItemOutcome, Referral, ReferralQuestion, Screening
from tests import builders
from tests.canaries import Canaries
from tests.databases import TEST


def prepare(world: Canaries) -> None:
    """What these acts are done to, beside what every world holds."""
    with builders.together():
        for name in ("referrer", "excluded referrer", "moved referrer"):
            _ask_back(world, name)
        _list(world)
        _plan(world)
        _add_tables(world)
    coordinator = _actor(world, "coordinator")
    with wall.acting_as(coordinator.person_id):
        served = orders.Served(clock.today() - timedelta(days=1), time(12))
        orders.record_service(coordinator, world.things["served"].id, served)


def _actor(world: Canaries, who: str) -> Actor:
    with reading() as session:
        return load_actor(session, world.people[who].id, now=clock.now())


def _ask_back(world: Canaries, name: str) -> None:
    """A referral that waits for what was asked back, kept from whoever is barred elsewhere too."""
    things, people, now = world.things, world.people, clock.now()
    who, staff = people[name], people["coordinator"]
    of = builders.case(things["table"], things["outside"], state=CaseState.REFERRED)
    made = builders.save(
        Referral(
            id=uuid.uuid4(), case_id=of.id, table_id=of.table_id, person_id=who.id,
            organisation_id=things["source" if name == "moved referrer" else "outside"].id,
            state=ReferralState.SENT, started_at=now, changed_at=now, sent_at=now,
        )
    )  # fmt: skip
    question_id = uuid.uuid4()
    builders.save(
        ReferralQuestion(
            id=question_id, referral_id=made.id, asked_by_id=staff.id, asked_at=now,
            text_ct=words.seal(of.id, "Sinds wanneer?", words.asked_binding(question_id)),
        )
    )  # fmt: skip
    things.setdefault("asked", {})[who.id] = (made.id, question_id)
    builders.exclusion(people["excluded coordinator"], of, staff, reason="Familie.")
    if name == "excluded referrer":
        builders.exclusion(who, of, staff, reason="Familie.")


def _list(world: Canaries) -> None:
    """A line that is not urgent, one with its outcome; a barred one of the staff serves each list."""
    things, people = world.things, world.people
    barred, lister = people["excluded coordinator"], people["screening coordinator"]
    line = things["line"] = builders.case(things["screening"], things["host"])
    builders.save(
        Screening(
            case_id=line.id, table_id=line.table_id, listed_on=clock.today(), is_urgent=False,
            listed_by_id=lister.id,
        )
    )  # fmt: skip
    builders.role(barred, things["screening"], TableRoleName.COORDINATOR)
    builders.exclusion(barred, line, lister, reason="Familie.")
    today = builders.case(things["other"], things["host"])
    builders.exclusion(people["receiving team"], today, lister, reason="Familie.")
    things["listed"] = builders.item(
        builders.meeting(things["other"], starts_at=clock.now() - timedelta(hours=1)), today
    )
    builders.save(
        ItemOutcome(
            item_id=things["listed"].id, case_id=today.id, table_id=today.table_id,
            code="no-advice", recorded_at=clock.now(),
            recorded_by_id=people["chair of another table"].id,
        )
    )  # fmt: skip


def _plan(world: Canaries) -> None:
    """A criterion, another case of the household with somebody in it, and a question by one click."""
    things, people = world.things, world.people
    builders.exclusion(people["excluded"], things["second"], people["chair"], reason="Familie.")
    builders.recusal(people["recused"], things["second"])
    heading = builders.section_type(things["table"], EXIT, "Afsluitcriteria", 7, is_plan=True)
    things["criterion"] = builders.section(things["main"], heading, things["host"], "Rust in huis")
    things["relative"] = builders.concerned(things["second"], label="Kind")
    builders.save(
        HouseholdCase(
            household_id=_household_of(things["main"]), case_id=things["second"].id,
            linked_at=clock.now(), linked_by_id=people["coordinator"].id,
        )
    )  # fmt: skip
    things["known"] = builders.input_request(
        things["seats"]["not disclosed"], people["coordinator"], asks_known=True,
        deadline_at=clock.now() + timedelta(days=1),
    )  # fmt: skip


def _household_of(case: Case) -> uuid.UUID:
    with wall.acting_as(TEST), reading() as session:
        of_case = select(HouseholdCase.household_id).where(HouseholdCase.case_id == case.id)
        return session.scalars(of_case).one()


def _add_tables(world: Canaries) -> None:
    """A table for exclusion orders, one on the spot, and one that has no cases yet."""
    things, people, roles = world.things, world.people, TableRoleName
    order = builders.table("Huisverbod", "HVB", kind=TableKind.EXCLUSION_ORDER)
    builders.covenant(things["host"], order)
    for name in ("coordinator", "excluded coordinator"):
        builders.role(people[name], order, roles.COORDINATOR)
    for name in ("ordered", "served"):
        things[name] = builders.case(order, things["host"])
        builders.exclusion(
            people["excluded coordinator"], things[name], people["coordinator"], reason="Familie."
        )
    spot = things["spot"] = builders.table("Acuut", "SOA", kind=TableKind.ON_THE_SPOT)
    builders.section_type(spot, AGREEMENTS, "Afspraken", 1)
    builders.role(people["representative"], spot, roles.REPRESENTATIVE)
    builders.role(people["seated elsewhere"], spot, roles.REPRESENTATIVE)
    things["empty"] = builders.table("Leeg", "LEE")
