"""Which kind of table a case may be for, and why; it advises, a person decides.

Four plain questions (domain.md §1): it must never know whom the case is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from app.domain.kinds import TableKind


class Sign(StrEnum):
    """What points to a kind of table, in the order in which it is acted upon."""

    ACUTE = "acute"
    PROTECTION = "protection"
    STUCK = "stuck"
    CHAINS = "chains"


@dataclass(frozen=True, slots=True)
class Signs:
    """What the referrer answered; None for a question that was left open."""

    acute: bool | None = None
    protection: bool | None = None
    stuck: bool | None = None
    chains: bool | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """One kind of table with what points to it."""

    sign: Sign
    kind: TableKind


FITS: Final[Mapping[Sign, TableKind]] = {
    Sign.ACUTE: TableKind.ACTION,
    Sign.PROTECTION: TableKind.YOUTH_PROTECTION,
    Sign.STUCK: TableKind.MDA,
    Sign.CHAINS: TableKind.SAFETY_HOUSE,
}


def advise(signs: Signs) -> tuple[Advice, ...]:
    """What to think of, most urgent first; nothing when nothing points anywhere."""
    return tuple(Advice(sign, kind) for sign, kind in FITS.items() if getattr(signs, sign.value))


def is_answered(signs: Signs) -> bool:
    """Whether every question was answered: then no advice means that nothing points anywhere."""
    return all(getattr(signs, one.name) is not None for one in fields(signs))
