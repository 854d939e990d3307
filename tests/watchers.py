"""Many people who follow one meeting at once, and its chair who writes lines down meanwhile.

The watchers are light on purpose: on one machine with the server they must not be what is measured.
"""

import asyncio
import http.client
import multiprocessing
import random
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from app.domain.kinds import OrganisationKind, PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem, Meeting
from app.web import sessions
from tests import builders
from tests.serving import Caller

EVERY = 3.0
ITEMS = 12
ORGANISATIONS = 20


@dataclass(slots=True)
class Crowd:
    """A running meeting with its first item on the table, and who sits at its items."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    chair_id: uuid.UUID
    watcher_ids: list[uuid.UUID]

    @property
    def capture(self) -> str:
        return f"/meetings/{self.meeting_id}/items/{self.item_id}/capture"

    @property
    def follow(self) -> str:
        return f"/my-meetings/{self.meeting_id}/live"


def gather(watchers: int) -> Crowd:
    """Store a meeting of twelve cases with so many people at its seats, each at one item."""
    with builders.together():
        host = builders.organisation("BNCH", OrganisationKind.MUNICIPALITY)
        table = builders.table("Meettafel", "MEET")
        of = [builders.organisation(f"B{number:02}") for number in range(ORGANISATIONS)]
        for one in (host, *of):
            builders.covenant(one, table)
        types = builders.scheme(table)
        chair = builders.chair(host, table)
        meeting = builders.published(table, starts_at=clock.now(), started_at=clock.now())
        items: list[AgendaItem] = []
        sections = []
        for _number in range(ITEMS):
            case = builders.case(table, host)
            items.append(builders.item(meeting, case, after=items[-1] if items else None))
            texts = {"reason": "Wat er speelt. " * 40, "safety": "Wat veilig is. " * 40}
            sections.append([builders.section(case, types[code], host, text) for code, text in texts.items()])  # fmt: skip
        people = []
        for number in range(watchers):
            who = builders.representative(of[number % ORGANISATIONS], table)
            at = number % ITEMS
            seat = builders.seat(items[at], of[number % ORGANISATIONS], who, presence=PresenceState.PRESENT)  # fmt: skip
            for section in sections[at]:
                builders.disclosure(seat, section, chair)
            builders.acceptance(who, meeting)
            people.append(who)
    with transaction() as session:
        session.get_one(AgendaItem, items[0].id).opened_at = clock.now()
        assert session.get_one(Meeting, meeting.id).started_at
    return Crowd(meeting.id, items[0].id, chair.id, [one.id for one in people])


def sign_in_all(person_ids: Sequence[uuid.UUID]) -> list[str]:
    """A session for everybody; gives the cookies."""
    with transaction() as session:
        return [
            "casustafel="
            + sessions.start(
                session, one, stage=sessions.STAGE_FULL, address="127.0.0.1", agent="bench"
            )
            for one in person_ids
        ]


@dataclass(slots=True)
class Watched:
    """What the watchers met: answers to asking, and seconds each took."""

    answers: Counter[int] = field(default_factory=Counter)
    asked: list[float] = field(default_factory=list)
    fetched: list[float] = field(default_factory=list)

    @property
    def unchanged(self) -> float:
        """Which part of the asking was answered with 304."""
        return self.answers[304] / max(1, self.answers.total())


class Watchers:
    """A process of its own in which everybody follows, until it is stopped."""

    def __init__(self, port: int, path: str, cookies: list[str]) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._stop = spawning.Event()
        self._found: Any = spawning.Queue()
        self._process = spawning.Process(
            target=_follow_all, args=(port, path, cookies, self._stop, self._found), daemon=True
        )

    def __enter__(self) -> Self:
        self._process.start()
        # Everybody has asked once and fetched what was new before anything is measured.
        time.sleep(EVERY * 2 + 1)
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stop.set()
        self._process.join(timeout=30)
        if self._process.is_alive():
            self._process.kill()

    def stop(self) -> Watched:
        """Everybody leaves; what they met."""
        self._stop.set()
        return self._found.get(timeout=60)


def _follow_all(port: int, path: str, cookies: list[str], stop: Any, found: Any) -> None:
    met = Watched()

    async def everybody() -> None:
        await asyncio.gather(*(_follow(port, path, one, stop, met) for one in cookies))

    asyncio.run(everybody())
    found.put(met)


async def _follow(port: int, path: str, cookie: str, stop: Any, met: Watched) -> None:
    await asyncio.sleep(random.random() * EVERY)
    tag = ""
    while not stop.is_set():
        began = time.perf_counter()
        status, tag = await _get(port, f"{path}/state", cookie, tag)
        met.asked.append(time.perf_counter() - began)
        met.answers[status] += 1
        if status == 200:
            began = time.perf_counter()
            await _get(port, f"{path}/again", cookie, "")
            met.fetched.append(time.perf_counter() - began)
        await asyncio.sleep(EVERY)


async def _get(port: int, path: str, cookie: str, tag: str) -> tuple[int, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    known = f"If-None-Match: {tag}\r\n" if tag else ""
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n{known}"
        "Connection: close\r\n\r\n".encode()
    )
    head, _, _body = (await reader.read(-1)).partition(b"\r\n\r\n")
    writer.close()
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), fields.get("ETag", tag)


def write_lines(caller: Caller, crowd: Crowd, *, lines: int, pause: float) -> list[float]:
    """So many lines are saved, one after the other; seconds until each was said yes to."""
    taken = []
    for number in range(lines):
        line = f"/b Afspraak {number} van deze meting, met de regie bij de gemeente"
        fields = {"line": line, "seen": line, "submit_key": uuid.uuid4().hex}
        began = time.perf_counter()
        answer: http.client.HTTPResponse = caller.post(crowd.capture, fields)
        taken.append(time.perf_counter() - began)
        assert answer.status == 303, answer.status
        time.sleep(pause)
    return taken


def percentile(figures: Sequence[float], part: int) -> float:
    """In milliseconds, the part in hundredths; of few figures the highest."""
    return statistics.quantiles(figures, n=100, method="inclusive")[part - 1] * 1000
