"""What the handlers of one round of the worker share; it is gone with the round, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_memory: ContextVar[dict[Any, Any] | None] = ContextVar("casustafel_round", default=None)


def memory() -> dict[Any, Any]:
    """What need not be read again for every row; outside a round an empty one each time."""
    shared = _memory.get()
    return {} if shared is None else shared


@contextmanager
def remembering() -> Iterator[None]:
    """Let everything inside share one memory: the drains of a round, or one drain by itself."""
    if _memory.get() is not None:
        yield
        return
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)
