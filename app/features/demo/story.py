"""What a hand-written demo case consists of; every name in one is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.kinds import CaseState, ConcernedRole, Regime

PERPETRATOR: Final = ConcernedRole.ALLEGED_PERPETRATOR
VICTIM: Final = ConcernedRole.VICTIM
CHILD: Final = ConcernedRole.CHILD
NETWORK: Final = ConcernedRole.NETWORK

# Section codes that come from a source under another law than the AVG.
REGIMES: Final[Mapping[str, Regime]] = {"POL": Regime.WPG, "OM": Regime.WJSG, "GGZ": Regime.MEDICAL}


@dataclass(frozen=True, slots=True)
class Concerned:
    """One person concerned: role, neutral label, relation, address group, invented identity."""

    role: ConcernedRole
    label: str
    relation: str
    address: int
    identity: str


@dataclass(frozen=True, slots=True)
class Story:
    """One case; ``sections`` are code → (source organisation, text).

    ``closed_days``: how long ago it was closed, if it was.
    """

    key: str
    table: str
    brought_by: str
    state: CaseState
    question: str
    people: tuple[Concerned, ...]
    sections: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    channel: str = "formulier"
    imported_number: str | None = None
    closed_days: int = 5


def who(role: ConcernedRole, label: str, relation: str, address: int, name: str) -> Concerned:
    """``name`` is "N. Achternaam, dd-mm-jjjj"; the address is invented from the group."""
    full, born = name.split(", ")
    home = f"Voorbeeldstraat {address}, Oosterwaard"
    return Concerned(
        role, label, relation, address, f"Naam: {full}\nGeboren: {born}\nAdres: {home}"
    )
