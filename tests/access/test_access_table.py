"""Who sees what when: the table of access.md §3, asserted cell by cell over HTTP.

Read the tables below as the specification. Every word a cell names has to be seen by that person at
that clock through that outlet, and no other canary of the world may be.

Guest, secretary, receiving team of a handover and reviewer of an access request stand under one row, task
holder. Not in the table, because they come with later work: FG, break-glass grant and referrer.
"""

import re
import secrets

import pytest
from sqlalchemy import delete, update

from app.domain.kinds import AccountState, FeedContent
from app.features.calendar.subscriptions import hash_token
from app.infra import outbox
from app.infra.clock import now as clock_now
from app.infra.db import transaction
from app.models import Feed, Person
from tests import builders, canaries
from tests.canaries import DISCLOSED, REFERENCES, Canaries, name_word, word, words_in
from tests.crawler import Answer, as_answer, crawl, fetch, narrowed, quiet
from tests.visitors import same_page, token_of

# Clock: A before publication · B published, not open yet · b open, confidentiality not accepted ·
# C open and accepted · D discussed, item closed · E after the window.
CLOCKS = "ABbCDE"

# s own slot · q question · d sections disclosed to the seat · p participants of the item ·
# i own organisation's input and who opened it · t lines of the log and why a case was opened in
# need, never content · n decision addressed to the seat · o decision to the shelter alone ·
# f safe text of the own action · F its full text · e the other item · * all of the case ·
# x all but the case one is kept out of · z the case of the other table · m people and tables ·
# k why a task was given · K what it names, once accepted · l why the case is to be led · L all actions in full ·
# a actions of the own organisation at the item, in the extract · c colleagues a seat may be handed to · (…) may be shown · - nothing at all
PAGE = """
anonymous               -    -    -    -        -             -
blocked                 -    -    -    -        -             -
left                    -    -    -    -        -             -
moved                   -    -    -    -        -             -
seat holder             si   si   si   siqdp    siqdpnfFa     (sp)infFa
deputy                  s    s    s    sqdp     sqdpnfFa      (sp)nfFa
former holder           i    i    i    i        i             i
former holder, no role  -    -    -    -        -             -
recused                 -    -    -    -        -             -
excluded                -    -    -    -        -             -
colleague               -    -    -    -        -             -
representative          i    i    i    i        i             i
seated elsewhere        (c)  (c)  (c)  e(c)     e(c)          (ec)
not disclosed           s    s    s    sqp      sqpna         (sp)na
asked for input         sq   sq   s    sqp      sqpn          (sp)n
no covenant             s    s    s    s        s(n)          (sn)
staff only              s    s    s    sqp      sqpno         (sp)no
unanswered              s    s    s    s        s             (s)
action owner            -    -    -    -        f             f
told action owner       -    -    -    -        fF            fF
task holder             k    k    k    kK       kK            -
case lead               l    l    l    l        lL            lL
chair                   *    *    *    *        *             *
coordinator             *    *    *    *        *             *
excluded coordinator    x    x    x    x        x             x
chair of another table  z    z    z    z        z             z
administrator           m    m    m    m        m             m
privacy officer         (mt) (mt) (mt) (mt)     (mt)          (mt)
"""

