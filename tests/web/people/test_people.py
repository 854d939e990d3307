"""Administration of people: finding, inviting and correcting them, and what it never shows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import AuditEvent, Person
from tests import builders
from tests.people import path, stored


def test_people_are_found_by_name_organisation_and_state(admin, anna, chair):
    assert "A. de Vries" in admin.page("/admin/people").text
    for search in (
        {"q": "devries@"},
        {"q": "de Vries"},
        {"organisation": str(anna.organisation_id)},
        {"state": "active", "q": "vries"},
    ):
        answer = admin.fill("/admin/people", search, action="/admin/people")
        assert "ries" not in answer.location
        page = admin.page(answer.location)
        assert "A. de Vries" in page.text
        assert "V. Voorzitter" not in page.text
    for nonsense in (
        "?organisation=x",
        "?state=x",
        "?page=10000000000000000000000",
        "?page=-1",
        "?search=%25",
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


def test_the_account_of_a_guest_becomes_an_ordinary_one_by_an_act_of_its_own(admin, boss, anna):
    assert "Gewoon account maken" not in admin.page(path(anna)).text
    with transaction() as session:
        session.get_one(Person, anna.id).ends_at = clock.now() + timedelta(days=1)
    for office in ("/appoint-officer", "/appoint-supervisor"):
        assert admin.send(path(anna, office)).status_code == 422, office
    admin.fill(path(anna), action="/lasting")
    assert stored(anna).ends_at is None
    with transaction() as session:
        (event,) = session.scalars(select(AuditEvent)).all()
    assert (event.person_id, event.object_kind) == (boss.id, "guest-account")


def test_every_act_is_recorded_with_who_did_it(admin, boss, anna):
    admin.fill(path(anna, "/block"))
    admin.fill(path(anna), action="/unblock")
    with transaction() as session:
        events = session.scalars(select(AuditEvent)).all()
    assert {event.person_id for event in events} == {boss.id}
    assert [event.event for event in events] == ["authorisation-change"] * 2
