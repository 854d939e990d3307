"""Telling the persons concerned: added to and never changed, with a day to consider it again."""

from datetime import UTC, datetime, timedelta

from app.access.case_life import fact_notices
from app.domain.kinds import CaseState, TaskKind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Case, Informing, NewFact, Seat
from tests import builders
from tests.seats import all_of, change

LATER = {"how": "later", "reason": "Kanariereden", "reconsider_on": "08-06-2026"}


def test_postponed_with_a_reason_told_on_its_day_then_informed(
    staff, world, mails, frozen_clock, new_client
):
    change(Case, Case.id == world.case.id, state=CaseState.IN_PROGRESS)
    close = f"/cases/{world.case.id}/close"
    assert "niet vastgelegd" in staff.page(close).text
    base = f"/cases/{world.case.id}/informing"
    path = f"{base}/{world.concerned.id}"
    assert path in staff.page(base).links
    for wrong in ({"how": "later"}, LATER | {"reconsider_on": "01-05-2026"}, {"how": "told"}):
        staff.page(path)
        assert staff.fill(path, wrong).status_code == 422
    staff.page(path)
    assert staff.fill(path, LATER).status_code == 303
    assert "niet vastgelegd dat" not in staff.page(close).text
    assert b"Kanariereden" not in all_of(Informing)[0].reason_ct
    while outbox.drain():
        pass
    assert not mails(recipient=world.chair.email)
    # Meanwhile the case is over: what was put off is still to be done.
    change(Case, Case.id == world.case.id, state=CaseState.CLOSED, closed_at=clock.now())
    frozen_clock.moment = datetime(2026, 6, 8, 7, tzinfo=UTC)
    while outbox.drain():
        pass
    (mail,) = mails(recipient=world.chair.email)
    assert "Kanariereden" not in mail.text
    assert world.case.reference not in mail.text
    staff.sign_in(world.coordinator.id)
    assert "opnieuw bezien" in staff.page("/").text
    assert world.case.reference in staff.page("/informing").text
    staff.page(path)
    told = {
        "how": "told", "informed_on": "08-06-2026", "organisation": str(world.police_organisation.id)
    }  # fmt: skip
    assert staff.fill(path, told).status_code == 303
    assert len(all_of(Informing)) == 2
    page = staff.page(base).text
    assert "door Politie" in page
    assert "Kanariereden" in page
    assert world.case.reference not in staff.page("/informing").text
    assert "opnieuw bezien" not in staff.page("/").text
    frozen_clock.moment = clock.now() + timedelta(minutes=1)
    stranger = new_client().sign_in(world.stranger.id)
    for one in (base, path):
        stranger.page(one, status=404)


def test_who_serves_the_case_by_then_is_told(staff, world, mails, frozen_clock):
    path = f"/cases/{world.case.id}/informing/{world.concerned.id}"
    staff.page(path)
    staff.fill(path, LATER)
    fact = NewFact(
        case_id=world.case.id, table_id=world.table.id, reported_by_id=world.police.id,
        organisation_id=world.police_organisation.id, what_ct=b"", source_ct=b"", is_danger=True,
        happened_at=clock.now(), reported_at=clock.now(),
    )  # fmt: skip
    builders.save(fact)
    with transaction() as session:
        fact_notices.queue_danger(session, fact)
    change(Case, Case.id == world.case.id, table_id=world.other_table.id)
    frozen_clock.moment = datetime(2026, 6, 8, 7, tzinfo=UTC)
    while outbox.drain():
        pass
    subjects = [one.subject for one in mails(recipient=world.stranger.email)]
    assert len(subjects) == 3, "danger, danger still waiting, and telling that was put off"
    assert not mails(recipient=world.chair.email)


def test_the_case_lead_sees_what_was_done_without_a_label(staff, world, new_client):
    path = f"/cases/{world.case.id}/informing/{world.concerned.id}"
    staff.page(path)
    assert staff.fill(path, LATER).status_code == 303
    lead = builders.task(
        world.police_colleague, world.case, world.coordinator, kind=TaskKind.CASE_LEAD,
        accepted_at=clock.now(),
    )  # fmt: skip
    holder = new_client().sign_in(world.police_colleague.id)
    assert f"/tasks/{lead.id}/informing" in holder.page(f"/tasks/{lead.id}").links
    page = holder.page(f"/tasks/{lead.id}/informing")
    assert "Kanariereden" in page.text
    assert "Moeder" not in page.text
    change(Seat, Seat.id == world.care_seat.id, is_staff_only=True)
    change(Informing, recorded_by_id=world.care.id)
    builders.save(
        Informing(
            case_id=world.case.id, organisation_id=world.care_organisation.id,
            informed_on=clock.today(), recorded_by_id=world.coordinator.id,
            recorded_at=clock.now(),
        )
    )  # fmt: skip
    hidden = holder.page(f"/tasks/{lead.id}/informing").text
    assert "Geïnformeerd op" in hidden
    for word in ("Kanariereden", world.care_organisation.name, world.care.name):
        assert word not in hidden
    assert (
        new_client().sign_in(world.police.id).get(f"/tasks/{lead.id}/informing").status_code == 404
    )
