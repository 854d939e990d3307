"""Actions of a case that went to another table: what each of the two keeps of them."""

import pytest

from app.domain.kinds import ActionState
from app.infra import clock
from app.models import Action, Case
from tests.actions import FULL, SAFE, events, stored
from tests.live import change

DONE = "/actions?state=done"


@pytest.fixture
def moved(world, action):
    """Done at the first table; then its case went to the other one, as accepting it does."""
    change(Action, action.id, state=ActionState.DONE, finished_at=clock.now())
    change(Case, world.case.id, table_id=world.other_table.id)
    return action


def test_the_table_that_is_left_keeps_what_was_finished_there_to_read(world, moved, staff):
    """As with its minutes; of the case nothing else, and there is nothing left to do about it."""
    assert SAFE in staff.page(DONE).text
    assert SAFE not in staff.page("/actions").text
    page = staff.page(f"/actions/{moved.id}")
    assert FULL in page.text
    assert f"/cases/{world.case.id}" not in page.links
    assert f"/meetings/{world.meeting.id}" in page.links
    staff.page(f"/cases/{world.case.id}", status=404)
    said = {"state": "started", "said_by": str(world.police.id)}
    assert staff.fill(f"/actions/{moved.id}/state", said).status_code == 422
    assert stored(moved).state is ActionState.DONE
    assert events(moved) == []


def test_the_table_it_went_to_follows_what_is_unfinished_alone(world, moved, new_client):
    other = new_client().sign_in(world.stranger.id)
    assert SAFE not in other.page(DONE).text
    other.page(f"/actions/{moved.id}", status=404)


def test_what_its_holder_says_is_not_done_after_all_goes_along(world, moved, staff, new_client):
    holder = new_client().sign_in(world.police.id)
    answer = holder.fill(f"/my-actions/{moved.id}", {"state": "started"}, action=str(moved.id))
    assert answer.status_code == 303
    assert SAFE in holder.page("/my-actions").text
    assert stored(moved).table_id == world.other_table.id
    staff.page(f"/actions/{moved.id}", status=404)
    assert SAFE in new_client().sign_in(world.stranger.id).page("/actions").text


def test_taking_back_what_was_reported_just_now_goes_along_as_well(world, action, new_client):
    holder = new_client().sign_in(world.police.id)
    holder.fill(f"/my-actions/{action.id}", {"state": "done"}, action=str(action.id))
    change(Case, world.case.id, table_id=world.other_table.id)
    assert holder.send(f"/my-actions/{action.id}/undo").status_code == 303
    assert stored(action).table_id == world.other_table.id
