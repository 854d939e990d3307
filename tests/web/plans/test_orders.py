"""An exclusion order on its page: clocks from service, a meeting by itself, all seats see dates."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import CaseState, OrganisationKind, TableKind
from app.infra import clock
from app.models import AgendaItem, CaseClock, ExclusionOrder, Meeting, Seat, StandingPartner
from tests import builders
from tests.cases import rows


@pytest.fixture
def order(app):
    """A table for such orders with staff, police that always sit, and one case."""
    with builders.together():
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        police = builders.organisation("POL", OrganisationKind.POLICE)
        at = builders.table(
            "Huisverbod Deltaland", "HVB", kind=TableKind.EXCLUSION_ORDER, has_standing_seats=True
        )
        for one in (host, police):
            builders.covenant(one, at)
        builders.save(StandingPartner(table_id=at.id, organisation_id=police.id))
        people = {
            "staff": builders.coordinator(host, at),
            "police": builders.representative(police, at),
        }
        case = builders.case(at, police)
    return {"case": case, "table": at, "organisation": police, **people}


def served(staff, order, day, at="20.00"):
    """Record on the page when the order was served; gives the answer."""
    path = f"/cases/{order['case'].id}/exclusion-order"
    return staff.fill(path, {"day": day, "at": at}, action="/exclusion-order")


def due(code):
    return rows(select(CaseClock.due_at).where(CaseClock.code == code))[0]


def test_service_starts_the_clocks_and_plans_a_meeting_that_a_correction_moves(
    client, new_client, order
):
    staff, path = client.sign_in(order["staff"].id), f"/cases/{order['case'].id}/exclusion-order"
    assert path in staff.page(f"/cases/{order['case'].id}").links
    assert served(staff, order, "01-06-2026", "11.00").status_code == 422
    assert served(staff, order, "31-05-2026").status_code == 303
    case = staff.page(f"/cases/{order['case'].id}").text
    assert "Dag 3: overleg met alle partijen: wo 03-06-2026, 20.00" in case
    assert "werkdag" not in case
    text = staff.page(path).text
    assert due("day-3") == datetime(2026, 6, 3, 18, tzinfo=UTC)
    assert due("day-28") == datetime(2026, 6, 28, 18, tzinfo=UTC)
    assert "telt niet" in text
    assert "eindigt" in text
    meeting = rows(select(Meeting))[0]
    assert (meeting.starts_at, meeting.published_at) == (datetime(2026, 6, 3, 12, tzinfo=UTC), None)
    assert rows(select(AgendaItem.case_id)) == [order["case"].id]
    seat = rows(select(Seat))[0]
    assert (seat.organisation_id, seat.invited_at) == (order["organisation"].id, None)
    served(staff, order, "30-05-2026")
    text = staff.page(path).text
    assert text.count("van 03-06-2026, 20.00 naar 02-06-2026, 20.00") == 1
    assert rows(select(Meeting.starts_at)) == [datetime(2026, 6, 2, 12, tzinfo=UTC)]
    assert len(rows(select(CaseClock))) == 5
    for other in (order["police"], builders.person(order["organisation"], is_administrator=True)):
        assert new_client().sign_in(other.id).get(path).status_code == 404


def test_an_extension_counts_and_a_withdrawal_ends_what_runs(client, order, frozen_clock):
    staff, path = client.sign_in(order["staff"].id), f"/cases/{order['case'].id}/exclusion-order"
    served(staff, order, "31-05-2026")
    clock_id = rows(select(CaseClock.id).where(CaseClock.code == "day-3"))[0]
    assert staff.send(f"{path}/met", {"clock": str(clock_id)}).status_code == 303
    assert "gedaan" in staff.page(path).text
    frozen_clock.advance(timedelta(days=8))
    staff.sign_in(order["staff"].id)
    assert "voorbij" in staff.page(path).text
    assert staff.send(f"{path}/extend").status_code == 303
    assert "Verlengd tot 28-06-2026, 20.00" in staff.page(path).text
    assert rows(select(ExclusionOrder.ends_at)) == [due("day-28")]
    running = rows(select(CaseClock.code).where(CaseClock.ended_at.is_(None)))
    assert sorted(running) == ["day-28", "day-3", "day-7", "day-8"]
    staff.send(f"{path}/not-extended")
    assert rows(select(ExclusionOrder.ends_at)) == [due("day-10")]
    running = rows(select(CaseClock.code).where(CaseClock.ended_at.is_(None)))
    assert sorted(running) == ["day-10", "day-3", "day-7", "day-8"]
    assert staff.send(f"{path}/not-extended").status_code == 422
    staff.send(f"{path}/withdraw")
    assert (
        rows(select(CaseClock).where(CaseClock.ended_at.is_(None), CaseClock.met_at.is_(None)))
        == []
    )
    assert "Ingetrokken" in staff.page(path).text
    assert staff.send(f"{path}/extend").status_code == 404
    served(staff, order, "08-06-2026")
    assert rows(select(CaseClock.met_at).where(CaseClock.met_at.is_not(None))) == []
    running = rows(select(CaseClock.code).where(CaseClock.ended_at.is_(None)))
    assert sorted(running) == ["day-10", "day-3", "day-7", "day-8"]


def test_an_order_is_on_the_list_at_once(client, new_client, order):
    staff = client.sign_in(order["staff"].id)
    typed = {
        "day": "31-05-2026", "at": "20.00", "table": str(order["table"].id),
        "organisation": str(order["organisation"].id), "question": "Wat is nu nodig?",
    }  # fmt: skip
    answer = staff.fill("/exclusion-orders/new", typed)
    assert answer.status_code == 303
    assert "Dag 3" in staff.page(answer.location).text
    other = builders.chair(order["organisation"], builders.table())
    assert new_client().sign_in(other.id).get("/exclusion-orders/new").status_code == 404


def test_all_seats_see_the_dates_and_nobody_else(client, new_client, order):
    staff = client.sign_in(order["staff"].id)
    served(staff, order, "31-05-2026")
    meeting = builders.published(order["table"])
    item = builders.item(meeting, order["case"])
    seat = builders.seat(item, order["organisation"], order["police"])
    police = new_client().sign_in(order["police"].id)
    own = f"/my-meetings/{meeting.id}"
    assert "Dag 3" not in police.page(own).text
    builders.acceptance(order["police"], meeting)
    assert "Dag 3: overleg met alle partijen" in police.page(own).text
    assert "Dag 28" not in police.page(own).text
    assert "Dag 3" in staff.page(f"/seats/{seat.id}/preview").text


def test_without_acceptance_a_case_gets_its_meeting_later(client, order):
    from app.infra.db import transaction
    from app.models import Case

    with transaction() as session:
        session.get_one(Case, order["case"].id).state = CaseState.IN_TRIAGE
    staff, path = client.sign_in(order["staff"].id), f"/cases/{order['case'].id}/exclusion-order"
    served(staff, order, "31-05-2026")
    assert rows(select(Meeting)) == []
    assert "Overleg plannen" not in staff.page(path).text
    with transaction() as session:
        session.get_one(Case, order["case"].id).state = CaseState.ACCEPTED
    staff.page(path)
    staff.send(f"{path}/plan")
    assert len(rows(select(Meeting))) == 1
    assert rows(select(CaseClock.meeting_id).where(CaseClock.code == "day-3")) == rows(
        select(Meeting.id)
    )
    assert clock.now() < rows(select(Meeting.starts_at))[0] < due("day-3")
