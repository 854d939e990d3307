"""Actions as their holders meet them: the own list, one action, how it goes."""

import pytest
from sqlalchemy import select

from app.domain.kinds import ActionState
from app.infra.db import reading
from app.models import AuditEvent
from tests import builders
from tests.actions import FULL, SAFE, UNKNOWN, events, later, stored


def test_the_holder_reports_and_may_take_it_back_for_half_a_minute(police, action):
    answer = police.fill(f"/my-actions/{action.id}", {"state": "done"})
    assert answer.status_code == 303
    assert stored(action).state is ActionState.DONE
    assert stored(action).finished_at is not None
    page = police.page(answer.location)
    assert "Bewaard. U hebt geen openstaande acties meer." in page.text
    later(seconds=20)
    police.fill(answer.location, action="/undo")
    assert stored(action).state is ActionState.OPEN
    assert stored(action).finished_at is None
    assert [one.state for one in events(action)] == [ActionState.DONE, ActionState.OPEN]


def test_after_half_a_minute_the_button_is_gone_and_the_post_says_so(police, action):
    location = police.fill(f"/my-actions/{action.id}", {"state": "started"}).location
    later(seconds=31)
    assert "Ongedaan maken" not in police.page(location).text
    answer = police.send(f"/my-actions/{action.id}/undo", follow_redirects=True)
    assert "De termijn is verstreken." in answer.text
    assert stored(action).state is ActionState.STARTED


def test_a_mail_link_preselects_and_changes_nothing(police, action):
    page = police.page(f"/my-actions/{action.id}?state=not-possible")
    assert ("state", "not-possible") in page.form().fields
    assert stored(action).state is ActionState.OPEN
    assert ("state", "nonsense") not in police.page(
        f"/my-actions/{action.id}?state=nonsense"
    ).form().fields


@pytest.mark.parametrize("state", ["not-possible", "not-done"])
def test_what_did_not_happen_needs_a_reason(police, action, state):
    answer = police.fill(f"/my-actions/{action.id}", {"state": state})
    assert answer.status_code == 422
    assert "Schrijf de reden op." in answer.text
    assert stored(action).state is ActionState.OPEN
    answer = police.fill(
        f"/my-actions/{action.id}", {"state": state, "remark": "De school is dicht"}
    )
    assert answer.status_code == 303
    assert "De school is dicht" in police.page(f"/my-actions/{action.id}").text


def test_an_empty_report_asks_for_a_choice(police, action):
    answer = police.fill(f"/my-actions/{action.id}")
    assert answer.status_code == 422
    assert "Kies hoe het ermee staat." in answer.text


@pytest.mark.parametrize("state", ["lapsed", "open", "x", "\0"])
def test_a_state_that_is_not_offered_is_refused(police, action, state):
    police.page(f"/my-actions/{action.id}")
    version = str(stored(action).version)
    answer = police.send(f"/my-actions/{action.id}", {"state": state, "version": version})
    assert answer.status_code == 422
    assert stored(action).state is ActionState.OPEN


def test_two_at_once_see_each_other_and_lose_nothing(police, staff, action):
    mine = {"state": "not-done", "remark": "Mijn tekst", "version": str(stored(action).version)}
    police.page(f"/my-actions/{action.id}")
    staff.fill(f"/actions/{action.id}/change", {"due_on": "30-06-2026"})
    answer = police.send(f"/my-actions/{action.id}", mine)
    assert answer.status_code == 409
    assert "uiterlijk 30-06-2026" in answer.text, "theirs"
    assert "Mijn tekst" in answer.text, "mine"
    assert stored(action).state is ActionState.OPEN
    again = police.last.form()
    assert police.send(f"/my-actions/{action.id}", again.filled({})).status_code == 303
    assert stored(action).state is ActionState.NOT_DONE


def test_a_remark_alone_moves_nothing(police, action):
    police.fill(f"/my-actions/{action.id}", {"state": "started"})
    later(minutes=5)
    answer = police.fill(
        f"/my-actions/{action.id}", {"state": "started", "remark": "Klaar op vrijdag"}
    )
    assert answer.status_code == 303
    assert [one.state for one in events(action)] == [ActionState.STARTED, None]
    answer = police.fill(f"/my-actions/{action.id}", {"state": "started"})
    assert answer.status_code == 422


def test_the_full_text_opens_to_the_seated_only(world, action, police, new_client):
    assert FULL in police.page(f"/my-actions/{action.id}").text
    elsewhere = builders.action(
        world.second_item,
        world.police_organisation,
        world.police,
        world.chair,
        safe="Neutraal",
        full=FULL,
    )
    page = police.page(f"/my-actions/{elsewhere.id}")
    assert "Neutraal" in page.text
    assert FULL not in page.text
    assert FULL not in police.page("/my-actions").text


def test_reading_the_full_text_is_recorded(world, police, action):
    police.page(f"/my-actions/{action.id}")
    with reading() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.object_id == action.id)).one()
    assert (row.event, row.ground, row.person_id) == ("read", "seat", world.police.id)


def test_a_foreign_action_and_a_missing_one_answer_alike(world, action, new_client):
    other = new_client().sign_in(world.care.id)
    pages = [other.get(f"/my-actions/{one}") for one in (action.id, UNKNOWN)]
    assert [page.status_code for page in pages] == [404, 404]
    for path in ("undo", "confirm"):
        assert other.send(f"/my-actions/{action.id}/{path}").status_code == 404


def test_an_action_of_the_whole_organisation_shows_to_its_representatives(world, client):
    shared = builders.action(
        world.item, world.police_organisation, None, world.chair, safe="Voor allen"
    )
    assert "Voor allen" in client.sign_in(world.police.id).page("/my-actions").text
    assert (
        client.sign_in(world.police_colleague.id).get(f"/my-actions/{shared.id}").status_code == 404
    )


def test_the_recused_lose_the_action_and_its_trace(world, police, action):
    builders.recusal(world.police, world.case)
    assert police.get(f"/my-actions/{action.id}").status_code == 404
    assert SAFE not in police.page("/my-actions").text


def test_finished_actions_have_a_tab_of_their_own(police, action):
    police.fill(f"/my-actions/{action.id}", {"state": "done"})
    later(minutes=1)
    assert SAFE not in police.page("/my-actions").text
    assert SAFE in police.page("/my-actions?finished=1").text


def test_the_own_list_costs_the_same_for_one_and_fifty(world, many, client, count_statements):
    client.sign_in(world.police.id)
    with count_statements() as seen:
        client.page("/my-actions")
    assert len(seen) <= 6, "\n".join(seen)
