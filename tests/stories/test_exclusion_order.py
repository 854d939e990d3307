"""Huisverbod: served in the weekend before Easter, met on its third day, extended and ended."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.domain.kinds import TableKind
from app.infra import clock, outbox
from app.models import CaseClock, ItemOutcome, Meeting, Seat
from tests import plan_tables, referring

# Thursday 2 April 2026, 18.00 in the Netherlands: day 3 is Easter Day.
THURSDAY = datetime(2026, 4, 2, 16, tzinfo=UTC)


def test_exclusion_order(new_client, app, frozen_clock, mails):
    frozen_clock.advance(THURSDAY - clock.now())
    region = plan_tables.region(TableKind.EXCLUSION_ORDER)
    police = new_client().sign_in(region.officer.id)
    staff = new_client().sign_in(region.coordinator.id)
    standing = [str(one.id) for one in (region.police, region.safety)]
    staff.fill(f"/tables/{region.table.id}/standing", {"partners": standing})
    path = referring.sent(police, region.table, matter={"urgency": "acute"})
    case = plan_tables.accepted(staff, path)
    order = f"/cases/{case.id}/exclusion-order"
    served = {"day": "02-04-2026", "at": "16.05"}
    assert staff.fill(order, served, action="/exclusion-order").status_code == 303

    clocks = {one.code: one for one in _clocks()}
    assert clocks["day-3"].due_at == datetime(2026, 4, 5, 14, 5, tzinfo=UTC)
    assert clocks["day-28"].due_at == datetime(2026, 4, 30, 14, 5, tzinfo=UTC)
    (meeting,) = referring.rows(select(Meeting).where(Meeting.id == clocks["day-3"].meeting_id))
    assert meeting.starts_at == datetime(2026, 4, 5, 12, tzinfo=UTC)
    assert meeting.published_at is None
    outbox.drain()
    assert {region.chair.email, region.coordinator.email} <= {one.to for one in mails()}
    item_id = plan_tables.item_of(case)
    seats = referring.rows(select(Seat).where(Seat.item_id == item_id))
    assert {str(one.organisation_id) for one in seats} == set(standing)

    staff.page(f"/meetings/{meeting.id}")
    assert staff.fill(f"/meetings/{meeting.id}/publish", action="/publish").status_code == 303
    staff.page(f"/meetings/{meeting.id}/invitations")
    assert staff.send(f"/meetings/{meeting.id}/invite").status_code == 303
    own = f"/my-meetings/{meeting.id}"
    assert "Dag 3" not in police.page(own).text
    police.fill(own, action="/accept")
    text = police.page(own).text
    assert "Dag 3: overleg met alle partijen: zo 05-04-2026, 16.05" in text
    assert "Dag 10" in text

    frozen_clock.advance(meeting.starts_at - clock.now())
    for who, one in ((region.officer, police), (region.coordinator, staff)):
        one.sign_in(who.id)
    assert "Dag 3: overleg" in staff.page(f"/meetings/{meeting.id}/live?item={item_id}").text
    plan_tables.discussed(staff, meeting, case, "extend")
    assert [one.code for one in referring.rows(select(ItemOutcome))] == ["extend"]
    assert staff.send(f"{order}/met", {"clock": str(clocks["day-3"].id)}).status_code == 303
    frozen_clock.advance(timedelta(days=8))
    outbox.drain()
    staff.sign_in(region.coordinator.id)
    assert "voorbij" in staff.page(order).text
    staff.send(f"{order}/extend")
    assert "Verlengd tot 30-04-2026, 16.05" in staff.page(order).text
    staff.send(f"{order}/withdraw")
    assert all(one.ended_at or one.met_at for one in _clocks())


def _clocks() -> list[CaseClock]:
    return referring.rows(select(CaseClock).where(CaseClock.code.startswith("day-")))
