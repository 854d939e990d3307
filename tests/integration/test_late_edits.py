"""Whoever saves too late is shown the text that stands: a reading, logged in its own transaction."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.domain.errors import StaleEdit
from app.domain.kinds import Regime
from app.features.cases import sections, service
from app.features.live import mending, mending_decisions
from app.features.live.recording import NewDecision
from app.features.seats import giving
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import AuditEvent, Meeting
from tests import builders
from tests.builders import World

LATE = 99


def actor_of(world: World, *, name: str = "coordinator"):
    with transaction() as session:
        return load_actor(session, getattr(world, name).id, now=clock.now())


@pytest.fixture
def world(app) -> World:
    made = builders.small_world(open_papers=True)
    with transaction() as session:
        session.get_one(Meeting, made.meeting.id).started_at = clock.now()
    return made


def late_action(world: World) -> tuple[object, Callable[[], object]]:
    one = builders.action(
        world.item,
        world.police_organisation,
        world.police,
        world.chair,
        safe="Bel",
        full="Staat er",
    )
    words = mending.ActionWords(
        safe="Mijn", full="", due_on=date(2026, 7, 1), due_at=None, version=LATE
    )
    return one.id, lambda: mending.change_action(actor_of(world), one.id, words)


def late_decision(world: World) -> tuple[object, Callable[[], object]]:
    one = builders.decision(world.item, world.chair, "Staat er", to=[world.police_seat])
    new = NewDecision(text="Mijn")
    return one.id, lambda: mending_decisions.change_decision(
        actor_of(world), one.id, new, version=LATE
    )


def late_question(world: World) -> tuple[object, Callable[[], object]]:
    service.change_question(actor_of(world), world.case.id, question="Staat er", version=1)
    return world.case.id, lambda: service.change_question(
        actor_of(world), world.case.id, question="Mijn", version=LATE
    )


def late_section(world: World) -> tuple[object, Callable[[], object]]:
    one = builders.section(world.case, world.types["children"], world.host, "Staat er")
    change = sections.SectionChange(
        regime=Regime.AVG, text="Mijn", version=LATE, confirmed=True, names=False
    )
    return one.id, lambda: sections.change_section(actor_of(world), world.case.id, one.id, change)


def late_input(world: World) -> tuple[object, Callable[[], object]]:
    one = builders.section(world.case, world.types["input"], world.police_organisation, "Staat er")
    return one.id, lambda: giving.change_own_text(
        actor_of(world, name="police"), one.id, "Mijn", version=LATE, confirmed=True
    )


@pytest.mark.parametrize(
    ("late", "who"),
    [
        (late_action, "coordinator"),
        (late_decision, "coordinator"),
        (late_question, "coordinator"),
        (late_section, "coordinator"),
        (late_input, "police"),
    ],
)
def test_what_stands_is_shown_to_who_was_late_and_that_is_logged(world, late, who: str) -> None:
    object_id, save = late(world)
    with pytest.raises(StaleEdit, match="stale") as raised:
        save()
    assert "Staat er" in raised.value.theirs
    with reading() as session:
        read = session.scalars(
            select(AuditEvent.person_id).where(
                AuditEvent.event == "read", AuditEvent.object_id == object_id
            )
        ).all()
    assert read == [getattr(world, who).id]


def test_names_that_are_screened_are_not_shown_to_who_was_late(world) -> None:
    change = sections.SectionChange(
        regime=Regime.AVG, text="Mijn", version=LATE, confirmed=True, names=False
    )
    section_id = world.sections["identity"].id
    with pytest.raises(sections.NamesScreened) as raised:
        sections.change_section(actor_of(world), world.case.id, section_id, change)
    assert (raised.value.theirs, raised.value.version) == ("", LATE)
