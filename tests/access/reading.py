"""Reads every outlet of access.md §4 as one visitor: what is seen there, and at which address."""

import re
import secrets
from collections.abc import Container, Iterable, Iterator

from app.access import load_actor
from app.domain.kinds import FeedContent
from app.features.calendar.subscriptions import hash_token
from app.features.logbook import queries as logbook
from app.infra import wall
from app.infra.clock import now as clock_now
from app.infra.clock import today
from app.infra.db import reading
from app.models import Feed
from app.web import sessions
from tests import builders
from tests.canaries import REFERENCES, Canaries, word, words_in
from tests.crawler import Answer, addresses, as_answer, crawl, fetch, narrowed, quiet, rules
from tests.pages import Page
from tests.undone import undone
from tests.visitors import token_of

Seen = dict[str, str]
LISTS = {
    "home.start", "seats.meetings", "actions.mine", "meetings.listing", "cases.listing",
    "actions.board",
}  # fmt: skip
PREVIEWS = {"agenda.preview", "minutes.preview"}
# Where a participant follows a meeting.
FOLLOWING = {"seats.live", "seats.live_again", "seats.live_state"}
# Who opened what, why somebody could, and what became of an action.
HISTORIES = {
    "oversight.of_case", "oversight.log", "oversight.own", "oversight.why", "actions.detail",
    "actions.own_action", "emergency.one",
}  # fmt: skip
COPIES = {"minutes.copy", "minutes.download", "papers.extract"}
ENDS_THE_SESSION = {"accounts.sign_out", "accounts.end_session", "accounts.end_other_sessions"}
# What comes back to a form: what was typed is refused, or somebody else was first.
COMES_BACK = {409, 422}
SAME_PAGE = {"Referer": "https://casustafel.test/"}


def visitor(new_client, world: Canaries, actor: str):
    """Somebody with a signed-in session, whether or not the account still allows one."""
    client = quiet(new_client())
    return client if actor == "anonymous" else client.sign_in(world.people[actor].id)


def where(answers: Iterable[Answer]) -> Seen:
    """The canaries in answers, each with an address where it stands."""
    found: Seen = {}
    for one in answers:
        for canary in words_in(one.text) | words_in(one.headers):
            found.setdefault(canary, one.path)
    return found


def seen_by_fetching(
    app, client, world: Canaries, actor: str, *, but: Container[str] = ()
) -> tuple[dict[str, Seen], str]:
    """What the addresses that answer GET give, and the numbers they tell; see ``numbers``."""
    walked = crawl(app, client, narrowed(world, actor), but=but).answers
    refused = [one for one in walked if one.status >= 400]
    given = [one for one in walked if one.status < 400]
    pages = [one for one in given if one.kind == "text/html"]
    kinds = {
        "csv": "text/csv", "pdf": "application/pdf", "ics": "text/calendar", "page": "text/html"
    }  # fmt: skip
    seen = {
        outlet: where(one for one in given if one.kind == kind) for outlet, kind in kinds.items()
    }
    if any((one.path, one.status) == ("/access-log", 200) for one in pages):
        seen["csv"] |= where_in_log(world, actor)
    return seen | {
        "list": where(one for one in pages if one.endpoint in LISTS and "search=" not in one.path),
        "search": searched(app, client),
        "preview": where(one for one in pages if one.endpoint in PREVIEWS),
        "history": where(one for one in pages if one.endpoint in HISTORIES),
        "live": where(one for one in given if one.endpoint in FOLLOWING),
        "error": where(refused),
        "elsewhere": where(one for one in given if one.kind not in kinds.values()),
    }, numbers(world, pages)


def numbers(world: Canaries, pages: list[Answer]) -> str:
    """Cases listed, own slots, headings of sections, people at the item; ``-`` for none at all."""
    text = {one.path: one.text for one in pages}
    listed = Page(text.get("/cases", "")).links
    mine = text.get(f"/my-meetings/{world.things['meeting'].id}", "")
    slots, _, items = mine.partition('id="item-')
    counted = (
        len({link for link in listed if re.fullmatch(r"/cases/[0-9a-f-]{36}", link)}),
        slots.partition('id="slots"')[2].partition("</ul>")[0].count("<li>"),
        items.count('class="section-text"'),
        items.partition("Aan tafel bij deze bespreking")[2].partition("</ul>")[0].count("<li>"),
    )
    return ".".join(map(str, counted)) if any(counted) else "-"


TYPED_BACK = re.compile(r'(value|href)="[^"]*"')


def searched(app, client) -> Seen:
    """What a search finds; the words typed are shown back and do not count."""
    found: Seen = {}
    token = token_of(client)
    for typed in (REFERENCES["ref"], REFERENCES["ref"][4:].lower()):
        answer = looked_for(app, client, token, typed)
        if answer.status != 200:
            return found
        shown = words_in(TYPED_BACK.sub("", answer.text))
        found |= dict.fromkeys(shown & set(REFERENCES), answer.path)
    for name in ("question", "reason", "identity", "label", "namerecused", "exclusion", "decision"):
        answer = looked_for(app, client, token, word(name))
        if words_in(answer.text) & set(REFERENCES):
            found[name] = answer.path
    return found


