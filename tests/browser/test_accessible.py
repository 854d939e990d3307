"""Axe on the main page of every room, as the person whose room it is."""

from collections.abc import Callable

import pytest

from app.infra import clock
from app.infra.db import transaction
from app.models import Action, InputRequest, Meeting
from tests import builders


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest):
    """One kind of database: what a page looks like does not depend on it."""
    chosen = request.getfixturevalue(request.param)
    chosen.empty()
    return chosen


@pytest.fixture
def world(live_server):
    """A published table, an input asked of the police, an action of theirs."""
    made = builders.small_world(open_papers=True)
    builders.decision(made.item, made.chair, "De gemeente voert de regie.", to=[made.police_seat])
    builders.action(made.item, made.police_organisation, made.police, made.chair)
    builders.input_request(made.police_seat, made.coordinator)
    return made


@pytest.fixture
def look(visit) -> Callable[..., None]:
    """``look(person, *paths)``: every page answers and passes, wide, narrow, light and dark."""

    def look_at(who, *paths: str) -> None:
        visitor = visit(who and who.id)
        for path in paths:
            answer = visitor.page.goto(visitor.url + path)
            assert answer is not None
            assert answer.status == 200, f"{path} answers {answer.status}"
            visitor.assert_accessible()

    return look_at


def test_a_stranger(world, look):
    look(None, "/sign-in")


def test_a_coordinator_prepares(world, look):
    meeting = f"/meetings/{world.meeting.id}"
    look(
        world.coordinator, "/", "/meetings", meeting, f"{meeting}/participants",
        f"{meeting}/invitations", f"{meeting}/input",
    )  # fmt: skip


def test_a_coordinator_gives_seats(world, look):
    seat = f"/seats/{world.police_seat.id}"
    look(world.coordinator, f"/items/{world.item.id}/seats", f"{seat}/plan", f"{seat}/preview")


def test_a_coordinator_writes_and_follows(world, look):
    look(
        world.coordinator, "/cases", f"/cases/{world.case.id}", "/cases/new", "/actions",
        "/meetings/new",
    )  # fmt: skip


def test_a_representative(world, look):
    with transaction() as session:
        asked = session.query(InputRequest).one().id
    seat = f"/my-seats/{world.police_seat.id}"
    look(
        world.police, "/", f"/my-meetings/{world.meeting.id}", "/my-meetings", "/my-actions",
        f"{seat}/deputy", f"{seat}/recuse", f"/my-input/{asked}",
    )  # fmt: skip


def test_a_chair_after_the_meeting(world, look):
    with transaction() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        meeting.started_at = meeting.closed_at = meeting.adopted_at = clock.now()
    address = f"/meetings/{world.meeting.id}"
    look(world.chair, "/", f"{address}/minutes", f"{address}/minutes/{world.police_seat.id}")
    look(world.police, f"/my-meetings/{world.meeting.id}/extract")


def test_the_live_page(world, look):
    with transaction() as session:
        session.get_one(Meeting, world.meeting.id).started_at = clock.now()
    look(world.chair, f"/meetings/{world.meeting.id}/live?item={world.item.id}")


def test_an_administrator(world, look):
    table = f"/admin/tables/{world.table.id}"
    look(
        world.administrator, "/", "/admin/organisations", "/admin/people",
        f"/admin/people/{world.police.id}", "/admin/tables", table, f"{table}/covenants",
        f"{table}/sections", f"{table}/standards",
    )  # fmt: skip


def test_before_publishing(live_server, look):
    draft = builders.small_world()
    address = f"/meetings/{draft.meeting.id}"
    look(draft.coordinator, f"{address}/publish", f"{address}/times", f"{address}/items/new")
    look(draft.police, f"/my-meetings/{draft.meeting.id}")


def test_before_confidentiality_is_accepted(live_server, look):
    draft = builders.small_world()
    with transaction() as session:
        meeting = session.get_one(Meeting, draft.meeting.id)
        meeting.published_at = meeting.opens_at = clock.now()
        meeting.closes_at = meeting.ends_at
    look(draft.police, f"/my-meetings/{draft.meeting.id}")


def test_an_action(world, look):
    with transaction() as session:
        action = session.query(Action).one().id
    look(world.police, f"/my-actions/{action}")
    look(world.coordinator, f"/actions/{action}", f"/actions/{action}/state", "/actions/reminders")
