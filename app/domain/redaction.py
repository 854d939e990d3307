"""Cuts a text into passages that a person judges one by one; never judges itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.kinds import RedactionGround

# A sentence ends with its mark before white space and a capital, figure or quote; a line always.
_BREAK: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9À-Þ“\"‘'(])|\n+")

Judged = str | RedactionGround


def passages(text: str) -> tuple[str, ...]:
    """The sentences and lines of a text, without the white space between them."""
    return tuple(one.strip() for one in _BREAK.split(text) if one.strip())


def redacted(text: str, judged: Sequence[RedactionGround | None]) -> Iterator[Judged]:
    """What may be read of a text, in order: passages that stay, and why others were left out.

    What was left out on one ground in a row counts once: how much it was is not told. ValueError
    when there are more or fewer judgements than passages.
    """
    last: RedactionGround | None = None
    for passage, ground in zip(passages(text), judged, strict=True):
        if ground is None:
            yield passage
        elif ground is not last:
            yield ground
        last = ground