# Start page, own meetings, own actions; for staff the lists of meetings, cases and actions.
# r references of the cases
LIST = """
anonymous               -    -    -    -        -             -
blocked                 -    -    -    -        -             -
left                    -    -    -    -        -             -
moved                   -    -    -    -        -             -
seat holder             s    s    s    s(r)     (sr)f         (sr)f
deputy                  s    s    s    s(r)     (sr)f         (sr)f
former holder           -    -    -    -        -             -
former holder, no role  -    -    -    -        -             -
recused                 -    -    -    -        -             -
excluded                -    -    -    -        -             -
colleague               -    -    -    -        -             -
representative          -    -    -    -        -             -
seated elsewhere        -    -    -    (2)      (2)           (2)
not disclosed           s    s    s    s(r)     (sr)          (sr)
asked for input         s    s    s    s(r)     (sr)          (sr)
no covenant             s    s    s    s        (s)           (s)
staff only              s    s    s    s(r)     (sr)          (sr)
unanswered              s    s    s    s        (s)           (s)
action owner            -    -    -    -        f(r)          f(r)
told action owner       -    -    -    -        f(r)          f(r)
task holder             -    -    -    -        -             -
case lead               -    -    -    -        -             -
chair                   r2(sm)  r2(sm)  r2(sm)  r2(sm)  r2f(smg)  r2f(smg)
coordinator             r2(sm)  r2(sm)  r2(sm)  r2(sm)  r2f(smg)  r2f(smg)
excluded coordinator    2(m) 2(m) 2(m) 2(m)     2(m)          2(m)
chair of another table  (3m) (3m) (3m) (3m)     (3m)          (3m)
administrator           (m)  (m)  (m)  (m)      (m)           (m)
privacy officer         (m)  (m)  (m)  (m)      (m)           (m)
"""

# Searching for the reference of the case; nobody finds a case by a word of its content.
SEARCH = """
anonymous               -    -    -    -        -             -
blocked                 -    -    -    -        -             -
left                    -    -    -    -        -             -
moved                   -    -    -    -        -             -
seat holder             -    -    -    -        -             -
deputy                  -    -    -    -        -             -
former holder           -    -    -    -        -             -
former holder, no role  -    -    -    -        -             -
recused                 -    -    -    -        -             -
excluded                -    -    -    -        -             -
colleague               -    -    -    -        -             -
representative          -    -    -    -        -             -
seated elsewhere        -    -    -    -        -             -
not disclosed           -    -    -    -        -             -
asked for input         -    -    -    -        -             -
no covenant             -    -    -    -        -             -
staff only              -    -    -    -        -             -
unanswered              -    -    -    -        -             -
action owner            -    -    -    -        -             -
told action owner       -    -    -    -        -             -
task holder             -    -    -    -        -             -
case lead               -    -    -    -        -             -
chair                   r    r    r    r        r             r
coordinator             r    r    r    r        r             r
excluded coordinator    -    -    -    -        -             -
chair of another table  -    -    -    -        -             -
administrator           -    -    -    -        -             -
privacy officer         -    -    -    -        -             -
"""

# The own slot as a calendar file: a time and a place, never a case.
ICS = """
anonymous               -    -    -    -        -             -
blocked                 -    -    -    -        -             -
left                    -    -    -    -        -             -
moved                   -    -    -    -        -             -
seat holder             s    s    s    s        (s)           (s)
deputy                  s    s    s    s        (s)           (s)
former holder           -    -    -    -        -             -
former holder, no role  -    -    -    -        -             -
recused                 -    -    -    -        -             -
excluded                -    -    -    -        -             -
colleague               -    -    -    -        -             -
representative          -    -    -    -        -             -
seated elsewhere        -    -    -    -        -             -
not disclosed           s    s    s    s        (s)           (s)
asked for input         s    s    s    s        (s)           (s)
no covenant             s    s    s    s        (s)           (s)
staff only              s    s    s    s        (s)           (s)
unanswered              s    s    s    s        (s)           (s)
action owner            -    -    -    -        -             -
told action owner       -    -    -    -        -             -
task holder             -    -    -    -        -             -
case lead               -    -    -    -        -             -
chair                   -    -    -    -        -             -
coordinator             -    -    -    -        -             -
excluded coordinator    -    -    -    -        -             -
chair of another table  -    -    -    -        -             -
administrator           -    -    -    -        -             -
privacy officer         -    -    -    -        -             -
"""

# What has been sent so far: the invitation, with the calendar part in it.
MAIL = ICS.replace("(s)", " s ")

# What a calendar fetches without signing in: the same times, with the place where asked for.
FEED = MAIL

