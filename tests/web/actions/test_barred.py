"""A holder whom the case bars since: nobody to remind, nobody whose words are taken down."""

import pytest

from app.domain.kinds import CaseState
from app.infra import clock
from app.models import Action, Case, Recusal
from tests import builders
from tests.actions import drain, events
from tests.live import change

NOBODY = "Er is nu niemand om te herinneren"


def excluded(world) -> None:
    builders.exclusion(world.police, world.case, world.chair)


def recused(world) -> None:
    builders.recusal(world.police, world.case)


@pytest.fixture(params=["named", "of the organisation"])
def held(request, world, action):
    change(Case, world.case.id, state=CaseState.IN_PROGRESS)
    if request.param != "named":
        change(Action, action.id, person_id=None)
    return action


@pytest.mark.parametrize("bar", [excluded, recused], ids=lambda one: one.__name__)
def test_who_is_barred_is_neither_reminded_nor_quoted(world, staff, held, mails, bar):
    action = held
    remind = f"/actions/reminders?action={action.id}"
    note, close = f"/actions/{action.id}/state", f"/cases/{world.case.id}/close"
    assert NOBODY not in staff.page(remind).text
    chosen = staff.last.form().filled({})
    assert str(world.police.id) in staff.page(close).html
    assert str(world.police.id) in staff.page(note).html
    said = staff.last.form().filled({"state": "done"})
    bar(world)
    assert NOBODY in staff.page(remind).text
    staff.send(remind, chosen)
    drain()
    assert mails() == ()
    for path in (note, close):
        assert str(world.police.id) not in staff.page(path).html
    assert staff.send(note, said).status_code == 422
    assert events(action) == []


def test_a_recusal_that_was_lifted_keeps_nobody_out(world, staff, action, mails):
    builders.save(
        Recusal(person_id=world.police.id, case_id=world.case.id, at=clock.now(),
                lifted_at=clock.now(), lifted_by_id=world.chair.id)
    )  # fmt: skip
    staff.fill(f"/actions/reminders?action={action.id}")
    drain()
    assert len(mails()) == 1
    assert str(world.police.id) in staff.page(f"/actions/{action.id}/state").html
