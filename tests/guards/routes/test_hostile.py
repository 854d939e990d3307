"""Junk in addresses, queries and forms gets an answer, never a failure, never a way out."""

import pytest
from flask import Flask

from app.domain.kinds import AccountState, OrganisationKind
from app.infra import outbox
from tests import builders
from tests.crawler import addresses, barred, has_id, rules
from tests.databases import MOSTLY_SQLITE
from tests.visitors import csrf_of, same_page

JUNK_IDS = (
    "1",
    "0",
    "-1",
    str(10**21),
    "abc",
    "%00",
    "' OR 1=1 --",
    "../../etc/passwd",
    "a" * 5000,
    "٣",
    "{{7*7}}",
)
MEGABYTE = "A" * 1_000_000
TOO_LONG = "A" * 25_000
HOSTILE_NEXT = (
    "//evil.example", "///evil.example", "https://evil.example/", "http:evil.example", "\\\\evil.example",
    "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "/%0d%0aSet-Cookie:x=1", " //evil.example",
    "//evil.example@casustafel.test/", "/" * 5000,
)  # fmt: skip


# In the ordinary run a page or form is asked as the first of them it lets in.
VISITORS = ("coordinator", "seat holder", "administrator", "chair")
# But these show each of them something else.
DIFFER = {"home.start"}
ENDS_SESSIONS = {"accounts.sign_out", "accounts.end_session", "accounts.end_other_sessions"}


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_a_junk_id_is_not_found(app: Flask, world, quick, some) -> None:
    client = quick(world.people["coordinator"].id)
    for method in ("GET", "POST"):
        token = csrf_of(client)
        for rule in (rule for rule in rules(app, method) if has_id(rule)):
            parts = rule.rule.replace("<", "\0").replace(">", "\0").split("\0")[1::2]
            for junk in some(JUNK_IDS, 4):
                path = rule.rule
                for part in parts:
                    path = path.replace(f"<{part}>", junk)
                data = {"csrf_token": token} if method == "POST" else None
                answer = client.open(path, method=method, data=data, headers=same_page(client))
                assert answer.status_code in {404, 405, 308}, (
                    f"{method} {path[:200]} answers {answer.status_code}"
                )


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_nul_bytes_and_a_megabyte_never_break_a_form(
    app: Flask, world, quick, some, deep: bool
) -> None:
    taken: set[str] = set()
    for actor in VISITORS:
        client = quick(world.people[actor].id)
        but = set() if deep else taken | barred(app, world, actor)
        taken |= send_hostile_texts(app, world, actor, client, some, but=ENDS_SESSIONS | but)


def send_hostile_texts(app: Flask, world, actor: str, client, some, *, but: set[str]) -> set[str]:
    """Gives the endpoints that let this actor in; those in ``but`` are not asked."""
    token, taken = csrf_of(client), set()
    for rule in rules(app, "POST"):
        if rule.endpoint in but:
            continue
        path, _values = next(addresses(app, rule, world.ids))
        names = sorted(field_names(client, path))
        sent = [
            dict.fromkeys(names, value) for value in ("a\0b\x1b\u202e", TOO_LONG, "1" + "0" * 21)
        ]
        for fields in some((*sent, {names[0]: MEGABYTE}), 1):
            answer = client.post(
                path, data={**fields, "csrf_token": token}, headers=same_page(client)
            )
            value = fields[names[0]][:10]
            assert answer.status_code < 500, (
                f"{actor}: POST {path} with {value!r} answers {answer.status_code}"
            )
            if answer.status_code != 404:
                taken.add(rule.endpoint)
    return taken


def field_names(client, path: str) -> set[str]:
    """What the form at this address asks for, or some likely names when it has no page."""
    answer = client.get(path)
    likely = {
        "text",
        "name",
        "reason",
        "direction",
        "position",
        "state",
        "answer",
        "version",
        "seat",
        "section",
    }
    if answer.status_code != 200 or client.last is None:
        return likely
    named = {name for form in client.last.forms if form.in_main for name in form.names}
    return (named | likely) - {"csrf_token", "submit_key"}


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_odd_query_strings_never_break_a_page(app: Flask, world, quick, some, deep: bool) -> None:
    taken: set[str] = set()
    for actor in VISITORS:
        client = quick(world.people[actor].id)
        but = set() if deep else taken - DIFFER | barred(app, world, actor)
        taken |= ask_oddly(app, world, actor, client, some, but=but)


def ask_oddly(app: Flask, world, actor: str, client, some, *, but: set[str]) -> set[str]:
    """Gives the endpoints that let this actor in; those in ``but`` are not asked."""
    taken = set()
    names = (
        "page",
        "q",
        "table",
        "state",
        "organisation",
        "when",
        "sort",
        "restored",
        "lang",
        "at",
        "tab",
        "seat",
        "next",
    )
    for rule in rules(app, "GET"):
        if rule.endpoint in but:
            continue
        path, _values = next(addresses(app, rule, world.ids))
        if client.get(path).status_code == 404:
            continue
        taken.add(rule.endpoint)
        for value in some(("a%00b", "-1", str(10**21), "%ff%F0%9F%98%80" + "x" * 5000), 1):
            query = "&".join(f"{name}={value}" for name in names)
            answer = client.get(f"{path}?{query}")
            assert answer.status_code < 500, (
                f"{actor}: GET {path} with {value[:20]} answers {answer.status_code}"
            )
    return taken


@pytest.mark.parametrize("target", HOSTILE_NEXT)
def test_next_never_leaves_the_application(app: Flask, quick, target: str) -> None:
    host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
    client = quick(builders.person(host).id)
    token = csrf_of(client)
    for path, more in (
        ("/language", {"language": "en"}),
        ("/theme", {"theme": "dark"}),
        ("/stay", {}),
    ):
        answer = client.post(
            path, data={"csrf_token": token, "next": target, **more}, headers=same_page(client)
        )
        location = answer.headers.get("Location", "/")
        assert location.startswith("/"), f"{path} leads to {location}"
        assert not location.startswith(("//", "/\\")), f"{path} leads to {location}"
        assert "evil" not in location, f"{path} leads to {location}"
        assert not any(cookie.startswith("x=") for cookie in answer.headers.getlist("Set-Cookie"))


def test_the_name_of_another_host_is_repeated_nowhere(quick, mails) -> None:
    host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
    invited = builders.person(host, state=AccountState.INVITED)
    client = quick()
    client.base_url = "https://evil.example"
    client.sign_in(builders.person(host, is_administrator=True).id)
    answers = [client.get(path) for path in ("/", "/admin/people", "/nowhere")]
    sent = {"csrf_token": csrf_of(client)}
    link = f"/admin/people/{invited.id}"
    answers.append(client.post(f"{link}/link", data=sent, headers=same_page(client)))
    assert answers[-1].location == link
    outbox.drain()
    told = [mail.text + mail.html for mail in mails(recipient=invited.email)]
    assert any("https://casustafel.test/welcome/" in text for text in told)
    for text in [*told, *(answer.text + str(answer.headers) for answer in answers)]:
        assert "evil" not in text
