"""Who has no business behind a door learns nothing there: no session, no token, no difference."""

import uuid

import pytest
from flask import Flask

from tests import canaries
from tests.crawler import addresses, barred, has_id, rules, without_tokens
from tests.databases import MOSTLY_SQLITE
from tests.visitors import csrf_of, declared_public, same_page


# Refused before anything is asked of the database: its other kind is for the full figures.
@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_anonymous_always_goes_to_sign_in(app: Flask, world, quick) -> None:
    anonymous = quick()
    token = csrf_of(anonymous)
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if declared_public(app, rule.endpoint):
                continue
            path, _values = next(addresses(app, rule, world.ids))
            data = {"csrf_token": token} if method == "POST" else None
            answer = anonymous.open(path, method=method, data=data, headers=same_page(anonymous))
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
                303,
                "/sign-in",
            ), f"{method} {path}"
            assert not canaries.words_in(answer.get_data(as_text=True)), path


MANAGED = {
    "person_id",
    "organisation_id",
    "table_id",
    "covenant_id",
    "role_id",
    "room_id",
    "section_type_id",
    "session_id",
    "standard_id",
}
# The id of nothing at all.
NOWHERE = str(uuid.uuid4())
# Who may see nothing of the main case, for one reason each.
STRANGERS = (
    "chair of another table",
    "administrator",
    "colleague",
    "seated elsewhere",
    "privacy officer",
    "recused",
    "excluded",
)


# What a privacy officer finds of every case: who opened it, and why in need; no content.
WATCHED = {
    "oversight.of_case",
    "oversight.search_of_case",
    "oversight.why",
    "emergency.one",
    "emergency.review",
}


def own_case(world: canaries.Canaries) -> set[uuid.UUID]:
    """The ids that hang from the main case alone."""
    things = world.things
    seats = {seat.id for seat in things["seats"].values()}
    kinds = (
        "decision_id",
        "action_id",
        "reading_id",
        "request_id",
        "exclusion_id",
        "recusal_id",
        "concerned_id",
        "disclosure_id",
        "line_id",
    )
    mine = {one for kind in kinds for one in world.ids.get(kind, [])}
    return mine | seats | {things["main"].id, things["item"].id} | {
        section.id for name, section in things["sections"].items() if not name.startswith(("second", "foreign"))
    }  # fmt: skip


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_foreign_and_missing_answer_alike(
    app: Flask, world, quick, method: str, deep: bool
) -> None:
    foreign, asked = own_case(world), 0
    for actor in STRANGERS:
        # Refused before an id is looked at: one of them tells what any would.
        known = set() if deep else barred(app, world, actor)
        client = quick(world.people[actor].id)
        token, answers = csrf_of(client), {}
        for rule in (rule for rule in rules(app, method) if has_id(rule)):
            if declared_public(app, rule.endpoint):
                continue
            if actor == "privacy officer" and rule.endpoint in WATCHED:
                continue
            most = 1 if rule.endpoint in known else 3
            for path, values in addresses(app, rule, world.ids, most=most):
                if not foreign & set(values.values()):
                    continue
                missing = path
                for one in foreign & set(values.values()):
                    missing = missing.replace(str(one), NOWHERE)
                if missing not in answers:
                    answers[missing] = comparable(client, method, missing, token)
                given, wanted = comparable(client, method, path, token), answers[missing]
                assert given == wanted, f"{actor}: {method} {path} betrays that it exists"
                # An empty form may be refused before anything is looked up: that betrays nothing.
                refused = {404, 422} if method == "POST" else {404}
                assert given[0] in refused, f"{actor}: {method} {path} answers {given[0]}"
                asked += 1
    assert asked


def comparable(client, method: str, path: str, token: str) -> tuple:
    """Status, headers and body of an answer, with the address itself and the tokens taken out."""
    data = {"csrf_token": token} if method == "POST" else None
    answer = client.open(path, method=method, data=data, headers=same_page(client))
    body = without_tokens(answer.get_data(as_text=True)).replace(path, "")
    headers = sorted(
        (name, value.replace(path, "")) for name, value in answer.headers if name != "Set-Cookie"
    )
    return answer.status_code, headers, body


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_nothing_is_changed_without_a_csrf_token(app: Flask, world, quick, some) -> None:
    visitors = {
        name: quick(world.people[name].id)
        for name in ("coordinator", "seat holder", "administrator", "chair")
    }
    anonymous = quick()
    posts = rules(app, "POST")
    assert posts
    for rule in posts:
        path, _values = next(addresses(app, rule, world.ids))
        for who in (anonymous, *visitors.values()):
            for data in some(({}, {"csrf_token": ""}, {"csrf_token": "made-up"}), 1):
                answer = who.post(path, data=data, headers=same_page(who))
                refused = answer.status_code in {400, 404} or (
                    answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?")
                )
                assert refused, f"POST {path} with {data} answers {answer.status_code}"


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_a_post_from_another_site_is_refused(app: Flask, world, quick, some) -> None:
    client = quick(world.people["coordinator"].id)
    token = csrf_of(client)
    for rule in rules(app, "POST"):
        path, _values = next(addresses(app, rule, world.ids))
        for site in some(("cross-site", "same-site"), 1):
            answer = client.post(
                path,
                data={"csrf_token": token},
                headers={"Sec-Fetch-Site": site, **same_page(client)},
            )
            assert answer.status_code == 403, path


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_head_and_options_tell_nothing(app: Flask, world, quick, some) -> None:
    for who in (None, "coordinator", "seat holder"):
        look_only(app, world, quick(world.people[who].id if who else None), some)


def look_only(app: Flask, world, client, some) -> None:
    for rule in rules(app, "GET"):
        path, _values = next(addresses(app, rule, world.ids))
        head = client.head(path)
        assert head.get_data() == b""
        assert head.status_code < 500
        assert not canaries.words_in(str(head.headers)) - {"slot"}, path
        for method in some(("OPTIONS", "TRACE", "PUT", "PATCH", "DELETE"), 1):
            assert client.open(path, method=method).status_code == 405, f"{method} {path}"
