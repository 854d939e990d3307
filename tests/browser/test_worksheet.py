"""The worksheet as it is used: nothing jumps, what is typed stays, the room is dark at once."""

from datetime import timedelta

import pytest

from app.domain.kinds import PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import Action, AgendaItem, Decision, Meeting, RoomScreen, Seat
from tests import builders

MOST_SHIFT = 0.02
# Every shift of the page since it began, those after a press included.
WATCH_SHIFTS = """window.shifted = 0; new PerformanceObserver((seen) => {
  for (const one of seen.getEntries()) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture
def world(live_server):
    made = builders.small_world(open_papers=True)
    with transaction() as session:
        session.get_one(Meeting, made.meeting.id).started_at = clock.now()
        session.get_one(Seat, made.police_seat.id).presence = PresenceState.PRESENT
        session.get_one(AgendaItem, made.item.id).opened_at = clock.now()
        session.add(
            RoomScreen(
                meeting_id=made.meeting.id,
                item_id=made.item.id,
                is_blank=False,
                changed_at=clock.now(),
            )
        )
    builders.decision(made.item, made.chair, "De gemeente voert de regie.", to=[made.police_seat])
    builders.action(
        made.item, made.police_organisation, made.police, made.chair, safe="Overzicht maken"
    )
    return made


def stored(model, key):
    with transaction() as session:
        return session.get_one(model, key)


def test_34_nothing_jumps_on_worksheet_and_preparation(world, visit):
    """Fonts, banners and counts: shifts of at most 0.02, wide and narrow."""
    chair = visit(world.chair.id)
    chair.page.add_init_script(WATCH_SHIFTS)
    for width in (1280, 390):
        chair.page.set_viewport_size({"width": width, "height": 900})
        for path in (f"/meetings/{world.meeting.id}/live", f"/meetings/{world.meeting.id}"):
            page = chair.go(path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1100 if path.endswith("live") else 100)
            assert page.evaluate("window.shifted") <= MOST_SHIFT, f"{path} at {width} px"


def test_19_f8_has_a_button_and_no_letter_does_anything(world, visit):
    """What is being typed stays; the screen in the room is dark before the page says so."""
    chair = visit(world.chair.id)
    page = chair.go(f"/meetings/{world.meeting.id}/live")
    page.get_by_label("Wat is afgesproken?").first.fill("Nog niet af")
    page.keyboard.press("F8")
    page.locator("#zaal").get_by_role("button", name="Scherm aan").wait_for()
    assert stored(RoomScreen, world.meeting.id).is_blank
    assert page.get_by_label("Wat is afgesproken?").first.input_value() == "Nog niet af"
    page.get_by_text("Leest als:").wait_for()
    page.locator("h1").click()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for key in "abmnpsf?/":
        page.keyboard.press(key)
    assert not asked
    assert page.evaluate("document.activeElement.matches('body, main')")
    page.get_by_role("link", name="Toetsen").first.click()
    assert page.get_by_text("maakt het scherm in de zaal leeg").count() == 1


def test_the_timer_counts_down_says_what_is_over_and_ends_nothing(world, visit, frozen_clock):
    frozen_clock.advance(timedelta(minutes=29, seconds=58))
    chair = visit(world.chair.id)
    page = chair.go(f"/meetings/{world.meeting.id}/live")
    timer = page.get_by_role("timer")
    assert timer.get_by_text("0:0").count() == 1
    timer.get_by_text("de tijd is om").wait_for()
    assert page.get_by_text("10.30 uur, op schema").count() == 1
    assert "over" in timer.get_attribute("class").split()
    assert stored(AgendaItem, world.item.id).closed_at is None
    page.get_by_role("button", name="Pauzeer").click()
    timer.get_by_text("gepauzeerd").wait_for()
    page.get_by_role("button", name="Ga door").wait_for()
    frozen_clock.advance(timedelta(minutes=5, seconds=30))
    page.get_by_role("button", name="Ga door").click()
    page.get_by_role("button", name="+5 min").click()
    timer.get_by_text("tot ").wait_for()


def test_a_line_taken_back_is_put_back_in_its_place(world, visit):
    """Ten seconds long, without a page of its own; what is being typed stays."""
    chair = visit(world.chair.id)
    chair.page.clock.install()
    page = chair.go(f"/meetings/{world.meeting.id}/live")
    page.get_by_label("Wat is afgesproken?").first.fill("Half")
    log = page.locator("#vastgelegd li")
    for model, row in ((Decision, 0), (Action, 1)):
        log.nth(row).get_by_role("button", name="Verwijder").click()
        log.nth(row).get_by_text("Verwijderd.").wait_for()
        log.nth(row).get_by_role("button", name="Ongedaan maken").click()
        log.nth(row).get_by_role("button", name="Verwijder").wait_for()
        with transaction() as session:
            (one,) = session.query(model).all()
            assert not (one.deleted_at if model is Decision else one.finished_at)
    assert page.get_by_label("Wat is afgesproken?").first.input_value() == "Half"
    log.nth(0).get_by_role("button", name="Verwijder").click()
    log.nth(0).get_by_text("Verwijderd.").wait_for()
    page.get_by_label("Wat is afgesproken?").first.focus()
    page.clock.fast_forward(9_000)
    assert log.nth(0).get_by_text("Verwijderd.").count() == 1
    page.clock.fast_forward(1_500)
    log.get_by_text("Verwijderd.").wait_for(state="detached")
    assert log.count() == 1


def test_13_two_who_change_one_line_see_both_versions(world, visit):
    """Chair and secretary at once: the second sees what is stored beside the own words."""
    chair, second = visit(world.chair.id), visit(world.coordinator.id)
    for visitor in (chair, second):
        page = visitor.go(f"/meetings/{world.meeting.id}/live")
        line = page.locator("#vastgelegd li").filter(has_text="De gemeente voert de regie.")
        line.get_by_role("link", name="Wijzig").click()
    for visitor, words in ((chair, "De wijkagent voert de regie."), (second, "Het wijkteam.")):
        visitor.page.get_by_label("Wat is de afspraak?").fill(words)
        visitor.page.get_by_role("button", name="Opslaan").click()
    page = second.page
    page.get_by_text("Iemand anders was u voor").wait_for()
    assert page.get_by_text("De wijkagent voert de regie.").count() == 1
    assert page.get_by_label("Wat is de afspraak?").input_value() == "Het wijkteam."
    page.get_by_role("button", name="Opslaan").click()
    page.locator("#vastgelegd").get_by_text("Het wijkteam.").wait_for()
