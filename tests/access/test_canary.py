"""Every confidential field holds a word of its own; no way out of the house may carry it to the wrong person.

Every address is asked with every id as every actor, mails are delivered, and what lies in the log and
in the tables is read raw. What each may see stands in table.py; what forms answer, in test_access_table.
"""

import hashlib
import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.access import load_actor
from app.access.administration import announcements
from app.access.messages import notices
from app.domain.kinds import AnnouncementKind, FeedContent, HoldEnd
from app.features.accounts.links import make_link
from app.features.calendar import subscriptions
from app.infra import outbox
from app.infra.clock import now as moment_now
from app.infra.db import db, reading, transaction
from app.models import Meeting, Organisation, SeatHold
from app.web import sessions
from tests import builders, canaries
from tests.access.letters import EVERY_NAME, NAMES, SECTIONS, expected
from tests.access.reading import visitor
from tests.access.table import ACTORS, EXPECTED
from tests.canaries import REFERENCES, Canaries, words_in
from tests.crawler import Crawl, barred, crawl, narrowed, quiet, rules
from tests.databases import MOSTLY_SQLITE
from tests.visitors import token_of

# What a look may add to: the log of the look itself, and the session it came with.
MOVED_BY_LOOKING = {
    "audit_event",
    "audit_head",
    "feed",
    "web_session",
    "throttle",
    "draft",
    "submit_key",
}
# Pages of the demo alone; its mailbox has tests of its own.
DEMO_ONLY = {"calendar.mails", "calendar.mail"}
# This only leads on to a page of its own; two of them to the sign-in page of an organisation and back
# (tests/integration/providers).
LEADS_ON = {
    "accounts.ask_again", "accounts.provider_answer", "minutes.copied", "papers.asked", "reports.moved",
    "screening.today", "zsm.today",
}  # fmt: skip
# Pages of a moment between these clocks, tried where they belong: an item just finished
# (tests/web/live/test_finishing.py), a meeting that goes on (tests/web/live/test_closing.py),
# minutes about to be adopted (tests/web/minutes/test_adopting.py), and adopted
# (tests/web/minutes/test_additions.py). And those of tables and referrals this world has none of: on
# the spot (tests/stories/test_on_the_spot.py), a referral that waits (tests/web/triage), a plan and
# an exclusion order (tests/web/plans); tests/access/before_acts.py tries their acts as everybody.
# And the link of who lost the only passkey (tests/web/test_recovery.py): it opens a form for a code.
BETWEEN = {
    "accounts.recover",
    "acute.new",
    "exclusion_orders.new",
    "exclusion_orders.show",
    "plans.write",
    "triage.accept",
    "triage.ask",
    "triage.decline",
    "triage.join",
    "live.finished",
    "live.leavers",
    "live.ask_to_close",
    "minutes.ask_to_adopt",
    "minutes.add",
}
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
# Words that are no secret in the tables themselves: who works here, whom to call, the references.
OPEN_COLUMNS = {
    "ref", "secondref", "foreignref", "screenref", "imported", "screeningnumber", "slot", "desk",
    "deskphone",
}  # fmt: skip
EMERGENCY = "in an emergency"
# What those beside the actors of the table see: the names of professionals stand in the log.
MORE = {
    "subscribed": frozenset({"slot"}),
    EMERGENCY: frozenset({*SECTIONS, "label", "emergency", *REFERENCES, *EVERY_NAME}),
}
SOME = ("seat holder", "asked for input", "coordinator")
# These try every id there is; the others what hangs from the main case, and their own.
ORDINARILY = {"seat holder", "excluded", "chair of another table", "administrator"}
CURIOUS = {
    "seat holder", "recused", "excluded", "colleague", "seated elsewhere", "excluded coordinator",
    "chair of another table", "administrator", "privacy officer", "coordinator", "moved",
}  # fmt: skip


def allowed(actor: str, clock: str) -> set[str]:
    """What this person may see at this clock on any page and in any file."""
    outlets = ("page", "csv", "pdf", "ics")
    return set().union(*(expected(EXPECTED[one][actor][clock], actor, clock)[1] for one in outlets))


def leaks(walked: Crawl, actor: str, clock: str, also: frozenset[str] = frozenset()) -> list[str]:
    may = allowed(actor, clock) | also
    return [
        f"{actor} at {clock}: {sorted(found)} at {one.path} ({one.status})"
        for one in walked.answers
        if (found := (words_in(one.text) | words_in(one.headers)) - may)
    ]


def fingerprint() -> dict[str, str]:
    """One hash per table of everything a look must leave alone."""
    with db.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                "\n".join(
                    sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
                ).encode()
            ).hexdigest()
            for table in db.metadata.sorted_tables
            if table.name not in MOVED_BY_LOOKING
        }


