import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState, TableRoleName
from app.features.accounts import hashing
from app.features.accounts.sign_in import check_password
from app.infra.db import transaction
from app.models import AuditEvent, Person, Throttle, WebSession
from tests import accounts, builders
from tests.accounts import PASSWORD, code, pass_password
from tests.databases import MOSTLY_SQLITE


@pytest.fixture
def police(app):
    return builders.organisation("POL")


@pytest.fixture
def anna(police):
    return accounts.enrolled(police, name="A. de Vries", email="a.devries@politie.example")


def sign_in(client, who, *, path="/sign-in"):
    step = pass_password(client, who, path=path)
    assert step.status_code == 303, step.text
    return client.fill(step.location, {"code": code()})


def rows(model, *conditions):
    with transaction() as session:
        return session.scalars(select(model).where(*conditions)).all()


def test_password_and_code_open_the_page_that_was_asked_for(client, anna):
    asked = client.get("/sessions")
    assert asked.status_code == 303
    answer = sign_in(client, anna, path=asked.location)

    assert (answer.status_code, answer.location) == (303, "/sessions")
    assert "A. de Vries" in client.page("/sessions").text


def test_the_password_alone_opens_nothing(client, anna):
    pass_password(client, anna)

    assert client.get("/sessions").location.startswith("/sign-in?next=")


def test_each_step_gives_a_new_session_id_and_ends_the_one_before(client, anna):
    pass_password(client, anna)
    pending = client.get_cookie("__Host-casustafel", domain="casustafel.test").value
    client.fill("/sign-in/code", {"code": code()})
    full = client.get_cookie("__Host-casustafel", domain="casustafel.test").value

    assert pending != full
    client.set_cookie("__Host-casustafel", pending, domain="casustafel.test")
    assert client.get("/sessions").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/a\\b",
        "javascript:alert(1)",
        "/%0d%0aX",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, anna, target):
    pass_password(client, anna)
    client.page("/sign-in/code")
    answer = client.send("/sign-in/code", {"code": code(), "next": target})

    assert answer.status_code == 303
    assert answer.location in {"/", "/%0d%0aX"}


def test_unknown_wrong_blocked_and_passwordless_answer_alike(client, police, anna):
    blocked = accounts.enrolled(police, state=AccountState.BLOCKED)
    bare = builders.person(police)
    answers = {}
    for email in ("niemand@politie.example", anna.email, blocked.email, bare.email):
        password = PASSWORD if email == blocked.email else "verkeerd wachtwoord"
        answer = client.fill("/sign-in", {"email": email, "password": password})
        answers[email] = (answer.status_code, client.last.text.replace(email, ""))

    assert len(set(answers.values())) == 1
    assert next(iter(answers.values()))[0] == 422


@pytest.fixture
def full_strength(monkeypatch, strong_hasher):
    """Hashing as the product does it."""
    monkeypatch.setattr(hashing, "_hasher", strong_hasher)
    hashing._nobodys.cache_clear()
    yield
    hashing._nobodys.cache_clear()


def test_a_password_hashed_more_lightly_is_hashed_anew_at_sign_in(client, anna, full_strength):
    """At the strength of RFC 9106 (second recommended option): 64 MiB, three passes, four lanes."""
    strong = "$argon2id$v=19$m=65536,t=3,p=4$"
    assert not anna.password_hash.startswith(strong)
    pass_password(client, anna)

    (stored,) = rows(Person, Person.id == anna.id)
    assert stored.password_hash.startswith(strong)


def seconds_to_refuse(email, address):
    start = time.perf_counter()
    with pytest.raises(Refusal) as refused:
        check_password(email, "verkeerd", address=address, open_pending=None, open_enrol=None)
    assert refused.value.reason is Reason.SIGN_IN_FAILED
    return time.perf_counter() - start


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_time_does_not_tell_whether_an_address_has_an_account(app, police, deep, full_strength):
    """security.md row 40: 200 tries each, medians less than 5 ms apart; a slice sees a factor."""
    accounts_each, tries_each = (20, 10) if deep else (1, 8)
    known, unknown = [], []
    for account in range(accounts_each):
        email = accounts.enrolled(police).email
        for turn in range(tries_each):
            known.append(seconds_to_refuse(email, f"10.0.{account}.{turn}"))
            nobody = f"niemand{account}@politie.example"
            unknown.append(seconds_to_refuse(nobody, f"10.1.{account}.{turn}"))

    apart = abs(statistics.median(known) - statistics.median(unknown))
    assert apart < 0.005 if deep else apart < 2 * min(map(statistics.median, (known, unknown)))


