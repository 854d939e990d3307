"""Veiligheidshuis: triage with the standing partners, PGA yes, a plan per life domain, scaling."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import CaseState, TableKind
from app.infra import clock
from app.models import Case, Handover, ItemOutcome, Referral, Seat, SeatHold, Task
from tests import builders, plan_tables, referring


@pytest.fixture
def region(app):
    return plan_tables.region(TableKind.SAFETY_HOUSE)


def test_safety_house(new_client, region, frozen_clock):
    referrer = new_client().sign_in(region.referrer.id)
    staff = new_client().sign_in(region.coordinator.id)
    standing = [str(one.id) for one in (region.police, region.care, region.safety)]
    staff.fill(f"/tables/{region.table.id}/standing", {"partners": standing})
    local = builders.table("MDA++ Deltaland", "LOK", kind=TableKind.MDA)
    receiver = builders.coordinator(region.host, local, "O. Ontvanger")

    late = {"late": "De partners zitten er vandaag al."}
    first = referring.sent(referrer, region.table, matter=late)
    second = referring.sent(referrer, region.table, matter=late)
    pga = plan_tables.accepted(staff, first, meeting=str(region.meeting.id))
    other = plan_tables.accepted(staff, second, meeting=str(region.meeting.id))
    for case in (pga, other):
        seats = referring.rows(select(Seat).where(Seat.item_id == plan_tables.item_of(case)))
        assert {str(one.organisation_id) for one in seats} == set(standing)
        held = select(SeatHold.person_id).where(SeatHold.seat_id.in_([one.id for one in seats]))
        assert set(referring.rows(held)) == {
            region.officer.id, region.carer.id, region.referrer.id,
        }  # fmt: skip
    plan_tables.discussed(staff, region.meeting, pga, "pga", other={other: "no-pga"})
    codes = {one.case_id: one.code for one in referring.rows(select(ItemOutcome))}
    assert codes == {pga.id: "pga", other.id: "no-pga"}

    plan = f"/cases/{pga.id}/plan"
    page = staff.page(plan)
    assert "PGA): ja" in page.text
    assert page.text.count("Nog niets opgeschreven.") >= 12
    for number, lead in ((1, region.care), (12, region.police)):
        path = f"{plan}/texts/{region.types[f'life-{number}'].id}"
        answer = staff.fill(path, {"text": f"Afspraak {number}", "source": str(lead.id)})
        assert answer.status_code == 303
    text = staff.page(plan).text
    assert "Trekker: GGZ Delta" in text
    assert "Trekker: Politie" in text
    due_on = f"{clock.today() + timedelta(weeks=8):%d-%m-%Y}"
    assert staff.fill(f"{plan}/review", {"due_on": due_on}).status_code == 303

    assert f"/cases/{pga.id}/handover" in staff.page(plan).links
    words = {"to": f"table:{local.id}", "reason": "Afschalen naar het lokale overleg."}
    assert staff.fill(f"/cases/{pga.id}/handover", words).status_code == 303
    (task_id,) = referring.rows(select(Task.id).where(Task.person_id == receiver.id))
    assert _case(pga).table_id == region.table.id
    there = new_client().sign_in(receiver.id)
    there.fill(f"/tasks/{task_id}", action="/accept")
    there.fill(f"/tasks/{task_id}", action=f"/handovers/{task_id}/accept")
    assert _case(pga).table_id == local.id
    assert [one.accepted_by_id for one in referring.rows(select(Handover))] == [receiver.id]
    assert "Afspraak 12" in there.page(plan).text
    assert staff.get(plan).status_code == 404
    assert _case(other).state is CaseState.DISCUSSED
    # Judged long ago: where it went since is no business of its referrer.
    assert "MDA++ Deltaland" not in referrer.page(first).text


def test_a_referral_after_the_deadline_says_why(new_client, region, frozen_clock):
    """The referrer on the own form, or else staff: the list closes on Monday at noon."""
    frozen_clock.advance(datetime(2026, 6, 15, 11, 0, tzinfo=UTC) - clock.now())
    tuesday = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)
    meeting = {"meeting": str(builders.published(region.table, starts_at=tuesday).id)}
    referrer = new_client().sign_in(region.referrer.id)
    path = referring.sent(referrer, region.table, matter={"late": "Het gevaar is van vannacht."})
    (late,) = referring.rows(select(Referral.late_ct).where(Referral.id == referring.id_of(path)))
    assert late is not None
    staff = new_client().sign_in(region.coordinator.id)
    at = f"/triage/{referring.id_of(path)}"
    assert "Het gevaar is van vannacht." in staff.page(at).text
    assert staff.fill(f"{at}/accept", meeting).status_code == 303
    at = f"/triage/{referring.id_of(referring.sent(referrer, region.table))}/accept"
    answer = staff.fill(at, meeting)
    assert answer.status_code == 422
    assert "De lijst van dit overleg is al gesloten." in answer.text
    assert staff.send(at, {**meeting, "reason": "Het kan niet wachten."}).status_code == 303


def _case(case: Case) -> Case:
    return referring.rows(select(Case).where(Case.id == case.id))[0]
