"""Walks every address of the application as somebody, with every id of a world, and follows links."""

import html
import itertools
import re
import uuid
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import Permission, audience_of, load_actor
from app.domain.errors import NotVisible
from app.infra import clock
from app.infra.db import reading
from app.web.guard import rule_of
from tests.canaries import Canaries
from tests.documents import words_of

UNCHECKED = {"static", "font_file"}
# Reading a whole page for its links takes half as long as making it.
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
CHANGING = re.compile(r'(name="csrf_token"[^>]*value=|name="submit_key"[^>]*value=)"[^"]*"')
PRINTED_AT = re.compile(r'(class="print-line".*?<time>)[^<]*', re.DOTALL)
NOT_IN_A_WORLD = {
    # Nothing is decided before the meeting.
    "action_id": uuid.UUID(int=1),
    "correction_id": uuid.UUID(int=1),
    "decision_id": uuid.UUID(int=1),
    "line_id": uuid.UUID(int=1),
    "mark_id": uuid.UUID(int=1),
    # Nobody keeps a view of the board.
    "kept_id": uuid.UUID(int=1),
    # Every message of a world arrives.
    "message_id": uuid.UUID(int=1),
    "note_id": uuid.UUID(int=1),
    # Nobody signs in by an organisation.
    "link_id": uuid.UUID(int=1),
    # Nor by a passkey.
    "passkey_id": uuid.UUID(int=1),
    "provider_id": uuid.UUID(int=1),
    "part": "criteria",
    "by": "seat",
    "day": "2026-06-15",
    "kind": "baseline",
    "kind_code": "mda",
    "name": "20260601T080000000000Z-0123456789abcdef.eml",
    "session_id": uuid.UUID(int=1),
    "token": "x" * 43,
    "version": 1,
}


# Which of the actions of a world is whose.
ACTION_OF = {
    "seat holder": "holder", "deputy": "deputy", "action owner": "owner",
    "told action owner": "told",
}  # fmt: skip


def rules(app: Flask, method: str) -> list[Rule]:
    """The rules that answer ``method``, without the files of the house."""
    return sorted(
        (
            rule
            for rule in app.url_map.iter_rules()
            if method in (rule.methods or ()) and rule.endpoint not in UNCHECKED
        ),
        key=lambda rule: (rule.rule, rule.endpoint),
    )


def has_id(rule: Rule) -> bool:
    """Whether the address names an object."""
    return any(argument.endswith("_id") for argument in rule.arguments)


def kind_of(rule: Rule, argument: str) -> str:
    """What an argument names: the same word may stand for something else in another room."""
    if rule.rule.startswith("/admin/") and argument == "section_id":
        return "section_type_id"
    of_family = ("/persons/<uuid:person_id>", "/informing/<uuid:person_id>")
    if argument == "person_id" and any(one in rule.rule for one in of_family):
        return "concerned_id"
    return {"type_id": "section_type_id", "place_id": "seat_id"}.get(argument, argument)