def test_a_code_works_once(new_client, anna):
    first, second = new_client(), new_client()
    for visitor in (first, second):
        pass_password(visitor, anna)

    assert first.fill("/sign-in/code", {"code": code()}).status_code == 303
    again = second.fill("/sign-in/code", {"code": code()})

    assert again.status_code == 422
    assert "klopt niet of is al gebruikt" in second.last.text


def test_a_recovery_code_works_once_instead_of_the_app(new_client, anna):
    spare = accounts.recovery_code(anna)
    answers = []
    for visitor in (new_client(), new_client()):
        pass_password(visitor, anna)
        answers.append(
            visitor.fill("/sign-in/code?recovery=1", {"code": spare.lower()}).status_code
        )

    assert answers == [303, 422]


def test_a_wrong_code_says_so_and_keeps_the_step(client, anna):
    pass_password(client, anna)

    assert client.fill("/sign-in/code", {"code": "000000"}).status_code == 422
    assert client.fill("/sign-in/code", {"code": ""}).status_code == 422
    assert client.fill("/sign-in/code", {"code": code()}).status_code == 303


def test_after_a_few_wrong_tries_one_waits_and_is_told_how_long(client, anna, frozen_clock):
    for _ in range(5):
        client.fill("/sign-in", {"email": anna.email, "password": "verkeerd wachtwoord"})
    answer = pass_password(client, anna)

    assert answer.status_code == 429
    assert "Probeer het over 1 min opnieuw" in client.last.text
    frozen_clock.advance(timedelta(minutes=1))
    assert pass_password(client, anna).status_code == 303


def test_an_unknown_address_has_to_wait_just_the_same(client, anna):
    statuses = [
        client.fill("/sign-in", {"email": "niemand@x.example", "password": "verkeerd"}).status_code
        for _ in range(6)
    ]

    assert statuses == [422] * 5 + [429]


def test_nobody_can_lock_somebody_else_out(new_client, anna, frozen_clock):
    stranger = new_client()
    for turn in range(30):
        stranger.post(
            "/sign-in",
            data={
                "csrf_token": stranger.page("/sign-in").form().fields[0][1],
                "email": anna.email,
                "password": "fout",
            },
            environ_base={"REMOTE_ADDR": f"10.9.0.{turn}"},
            headers={"Referer": "https://casustafel.test/sign-in"},
        )
    frozen_clock.advance(timedelta(seconds=61))

    assert pass_password(new_client(), anna).status_code == 303


def test_the_throttle_table_names_nobody(client, anna):
    client.fill("/sign-in", {"email": anna.email, "password": "verkeerd"})

    kept = rows(Throttle)
    assert len(kept) == 3
    assert all(len(row.key_hash) == 64 and "politie" not in row.key_hash for row in kept)


def test_sign_in_failure_and_sign_out_are_recorded(client, anna):
    client.fill("/sign-in", {"email": anna.email, "password": "verkeerd"})
    sign_in(client, anna)
    client.page("/sessions")
    answer = client.send("/sign-out")

    assert answer.headers["Clear-Site-Data"]
    events = [row.event for row in sorted(rows(AuditEvent), key=lambda row: row.id)]
    assert events == ["sign-in-failed", "sign-in", "sign-out"]
    assert client.get("/sessions").status_code == 303


def test_a_session_ends_after_fifteen_idle_minutes(client, anna, frozen_clock):
    client.sign_in(anna.id)
    frozen_clock.advance(timedelta(minutes=14))
    assert client.get("/sessions").status_code == 200
    frozen_clock.advance(timedelta(minutes=14))
    assert client.get("/sessions").status_code == 200
    frozen_clock.advance(timedelta(minutes=15))
    assert client.get("/sessions").status_code == 303


