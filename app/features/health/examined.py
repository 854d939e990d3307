"""What an examination of an installation finds: each part, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part is: in order, to be looked at soon, or broken."""

    FINE = "ok"
    WATCH = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part; ``todo`` is empty where nothing has to be done. No secret and no content."""

    part: str
    state: State
    says: str
    todo: str = ""


def fine(part: str, says: str) -> Finding:
    """In order."""
    return Finding(part, State.FINE, says)


def watch(part: str, says: str, todo: str) -> Finding:
    """Works, but needs somebody soon."""
    return Finding(part, State.WATCH, says, todo)


def wrong(part: str, says: str, todo: str) -> Finding:
    """Does not work, or is not safe."""
    return Finding(part, State.WRONG, says, todo)
