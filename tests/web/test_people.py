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
