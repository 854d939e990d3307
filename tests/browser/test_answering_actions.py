"""A representative answers an action from the mailbox of the demo, in a browser."""

import re
import uuid
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from app.domain.kinds import ActionState
from app.infra import letters, outbox
from app.infra.db import transaction
from config import Mode
from tests import builders
from tests.actions import SAFE, stored


@pytest.fixture
def reminded(live_server, monkeypatch):
    """A table in the demo; the police have one action and were reminded of it."""
    settings = live_server.app.config["SETTINGS"]
    monkeypatch.setitem(live_server.app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))
    letters.set_up(settings)
    world = builders.small_world(open_papers=True)
    action = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        safe=SAFE, due_on=date(2026, 6, 30),
    )  # fmt: skip
    told = {"mail_id": uuid.uuid4(), "person_id": world.police.id, "action_ids": action.id}
    with transaction() as session:
        outbox.add(session, "actions.remind", unique_key="remind", payload=told)
    while outbox.drain():
        pass
    return world, action


def test_one_press_from_the_mail_answers_an_action(reminded, visit) -> None:
    world, action = reminded
    visitor = visit(world.police.id)
    page = visitor.go("/demo/mail")
    page.get_by_role("link", name="1 actie vraagt uw aandacht").first.click()
    link = page.get_by_role("link", name=f"/my-actions/{action.id}?state=done")
    expect(link).to_be_visible()
    page.context.clear_cookies()
    link.click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_text("Ketenpartners (2)").click()
    page.get_by_role("button", name="Inloggen als A. Yilmaz").click()
    expect(page).to_have_url(re.compile(r"/my-actions/[^?]+\?state=done"))
    expect(page.get_by_label("Afgerond", exact=True)).to_be_checked()
    assert stored(action).state is ActionState.OPEN, "a link changes nothing"
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Bewaard. U hebt geen openstaande acties meer.")).to_be_visible()
    expect(page.get_by_role("button", name="Ongedaan maken")).to_be_visible()
    assert stored(action).state is ActionState.DONE
    visitor.assert_accessible()
