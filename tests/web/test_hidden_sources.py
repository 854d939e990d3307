"""A source such as a shelter, of which only staff may know: read by its text, never by its name."""

from dataclasses import dataclass

import pytest

from app.access import disclosure, load_actor
from app.domain.kinds import Ground
from app.infra import clock, wall
from app.infra.db import transaction
from app.models import Person, Seat, Section
from tests import builders

NAME = "Opvang Noord"
TEXT = "Kanarieopvangtekst"


@dataclass(slots=True)
class Shelter:
    """The shelter's own person, its staff-only seat and what it wrote down."""

    who: Person
    seat: Seat
    section: Section


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def shelter(world):
    with builders.together():
        of = builders.organisation("OPV", name=NAME)
        builders.covenant(of, world.table)
        who = builders.representative(of, world.table, "V. Veilig")
        seat = builders.seat(world.item, of, who, is_staff_only=True)
        text = builders.section(world.case, world.types["input"], of, TEXT)
    return Shelter(who, seat, text)


def sources(who, case) -> dict[Ground, str]:
    """As what the source of the shelter's text shows to somebody, by the ground that opened it."""
    with wall.acting_as(who.id), transaction() as session:
        actor = load_actor(session, who.id, now=clock.now())
        found = disclosure.read_sections(session, actor, [case.id], now=clock.now())
    return {one.ground: one.source for one in found if one.source in {"", NAME}}


def test_only_staff_and_the_source_itself_read_whose_text_it_is(world, shelter, client):
    with builders.together():
        builders.disclosure(world.police_seat, shelter.section, world.chair)
        by_task = builders.task(
            world.police_colleague, world.case, world.coordinator,
            sections=[shelter.section], accepted_at=clock.now(),
        )  # fmt: skip
        officer = builders.person(world.host, "F. Gegevens", is_privacy_officer=True)
        opened = builders.emergency(officer, world.case)
    assert sources(world.chair, world.case) == {Ground.STAFF: NAME}
    assert sources(shelter.who, world.case) == {Ground.SOURCE: NAME}
    assert sources(world.police, world.case) == {Ground.SEAT: ""}
    for who, path in (
        (world.police, f"/my-meetings/{world.meeting.id}"),
        (world.police_colleague, f"/tasks/{by_task.id}"),
        (officer, f"/emergency/{opened.id}"),
    ):
        page = client.sign_in(who.id).page(path)
        assert TEXT in page.text, path
        assert NAME not in page.text, path
        assert "Bron: ," not in page.text, path


def test_nor_does_the_explanation_name_it_but_to_staff(world, shelter, client, app):
    officer = builders.person(world.host, "F. Gegevens", is_privacy_officer=True)
    path = f"/cases/{world.case.id}/why?person={world.police.id}"
    for who, is_named in ((world.chair, True), (officer, False)):
        _filters, rows = client.sign_in(who.id).page(path).html.split("<table", 1)
        assert "Inbreng" in rows
        assert (NAME in rows) == is_named, who.name
    told = app.test_cli_runner().invoke(
        args=["access", "why", world.police.email, world.case.reference]
    )
    assert "Inbreng" in told.output
    assert NAME not in told.output