OUTLETS = {"page": PAGE, "list": LIST, "search": SEARCH, "ics": ICS, "mail": MAIL, "feed": FEED}
LISTS = {
    "home.start",
    "seats.meetings",
    "actions.mine",
    "meetings.listing",
    "cases.listing",
    "actions.board",
}
OWN_ACTION = {
    "seat holder": "holder", "deputy": "deputy", "action owner": "owner",
    "told action owner": "told",
}  # fmt: skip
ACTIONS_OF_ORGANISATION = {
    "seat holder": ("holder", "deputy"), "deputy": ("holder", "deputy"), "not disclosed": ("owner", "told"),
}  # fmt: skip
SECTIONS = {"reason", "safety", "children", "health", "input"}
SECOND = {"secondquestion", "secondreason", "secondchildren"}
LEFT_BEHIND = {
    "decision", "decisiondissent", "otherdecision", "otherdecisiondissent",
    *(kind + name for kind in ("safe", "full") for name in OWN_ACTION.values()),
}  # fmt: skip
NAMES = {name_word(actor) for actor in (*DISCLOSED, "chair", "coordinator", "former holder")}
EVERY_NAME = {name_word(line.split("  ")[0]) for line in PAGE.strip().splitlines()}
# Who may have opened what the own organisation brought; never whom only staff know of.
READERS = (NAMES - {name_word("staff only")}) | {name_word("privacy officer")}
PARTICIPANTS = NAMES - {name_word("staff only"), name_word("former holder")}
# Whom a seat may be handed to: colleagues, but never one who is kept out of the case.
COLLEAGUES = (
    {
        "seat holder",
        "deputy",
        "former holder",
        "former holder, no role",
        "colleague",
        "representative",
    },
    {"not disclosed", "action owner", "told action owner"},
    {"seated elsewhere", "asked for input", "moved", "unanswered"},
)


def meaning(code: str, actor: str, clock: str) -> tuple[set[str], set[str]]:
    """The words a code obliges to show, and those it allows beside them."""
    own = OWN_ACTION.get(actor, "")
    discussed = LEFT_BEHIND if clock in "DE" else set()
    colleagues = {name_word(one) for group in COLLEAGUES if actor in group for one in group}
    remarks = {f"remark{name}" for name in OWN_ACTION.values()}
    # What was written beside an answer by mail is for the coordinator alone.
    reply = {"reply"} if actor == "coordinator" else set()
    main = {"question", *SECTIONS, "label", "ref", "imported", "slot", *reply, *discussed}
    return {
        "s": ({"slot"}, colleagues),
        "q": ({"question"}, {"ref", "label", "relation"}),
        "d": ({"reason", "safety"}, {"ref"}),
        "p": (
            {name_word("not disclosed" if actor != "not disclosed" else "seat holder")},
            PARTICIPANTS,
        ),
        "i": ({"input"}, {"ref", *READERS}),
        "n": ({"decision"}, {"decisiondissent", "ref"}),
        "o": ({"otherdecision"}, {"otherdecisiondissent"}),
        "f": (
            {f"safe{own}"} if own else {f"safe{name}" for name in OWN_ACTION.values()},
            {f"remark{own}", "ref"},
        ),
        "F": ({f"full{own}"}, set()),
        "a": ({f"full{own}" for own in ACTIONS_OF_ORGANISATION.get(actor, ())}, set()),
        "g": (LEFT_BEHIND | remarks, set()),
        "e": ({"secondquestion", "secondreason"}, {"secondref"}),
        "c": (set(), colleagues),
        "*": (
            main | SECOND | {"secondref"},
            {
                "relation",
                "proposed",
                "exclusion",
                "emergency",
                "taskreason",
                "leadreason",
                *remarks,
                *EVERY_NAME,
            },
        ),
        "x": (SECOND | {"secondref", "slot"}, EVERY_NAME),
        "z": ({"foreignquestion", "foreignreason", "foreignref"}, EVERY_NAME),
        "m": ({name_word("seat holder"), name_word("colleague")}, EVERY_NAME),
        "r": ({"ref"}, {"imported"} if actor in {"chair", "coordinator"} else set()),
        "2": ({"secondref"}, {"slot"} if actor == "excluded coordinator" else set()),
        "3": (set(), {"foreignref"}),
        "k": ({"taskreason"}, {name_word("coordinator")}),
        "K": ({"children", "question"}, {"ref"}),
        "l": ({"leadreason"}, {"ref", *EVERY_NAME} - {name_word("staff only")}),
        "L": ({f"full{name}" for name in OWN_ACTION.values()}, set()),
        "t": (set(), {"emergency", *REFERENCES}),
        "-": (set(), set()),
    }[code]


