"""The working page and the extracts in a real browser: readable wide and narrow, light and dark."""

import pytest

from app.domain.kinds import PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import Meeting, Seat
from tests import builders


@pytest.fixture
def world(live_server):
    made = builders.small_world(open_papers=True)
    with transaction() as session:
        session.get_one(Meeting, made.meeting.id).started_at = clock.now()
        session.get_one(Seat, made.police_seat.id).presence = PresenceState.PRESENT
    builders.decision(
        made.item, made.chair, "De gemeente voert de regie.", to=[made.police_seat],
        dissent="GGZ Delta wil eerst overleg.",
    )  # fmt: skip
    builders.action(
        made.item, made.police_organisation, made.police, made.chair,
        safe="Overzicht maken", full="Aangifte en eerdere meldingen op een rij zetten.",
    )  # fmt: skip
    return made


def finish(world) -> None:
    with transaction() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        meeting.closed_at = meeting.adopted_at = clock.now()


def test_the_working_page(world, visit):
    chair = visit(world.chair.id)
    page = chair.go(f"/meetings/{world.meeting.id}/live?item={world.item.id}")
    page.get_by_text("Met een formulier").click()
    page.get_by_text("Afspraak vastleggen").click()
    page.get_by_label("Wat is de afspraak?").fill("Volgende week opnieuw")
    page.get_by_role("button", name="Leg afspraak vast").click()
    assert page.get_by_text("Volgende week opnieuw").count()
    page.get_by_text("Met een formulier").click()
    page.get_by_text("Actie vastleggen").click()
    chair.assert_accessible()


def test_the_minutes_and_an_extract(world, visit):
    finish(world)
    chair = visit(world.chair.id)
    chair.go(f"/meetings/{world.meeting.id}/minutes")
    chair.assert_accessible()
    chair.go(f"/meetings/{world.meeting.id}/minutes/{world.police_seat.id}")
    chair.assert_accessible()
    police = visit(world.police.id)
    page = police.go(f"/my-meetings/{world.meeting.id}/extract")
    police.assert_accessible()
    page.get_by_role("button", name="Kopieer voor eigen registratie").click()
    assert (
        "De gemeente voert de regie." in page.get_by_label("Tekst om over te nemen").input_value()
    )
    police.assert_accessible()
