"""Acceptance point 37: agenda, actions and minutes on A4, without the frame around the page."""

import pytest
from playwright.sync_api import expect

from app.domain.kinds import PresenceState
from app.features.actions.queries import PER_PAGE
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Meeting, Seat
from tests import builders
from tests.documents import pages_of
from tests.seats import recorded

A4 = 595
# Menus, buttons and trails: nothing of it can be pressed on paper.
FRAME = ("Uitloggen", "Direct naar de inhoud", "Wijzig tijd of plaats", "English", "Pas toe")


@pytest.fixture
def world(live_server):
    made = builders.small_world(open_papers=True)
    with builders.together():
        for number in range(60):
            builders.action(
                made.item, made.police_organisation, made.police, made.chair,
                safe=f"Overzicht nummer {number} maken",
            )  # fmt: skip
        builders.decision(made.item, made.chair, "De gemeente voert regie.", to=[made.police_seat])
    with transaction() as session:
        session.get_one(Seat, made.police_seat.id).presence = PresenceState.PRESENT
        meeting = session.get_one(Meeting, made.meeting.id)
        meeting.started_at = meeting.closed_at = meeting.adopted_at = clock.now()
    return made


def printed(visitor, path: str) -> list[str]:
    """The words of each sheet the browser makes of a page."""
    page = visitor.go(path)
    # Written down by a beacon, which nobody waits for but this test.
    with page.expect_request("**/printed") as told:
        made = page.pdf(prefer_css_page_size=True)
    assert told.value.response().status == 204
    sheets = pages_of(made)
    assert {round(one.width) for one in sheets} == {A4}
    return [" ".join(word.text for word in one.words) for one in sheets]


def test_37_agenda_actions_and_minutes_print_on_a4_with_who_and_when(world, visit):
    chair = visit(world.chair.id)
    meeting = f"/meetings/{world.meeting.id}"
    for path, kind, expected in (
        (meeting, "printed-agenda", "13.10"),
        # A page of the board holds fifty of the sixty, in no order the test knows.
        ("/actions", "printed-actions", "Overzicht nummer"),
        (f"{meeting}/minutes", "printed-minutes", "A. Yilmaz"),
        (
            f"{meeting}/minutes/{world.police_seat.id}",
            "printed-minutes",
            "De gemeente voert regie.",
        ),
    ):
        sheets = printed(chair, path)
        whole = " ".join(sheets)
        assert expected in whole, path
        assert not [words for words in FRAME if words in whole], path
        for sheet in sheets:
            assert "Vertrouwelijk · M. de Graaf, voorzitter" in sheet, path
            assert "afgedrukt op" in sheet, path
        assert recorded(world.chair, kind, "copy-print-export"), path
        if path == "/actions":
            assert len(sheets) > 1
            assert whole.count("Overzicht nummer") == PER_PAGE
            headings = [sheet for sheet in sheets if "Actiehouder" in sheet]
            assert headings == sheets, "the headings of a long table come back on every sheet"
    own = visit(world.police.id)
    assert "De gemeente voert regie." in " ".join(
        printed(own, f"/my-meetings/{world.meeting.id}/extract")
    )
    assert recorded(world.police, "printed-minutes", "copy-print-export") == 1


def test_the_page_of_a_print_run_follows_the_worker_and_leaves_the_focus(live_server, visit):
    """Nothing is loaded anew: what changed is said politely, and then there is no more asking."""
    world = builders.small_world(open_papers=True)
    page = visit(world.chair.id).go(f"/meetings/{world.meeting.id}/papers")
    page.get_by_role("button", name="Maak exemplaren").click()
    expect(page.get_by_text("0 van 2 gemaakt")).to_be_visible()
    again = page.get_by_role("link", name="Ververs")
    again.focus()
    outbox.drain()
    expect(page.get_by_role("button", name="Download als PDF")).to_be_visible()
    expect(page.locator("[data-live-voice]")).to_have_text(
        "2 exemplaren staan klaar, in één bestand."
    )
    expect(again).to_be_focused()
    assert page.locator("[data-state]").count() == 0
