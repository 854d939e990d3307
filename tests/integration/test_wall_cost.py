"""What the second wall costs on a whole rendered page, with and without it in the same run."""

import os
import statistics
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.features.demo import service
from app.infra import wall
from app.infra.db import reading
from app.models import AgendaItem, Meeting, Seat, SeatHold
from tests import databases
from tests.client import CheckingClient

ROUNDS, PAGES = 5, 20
AT_MOST = 1.25


@pytest.fixture
def database(postgresql):
    """SQLite has no second wall."""
    postgresql.empty()
    yield postgresql
    switch(postgresql, on=True)


def switch(database, *, on: bool) -> None:
    for table in sorted(wall.COVERED):
        state = "ENABLE" if on else "DISABLE"
        database._owner.execute(f'ALTER TABLE "{table}" {state} ROW LEVEL SECURITY')


def busiest(now) -> tuple:
    """The open meeting with most own items, and whose they are."""
    items = (
        select(Meeting.id, SeatHold.person_id)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .join(SeatHold, SeatHold.seat_id == Seat.id)
        .where(Meeting.opens_at <= now, Meeting.closes_at > now, SeatHold.until_at.is_(None))
        .group_by(Meeting.id, SeatHold.person_id)
        .order_by(func.count().desc(), SeatHold.person_id)
    )
    with reading() as session:
        return tuple(session.execute(items.limit(1)).one())


def busy_for(pids: list[int]) -> float:
    """Seconds of processor time, of this process and of the database's: a busy machine adds none."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def seconds(client: CheckingClient, path: str, pids: list[int]) -> float:
    for _ in range(3):
        assert client.get(path).status_code == 200
    began = busy_for(pids)
    for _ in range(PAGES):
        client.get(path)
    return (busy_for(pids) - began) / PAGES


@pytest.mark.deep
def test_the_wall_costs_at_most_a_quarter_of_the_meeting_page(
    app, frozen_clock, new_client, database, monkeypatch
) -> None:
    """The whole region, turn about."""
    monkeypatch.setattr(CheckingClient, "_look_at", lambda *_: None)
    service.load(service.Size.REGION)
    database._owner.execute("ANALYZE")
    with wall.acting_as(databases.TEST):
        meeting_id, person_id = busiest(frozen_clock.now())
    client = new_client().sign_in(person_id)
    client.get("/")
    with database._owner.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    ) as found:
        pids = [pid for (pid,) in found if pid != database._owner.info.backend_pid]
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for on in (True, False):
            switch(database, on=on)
            taken[on].append(seconds(client, f"/my-meetings/{meeting_id}", pids))
    with_wall, without = (statistics.median(taken[on]) for on in (True, False))
    print(f"with the wall {with_wall * 1000:.1f} ms, without {without * 1000:.1f} ms")
    assert with_wall <= AT_MOST * without
