"""How long a server takes over a page: one after the other in turns, or four at once.

The caller is light on purpose: on one machine with the server it must not be what is measured.
"""

import socket
import statistics
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

CONNECTIONS = 4
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True, slots=True)
class Lane:
    """A page of a server, asked for by somebody."""

    port: int
    path: str
    cookie: str = ""


@dataclass(slots=True)
class Line:
    """A connection that is kept; it is made anew when the server let go of it meanwhile."""

    lane: Lane
    _socket: socket.socket | None = None
    _asking: bytes = field(init=False)

    def __post_init__(self) -> None:
        self._asking = (
            f"GET {self.lane.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.lane.port}\r\n"
            f"Cookie: {self.lane.cookie}\r\nAccept-Language: nl\r\n\r\n"
        ).encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._let_go()

    def ask(self) -> float:
        """Seconds until the whole page was there; RuntimeError when it is not the page."""
        for _attempt in range(2):
            if self._socket is None:
                self._socket = socket.create_connection(
                    ("127.0.0.1", self.lane.port), SECONDS_TO_ANSWER
                )
            began = time.perf_counter()
            if self._fetch(self._socket):
                return time.perf_counter() - began
            self._let_go()
        raise RuntimeError(f"{self.lane.path}: the server closed the line twice")

    def _fetch(self, line: socket.socket) -> bool:
        try:
            line.sendall(self._asking)
            head, _, body = _until_blank(line).partition(b"\r\n\r\n")
        except (ConnectionResetError, BrokenPipeError):
            return False
        if not head:
            return False
        first, *rest = head.decode("latin-1").split("\r\n")
        if first.split()[1] != "200":
            raise RuntimeError(f"{self.lane.path}: {first}")
        fields = {name.lower(): text for name, _, text in (one.partition(": ") for one in rest)}
        missing = int(fields["content-length"]) - len(body)
        while missing > 0:
            missing -= len(line.recv(min(missing, 1 << 16)) or _broken_off(self.lane.path))
        if fields.get("connection", "").lower() == "close":
            self._let_go()
        return True

    def _let_go(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _until_blank(line: socket.socket) -> bytes:
    seen = b""
    while b"\r\n\r\n" not in seen:
        more = line.recv(1 << 16)
        if not more:
            return b""
        seen += more
    return seen


def _broken_off(path: str) -> bytes:
    raise RuntimeError(f"{path}: broken off")


def in_turns(lanes: Sequence[Lane], *, laps: int, at_most: float) -> list[float]:
    """Median seconds of each; one request of each in turn, so that a busy moment hits them alike.

    ``at_most``: seconds after which no further lap begins, but three are always run.
    """
    taken: list[list[float]] = [[] for _ in lanes]
    with ExitStack() as ending:
        lines = [ending.enter_context(Line(lane)) for lane in lanes]
        for line in lines:
            line.ask()
        until = time.monotonic() + at_most
        for lap in range(laps):
            if lap > 2 and time.monotonic() > until:
                break
            for line, of_line in zip(lines, taken, strict=True):
                of_line.append(line.ask())
    return [statistics.median(of_line) for of_line in taken]


def at_once(lane: Lane, *, seconds: float, times: int = 3) -> float:
    """Requests per second of four connections; the median of so many tries.

    New connections each try: which worker process takes which of them is chance.
    """
    return statistics.median(_rush(lane, seconds) for _try in range(times))


def _rush(lane: Lane, seconds: float) -> float:
    counts = [0] * CONNECTIONS
    faults: list[Exception] = []
    until = time.monotonic() + seconds

    def follow(number: int) -> None:
        try:
            with Line(lane) as line:
                while time.monotonic() < until:
                    line.ask()
                    counts[number] += 1
        except Exception as fault:  # noqa: BLE001 - told by whoever waits for the thread
            faults.append(fault)

    threads = [threading.Thread(target=follow, args=(one,)) for one in range(CONNECTIONS)]
    began = time.monotonic()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.monotonic() - began)
