from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import AccountState
from app.infra import outbox
from app.infra.db import transaction
from app.models import AuditEvent, OneTimeLink, Person, RecoveryCode
from tests import accounts, builders
from tests.accounts import PASSWORD, code


@pytest.fixture
def police(app):
    return builders.organisation("POL", name="Politie Deltaland")


def person(person_id):
    with transaction() as session:
        return session.scalars(select(Person).where(Person.id == person_id)).one()


def test_the_first_sign_in_goes_from_link_to_password_to_app_to_recovery_codes(client, police):
    who, token = accounts.invited(police)
    chosen = client.fill(f"/welcome/{token}", {"new_password": PASSWORD})
    assert chosen.location == "/sign-in/enrol"
    assert client.get("/sessions").status_code == 303
    page = client.page("/sign-in/enrol")
    secret = page.text.split("Sleutel: ")[1].split("Code uit")[0].replace(" ", "")
    picture = client.get("/sign-in/enrol/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style=" not in picture.text

    shown = client.fill("/sign-in/enrol", {"code": code(secret)})

    assert shown.status_code == 200
    codes = [one for one in client.last.text.split() if one.count("-") == 2 and len(one) == 14]
    assert len(set(codes)) == 10
    assert client.get("/sessions").status_code == 200
    assert client.get("/sign-in/enrol/qr.svg").status_code == 404
    with transaction() as session:
        assert (
            len(session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == who.id)).all())
            == 10
        )
    assert person(who.id).state is AccountState.ACTIVE


def test_looking_at_the_link_uses_nothing_up(client, police):
    _who, token = accounts.invited(police)
    for _ in range(3):
        assert client.get(f"/welcome/{token}").status_code == 200


def test_a_link_works_once(client, new_client, police):
    _who, token = accounts.invited(police)
    form = new_client()
    form.page(f"/welcome/{token}")
    client.fill(f"/welcome/{token}", {"new_password": PASSWORD})

    again = form.send(f"/welcome/{token}", {"new_password": PASSWORD})

    assert again.status_code == 410
    assert "werkt niet meer" in form.last.text


def test_a_link_lasts_seven_days(client, police, frozen_clock):
    _who, token = accounts.invited(police)
    frozen_clock.advance(timedelta(days=7))
    assert client.get(f"/welcome/{token}").status_code == 410


@pytest.mark.parametrize("token", ["x", "é" * 50, "a" * 3000])
def test_an_unknown_link_is_gone(client, police, token):
    assert client.get(f"/welcome/{token}").status_code == 410


def test_only_the_hash_of_a_link_is_stored(police, app):
    _who, token = accounts.invited(police)
    with transaction() as session:
        (link,) = session.scalars(select(OneTimeLink)).all()
    assert token not in link.token_hash


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "minstens 15 tekens"),
        ("welkom01welkom01", "veelgebruikte wachtwoorden"),
        ("PolitieDeltaland2026", "uw organisatie"),
        ("abababababababab", "herhaling"),
    ],
)
def test_a_weak_password_is_refused_with_the_rule_that_failed(client, police, password, why):
    _who, token = accounts.invited(police)

    answer = client.fill(f"/welcome/{token}", {"new_password": password})

    assert answer.status_code == 422
    assert why in client.last.text
    assert password not in client.last.html
    assert client.fill(f"/welcome/{token}", {"new_password": PASSWORD}).status_code == 303


def test_a_link_for_a_new_password_leaves_the_second_factor_alone(client, police):
    who = accounts.enrolled(police)
    with transaction() as session:
        from app.features.accounts.links import make_link

        token = make_link(session, who.id)
    answer = client.fill(f"/welcome/{token}", {"new_password": "twee paarden in de regen"})

    assert answer.location == "/sign-in"
    assert person(who.id).totp_last_step == 1


def test_a_blocked_account_cannot_use_its_link(client, police):
    who, token = accounts.invited(police)
    with transaction() as session:
        session.get(Person, who.id).state = AccountState.BLOCKED
    assert client.get(f"/welcome/{token}").status_code == 410


def test_a_new_password_needs_the_current_one(client, police):
    who = accounts.enrolled(police)
    client.sign_in(who.id)

    wrong = client.fill(
        "/password", {"current_password": "iets anders", "new_password": "twee paarden in de regen"}
    )

    assert wrong.status_code == 422
    assert "niet uw huidige wachtwoord" in client.last.text
    weak = client.fill("/password", {"current_password": PASSWORD, "new_password": "kort"})
    assert weak.status_code == 422


def test_one_can_sign_another_browser_out(client, new_client, police):
    who = builders.person(police)
    other = new_client().sign_in(who.id)
    client.sign_in(who.id)
    page = client.page("/sessions")
    assert page.text.count("Uitloggen 01-06-2026") == 2
    client.send("/sessions/end-others")

    assert other.get("/sessions").status_code == 303
    assert client.get("/sessions").status_code == 200


def test_the_sessions_of_others_do_not_exist(client, new_client, police):
    mine, theirs = builders.person(police), builders.person(police)
    other = new_client().sign_in(theirs.id)
    client.sign_in(mine.id)
    from app.models import WebSession

    with transaction() as session:
        (row,) = session.scalars(select(WebSession).where(WebSession.person_id == theirs.id)).all()
    client.page("/sessions")

    assert client.send(f"/sessions/{row.id}/end").status_code == 404
    assert other.get("/sessions").status_code == 200