def half_way(app: Flask, new_client, world: Canaries) -> dict[str, tuple]:
    """Visitors in the middle of signing in, and one with an invitation: their pages need a 200 too."""
    host = world.things["host"]
    with transaction() as session:
        host = session.get_one(Organisation, host.id)
        session.expunge(host)
    found = {}
    for stage in (sessions.STAGE_PASSWORD, sessions.STAGE_ENROL):
        person = builders.person(host)
        with app.test_request_context(), transaction() as session:
            token = sessions.start(session, person.id, stage=stage, address="", agent="")
            name = sessions.cookie_name()
        client = quiet(new_client())
        client.set_cookie(name, token, domain="casustafel.test")
        found[stage] = (client, {})
    invited = builders.person(host, state="invited")
    with transaction() as session:
        found["invited"] = (quiet(new_client()), {"token": [make_link(session, invited.id)]})
    with reading() as session:
        holder = load_actor(session, world.people["seat holder"].id, now=moment_now())
    address = subscriptions.make(holder, FeedContent.BUSY)
    window = quiet(new_client())
    name = f"{sessions.cookie_name()}-projection"
    window.set_cookie(name, world.things["window token"], domain="casustafel.test")
    found["window"] = (window, {})
    found["subscribed"] = (quiet(new_client()), {"token": [address]})
    return found


def in_an_emergency(new_client, world: Canaries) -> tuple:
    """A privacy officer for whom the main case stands open just now."""
    with transaction() as session:
        host = session.get_one(Organisation, world.things["host"].id)
        session.expunge(host)
    officer = builders.person(host, is_privacy_officer=True)
    live = builders.emergency(officer, world.things["main"], reason="Nu.")
    return quiet(new_client()).sign_in(officer.id), {"reading_id": [live.id]}


