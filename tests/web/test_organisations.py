"""An organisation ends once nobody works there; what it has open shows before, without a case."""

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, AnnouncementKind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Announcement, AuditEvent, CaseTable, Covenant, IdentityProvider, Organisation
from tests import builders
from tests.people import path as person_path
from tests.people import stored
from tests.seats import change


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def boss(client, world):
    return client.sign_in(world.administrator.id)


def path(of):
    return f"/admin/organisations/{of.id}/end"


def rows(model, *conditions):
    with transaction() as session:
        return session.scalars(select(model).where(*conditions)).all()


def everybody_leaves(boss, world):
    for who in (world.police, world.police_colleague):
        assert boss.fill(person_path(who, "/leave")).status_code == 303


def test_what_is_open_shows_by_table_and_whoever_works_there_goes_first(boss, world):
    of = world.police_organisation
    builders.action(world.item, of, world.police, world.chair)
    builders.input_request(world.police_seat, world.coordinator)
    shown = boss.page(path(of)).text
    assert "Mensen met een account 2 Convenanten 2" in shown
    assert (
        "MDA++ Deltaland Mensen met een rol 1 Rollen 1 Deelnames die komen 1 Acties 1"
        " Vragen om inbreng 1"
    ) in shown
    for secret in (world.case.reference, "Kanarie", world.police.name):
        assert secret not in shown
    assert "Laat eerst iedereen vertrekken" in shown
    assert boss.send(path(of)).status_code == 422
    assert rows(Organisation, Organisation.id == of.id)[0].ended_at is None


def test_the_end_takes_covenants_and_the_own_sign_in_page_along(boss, world, mails):
    of = world.police_organisation
    builders.save(
        IdentityProvider(
            organisation_id=of.id, name="Politie", issuer="https://inloggen.politie.example",
            client_id="casustafel", domains="politie.example", made_at=clock.now(),
        )
    )  # fmt: skip
    everybody_leaves(boss, world)
    assert boss.fill(path(of)).status_code == 303
    now = clock.now()
    assert rows(Organisation, Organisation.id == of.id)[0].ended_at == now
    assert {one.until_at for one in rows(Covenant, Covenant.organisation_id == of.id)} == {now}
    assert [one.ended_at for one in rows(IdentityProvider)] == [now]
    told = rows(Announcement, Announcement.kind == AnnouncementKind.ORGANISATION_ENDED)
    assert {one.table_id for one in told} == {world.table.id, world.other_table.id}
    assert [
        one.object_id for one in rows(AuditEvent, AuditEvent.object_kind == "organisation-ended")
    ] == [of.id]
    while outbox.drain():
        pass
    assert mails(recipient=world.chair.email)
    assert "beëindigd" in boss.page("/admin/organisations").text
    assert of.name not in boss.page("/admin/people/new").html
    assert boss.send(path(of)).status_code == 422


def test_nobody_comes_back_to_an_organisation_that_ended(boss, world):
    everybody_leaves(boss, world)
    boss.fill(path(world.police_organisation))
    boss.page(person_path(world.police))
    assert boss.send(person_path(world.police, "/unblock")).status_code == 422
    assert stored(world.police).state is AccountState.LEFT


def test_a_host_and_the_own_organisation_do_not_end(boss, world):
    everybody_leaves(boss, world)
    change(
        CaseTable, CaseTable.id == world.table.id, host_organisation_id=world.police_organisation.id
    )
    assert "nog gastheer van een overleg" in boss.page(path(world.police_organisation)).text
    assert boss.send(path(world.police_organisation)).status_code == 422
    boss.page(path(world.host))
    assert boss.send(path(world.host)).status_code == 422
    assert [one for one in rows(Organisation) if one.ended_at] == []


def test_only_an_administrator_ends_one(new_client, world):
    for who in (world.chair, world.coordinator, world.police):
        visitor = new_client().sign_in(who.id)
        visitor.page("/sessions")
        assert visitor.get(path(world.police_organisation)).status_code == 404
        assert visitor.send(path(world.police_organisation)).status_code == 404
