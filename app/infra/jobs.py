"""The worker: huey knocks every other second, and each knock drains the outbox; nothing else does.

huey forgets a task that is killed half-way, so its queue holds nothing but these knocks: what has
to be done stands in the outbox, with a lease that outlives the worker. Several workers may run at
once, on PostgreSQL also on several machines: they share the knocks, a knock nobody answered in
time lapses, and the lease lets each row go to one of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from huey.consumer import Consumer, Scheduler

from app.infra import clock, outbox
from app.infra.round_memory import remembering
from app.infra.worker_queue import open_queue

log = logging.getLogger(__name__)

KNOCK_SECONDS = 2
TIDY_EVERY = timedelta(hours=1)
FETCH_EVERY = timedelta(minutes=1)
SHUTDOWN_SECONDS = 60

Context = Callable[[], AbstractContextManager[object]]


class _Scheduler(Scheduler):  # type: ignore[misc]  # huey ships no types
    """Knocks more often than huey's own minute: an invitation should not wait for that."""

    periodic_task_seconds = KNOCK_SECONDS


class _Consumer(Consumer):  # type: ignore[misc]  # as above
    scheduler_class = _Scheduler


class Rounds:
    """What one knock does: deliver all that is ready, now and then fetch answers and tidy up."""

    def __init__(
        self, context: Context, tidy: Callable[[], None], fetch: Callable[[], object]
    ) -> None:
        self._context = context
        self._tidy = tidy
        self._fetch = fetch
        self._tidied_at: datetime | None = None
        self._fetched_at: datetime | None = None

    def make(self) -> None:
        """One round; a fault of one part does not keep the other from its work."""
        with self._context():
            with remembering():
                while outbox.drain():
                    pass
            if _is_time(self._fetched_at, FETCH_EVERY):
                self._fetched_at = clock.now()
                self._try_to_fetch()
            if _is_time(self._tidied_at, TIDY_EVERY):
                self._tidy()
                self._tidied_at = clock.now()

    def _try_to_fetch(self) -> None:
        try:
            self._fetch()
        except Exception as error:  # noqa: BLE001 - a mailbox that is away keeps no mail from going
            log.warning("fetching answers failed: %s", type(error).__name__)


def _is_time(last: datetime | None, every: timedelta) -> bool:
    return last is None or clock.now() - last >= every


def work(
    instance: Path,
    *,
    database_url: str,
    context: Context,
    tidy: Callable[[], None],
    fetch: Callable[[], object],
) -> None:
    """Run until SIGTERM or SIGINT; the row under way is finished first, for at most a minute.

    ``context`` gives an application context; ``fetch`` takes in the answers that came by mail;
    ``tidy`` throws away what is past its term.
    """
    huey = open_queue(database_url, instance)
    rounds = Rounds(context, tidy, fetch)
    # A knock that waited while another was answered has nothing left to ask for.
    huey.periodic_task(lambda _moment: True, name="round", expires=KNOCK_SECONDS)(rounds.make)
    _Consumer(
        huey,
        workers=1,
        max_delay=1.0,
        graceful_signal="TERM",
        shutdown_timeout=SHUTDOWN_SECONDS,
    ).run()
