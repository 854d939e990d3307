"""Which part of a long list stands on a page; must never know what the list is of."""

from __future__ import annotations

from dataclasses import dataclass

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Paging:
    """Page ``number`` of ``pages``, counted from 1; ``found`` is the length of the whole list."""

    number: int
    pages: int
    found: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size


def page_of(found: int, asked: str | None, *, size: int) -> Paging:
    """The page asked for in an address, brought within what there is; nonsense is page one."""
    pages = max(1, -(-found // size))
    typed = (
        asked
        if asked and asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS
        else "1"
    )
    return Paging(number=min(max(1, int(typed)), pages), pages=pages, found=found, size=size)
