import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState, PowerfulChangeKind, TableRoleName
from app.infra import outbox
from app.infra.db import transaction
from app.models import AuditEvent, Person, PowerfulChange, TableRole
from tests import accounts, builders


@pytest.fixture
def town(app):
    return builders.organisation("GEM", name="Gemeente Deltastad")


@pytest.fixture
def boss(town):
    return builders.person(town, "B. Beheer", is_administrator=True)


@pytest.fixture
def admin(client, boss):
    return client.sign_in(boss.id)


@pytest.fixture
def police(app):
    return builders.organisation("POL", name="Politie Deltaland")


@pytest.fixture
def anna(police):
    return accounts.enrolled(police, name="A. de Vries", email="a.devries@politie.example")


@pytest.fixture
def at(app):
    return builders.table()


@pytest.fixture
def chair(town, at):
    return builders.chair(town, at, "V. Voorzitter")


@pytest.fixture
def seated(anna, at):
    """Anna, who represents the police at the table of the chair."""
    builders.role(anna, at, TableRoleName.REPRESENTATIVE)
    return anna


def stored(person):
    with transaction() as session:
        return session.scalars(select(Person).where(Person.id == person.id)).one()


def roles_of(person):
    with transaction() as session:
        return session.scalars(
            select(TableRole).where(TableRole.person_id == person.id, TableRole.until_at.is_(None))
        ).all()


def waiting():
    with transaction() as session:
        return session.scalars(
            select(PowerfulChange).where(PowerfulChange.decided_at.is_(None))
        ).all()


def path(person, act=""):
    return f"/admin/people/{person.id}{act}"


def test_people_are_found_by_name_organisation_and_state(admin, anna, chair):
    assert "A. de Vries" in admin.page("/admin/people").text
    for search in (
        "?q=devries@",
        "?q=de+Vries",
        f"?organisation={anna.organisation_id}",
        "?state=active&q=vries",
    ):
        page = admin.page(f"/admin/people{search}")
        assert "A. de Vries" in page.text
        assert "V. Voorzitter" not in page.text
    for nonsense in (
        "?organisation=x",
        "?state=x",
        "?page=10000000000000000000000",
        "?page=-1",
        "?q=%25",
    ):
        assert admin.get(f"/admin/people{nonsense}").status_code == 200


def test_the_list_of_people_is_paged_in_a_fixed_number_of_statements(
    admin, police, count_statements
):
    def asked():
        with count_statements() as seen:
            assert admin.get("/admin/people").status_code == 200
        return len(seen)

    few = asked()
    for _ in range(30):
        builders.person(police)
    assert "Pagina 1 van 2" in admin.page("/admin/people").text
    assert asked() == few <= 6


def test_somebody_invited_gets_one_mail_with_one_link_and_nothing_else(
    admin, police, mails, client
):
    answer = admin.fill(
        "/admin/people/new",
        {
            "name": "N. Nieuw",
            "email": "N.Nieuw@Politie.example",
            "organisation": str(police.id),
            "function": "rechercheur",
        },
    )
    assert answer.status_code == 303, admin.last.text
    outbox.drain()

    (mail,) = mails(recipient="n.nieuw@politie.example")
    link = next(word for word in mail.text.split() if "/welcome/" in word)
    assert "N. Nieuw" in mail.text
    assert client.get(link.removeprefix("https://casustafel.test")).status_code == 200
    with transaction() as session:
        made = session.scalars(
            select(Person).where(Person.email == "n.nieuw@politie.example")
        ).one()
    assert made.state is AccountState.INVITED


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"email": "a.devries@politie.example"}, "al een account"),
        ({"email": "A.DEVRIES@politie.example"}, "al een account"),
        ({"email": "geen adres"}, "naam@organisatie.nl"),
        ({"email": "a@b.nl\r\nBcc: x@y.nl"}, "naam@organisatie.nl"),
        ({"name": ""}, "Vul dit veld in"),
        ({"name": "x" * 121}, "hoogstens 120"),
        ({"organisation": ""}, "Vul dit veld in"),
    ],
)
def test_an_invitation_with_a_fault_saves_nothing_and_keeps_what_was_typed(
    admin, anna, police, typed, why
):
    filled = {
        "name": "N. Nieuw",
        "email": "n@politie.example",
        "organisation": str(police.id),
        **typed,
    }
    answer = admin.fill("/admin/people/new", filled)

    assert answer.status_code == 422
    assert why in admin.last.text
    assert ("function", "") in admin.last.form().fields
    with transaction() as session:
        assert len(session.scalars(select(Person)).all()) == 2


