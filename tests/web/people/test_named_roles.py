"""Representatives and standing deputies are named for a table, until a last day where there is one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AnnouncementKind, TableRoleName
from app.features.tables import roles as service
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import Announcement, TableRole
from tests import builders
from tests.people import path as person_path

REPRESENTATIVE, DEPUTY = TableRoleName.REPRESENTATIVE, TableRoleName.DEPUTY
# Monday 1 June, 10.00 in Amsterdam, is when these tests begin; 5 June ends at this moment.
END_OF_5_JUNE = datetime(2026, 6, 5, 22, tzinfo=UTC)


def path(at, more=""):
    return f"/admin/tables/{at.id}{more}"


def give(admin, at, person, role, last_on=""):
    return admin.fill(
        path(at, f"/roles/new?organisation={person.organisation_id}"),
        {"person": str(person.id), "role": role.value, "last_on": last_on},
        action="/roles/new",
    )


def the_roles(*conditions):
    with transaction() as session:
        return session.scalars(
            select(TableRole).where(*conditions).order_by(TableRole.from_at)
        ).all()


def represents(person):
    with reading() as session:
        return bool(load_actor(session, person.id, now=clock.now()).representative_table_ids)


@pytest.fixture
def named(admin, at, anna):
    """Anna, representative through 5 June."""
    give(admin, at, anna, REPRESENTATIVE, "5-6-2026")
    return anna


def test_a_role_holds_through_its_last_day(  # noqa: PLR0917 - these are fixtures
    admin, boss, at, named, frozen_clock, new_client
):
    (role,) = the_roles()
    assert role.until_at == END_OF_5_JUNE
    for page in (path(at), person_path(named)):
        assert "tot en met 05-06-2026" in admin.page(page).text
    frozen_clock.moment = END_OF_5_JUNE - timedelta(seconds=1)
    assert represents(named)
    frozen_clock.moment = END_OF_5_JUNE
    assert not represents(named)
    assert "A. de Vries" not in new_client().sign_in(boss.id).page(path(at)).text


def test_after_the_last_day_the_next_request_is_refused(app, frozen_clock, new_client):
    world = builders.small_world()
    ends_at = clock.now() + timedelta(minutes=5)
    builders.role(world.police_colleague, world.table, REPRESENTATIVE, until_at=ends_at)
    visitor = new_client().sign_in(world.police_colleague.id)
    own = world.sections["reason"]
    assert world.case.reference in visitor.page("/my-shares").text
    frozen_clock.moment = ends_at - timedelta(seconds=1)
    assert visitor.send(f"/my-shares/{own.id}/asks", {"asks": "yes"}).status_code == 303
    frozen_clock.moment = ends_at
    assert visitor.send(f"/my-shares/{own.id}/asks", {"asks": "no"}).status_code == 404
    assert world.case.reference not in visitor.page("/my-shares").text


@pytest.mark.parametrize(
    ("role", "last_on", "why"),
    [
        (REPRESENTATIVE, "31-5-2026", "nog moet komen"),
        (DEPUTY, "31-5-2026", "nog moet komen"),
        (REPRESENTATIVE, "31-2-2027", "bestaat niet"),
        (TableRoleName.COORDINATOR, "5-6-2026", "Alleen een vertegenwoordiger"),
        (TableRoleName.CHAIR, "5-6-2026", "Alleen een vertegenwoordiger"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(  # noqa: PLR0917 - fixtures and parameters
    admin, at, anna, role, last_on, why
):
    assert give(admin, at, anna, role, last_on).status_code == 422
    assert why in admin.last.text
    assert the_roles() == []


def test_today_may_be_the_last_day(admin, at, anna):
    assert give(admin, at, anna, DEPUTY, "1-6-2026").status_code == 303
    assert the_roles()[0].until_at == datetime(2026, 6, 1, 22, tzinfo=UTC)


def test_the_calendar_looks_again_at_the_moment_of_the_end(named, at):
    with transaction() as session:
        moments = session.scalars(
            select(OutboxRow.available_at)
            .where(OutboxRow.kind == "calendar.role", OutboxRow.person_id == named.id)
            .order_by(OutboxRow.available_at)
        ).all()
    assert moments == [clock.now(), END_OF_5_JUNE]


def test_a_last_day_is_changed_and_taken_away_and_staff_are_told(admin, at, named, chair):
    (role,) = the_roles(TableRole.role == REPRESENTATIVE)
    address = path(at, f"/roles/{role.id}/last-day")
    assert "05-06-2026" in dict(admin.page(address).form().fields).values()
    assert admin.fill(address, {"last_on": "31-5-2026"}).status_code == 422
    admin.fill(address, {"last_on": "30-6-2026"})
    assert the_roles(TableRole.id == role.id)[0].until_at == datetime(2026, 6, 30, 22, tzinfo=UTC)
    admin.fill(address, {"last_on": ""})
    admin.fill(address, {"last_on": ""})
    assert the_roles(TableRole.id == role.id)[0].until_at is None
    with transaction() as session:
        told = session.scalars(
            select(Announcement.kind).where(Announcement.kind == AnnouncementKind.ROLE_END_SET)
        ).all()
    assert len(told) == 2, "what changes nothing is told to nobody"


def test_only_a_live_role_of_this_table_of_a_partner_has_such_an_end(  # noqa: PLR0917 - these are fixtures
    admin, boss, at, named, chair, frozen_clock
):
    (role,) = the_roles(TableRole.role == REPRESENTATIVE)
    (leads,) = the_roles(TableRole.role == TableRoleName.CHAIR)
    elsewhere = builders.table("ZSM", "ZSM")
    for address in (path(at, f"/roles/{leads.id}"), path(elsewhere, f"/roles/{role.id}")):
        assert admin.get(f"{address}/last-day").status_code == 404
    with reading() as session:
        actor = load_actor(session, boss.id, now=clock.now())
    frozen_clock.moment = END_OF_5_JUNE
    with pytest.raises(NotVisible):
        service.change_end(actor, at.id, role.id, last_on=date(2026, 7, 1))


def test_nobody_is_representative_and_standing_deputy_at_one_table(admin, at, anna, police):
    colleague = builders.person(police)
    elsewhere = builders.table("ZSM", "ZSM")
    assert give(admin, at, anna, DEPUTY).status_code == 303
    assert give(admin, at, anna, REPRESENTATIVE).status_code == 422
    assert "niet allebei" in admin.last.text
    assert give(admin, at, anna, DEPUTY).status_code == 422
    assert "heeft deze rol hier al" in admin.last.text
    assert give(admin, elsewhere, anna, REPRESENTATIVE).status_code == 303
    assert give(admin, at, colleague, REPRESENTATIVE).status_code == 303
    assert give(admin, at, colleague, DEPUTY).status_code == 422


def test_a_standing_deputy_whose_last_day_is_over_may_represent(
    admin, boss, at, anna, frozen_clock
):
    give(admin, at, anna, DEPUTY, "1-6-2026")
    frozen_clock.advance(timedelta(days=1))
    with reading() as session:
        actor = load_actor(session, boss.id, now=clock.now())
    new = service.NewRole(person_id=anna.id, role=REPRESENTATIVE)
    assert service.give_role(actor, at.id, new)


def test_no_account_of_an_office_or_a_guest_is_named(boss, at, town):
    with reading() as session:
        actor = load_actor(session, boss.id, now=clock.now())
    for who, reason in (
        ({"is_administrator": True}, Reason.NOT_ADMINISTRATOR_AND_STAFF),
        ({"is_supervisor": True}, Reason.NOT_SUPERVISOR_AND_MORE),
        ({"ends_at": clock.now() + timedelta(days=3)}, Reason.GUEST_ACCOUNT),
    ):
        one = builders.person(town, **who)
        for role in service.NAMED:
            with pytest.raises(Refusal) as refused:
                service.give_role(actor, at.id, service.NewRole(person_id=one.id, role=role))
            assert refused.value.reason is reason
