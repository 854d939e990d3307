"""Who always sits at a table gets a seat at every new item; a late case asks for its reason."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.domain.kind_document import Weekly
from app.domain.kinds import OrganisationKind, TableKind
from app.domain.local_time import AMSTERDAM
from app.domain.weekly_closing import closing_before
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AgendaItem,
    AuditEvent,
    CaseTable,
    Invitation,
    Seat,
    SeatHold,
    StandingPartner,
)
from tests import builders
from tests.cases import rows
from tests.zsm import zsm_world


@pytest.fixture
def house(app):
    """A Safety House with two partners: the first police officer is barred from the case."""
    with builders.together():
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        police = builders.organisation("POL", OrganisationKind.POLICE)
        care = builders.organisation("GGZ", OrganisationKind.MENTAL_HEALTH)
        at = builders.table("Veiligheidshuis Deltaland", "ZVH", kind=TableKind.SAFETY_HOUSE)
        for one in (host, police, care):
            builders.covenant(one, at)
        people = {
            "staff": builders.coordinator(host, at),
            "barred": builders.representative(police, at, "A. Agent"),
            "police": builders.representative(police, at, "B. Agent"),
        }
        case = builders.case(at, host)
        builders.exclusion(people["barred"], case, people["staff"])
        # Tuesday 16 June 2026, 10.00 in the Netherlands.
        meeting = builders.meeting(at, starts_at=datetime(2026, 6, 16, 8, tzinfo=UTC))
    organisations = {"host": host, "police_organisation": police, "care": care}
    return {"case": case, "table": at, "meeting": meeting, **people, **organisations}


def add(staff, house, **more):
    path = f"/meetings/{house['meeting'].id}/items/new"
    return staff.fill(path, {"case": str(house["case"].id), "minutes": "30", **more})


def test_each_new_item_gets_the_standing_seats(client, new_client, house):
    staff, path = client.sign_in(house["staff"].id), f"/tables/{house['table'].id}/standing"
    chosen = [str(house["police_organisation"].id), str(house["care"].id)]
    assert staff.fill(path, {"partners": chosen}).status_code == 303
    assert rows(select(CaseTable.has_standing_seats)) == [True]
    assert add(staff, house).status_code == 303
    seats = {one.organisation_id: one for one in rows(select(Seat))}
    assert set(seats) == {house["police_organisation"].id, house["care"].id}
    holds = rows(select(SeatHold))
    assert [(one.seat_id, one.person_id) for one in holds] == [
        (seats[house["police_organisation"].id].id, house["police"].id)
    ]
    assert {one.invited_at for one in seats.values()} == {None}
    assert rows(select(Invitation)) == []
    seat = seats[house["care"].id]
    staff.page(f"/items/{seat.item_id}/seats")
    assert staff.send(f"/seats/{seat.id}/remove").status_code == 303
    assert rows(select(Seat.organisation_id).where(Seat.removed_at.is_(None))) == [
        house["police_organisation"].id
    ]
    assert staff.fill(path, {"partners": []}).status_code == 303
    assert rows(select(CaseTable.has_standing_seats)) == [False]
    stranger = builders.chair(house["care"], builders.table())
    assert new_client().sign_in(stranger.id).get(path).status_code == 404


def test_after_the_weekly_closing_a_case_comes_with_a_reason(client, house, frozen_clock):
    frozen_clock.advance(datetime(2026, 6, 15, 9, 59, tzinfo=UTC) - clock.now())
    staff = client.sign_in(house["staff"].id)
    path = f"/meetings/{house['meeting'].id}/items/new"
    assert "gesloten sinds" not in staff.page(path).text
    frozen_clock.advance(timedelta(minutes=1))
    assert "gesloten sinds 15-06-2026, 12.00" in staff.page(path).text
    assert add(staff, house).status_code == 422
    assert rows(select(AgendaItem)) == []
    assert add(staff, house, reason="Vannacht opnieuw geweld").status_code == 303
    sealed = rows(select(AuditEvent.sealed_reason).where(AuditEvent.sealed_reason.is_not(None)))
    assert len(sealed) == 1
    assert b"geweld" not in sealed[0]


@pytest.mark.parametrize(
    ("starts_at", "closed_at"),
    [
        ((2026, 6, 16, 10, 0), (2026, 6, 15, 12, 0)),
        ((2026, 6, 15, 12, 0), (2026, 6, 8, 12, 0)),
        ((2026, 6, 15, 12, 1), (2026, 6, 15, 12, 0)),
        ((2026, 10, 27, 10, 0), (2026, 10, 26, 12, 0)),
    ],
)
def test_the_list_closes_on_the_last_such_moment_before_the_meeting(starts_at, closed_at):
    weekly = Weekly(0, time(12))
    found = closing_before(weekly, datetime(*starts_at, tzinfo=AMSTERDAM))
    assert found == datetime(*closed_at, tzinfo=AMSTERDAM)


def test_a_line_of_a_day_list_gets_the_standing_seats_too(client, app):
    world = zsm_world()
    builders.save(StandingPartner(table_id=world.table.id, organisation_id=world.prosecution.id))
    with transaction() as session:
        session.get_one(CaseTable, world.table.id).has_standing_seats = True
    staff = client.sign_in(world.coordinator.id)
    line = {
        "number": "10-000001-26", "question": "Aanhouding na bedreiging.",
        "organisation": str(world.police.id),
    }  # fmt: skip
    assert staff.fill(world.today, line, action=world.today).status_code == 303
    (seat,) = rows(select(Seat))
    assert (seat.organisation_id, seat.invited_at) == (world.prosecution.id, None)
    assert rows(select(SeatHold.person_id)) == [world.prosecutor.id]
