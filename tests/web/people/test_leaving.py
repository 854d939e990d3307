"""Somebody leaves: everything open shows first, as dates and numbers, and then all of it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.domain.kinds import (
    AccountState,
    AnnouncementKind,
    ContactPart,
    ExportFormat,
    ExportKind,
    ExportPurpose,
    FeedContent,
    TableRoleName,
)
from app.features.people.leaving import left_behind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.infra.wall import System, acting_as
from app.models import (
    Announcement,
    AuditEvent,
    Export,
    Feed,
    OrganisationContact,
    Passkey,
    SeatHold,
    WebSession,
)
from tests import builders
from tests.people import path, roles_of, stored

HOUR = timedelta(hours=1)


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def leaver(world):
    """The police, with an action, a calendar, a passkey, a copy, and named by the organisation."""
    who, now = world.police, clock.now()
    builders.action(world.item, world.police_organisation, who, world.chair)
    builders.save_all(
        Feed(
            person_id=who.id, token_hash="a" * 64, content=FeedContent.MEETING, made_at=now,
            changed_at=now,
        ),
        Passkey(
            person_id=who.id, credential_id=b"sleutel", public_key=b"-", name="Sleutel", made_at=now
        ),
        OrganisationContact(
            organisation_id=who.organisation_id, person_id=who.id, part=ContactPart.CONTACT,
            from_at=now - HOUR,
        ),
        Export(
            person_id=who.id, kind=ExportKind.ACTIONS, as_file=ExportFormat.CSV,
            purpose=ExportPurpose.FOLLOW_UP, query="x=1", asked_at=now, expires_at=now + 9 * HOUR,
        ),
    )  # fmt: skip
    return who


@pytest.fixture
def boss(client, world):
    return client.sign_in(world.administrator.id)


def rows(model, *conditions):
    with acting_as(System.TIDYING), transaction() as session:
        return session.scalars(select(model).where(*conditions)).all()


@pytest.mark.parametrize("act", ["/leave", "/move", "/block"])
def test_what_is_open_shows_first_without_a_case(boss, world, leaver, act):
    page = boss.page(path(leaver, act)).text
    assert world.table.name in page
    assert "1 deelname" in page, "the administrator finds the seat behind the second wall"
    assert "Geen collega met dezelfde rol" in page
    for secret in (world.case.reference, world.second_case.reference, "Bel terug", "Kanarie"):
        assert secret not in page
    builders.representative(world.police_organisation, world.table, "C. Collega")
    builders.representative(world.care_organisation, world.table, "G. Ander")
    page = boss.page(path(leaver, act)).text
    assert "Voorstel: C. Collega" in page
    assert "G. Ander" not in page
    standing = builders.person(world.police_organisation, "Z. Vervanger")
    builders.role(standing, world.table, TableRoleName.DEPUTY)
    page = boss.page(path(leaver, act)).text
    assert "Voorstel: Z. Vervanger, vaste vervanger" in page, "who stands in goes first"
    assert "Heeft dezelfde rol: C. Collega" in page


def test_the_numbers_are_those_of_what_is_open(app, boss, world, leaver):
    with app.test_request_context():
        with transaction() as session:
            actor = load_actor(session, world.administrator.id, now=clock.now())
        behind = left_behind(actor, leaver.id)
    numbers = (behind.actions, behind.questions, behind.contacts, behind.subscriptions)
    assert (*numbers, behind.passkeys, behind.case_leads) == (1, 0, 1, 1, 1, 0)
    assert [one.number for one in behind.seats] == [1]


def test_leaving_ends_everything(boss, world, leaver, new_client):
    inside = new_client().sign_in(leaver.id)
    boss.fill(path(leaver, "/leave"))
    assert inside.get("/my-meetings").status_code == 303
    assert stored(leaver).state is AccountState.LEFT
    assert roles_of(leaver) == []
    now = clock.now()
    for model, column in (
        (WebSession, "revoked_at"), (Feed, "revoked_at"), (Passkey, "revoked_at"),
        (OrganisationContact, "until_at"), (SeatHold, "until_at"),
    ):  # fmt: skip
        found = rows(model, model.person_id == leaver.id)
        assert found, model
        assert all(getattr(one, column) <= now for one in found), model
    while outbox.drain():
        pass
    (copy,) = rows(Export, Export.person_id == leaver.id)
    assert (copy.expires_at, copy.query) == (now, ""), "nothing of it is kept"
    (told,) = rows(Announcement, Announcement.subject_id == leaver.id)
    assert (told.kind, told.table_id) == (AnnouncementKind.LEFT, world.table.id)
    assert rows(AuditEvent, AuditEvent.object_kind == "leaver")


def test_who_left_comes_back_only_by_an_invitation_and_without_a_role(boss, leaver):
    boss.fill(path(leaver, "/leave"))
    assert "Blokkeren" not in boss.page(path(leaver)).text
    boss.fill(path(leaver), action="/unblock")
    assert stored(leaver).state is AccountState.INVITED
    assert roles_of(leaver) == []


def test_nobody_leaves_twice_or_by_the_own_hand(boss, world, leaver):
    assert boss.fill(path(world.administrator, "/leave")).status_code == 422
    boss.fill(path(leaver, "/leave"))
    assert boss.fill(path(leaver, "/leave")).status_code == 422


@pytest.mark.parametrize("act", ["/leave", "/move"])
def test_copies_and_being_contact_end_with_the_organisation(boss, world, leaver, act):
    typed = {"organisation": str(world.host.id)} if act == "/move" else {}
    boss.fill(path(leaver, act), typed)
    while outbox.drain():
        pass
    (copy,) = rows(Export, Export.person_id == leaver.id)
    (contact,) = rows(OrganisationContact, OrganisationContact.person_id == leaver.id)
    assert copy.expires_at <= clock.now()
    assert contact.until_at <= clock.now()
