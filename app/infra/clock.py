"""The one clock of the house; nothing else may ask the system for the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from app.domain.local_time import AMSTERDAM

__all__ = ["AMSTERDAM", "FrozenClock", "now", "today", "use"]


class FrozenClock:
    """A clock that stands still until moved; for tests and demo data."""

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            message = "the clock needs an aware moment"
            raise ValueError(message)
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it stands at, aware UTC."""
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Move on (or back) by ``step``."""
        self.moment += step


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


_current: FrozenClock | _SystemClock = _SystemClock()


def now() -> datetime:
    """The present moment, aware UTC."""
    return _current.now()


def today() -> date:
    """The present date on the wall in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


@contextmanager
def use(frozen: FrozenClock) -> Iterator[FrozenClock]:
    """Let the whole process live at ``frozen`` inside the block."""
    global _current  # noqa: PLW0603 - the one injected clock of the process
    before = _current
    _current = frozen
    try:
        yield frozen
    finally:
        _current = before
