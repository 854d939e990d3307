"""The agreed order of interventions: to which chain one belongs, and moving one in the order.

It must never know who may see a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from app.domain.agenda import Direction
from app.domain.kinds import Chain, OrganisationKind

T = TypeVar("T")

_JUSTICE: Final = frozenset(
    {OrganisationKind.POLICE, OrganisationKind.PROSECUTION, OrganisationKind.PROBATION}
)


def chain_of(kind: OrganisationKind) -> Chain:
    """The chain an organisation of this kind usually acts in; staff may say otherwise."""
    return Chain.JUSTICE if kind in _JUSTICE else Chain.CARE


def moved(order: Sequence[T], one: T, direction: Direction) -> list[T]:
    """The order with one place up or down for ``one``; at either end it stays as it is."""
    found = list(order)
    at = found.index(one)
    to = at - 1 if direction is Direction.UP else at + 1
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found
