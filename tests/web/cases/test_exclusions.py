"""Whoever is excluded from a case or stepped back: what ends, and how it may be lifted."""

import pytest
from sqlalchemy import select

from app.infra import clock
from app.infra.db import transaction
from app.models import (
    Exclusion,
    ExclusionReason,
    Meeting,
    Recusal,
    SeatHold,
    Task,
)
from tests import builders
from tests.cases import rows


@pytest.mark.parametrize("is_closed", [False, True])
def test_excluding_ends_every_seat_at_the_case_and_the_reason_stays_with_staff(
    staff, world, is_closed
):
    """Those of a meeting that is over too: its papers are open for some days."""
    with transaction() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        meeting.closed_at = clock.now() if is_closed else None
    answer = staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.police.id), "reason": "Kanariereden"},
    )
    assert answer.status_code == 303
    assert "Kanariereden" in staff.page(answer.location).text
    held = rows(select(SeatHold).where(SeatHold.person_id == world.police.id))
    assert all(hold.until_at for hold in held)
    with transaction() as session:
        stored = session.scalars(select(ExclusionReason)).one()
        assert b"Kanariereden" not in stored.text_ct


def test_an_excluded_coordinator_sees_the_case_nowhere(staff, new_client, world):
    staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.chair.id), "reason": "familie"},
    )
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(f"/cases/{world.case.id}").status_code == 404
    assert world.case.reference not in chair.page("/cases").text


def test_whoever_may_come_near_a_case_can_be_excluded_and_loses_its_tasks(staff, new_client, world):
    elsewhere = builders.organisation("ELD", name="Elders")
    officer = builders.person(elsewhere, "F. Gegevens", is_privacy_officer=True)
    guest = builders.person(elsewhere, "G. Gast")
    task = builders.task(guest, world.case, world.chair)
    path = f"/cases/{world.case.id}/exclusions/new"
    for who in (officer, guest):
        assert staff.fill(path, {"person": str(who.id), "reason": "Familie"}).status_code == 303
    assert rows(select(Task.ended_at).where(Task.id == task.id)) != [None]
    assert new_client().sign_in(guest.id).get(f"/tasks/{task.id}").status_code == 404


def test_the_last_of_the_staff_cannot_be_excluded(staff, world):
    path = f"/cases/{world.case.id}/exclusions/new"
    staff.fill(path, {"person": str(world.chair.id), "reason": "familie"})
    answer = staff.fill(path, {"person": str(world.coordinator.id), "reason": "buren"})
    assert answer.status_code == 422
    assert "vervanger" in answer.text


def test_an_exclusion_can_end(staff, new_client, world):
    staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.chair.id), "reason": "familie"},
    )
    made = rows(select(Exclusion))[0]
    staff.page(f"/cases/{world.case.id}")
    staff.send(f"/cases/{world.case.id}/exclusions/{made.id}/end")
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(f"/cases/{world.case.id}").status_code == 200


@pytest.mark.parametrize("until", ["31-02-2026", "1-1-2020", "morgen"])
def test_an_impossible_end_is_refused(staff, world, until):
    answer = staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.police.id), "reason": "familie", "until": until},
    )
    assert answer.status_code == 422
    assert not rows(select(Exclusion))


def test_lifting_a_recusal(staff, world):
    made = builders.save(Recusal(person_id=world.police.id, case_id=world.case.id, at=clock.now()))
    assert "privé bekend" in staff.page(f"/cases/{world.case.id}").text
    staff.send(f"/cases/{world.case.id}/recusals/{made.id}/lift")
    assert rows(select(Recusal))[0].lifted_by_id == world.coordinator.id
