"""Whether an access check took place while answering: an answer without one is not sent."""

from __future__ import annotations

from contextvars import ContextVar

_noted: ContextVar[bool] = ContextVar("casustafel_access_noted", default=False)


def forget() -> None:
    """Start a new request."""
    _noted.set(False)


def note() -> None:
    """An access decision was made for this request."""
    _noted.set(True)


def was_noted() -> bool:
    """Whether any access decision was made."""
    return _noted.get()