def addresses(
    app: Flask, rule: Rule, ids: Mapping[str, Sequence[uuid.UUID]], *, most: int = 0
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address of a rule that the ids of a world can fill, with what filled it.

    ``most`` limits how many ids of each kind are tried, the first ones; 0 is all.
    """
    names = sorted(rule.arguments)
    kinds = [kind_of(rule, name) for name in names]
    unknown = [kind for kind in kinds if kind not in ids and kind not in NOT_IN_A_WORLD]
    assert not unknown, f"{rule.rule}: teach tests/canaries.py to make a {unknown}"
    choices = [ids.get(kind) or [NOT_IN_A_WORLD[kind]] for kind in kinds]
    if most:
        choices = [few[:most] for few in choices]
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("casustafel.test")
        for chosen in itertools.product(*choices):
            values = dict(zip(names, chosen, strict=True))
            yield adapter.build(rule.endpoint, values, method=_method(rule)), values


def _method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def without_tokens(html: str) -> str:
    """The body with what differs between any two answers taken out."""
    return PRINTED_AT.sub(r"\1", CHANGING.sub(r'\1""', html))


@dataclass(slots=True)
class Answer:
    """One fetched address."""

    path: str
    endpoint: str
    status: int
    text: str
    headers: str
    kind: str


@dataclass(slots=True)
class Crawl:
    """Everything one visitor can fetch."""

    answers: list[Answer] = field(default_factory=list)

    def seen(self, endpoint: str) -> bool:
        return any(one.endpoint == endpoint and one.status == 200 for one in self.answers)


def crawl(
    app: Flask, client: Any, ids: Mapping[str, Sequence[uuid.UUID]], *,
    alike: int = 5, each: Callable[["Answer"], None] = lambda _answer: None,
    but: Container[str] = (),
) -> Crawl:  # fmt: skip
    """GET every address as this visitor, then every local link found on the way, once each.

    Of addresses that show the same kind of page only so many links are followed: ``alike``.
    ``each`` gets every answer before the next address is asked; endpoints in ``but`` are left out.
    """
    found, done = Crawl(), set()
    visits: Counter[str] = Counter()
    asked = [rule for rule in rules(app, "GET") if rule.endpoint not in but]
    waiting = [path for rule in asked for path, _ in addresses(app, rule, ids)]
    given = set(waiting)
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_of(app, path)
        if (
            path in done
            or (path not in given and visits[endpoint] >= alike)
            or endpoint == "static"
            or endpoint in but
        ):
            continue
        done.add(path)
        visits[endpoint] += 1
        answer = fetch(app, client, path)
        found.answers.append(answer)
        each(answer)
        if answer.status == 200 and answer.kind == "text/html":
            waiting += [link for link in links(answer) if link not in done]
    return found


def narrowed(world: Canaries, actor: str) -> dict[str, list[uuid.UUID]]:
    """The first of each kind, which hangs from the main case, and what is this actor's own."""
    ids = {kind: few[:1] for kind, few in world.ids.items()}
    ids["section_id"] = [*ids["section_id"], world.things["sections"]["input"].id]
    who = world.people.get(actor)
    own = {
        "seat_id": seat.id if (seat := world.things["seats"].get(actor)) else None,
        "task_id": task.id if (task := world.things["tasks"].get(actor)) else None,
        "invitation_id": world.things["invitations"].get(who.id) if who else None,
        "person_id": who.id if who else None,
        "table_id": world.things["screening"].id if actor == "screening coordinator" else None,
    }
    for kind, one in own.items():
        if one is not None and one not in ids[kind]:
            ids[kind].append(one)
    if own := world.things.get(ACTION_OF.get(actor, "")):
        ids["action_id"] = [own.id]
    return ids


def barred(app: Flask, world: Canaries, actor: str) -> set[str]:
    """The endpoints this actor has no permission for, which the guard refuses before any view runs.

    The table of who sees what (tests/access/test_access_table.py) tries them all, those who are
    refused alike together; a crawl for something else need not.
    """
    try:
        with reading() as session:
            who = load_actor(session, world.people[actor].id, now=clock.now())
    except (KeyError, NotVisible):
        return set()
    wanted = {endpoint: rule_of(app, endpoint) for endpoint in app.view_functions}
    return {
        endpoint
        for endpoint, rule in wanted.items()
        if isinstance(rule, Permission) and not who.belongs_to(audience_of(rule))
    }


def quiet(client: Any) -> Any:
    """The same visitor without a look at every page it fetches: crawls fetch thousands."""
    client.checking = False
    client._look_at = lambda _answer: None
    return client


def fetch(app: Flask, client: Any, path: str) -> Answer:
    """One GET, its text decoded and its calendar lines unfolded."""
    return as_answer(app, path, client.get(path))


def as_answer(app: Flask, path: str, response: TestResponse) -> Answer:
    is_document = response.mimetype == "application/pdf"
    text = words_of(response.data) if is_document else response.get_data(as_text=True)
    if response.mimetype == "text/calendar":
        text = text.replace("\r\n ", "").replace("\r\n\t", "")
    return Answer(
        path=path,
        endpoint=endpoint_of(app, path),
        status=response.status_code,
        text=text,
        headers=str(response.headers),
        kind=response.mimetype,
    )


def endpoint_of(app: Flask, path: str) -> str:
    """The endpoint that answers GET for a path; empty when there is none."""
    adapter = app.url_map.bind("casustafel.test")
    try:
        return str(adapter.match(urlsplit(path).path, method="GET")[0])
    except Exception:  # noqa: BLE001 - no such address, or not by GET
        return ""


def links(answer: Answer) -> list[str]:
    """The addresses a page links to, inside the application, resolved."""
    found = []
    for link in map(html.unescape, LINK.findall(answer.text)):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link.startswith("#"):
            continue
        path = parts.path or urlsplit(answer.path).path
        found.append(f"{path}?{parts.query}" if parts.query else path)
    return found