def empty_again(database) -> None:
    """Back to an empty database, between two worlds in one test."""
    database.let_go(db.engine)
    database.empty()


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_every_address_as_every_actor(  # noqa: PLR0917 - fixtures, by name
    app, database, frozen_clock, new_client, caplog: pytest.LogCaptureFixture, deep: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    for noisy in ("werkzeug", "sqlalchemy", "sqlalchemy.engine"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    answered: set[str] = set()
    found: list[str] = []
    for clock in "AbCD" if deep else "AD":
        world = canaries.build(clock, frozen_clock)
        extra = half_way(app, new_client, world)
        if clock == "D":
            extra[EMERGENCY] = in_an_emergency(new_client, world)
        before = fingerprint()
        # The other actors at the other clocks are the business of the access table.
        for actor in ACTORS if clock == "D" else SOME:
            everything = clock == "D" and actor in (CURIOUS if deep else ORDINARILY)
            ids = world.ids if everything else narrowed(world, actor)
            but = () if deep else barred(app, world, actor)
            walked = crawl(app, visitor(new_client, world, actor), ids, but=but)
            found += leaks(walked, actor, clock)
            answered |= {one.endpoint for one in walked.answers if one.status == 200}
            found += [
                f"{actor} at {clock}: {one.path} answers {one.status}"
                for one in walked.answers
                if one.status >= 500
            ]
        for who, (client, ids) in extra.items():
            walked = crawl(app, client, {**narrowed(world, "anonymous"), **ids})
            found += leaks(walked, "anonymous", clock, also=MORE.get(who, frozenset()))
            answered |= {one.endpoint for one in walked.answers if one.status == 200}
        after = fingerprint()
        found += [f"GET changed the table {name}" for name in before if before[name] != after[name]]
        empty_again(database)
    assert not found, "\n".join(found)
    elsewhere = DEMO_ONLY | LEADS_ON | BETWEEN
    silent = {rule.endpoint for rule in rules(app, "GET")} - answered - elsewhere
    assert not silent, f"nobody ever gets these pages: {sorted(silent)}"
    assert not words_in(caplog.text) - {"slot"}, "the log holds content"


# --- Names of persons concerned -----------------------------------------------------------------

# Who may have the names shown while the papers are open: those the identity is disclosed to, and staff.
NAMES_FOR = {"seat holder", "deputy", "asked for input", "unanswered", "chair", "coordinator"}
OTHERS_WHO_ASK = (
    "not disclosed", "no covenant", "seated elsewhere", "recused", "excluded", "colleague",
    "representative", "excluded coordinator", "chair of another table", "administrator",
)  # fmt: skip


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_names_show_to_those_they_are_disclosed_to_and_only_when_asked_for(
    app, frozen_clock, new_client, deep: bool
) -> None:
    world = canaries.build("C", frozen_clock)
    found = set()
    for actor in (*sorted(NAMES_FOR), *OTHERS_WHO_ASK):
        client = visitor(new_client, world, actor)
        token = token_of(client)
        of_what = (
            f"case={world.things['main'].id}",
            f"meeting={world.things['meeting'].id}",
            *(f"seat={one}" for one in narrowed(world, actor)["seat_id"]),
        )
        answers = {
            client.post(
                f"/names/show?{of}",
                data={"csrf_token": token},
                headers={"Referer": "https://casustafel.test/"},
            ).status_code
            for of in of_what
        }
        if answers == {404} and not deep:
            # Nothing was opened: they see at this clock what the access table shows them.
            continue
        but = () if deep else barred(app, world, actor)
        walked = crawl(app, client, narrowed(world, actor), but=but)
        if any("identity" in words_in(one.text) for one in walked.answers):
            found.add(actor)
        beside = [
            one.path
            for one in walked.answers
            if "identity" in words_in(f"{one.path} {one.headers} {TITLE.findall(one.text)}")
        ]
        assert not beside, f"a name stands in a title, an address or a header: {beside}"
        others = [leak for leak in leaks(walked, actor, "C") if "['identity']" not in leak]
        assert not others, "\n".join(others)
    assert found == NAMES_FOR


def test_shown_names_close_again_after_five_minutes(app, frozen_clock, new_client) -> None:
    from datetime import timedelta

    world = canaries.build("C", frozen_clock)
    client = visitor(new_client, world, "coordinator")
    case = f"/cases/{world.things['main'].id}"
    token = token_of(client)
    client.post(
        f"/names/show?case={world.things['main'].id}", data={"csrf_token": token},
        headers={"Referer": "https://casustafel.test/"},
    )  # fmt: skip
    assert "identity" in words_in(client.get(case).text)
    frozen_clock.advance(timedelta(minutes=5))
    assert "identity" not in words_in(client.get(case).text)


# --- What lies in the tables, the queue and the post ---------------------------------------------


def test_no_content_lies_readable_in_any_table(app, frozen_clock, new_client, mails) -> None:
    world = canaries.build("E", frozen_clock)
    staff = visitor(new_client, world, "coordinator")
    crawl(app, staff, narrowed(world, "coordinator"))
    token = token_of(staff)
    staff.post(
        "/actions/reminders",
        data={"csrf_token": token},
        headers={"Referer": "https://casustafel.test/"},
    )
    outbox.drain(most=1000)
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            raw = "\n".join(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            readable = words_in(raw) - OPEN_COLUMNS
            assert not {one for one in readable if not one.startswith("name")}, table.name
            if table.name in {"outbox", "mail_log"}:
                assert not words_in(raw), table.name


def test_mails_tell_a_time_and_a_place_to_one_reader(app, frozen_clock, new_client, mails) -> None:
    world = canaries.build("D", frozen_clock)
    outbox.drain(most=1000)
    names = {who.email: canaries.name_word(actor) for actor, who in world.people.items()}
    sent = mails()
    assert sent
    for mail in sent:
        content = " ".join((mail.subject, mail.text, mail.html, mail.calendar.replace("\r\n ", "")))
        assert words_in(content) <= {names[mail.to], "slot"}, mail.subject
        assert not words_in(mail.subject) & NAMES
        others = {address for address in names if address in content and address != mail.to}
        assert not others, f"{mail.subject} names {others}"


# Who holds an invited seat with a covenant and is not kept out; accepting and answering come after.
TOLD_OF_PAPERS = {
    "seat holder", "deputy", "not disclosed", "asked for input", "staff only", "seated elsewhere",
    "unanswered",
}  # fmt: skip
TOLD_OF_SEAT = {"chair", "coordinator"}
TOLD_OF_CHANGE = {"chair", "coordinator", "excluded coordinator"}


def tell_everybody(world) -> None:
    """Queue every notice for everybody who sits or sat there; who may hear it is asked later."""
    things, people = world.things, world.people
    seats = things["seats"] | {"seated elsewhere": things["elsewhere"]}
    now = moment_now()
    with transaction() as session:
        meeting = session.get_one(Meeting, things["meeting"].id)
        administrator = load_actor(session, people["administrator"].id, now=now)
        asked = [(seat.id, people[actor].id) for actor, seat in seats.items()]
        asked += [(seats["deputy"].id, people["former holder"].id)]
        notices.queue_asked(session, meeting.id, asked)
        notices.queue_papers(session, meeting)
        session.execute(
            sa.update(SeatHold)
            .where(SeatHold.seat_id == seats["moved"].id)
            .values(until_at=now, ended=HoldEnd.REVOKED)
        )
        notices.queue_freed(session, meeting.id, [seats["moved"].id], but=administrator.person_id)
        announcements.announce(
            session, administrator, AnnouncementKind.MOVED, people["moved"].id,
            table_ids=[things["table"].id],
        )  # fmt: skip


def test_notices_reach_whom_they_concern_and_tell_nothing_of_a_case(
    app, frozen_clock, new_client, mails
) -> None:
    world = canaries.build("C", frozen_clock)
    tell_everybody(world)
    before = {mail.name for mail in mails()}
    outbox.drain(most=1000)
    actors = {who.email: actor for actor, who in world.people.items()}
    told: dict[str, set[str]] = {}
    for mail in mails():
        content = f"{mail.subject} {mail.text} {mail.html}"
        assert words_in(content) <= {canaries.name_word(actors[mail.to]), "slot"}, mail.subject
        if mail.name not in before and not mail.calendar_method:
            told.setdefault(mail.subject.split(" voor ")[0], set()).add(actors[mail.to])
    assert told == {
        "Inbreng gevraagd": {"asked for input"},
        "Stukken open": TOLD_OF_PAPERS,
        "Een deelname is vrij bij overleg 15-06": TOLD_OF_SEAT,
        "Een wijziging in rollen, accounts of instellingen": TOLD_OF_CHANGE,
    }