def expected(cell: str, actor: str, clock: str) -> tuple[set[str], set[str]]:
    """What has to be seen in a cell, and what may be seen at most."""
    must: set[str] = set()
    may = {name_word(actor)}
    optional = False
    for code in cell:
        if code in "()":
            optional = code == "("
            continue
        wanted, allowed = meaning(code, actor, clock)
        must |= set() if optional else wanted
        may |= wanted | allowed
    return must, may


def rows(table: str) -> dict[str, dict[str, str]]:
    """The cells of a written table, by actor and clock."""
    found = {}
    for line in table.strip().splitlines():
        cells = line.split()[-len(CLOCKS) :]
        found[line.split("  ")[0]] = dict(zip(CLOCKS, cells, strict=True))
    return found


EXPECTED = {outlet: rows(table) for outlet, table in OUTLETS.items()}
ACTORS = tuple(EXPECTED["page"])


def test_the_tables_name_the_same_actors() -> None:
    assert all(tuple(table) == ACTORS for table in EXPECTED.values())
    assert all(set(cells) == set(CLOCKS) for table in EXPECTED.values() for cells in table.values())


# --- Looking ----------------------------------------------------------------------------------------


def visitor(new_client, world: Canaries, actor: str):
    """Somebody with a signed-in session, whether or not the account still allows one."""
    client = quiet(new_client())
    return client if actor == "anonymous" else client.sign_in(world.people[actor].id)


def seen_by(app, new_client, mails, world: Canaries, actor: str) -> dict[str, dict[str, str]]:
    """Per outlet: the words seen, each with an address where it stands."""
    client = visitor(new_client, world, actor)
    walked = crawl(app, client, narrowed(world, actor))
    # A receipt as a file is the receipt: what may stand on the page may stand in it.
    pages = [one for one in walked.answers if one.kind in {"text/html", "text/csv"}]
    calendars = [one for one in walked.answers if one.kind == "text/calendar"]
    return {
        "page": where(pages),
        "list": where(one for one in pages if one.endpoint in LISTS and "search=" not in one.path),
        "search": searched(app, client),
        "ics": where(calendars),
        "mail": where_in_mails(mails, world, actor),
        "feed": where_in_feed(app, new_client, world, actor),
        "elsewhere": where(
            one for one in walked.answers if one not in pages and one not in calendars
        ),
    }


def where(answers) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in answers:
        for canary in words_in(one.text) | words_in(one.headers):
            found.setdefault(canary, one.path)
    return found


TYPED_BACK = re.compile(r'(value|href)="[^"]*"')


def searched(app, client) -> dict[str, str]:
    """What a search finds; the words typed are shown back and do not count."""
    found: dict[str, str] = {}
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
    answer = client.post("/cases", data=sent, headers=same_page(client))
    return fetch(app, client, answer.location) if answer.location else as_answer(app, "/", answer)


def where_in_feed(app, new_client, world: Canaries, actor: str) -> dict[str, str]:
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
    assert (answer.status, answer.kind) == (200, "text/calendar"), actor
    return dict.fromkeys(words_in(answer.text) | words_in(answer.headers), "the feed")


def where_in_mails(mails, world: Canaries, actor: str) -> dict[str, str]:
    if actor == "anonymous":
        return {}
    found: dict[str, str] = {}
    for mail in mails(recipient=world.people[actor].email):
        calendar = mail.calendar.replace("\r\n ", "").replace("\n ", "")
        for canary in words_in(f"{mail.subject} {mail.text} {mail.html} {calendar}"):
            found[canary] = f"mail {mail.subject!r}"
    return found


