"""Changes that staff and the person hear of, and when nothing is told any more."""

import pytest
from sqlalchemy import select

from app.domain.kinds import TableRoleName
from app.infra import outbox
from app.infra.db import transaction
from app.models import TableRole
from tests import builders
from tests.people import path, roles_of, stored, waiting


@pytest.fixture
def helper(town, at):
    return builders.coordinator(town, at, "R. Regisseur")


def subjects(mails, person):
    outbox.drain()
    return [mail.subject for mail in mails(recipient=person.email)]


ANNOUNCED = "Een wijziging in rollen, accounts of instellingen"


def test_a_move_is_announced_to_staff_of_the_tables_and_to_the_person(  # noqa: PLR0917 - these are fixtures
    admin, new_client, town, seated, chair, helper, mails
):
    elsewhere = builders.chair(town, builders.table("ZSM", "ZSM"))
    admin.fill(path(seated, "/move"), {"organisation": str(town.id)})

    for who in (chair, helper):
        assert subjects(mails, who) == [ANNOUNCED]
        page = new_client().sign_in(who.id).page("/changes")
        assert "Naar een andere organisatie : A. de Vries" in page.text
        assert "B. Beheer" in page.text
    assert subjects(mails, elsewhere) == []
    assert "A. de Vries" not in new_client().sign_in(elsewhere.id).page("/changes").text
    assert subjects(mails, seated) == ["Een rol van u is beëindigd"]
    for mail in mails():
        assert "A. de Vries" not in mail.text.replace("Dag A. de Vries,", "")


def test_a_coordinator_sees_what_changed_and_confirms_nothing(admin, new_client, seated, helper):
    admin.fill(path(seated, "/email"), {"email": "anna@politie.example"})
    visitor = new_client().sign_in(helper.id)
    page = visitor.page("/changes")
    assert "anna@politie.example" not in page.html
    assert "Wijzigingen" in page.text
    (change,) = waiting()
    assert visitor.send(f"/changes/{change.id}", {"decision": "approve"}).status_code == 404


def test_a_blocked_person_and_the_staff_hear_of_the_block(admin, new_client, seated, chair, mails):
    admin.fill(path(seated, "/block"))
    assert subjects(mails, chair) == [ANNOUNCED]
    assert subjects(mails, seated) == ["Uw account is geblokkeerd"]
    admin.fill(path(seated), action="/unblock")
    assert len(subjects(mails, chair)) == 2
    page = new_client().sign_in(chair.id).page("/changes")
    assert "Account geblokkeerd : A. de Vries" in page.text
    assert "Account weer open : A. de Vries" in page.text


def test_a_block_taken_back_before_the_mail_left_is_not_told(admin, seated, mails):
    admin.fill(path(seated, "/block"))
    admin.fill(path(seated), action="/unblock")
    assert subjects(mails, seated) == []


def test_who_no_longer_leads_a_table_hears_nothing_of_it(admin, seated, chair, mails):
    admin.fill(path(seated, "/block"))
    with transaction() as session:
        for role in session.scalars(select(TableRole).where(TableRole.person_id == chair.id)):
            role.until_at = role.from_at
    assert subjects(mails, chair) == []


@pytest.mark.parametrize("act", ["/block", "/move"])
def test_what_waits_for_somebody_lapses_when_the_account_is_blocked_or_moved(  # noqa: PLR0917 - these are fixtures
    admin, new_client, town, seated, chair, act
):
    admin.fill(path(seated), action="/appoint-officer")
    admin.fill(path(seated, "/email"), {"email": "anna@politie.example"})
    confirmer = new_client().sign_in(chair.id)
    confirmer.page("/changes")
    change = waiting()[0]
    if act == "/move":
        admin.fill(path(seated, "/move"), {"organisation": str(town.id)})
    else:
        admin.fill(path(seated, "/block"))

    assert waiting() == []
    assert confirmer.send(f"/changes/{change.id}", {"decision": "approve"}).status_code == 404
    assert not stored(seated).is_privacy_officer
    officer = builders.person(town, is_privacy_officer=True)
    page = new_client().sign_in(officer.id).page("/changes")
    assert page.text.count("vervallen") == 2


def test_a_representative_made_by_an_administrator_is_announced(  # noqa: PLR0917 - these are fixtures
    admin, new_client, anna, at, chair, helper, mails
):
    form = f"/admin/tables/{at.id}/roles/new?organisation={anna.organisation_id}"
    typed = {"person": str(anna.id), "role": TableRoleName.REPRESENTATIVE.value}
    assert admin.fill(form, typed, action="/roles/new").status_code == 303
    for who in (chair, helper):
        assert subjects(mails, who) == [ANNOUNCED]
        page = new_client().sign_in(who.id).page("/changes")
        assert "Rol gegeven (vertegenwoordiger): A. de Vries" in page.text
        assert at.name in page.text

    (role,) = roles_of(anna)
    admin.fill(f"/admin/tables/{at.id}", action=f"/roles/{role.id}/end")
    assert subjects(mails, anna) == ["Een rol van u is beëindigd"]
    assert len(subjects(mails, chair)) == 2


def test_other_mail_domains_of_a_partner_are_announced_to_the_staff_of_its_tables(  # noqa: PLR0917 - these are fixtures
    admin, new_client, police, at, chair, mails
):
    elsewhere = builders.chair(builders.organisation("VER"), builders.table("ZSM", "ZSM"))
    builders.covenant(police, at)
    address = f"/admin/organisations/{police.id}"
    admin.fill(address, {"mail_domains": "politie.example"})
    admin.fill(address, {"name": "Politie Delta"})
    assert subjects(mails, chair) == [ANNOUNCED]
    assert subjects(mails, elsewhere) == []
    page = new_client().sign_in(chair.id).page("/changes")
    assert "Maildomeinen gewijzigd : Politie Delta" in page.text
    assert "Nu bekend: politie.example" in page.text
