"""What an upload comes to, before anything is loaded; values only, no screen text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.imports import BadRow, Finding
from app.models import CaseTable


class Effect(StrEnum):
    """What loading one good row does."""

    ADDS_ORGANISATION = "adds-organisation"
    ADDS_PERSON = "adds-person"
    ADDS_COVENANT = "adds-covenant"  # table
    ADDS_ROLE = "adds-role"  # table
    ASKS_CHAIR = "asks-chair"  # table
    ASKS_COORDINATOR = "asks-coordinator"  # table
    ADDS_CASE = "adds-case"  # table


@dataclass(frozen=True, slots=True)
class Does:
    """One effect; ``about`` names the table where the effect has one."""

    effect: Effect
    about: str = ""


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A row that can be loaded; without effects everything in it was there already."""

    number: int
    label: str
    effects: tuple[Does, ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Good and bad rows of one file; with missing columns nothing was read."""

    digest: str
    good: tuple[GoodLine, ...] = ()
    bad: tuple[BadRow, ...] = ()
    missing_columns: tuple[str, ...] = ()

    @property
    def new(self) -> tuple[GoodLine, ...]:
        """Rows that add something."""
        return tuple(line for line in self.good if line.effects)

    @property
    def known(self) -> int:
        """How many good rows change nothing."""
        return len(self.good) - len(self.new)


def tables_by_name(
    tables: Iterable[CaseTable], kind_words: Mapping[str, str]
) -> dict[str, CaseTable]:
    """The names a list may use for a table: full name, first word, prefix, the word of its kind.

    A name that could mean two tables in the same way is left out, so that its row is refused
    instead of guessed; a nearer way (the full name first) wins over a farther one.
    """
    ways: tuple[Callable[[CaseTable], str], ...] = (
        lambda table: table.name,
        lambda table: table.name.split()[0],
        lambda table: table.prefix,
        lambda table: kind_words.get(table.kind.value, table.name),
    )
    all_tables = tuple(tables)
    found: dict[str, CaseTable] = {}
    taken: set[str] = set()
    for way in ways:
        spelt = [(way(table), table) for table in all_tables]
        often = Counter(name.casefold() for name, _ in spelt)
        found |= {
            name: table
            for name, table in spelt
            if often[name.casefold()] == 1 and name.casefold() not in taken
        }
        taken |= set(often)
    return found


# What the kinds of table are called in the lists coordinators keep.
KIND_WORDS: Mapping[str, str] = {
    "mda": "MDA++",
    "zsm": "ZSM",
    "action": "Actie-overleg",
    "safety-house": "ZVH",
    "youth-protection": "JBT",
    "exclusion-order": "Huisverbod",
}