def looked_for(app, client, token: str, typed: str) -> Answer:
    """The list of cases after looking for something in it; no address tells what."""
    sent = {"csrf_token": token, "q": typed}
    answer = client.post("/cases", data=sent, headers=SAME_PAGE)
    return fetch(app, client, answer.location) if answer.location else as_answer(app, "/", answer)


def where_in_room(app, client, world: Canaries) -> Seen:
    """What the window in the room shows, beside whoever is signed in on the same computer."""
    with app.test_request_context():
        name = f"{sessions.cookie_name()}-projection"
    client.set_cookie(name, world.things["window token"], domain="casustafel.test")
    found = where(fetch(app, client, path) for path in ("/projection", "/projection/screen"))
    client.delete_cookie(name, domain="casustafel.test")
    return found


def where_in_log(world: Canaries, actor: str) -> Seen:
    """The copy of the access log that this person may take along."""
    who = world.people[actor].id
    with reading() as session:
        taker = load_actor(session, who, now=clock_now())
    wanted = logbook.wanted_of(logbook.Asked(today(), today(), "", ""))
    with wall.acting_as(who):
        lines = logbook.begin_copy(taker, wanted)
        text = b"".join(logbook.as_csv({name: name for name in logbook.FIELDS}, lines)).decode()
    return dict.fromkeys(words_in(text), "the copy of the log")


def where_in_feed(app, new_client, world: Canaries, actor: str) -> Seen:
    """What the subscription of this person says, at its most."""
    if actor == "anonymous":
        return {}
    token, now = secrets.token_urlsafe(32), clock_now()
    builders.save(
        Feed(
            person_id=world.people[actor].id, token_hash=hash_token(token), made_at=now,
            changed_at=now, content=FeedContent.MEETING,
        )
    )  # fmt: skip
    answer = fetch(app, quiet(new_client()), f"/calendar/{token}.ics")
    return dict.fromkeys(words_in(answer.text) | words_in(answer.headers), "the feed")


def where_in_mails(mails, world: Canaries, actor: str, *, but: set[str]) -> Seen:
    """What was sent to this person, without the messages named ``but``."""
    if actor == "anonymous":
        return {}
    found: Seen = {}
    for mail in mails(recipient=world.people[actor].email):
        calendar = mail.calendar.replace("\r\n ", "").replace("\n ", "")
        for canary in words_in(f"{mail.subject} {mail.text} {mail.html} {calendar}"):
            if mail.name not in but:
                found[canary] = f"mail {mail.subject!r}"
    return found


def seen_by_sending(app, client, world: Canaries, actor: str) -> dict[str, Seen]:
    """What comes back to forms sent empty, and sent when somebody else was first."""
    with undone():
        answers = [*sent_empty(app, client, world, actor), *sent_late(app, client, world, actor)]
    broken = [
        f"{actor}: POST {one.path} answers {one.status}" for one in answers if one.status >= 500
    ]
    assert not broken
    copies = [one for one in answers if app_endpoint(app, one.path) in COPIES]
    others = [one for one in answers if one not in copies]
    return {
        "copy": where(copies),
        "422": where(one for one in others if one.status == 422),
        "409": where(one for one in others if one.status == 409),
        "sent": where(one for one in others if one.status not in COMES_BACK),
    }


def app_endpoint(app, path: str) -> str:
    adapter = app.url_map.bind("casustafel.test")
    return str(adapter.match(path.partition("?")[0], method="POST")[0])


def sent_empty(app, client, world: Canaries, actor: str) -> Iterator[Answer]:
    token = token_of(client)
    for rule in rules(app, "POST"):
        if rule.endpoint in ENDS_THE_SESSION:
            continue
        for path, _values in addresses(app, rule, narrowed(world, actor)):
            answer = client.post(path, data={"csrf_token": token}, headers=SAME_PAGE)
            yield as_answer(app, path, answer)


def sent_late(app, client, world: Canaries, actor: str) -> Iterator[Answer]:
    """The forms that know a version: a case's question, a section, the own text, an action."""
    things = world.things
    main, sections = things["main"].id, things["sections"]
    for path in (
        f"/cases/{main}/question",
        *(
            f"/cases/{main}/sections/{sections[name].id}"
            for name in ("reason", "children", "input")
        ),
        f"/my-input/texts/{sections['input'].id}",
    ):
        page = fetch(app, client, path)
        forms = [one for one in Page(page.text).forms if "version" in one.names]
        for form in forms if page.status == 200 else ():
            data = form.filled({"version": "7777"})
            yield as_answer(app, path, client.post(path, data=data, headers=SAME_PAGE))