def test_a_privacy_officer_comes_from_the_command_line_only_while_nobody_can_confirm(app, police):
    who, boss = builders.person(police), builders.person(police, is_administrator=True)
    run = app.test_cli_runner().invoke
    assert run(args=["people", "officer", "--email", boss.email]).exit_code != 0
    assert run(args=["people", "officer", "--email", who.email]).exit_code == 0
    assert person(who.id).is_privacy_officer

    other = builders.person(police)
    assert run(args=["people", "officer", "--email", other.email]).exit_code != 0


def test_a_lost_link_is_replaced_from_the_command_line(app, police, client):
    who, lost = accounts.invited(police)
    made = app.test_cli_runner().invoke(args=["people", "link", "--email", who.email])

    assert client.get(f"/welcome/{lost}").status_code == 410
    assert (
        client.get(made.output.strip().removeprefix("https://casustafel.test")).status_code == 200
    )


def test_the_first_administrator_comes_from_the_command_line(app, client):
    run = app.test_cli_runner().invoke
    arguments = [
        "people",
        "add",
        "--name",
        "B. Beheer",
        "--email",
        "B.Beheer@Gemeente.example",
        "--organisation-code",
        "GEM",
        "--administrator",
    ]
    missing = run(args=arguments)
    assert missing.exit_code != 0
    assert "--organisation-name" in missing.output

    made = run(
        args=[
            *arguments,
            "--organisation-name",
            "Gemeente Deltastad",
            "--organisation-kind",
            "municipality",
        ]
    )

    assert made.exit_code == 0, made.output
    path = made.output.strip().removeprefix("https://casustafel.test")
    assert client.fill(path, {"new_password": PASSWORD}).location == "/sign-in/enrol"
    assert run(args=arguments).exit_code != 0


# --- New recovery codes -------------------------------------------------------------------------


def codes_in(page) -> set[str]:
    return {one for one in page.text.split() if one.count("-") == 2 and len(one) == 14}


def unused(who) -> int:
    with transaction() as session:
        found = select(RecoveryCode).where(
            RecoveryCode.person_id == who.id, RecoveryCode.used_at.is_(None)
        )
        return len(session.scalars(found).all())


def test_new_recovery_codes_take_both_factors_and_end_the_old_ones(
    client, new_client, police, mails
):
    who = accounts.enrolled(police)
    old = accounts.recovery_code(who)
    client.sign_in(who.id)
    assert "U hebt nog 1 herstelcode over." in client.page("/sessions").text
    for wrong in (
        {"current_password": "iets heel anders", "code": code()},
        {"current_password": PASSWORD, "code": "000000"},
        {"current_password": PASSWORD, "code": old},
        {"current_password": PASSWORD, "code": ""},
    ):
        assert client.fill("/step-up?next=/recovery-codes", wrong).status_code == 422
        assert client.send("/recovery-codes").headers["Location"].startswith("/step-up")
        assert codes_in(client.page("/recovery-codes")) == set()
    assert unused(who) == 1

    back = accounts.step_up(client, "/recovery-codes")
    assert back.headers["Location"] == "/recovery-codes"
    shown = client.fill("/recovery-codes")

    assert shown.status_code == 200
    fresh = codes_in(client.last)
    assert len(fresh) == 10
    assert "U hebt nog 10 herstelcodes over." in client.page("/sessions").text
    assert codes_in(client.page("/recovery-codes")) == set()
    assert client.send("/recovery-codes").headers["Location"].startswith("/step-up")
    assert accounts.step_up(client).status_code == 422, "a code of the app works once"
    outbox.drain()
    (mail,) = mails(recipient=who.email)
    assert mail.subject == "U hebt nieuwe herstelcodes"
    assert not [one for one in fresh if one in mail.text + mail.html]
    with transaction() as session:
        kinds = session.scalars(
            select(AuditEvent.object_kind).where(AuditEvent.person_id == who.id)
        ).all()
    assert kinds.count("recovery-codes") == 1

    for one, status in ((old, 422), (min(fresh), 303)):
        visitor = new_client()
        accounts.pass_password(visitor, who)
        answer = visitor.fill("/sign-in/code?recovery=1", {"code": one})
        assert answer.status_code == status


def test_who_has_no_second_factor_has_no_recovery_codes_to_make(client, police):
    client.sign_in(builders.person(police).id)
    page = client.page("/recovery-codes")
    assert "geen app of passkey ingesteld" in page.text
    assert "herstelcode" not in client.page("/sessions").text
    assert client.send("/recovery-codes").status_code == 303


def test_guessing_at_proving_who_is_there_is_slowed_down(client, police):
    who = accounts.enrolled(police)
    client.sign_in(who.id)
    client.page("/step-up")
    wrong = {"current_password": PASSWORD, "code": "000000"}
    statuses = [client.send("/step-up", wrong).status_code for _ in range(12)]
    assert statuses[0] == 422
    assert 429 in statuses