# The clock that opens the most; every other cell, and all of them on PostgreSQL, are for the full figures: the rule itself is pinned on both databases, at every
# boundary, by tests/integration/test_rule_equivalence.py and test_second_wall.py.
ORDINARY = {("sqlite", "C")}
EVERY_CLOCK = [
    pytest.param(kind, at, marks=() if (kind, at) in ORDINARY else pytest.mark.deep)
    for kind in ("sqlite", "postgresql")
    for at in CLOCKS
]


@pytest.mark.parametrize(("database", "clock"), EVERY_CLOCK, indirect=["database"])
def test_every_cell(app, frozen_clock, new_client, mails, clock: str) -> None:
    world = canaries.build(clock, frozen_clock)
    outbox.drain(most=1000)
    wrong = []
    for actor in ACTORS:
        seen = seen_by(app, new_client, mails, world, actor)
        assert not seen["elsewhere"], f"{actor} at {clock}: {seen['elsewhere']}"
        for outlet, table in EXPECTED.items():
            must, may = expected(table[actor][clock], actor, clock)
            wrong += [
                f"{actor} at {clock} must not see {canary!r} by {outlet}: {place}"
                for canary, place in seen[outlet].items()
                if canary not in may
            ]
            wrong += [
                f"{actor} at {clock} has to see {canary!r} by {outlet}"
                for canary in sorted(must - set(seen[outlet]))
            ]
    assert not wrong, f"{len(wrong)} cells differ from access.md:\n" + "\n".join(wrong)


RELATIONS = {
    "own": "input",
    "disclosed": "reason",
    "not disclosed": "children",
    "undecided": "health",
}
GONE = (AccountState.BLOCKED, AccountState.LEFT)


def test_the_table_is_large_enough() -> None:
    states = 1 + len(GONE)
    read = len(ACTORS) * len(CLOCKS) * len(OUTLETS) * len(RELATIONS) * states
    assert set(RELATIONS.values()) <= SECTIONS
    assert read >= 6000


ACCOUNTS_AT = [
    pytest.param(kind, at, marks=() if (kind, at) == ("sqlite", "C") else pytest.mark.deep)
    for kind in ("sqlite", "postgresql")
    for at in CLOCKS
]


@pytest.mark.parametrize(("database", "clock"), ACCOUNTS_AT, indirect=["database"])
def test_an_account_that_does_not_count_sees_nothing(
    app, frozen_clock, new_client, clock: str, deep: bool
) -> None:
    """Whoever it is of, and however it was signed in a moment ago."""
    world = canaries.build(clock, frozen_clock)
    actors = ACTORS if deep else ("seat holder", "chair")
    visitors = {actor: visitor(new_client, world, actor) for actor in actors}
    for state in GONE:
        with transaction() as session:
            session.execute(update(Person).values(state=state))
            session.execute(delete(Feed))
        for actor, client in visitors.items():
            walked = crawl(app, client, narrowed(world, actor))
            assert not where(walked.answers), f"{actor}, {state}, at {clock}"
            assert not searched(app, client), f"{actor}, {state}, at {clock}"
            assert not where_in_feed(app, new_client, world, actor), f"{actor}, {state}, at {clock}"


def test_a_leak_would_be_noticed(app, frozen_clock, new_client, mails, monkeypatch) -> None:
    """And where there is a second wall, it keeps in what the first would let out."""
    from sqlalchemy import true

    from app.access import conditions

    monkeypatch.setattr(conditions, "is_disclosed", lambda *_: true())
    world = canaries.build("C", frozen_clock)
    seen = seen_by(app, new_client, mails, world, "seat holder")["page"]
    _must, may = expected(EXPECTED["page"]["seat holder"]["C"], "seat holder", "C")
    has_second_wall = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    assert bool(set(seen) - may) is not has_second_wall