def test_an_organisation_that_was_not_offered_is_refused(admin, police):
    admin.page("/admin/people/new")
    for made_up in ("x", "00000000-0000-0000-0000-000000000000"):
        answer = admin.send(
            "/admin/people/new",
            {"name": "N", "email": "n@x.example", "organisation": made_up, "language": "nl"},
        )
        assert answer.status_code == 422


def test_two_administrators_changing_one_person_see_both_versions(admin, new_client, boss, anna):
    other = new_client().sign_in(boss.id)
    form = other.page(path(anna, "/edit")).form().filled({"name": "A. Anders"})
    assert admin.fill(path(anna, "/edit"), {"name": "A. de Vries-Bos"}).status_code == 303

    late = other.post(
        path(anna, "/edit"), data=form, headers={"Referer": "https://casustafel.test/"}
    )

    assert late.status_code == 409
    assert "A. de Vries-Bos" in other.last.text
    assert ("name", "A. Anders") in other.last.form().fields
    assert stored(anna).name == "A. de Vries-Bos"


def test_a_blocked_account_is_out_at_once_and_can_come_back(admin, new_client, anna):
    theirs = new_client().sign_in(anna.id)
    admin.fill(path(anna), action="/block")
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


def test_administration_does_not_exist_for_others(new_client, anna, chair):
    for who in (anna, chair):
        visitor = new_client().sign_in(who.id)
        for page in (
            "/admin/people",
            "/admin/people/new",
            path(anna),
            path(anna, "/edit"),
            path(anna, "/move"),
            path(anna, "/email"),
        ):
            assert visitor.get(page).status_code == 404
        visitor.page("/sessions")
        for act in ("/block", "/link", "/reset-factor", "/appoint-officer"):
            assert visitor.send(path(anna, act)).status_code == 404
    assert stored(anna).state is AccountState.ACTIVE


def test_a_missing_person_is_not_found(admin, boss):
    assert admin.get("/admin/people/00000000-0000-0000-0000-000000000000").status_code == 404
    assert admin.get("/admin/people/1000000000000000000000").status_code == 404


def test_every_page_says_that_no_case_is_seen_here(admin, anna):
    for page in (
        "/admin/people",
        "/admin/people/new",
        path(anna),
        "/admin/organisations",
        "/admin/organisations/new",
    ):
        assert "U ziet hier geen inhoud van casussen." in admin.page(page).text


def test_extra_fields_in_a_form_change_nothing(admin, anna):
    form = admin.page(path(anna, "/edit")).form().filled({"name": "A. Anders"})
    form |= {
        "is_administrator": ["y"],
        "state": ["blocked"],
        "organisation_id": ["x"],
        "email": ["evil@x.example"],
    }
    admin.post(path(anna, "/edit"), data=form, headers={"Referer": "https://casustafel.test/"})

    now = stored(anna)
    assert (now.name, now.email, now.state, now.is_administrator) == (
        "A. Anders",
        anna.email,
        AccountState.ACTIVE,
        False,
    )


def test_every_act_is_recorded_with_who_did_it(admin, boss, anna):
    admin.fill(path(anna), action="/block")
    admin.fill(path(anna), action="/unblock")
    with transaction() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert {event.person_id for event in events} == {boss.id}
    assert [event.event for event in events] == ["authorisation-change"] * 2


# --- What an administrator may do alone is announced --------------------------------------------


@pytest.fixture
def helper(town, at):
    return builders.coordinator(town, at, "R. Regisseur")


def subjects(mails, person):
    outbox.drain()
    return [mail.subject for mail in mails(recipient=person.email)]


ANNOUNCED = "Een wijziging in rollen of accounts"


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
    admin.fill(path(seated), action="/block")
    assert subjects(mails, chair) == [ANNOUNCED]
    assert subjects(mails, seated) == ["Uw account is geblokkeerd"]
    admin.fill(path(seated), action="/unblock")
    assert len(subjects(mails, chair)) == 2
    page = new_client().sign_in(chair.id).page("/changes")
    assert "Account geblokkeerd : A. de Vries" in page.text
    assert "Account weer open : A. de Vries" in page.text


def test_a_block_taken_back_before_the_mail_left_is_not_told(admin, seated, mails):
    admin.fill(path(seated), action="/block")
    admin.fill(path(seated), action="/unblock")
    assert subjects(mails, seated) == []


def test_who_no_longer_leads_a_table_hears_nothing_of_it(admin, seated, chair, mails):
    admin.fill(path(seated), action="/block")
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
        admin.fill(path(seated), action="/block")

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
