"""The extracts of twelve items for forty recipients are ready to print within twenty seconds."""

import time
from datetime import timedelta

import pytest

from app.access import load_actor
from app.domain.kinds import OrganisationKind, PresenceState
from app.features.papers import queries, service
from app.infra import clock, outbox, wall
from app.infra.db import reading, transaction
from app.models import Meeting
from tests import builders
from tests.databases import PostgresDatabase
from tests.documents import facts_of

ITEMS, RECIPIENTS, SECONDS = 12, 40, 20


def whole_table(items: int, recipients: int):
    """Every recipient has a seat at every item, with a section, an agreement and an action."""
    with builders.together():
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        table = builders.table()
        chair = builders.chair(host, table)
        types = builders.scheme(table)
        partners = [builders.organisation(f"P{number}") for number in range(recipients)]
        people = [builders.representative(one, table) for one in partners]
        for one in partners:
            builders.covenant(one, table)
        meeting = builders.published(table)
        for who in people:
            builders.acceptance(who, meeting)
        last, at_items = None, []
        for _ in range(items):
            case = builders.case(table, host)
            last = builders.item(meeting, case, after=last)
            text = builders.section(case, types["reason"], host, "Wat er is gebeurd. " * 20)
            at_items.append((last, case, text))
        seats = {}
        for item, _case, text in at_items:
            for who, of in zip(people, partners, strict=True):
                seat = builders.seat(item, of, who, presence=PresenceState.PRESENT)
                builders.disclosure(seat, text, chair)
                seats.setdefault(item.id, []).append(seat)
    for item, _case, _text in at_items:
        with builders.together():
            builders.decision(item, chair, "Wij spreken af. " * 10, to=seats[item.id])
    return meeting, chair


def run_of(chair, meeting) -> float:
    """Seconds from the worker taking it up to the one document of all copies."""
    with reading() as session:
        actor = load_actor(session, chair.id, now=clock.now())
    with wall.acting_as(chair.id):
        page = queries.papers_page(actor, meeting.id)
        run_id = service.start(actor, meeting.id, {one.seat_id for one in page.readers})
    started = time.perf_counter()
    assert outbox.drain(most=1) == 1
    taken = time.perf_counter() - started
    with wall.acting_as(chair.id):
        started = time.perf_counter()
        made = queries.printed(actor, run_id)
    fetched = time.perf_counter() - started
    print(
        f"{len(page.readers)} copies on {facts_of(made)['Pages']} sheets: worker {taken:.1f} s,"
        f" fetched in {fetched:.2f} s, {len(made) // 1024} kB"
    )
    assert fetched < 1, "the worker set it, fetching does not"
    with wall.acting_as(chair.id):
        run = queries.run_page(actor, run_id).run
    assert (run.done, run.skipped) == (len(page.readers), 0)
    return taken


@pytest.mark.deep
def test_papers_and_extracts_of_a_big_meeting_are_made_in_time(app, database, frozen_clock):
    meeting, chair = whole_table(ITEMS, RECIPIENTS)
    if isinstance(database, PostgresDatabase):
        # As autovacuum does, which the servers of the tests leave out.
        database._owner.execute("ANALYZE")
    # Before the meeting every section is read as its seat reads it, which takes longer.
    assert run_of(chair, meeting) <= 2 * SECONDS
    with transaction() as session:
        row = session.get_one(Meeting, meeting.id)
        row.started_at = row.closed_at = clock.now()
        row.adopted_at = clock.now() + timedelta(seconds=1)
    assert run_of(chair, meeting) <= SECONDS