def test_a_session_ends_after_eight_hours_however_busy(client, anna, frozen_clock):
    client.sign_in(anna.id)
    for _ in range(47):
        frozen_clock.advance(timedelta(minutes=10))
        assert client.get("/sessions").status_code == 200
    frozen_clock.advance(timedelta(minutes=10))
    assert client.get("/sessions").status_code == 303


def test_staying_answers_the_script_and_keeps_the_session(client, anna, frozen_clock):
    client.sign_in(anna.id)
    client.page("/sessions")
    frozen_clock.advance(timedelta(minutes=14))
    data = {"csrf_token": client.token()}
    headers = {"Referer": "https://casustafel.test/sessions"}

    assert client.post(
        "/stay", data=data, headers={**headers, "Accept": "application/json"}
    ).json == {"seconds": 900}
    assert client.post("/stay", data=data, headers=headers).status_code == 204
    frozen_clock.advance(timedelta(minutes=14))
    assert client.get("/sessions").status_code == 200


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_again(
    client, police, frozen_clock
):
    boss = accounts.enrolled(police, is_administrator=True)
    client.sign_in(boss.id)
    page = client.page("/admin/organisations/new")
    fields = page.form().filled({"name": "Organisatie met een lange naam"})
    frozen_clock.advance(timedelta(minutes=20))
    late = client.post(
        "/admin/organisations/new",
        data=fields,
        headers={"Referer": "https://casustafel.test/admin/organisations/new"},
    )
    assert late.status_code == 303

    answer = sign_in(client, boss, path=late.location)

    restored = client.page(answer.location)
    assert ("name", "Organisatie met een lange naam") in restored.form().fields


@pytest.mark.parametrize("change", ["block", "move", "password"])
def test_a_session_is_refused_on_the_next_request_after(client, new_client, police, anna, change):
    boss = builders.person(police, is_administrator=True)
    client.sign_in(anna.id)
    assert client.get("/sessions").status_code == 200
    if change == "block":
        new_client().sign_in(boss.id).fill(f"/admin/people/{anna.id}/block")
    elif change == "move":
        other = builders.organisation("GGZ")
        new_client().sign_in(boss.id).fill(
            f"/admin/people/{anna.id}/move", {"organisation": str(other.id)}
        )
    else:
        other = new_client().sign_in(anna.id)
        other.fill(
            "/password", {"current_password": PASSWORD, "new_password": "twee paarden in de regen"}
        )
        assert other.get("/sessions").status_code == 200

    assert client.get("/sessions").status_code == 303
    assert all(
        row.revoked_at
        for row in rows(WebSession, WebSession.person_id == anna.id, WebSession.ended_reason != "")
    )


def test_the_form_of_signing_in_says_what_is_missing(client, anna):
    answer = client.fill("/sign-in")

    assert answer.status_code == 422
    assert "Er is een probleem" in client.last.text
    assert client.last.title.startswith("Fout: ")


def test_a_huge_password_is_merely_wrong(client, anna):
    assert (
        client.fill("/sign-in", {"email": anna.email, "password": "x" * 1_000_000}).status_code
        == 422
    )


def test_language_and_theme_follow_the_person(client, new_client, anna):
    client.sign_in(anna.id)
    client.page("/sessions")
    client.send("/language", {"language": "en", "next": "/sessions"})
    client.send("/theme", {"theme": "donker", "next": "/sessions"})

    (stored,) = rows(Person, Person.id == anna.id)
    assert (stored.language, stored.theme) == ("en", "donker")
    html = new_client().sign_in(anna.id).page("/sessions").html
    assert '<html lang="en" data-thema="donker">' in html


def test_language_of_a_visitor_lives_in_a_cookie(client, anna):
    client.page("/sign-in")
    answer = client.send("/language", {"language": "en", "next": "//evil.example"})
    assert answer.location == "/"
    assert '<html lang="en"' in client.page("/sign-in").html
    client.send("/language", {"language": "xx", "next": "/sign-in"})
    assert '<html lang="en"' in client.page("/sign-in").html


def test_roles_of_a_person_are_read_anew_on_every_request(client, anna):
    at = builders.table()
    client.sign_in(anna.id)
    assert client.get("/changes").status_code == 404
    builders.role(anna, at, TableRoleName.CHAIR)
    assert client.get("/changes").status_code == 200
