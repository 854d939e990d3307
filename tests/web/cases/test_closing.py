"""Closing a case: nothing closes while one of its actions is undecided."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.kinds import ActionState, CaseState
from app.domain.states import UNFINISHED
from app.infra import clock
from app.infra.db import transaction
from app.models import Action, ActionEvent, Case, TermRequest
from tests import builders
from tests.live import change, every, stored


@pytest.fixture
def left(world):
    """Three unfinished actions of the case, and two that are over."""
    change(Case, world.case.id, state=CaseState.IN_PROGRESS)
    police, care = world.police_organisation, world.care_organisation

    def of(organisation, holder, safe, **more):
        return builders.action(world.item, organisation, holder, world.chair, safe=safe, **more)

    made = (
        of(police, world.police, "Bel de school", due_on=date(2026, 6, 1)),
        of(care, None, "Plan een gesprek", due_on=date(2026, 6, 2)),
        of(police, world.police, "Stuur de brief", due_on=date(2026, 6, 3)),
    )
    of(police, world.police, "Al klaar", state=ActionState.DONE, finished_at=clock.now())
    of(police, world.police, "Teruggenomen", taken_back_at=clock.now())
    return made


def state_of(world):
    return stored(Case, world.case.id).state


def test_a_case_closes_once_every_action_is_decided(world, left, staff, new_client):
    first, second, third = left
    path = f"/cases/{world.case.id}/close"
    page = staff.page(path)
    for words in ("Er staan nog 3 acties open", "Bel de school", "Plan een gesprek", "A. Yilmaz"):
        assert words in page.text
    for words in ("Al klaar", "Teruggenomen"):
        assert words not in page.text
    assert staff.send(f"/cases/{world.case.id}/state", {"to": "closed"}).status_code == 422
    assert staff.fill(path).status_code == 422, "nothing was chosen"
    chosen = {
        f"choice_{first.id.hex}": "keep",
        f"choice_{second.id.hex}": "done",
        f"said_by_{second.id.hex}": str(world.care.id),
        f"choice_{third.id.hex}": "lapse",
    }
    answer = staff.fill(path, chosen)
    assert answer.status_code == 422
    assert "Schrijf de reden op." in answer.text
    late = builders.action(world.item, world.care_organisation, None, world.chair, safe="Nieuw")
    with_reason = chosen | {f"reason_{third.id.hex}": "Het gezin is verhuisd"}
    answer = staff.send(path, staff.last.form().filled(with_reason))
    assert answer.status_code == 422, "one came while it was decided about the others"
    assert state_of(world) is CaseState.IN_PROGRESS
    assert {stored(Action, one.id).state for one in (*left, late)} <= set(UNFINISHED)
    assert every(ActionEvent) == []
    answer = staff.fill(path, with_reason | {f"choice_{late.id.hex}": "keep"})
    assert answer.status_code == 303
    assert state_of(world) is CaseState.CLOSED
    assert [stored(Action, one.id).state for one in (*left, late)] == [
        ActionState.OPEN, ActionState.DONE, ActionState.LAPSED, ActionState.OPEN,
    ]  # fmt: skip
    said = {one.action_id: one.said_by_id for one in every(ActionEvent)}
    assert said == {second.id: world.care.id, third.id: None}
    police = new_client().sign_in(world.police.id)
    told = police.page("/my-actions")
    assert "Deze actie is vervallen" in told.text
    assert "Bel de school" in told.text, "who keeps it goes on with it"
    assert police.fill(f"/my-actions/{first.id}", {"state": "done"}).status_code == 303
    care = new_client().sign_in(world.care.id).page("/my-actions")
    assert "Namens u is vastgelegd" in care.text


def test_only_who_may_have_said_so_said_that_it_is_done(world, left, staff):
    path = f"/cases/{world.case.id}/close"
    chosen = {f"choice_{one.id.hex}": "done" for one in left}
    staff.page(path)
    sent = staff.last.form().filled(chosen | {f"said_by_{left[1].id.hex}": str(world.police.id)})
    assert staff.send(path, sent).status_code == 422
    builders.recusal(world.care, world.case)
    staff.page(path)
    assert f"said_by_{left[1].id.hex}" not in staff.last.form().names, "nobody who may"
    assert state_of(world) is CaseState.IN_PROGRESS
    assert every(ActionEvent) == []


def test_a_request_for_more_time_ends_with_the_action(world, left, staff):
    first, *others = left
    event = builders.save(
        ActionEvent(action_id=first.id, at=clock.now(), recorded_by_id=world.police.id)
    )
    builders.save(
        TermRequest(
            action_id=first.id, event_id=event.id, asked_by_id=world.police.id,
            asked_at=clock.now(), until_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    chosen = {f"choice_{one.id.hex}": "keep" for one in others} | {
        f"choice_{first.id.hex}": "lapse",
        f"reason_{first.id.hex}": "Niet meer nodig",
    }
    assert staff.fill(f"/cases/{world.case.id}/close", chosen).status_code == 303
    with transaction() as session:
        [request] = session.scalars(select(TermRequest)).all()
    assert request.answered_at is not None
    assert request.answered_by_id is None


def test_the_page_costs_the_same_for_three_and_thirty(world, left, staff, count_statements):
    path = f"/cases/{world.case.id}/close"
    staff.page(path)
    with count_statements() as few:
        staff.page(path)
    for number in range(27):
        builders.action(world.item, world.care_organisation, None, world.chair, safe=f"W{number}")
    with count_statements() as many:
        assert "Er staan nog 30 acties open" in staff.page(path).text
    assert len(few) == len(many)
