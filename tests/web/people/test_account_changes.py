"""Changes to an account: what works at once, and what waits for a second person."""

import pytest

from app.domain.kinds import AccountState, PowerfulChangeKind, TableRoleName
from app.infra import outbox
from tests import accounts, builders
from tests.people import path, roles_of, stored, waiting


def test_a_blocked_account_is_out_at_once_and_can_come_back(admin, new_client, anna):
    theirs = new_client().sign_in(anna.id)
    admin.fill(path(anna, "/block"))
    assert theirs.get("/sessions").status_code == 303
    assert stored(anna).state is AccountState.BLOCKED

    admin.fill(path(anna), action="/unblock")
    assert stored(anna).state is AccountState.ACTIVE


def test_administrators_cannot_block_themselves(admin, boss):
    admin.page(path(boss))
    assert admin.send(path(boss, "/block")).status_code == 422
    assert stored(boss).state is AccountState.ACTIVE


def test_moving_ends_roles_and_sessions(admin, new_client, town, anna, at):
    builders.role(anna, at, TableRoleName.REPRESENTATIVE)
    theirs = new_client().sign_in(anna.id)

    admin.fill(path(anna, "/move"), {"organisation": str(town.id)})

    assert stored(anna).organisation_id == town.id
    assert roles_of(anna) == []
    assert theirs.get("/sessions").status_code == 303
    assert admin.fill(path(anna, "/move"), {"organisation": str(town.id)}).status_code == 422


def test_another_address_waits_for_a_chair_and_ends_sessions(
    admin, new_client, seated, chair, mails
):
    anna = seated
    theirs = new_client().sign_in(anna.id)
    admin.fill(path(anna, "/email"), {"email": "anna@politie.example"})
    outbox.drain()
    assert mails(recipient="a.devries@politie.example")
    assert mails(recipient=chair.email)
    assert stored(anna).email == "a.devries@politie.example"

    confirmer = new_client().sign_in(chair.id)
    page = confirmer.page("/changes")
    assert "anna@politie.example" in page.text
    assert "B. Beheer" in page.text
    answer = confirmer.fill("/changes")

    assert answer.status_code == 303
    assert stored(anna).email == "anna@politie.example"
    assert theirs.get("/sessions").status_code == 303
    assert waiting() == []


def test_a_link_sent_to_the_old_address_stops_working_with_the_change(
    admin, new_client, police, chair
):
    who, token = accounts.invited(police)
    admin.fill(path(who, "/email"), {"email": "nieuw@politie.example"})
    assert admin.get(f"/welcome/{token}").status_code == 200
    new_client().sign_in(chair.id).fill("/changes")
    assert admin.get(f"/welcome/{token}").status_code == 410


def test_mails_about_accounts_name_nobody_but_the_reader(admin, new_client, seated, chair, mails):
    admin.fill(path(seated, "/email"), {"email": "anna@politie.example"})
    new_client().sign_in(chair.id).fill("/changes")
    outbox.drain()
    sent = mails()
    assert len(sent) == 3
    for mail in sent:
        about_others = {"B. Beheer", "A. de Vries", "V. Voorzitter"} - {
            mail.text.split(",")[0].removeprefix("Dag ")
        }
        assert not [name for name in about_others if name in mail.text + mail.html + mail.subject]


def test_refusing_changes_nothing(admin, new_client, anna, chair):
    admin.fill(path(anna, "/email"), {"email": "anna@politie.example"})
    (change,) = waiting()
    confirmer = new_client().sign_in(chair.id)
    confirmer.page("/changes")

    assert confirmer.send(f"/changes/{change.id}", {"decision": "refuse"}).status_code == 303
    assert stored(anna).email == "a.devries@politie.example"
    assert confirmer.send(f"/changes/{change.id}", {"decision": "approve"}).status_code == 404


def test_after_a_confirmed_reset_one_starts_anew_by_mail(admin, new_client, anna, chair, mails):
    accounts.recovery_code(anna)
    admin.fill(path(anna), action="/reset-factor")
    new_client().sign_in(chair.id).fill("/changes")
    outbox.drain()

    now = stored(anna)
    assert (now.totp_ct, now.totp_last_step, now.password_hash) == (None, 0, None)
    assert any("/welcome/" in mail.text for mail in mails(recipient=anna.email))


def test_a_privacy_officer_is_appointed_by_two_and_is_told_what_waits(
    admin, new_client, anna, chair
):
    admin.fill(path(anna), action="/appoint-officer")
    assert not stored(anna).is_privacy_officer
    assert admin.send(path(anna, "/appoint-officer")).status_code == 422
    new_client().sign_in(chair.id).fill("/changes")

    assert stored(anna).is_privacy_officer
    assert new_client().sign_in(anna.id).get("/changes").status_code == 200


def test_nobody_confirms_for_oneself_nor_for_another_table(admin, new_client, seated, chair, town):
    anna = seated
    elsewhere = builders.chair(town, builders.table("ZSM", "ZSM"))
    admin.fill(path(anna, "/email"), {"email": "anna@politie.example"})
    admin.fill(path(chair, "/email"), {"email": "v@gemeente.example"})
    by_subject = {change.subject_id: change.id for change in waiting()}

    for who, change in (
        (elsewhere, by_subject[anna.id]),
        (elsewhere, by_subject[chair.id]),
        (chair, by_subject[chair.id]),
    ):
        visitor = new_client().sign_in(who.id)
        visitor.page("/changes")
        assert visitor.send(f"/changes/{change}", {"decision": "approve"}).status_code == 404
    assert len(waiting()) == 2


@pytest.mark.parametrize("kind", [PowerfulChangeKind.APPOINT_PRIVACY_OFFICER])
def test_an_administrator_cannot_hold_such_a_role(admin, boss, kind):
    admin.page(path(boss))
    answer = admin.send(path(boss, "/appoint-officer"))
    assert answer.status_code == 422
    assert "Een beheerder kan geen" in admin.last.text


def test_a_supervisor_is_appointed_by_two_and_holds_nothing_else(
    admin, new_client, anna, chair, town
):
    admin.fill(path(anna), action="/appoint-supervisor")
    assert not stored(anna).is_supervisor
    sitting = new_client().sign_in(chair.id)
    sitting.fill("/changes", {"decision": "approve"}, action=f"/changes/{waiting()[0].id}")
    assert stored(anna).is_supervisor
    officer = builders.person(town, is_privacy_officer=True)
    for who, act in (
        (anna, "/appoint-officer"),
        (anna, "/appoint-supervisor"),
        (officer, "/appoint-supervisor"),
        (chair, "/appoint-supervisor"),
    ):
        assert admin.send(path(who, act)).status_code == 422, (who.name, act)
    role = {"person": str(anna.id), "role": TableRoleName.REPRESENTATIVE.value}
    place = f"/admin/tables/{roles_of(chair)[0].table_id}/roles/new"
    admin.page(place)
    assert admin.send(place, role).status_code == 422
    assert not roles_of(anna)
    admin.fill(path(anna), action="/end-supervisor")
    assert not stored(anna).is_supervisor
