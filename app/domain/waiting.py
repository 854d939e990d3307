"""Proposes an order of cases in which partners wait least; it must never know what a case is about.

A partner waits while somebody else's item lies between two of its own, breaks included. The chair
decides: this only proposes, and says what it saves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.agenda import AgendaEntry, plan

# Up to here every order is weighed (2^n sets of cases); above it a good order is searched.
MOST_WEIGHED = 13
# One minute into a fixed block weighs more than a day of waiting.
_OVERRUN = 10_000

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Discussed(Generic[K]):
    """One entry of the agenda and who sits there; nobody sits at a block, which keeps its place.

    ``comes_first`` entries are proposed before all others.
    """

    entry: AgendaEntry[K]
    partners: frozenset[Hashable] = frozenset()
    is_block: bool = False
    comes_first: bool = False


@dataclass(frozen=True, slots=True)
class Proposal(Generic[K]):
    """A full order, blocks included, with the waiting of all partners together in minutes."""

    order: tuple[K, ...]
    minutes_before: int
    minutes_after: int


def waiting_of(start: datetime, agenda: Sequence[Discussed[K]]) -> dict[Hashable, int]:
    """What each partner waits between its own items, on the clock. Whole minutes."""
    planned = plan(start, [one.entry for one in agenda]).items
    own: dict[Hashable, list[int]] = defaultdict(list)
    for n, one in enumerate(agenda):
        for partner in one.partners:
            own[partner].append(n)
    waiting = {}
    for partner, places in own.items():
        first = min(planned[n].starts_at for n in places)
        last = max(planned[n].ends_at for n in places)
        present = sum(planned[n].minutes for n in places)
        waiting[partner] = max(0, int((last - first).total_seconds()) // 60 - present)
    return waiting


def waiting_minutes(start: datetime, agenda: Sequence[Discussed[K]]) -> int:
    """What all partners together wait between their own items, on the clock. Whole minutes."""
    return sum(waiting_of(start, agenda).values())


def propose(start: datetime, agenda: Sequence[Discussed[K]]) -> Proposal[K] | None:
    """The order with the least waiting; None when it saves nothing and moves nothing forward.

    Blocks keep the number of cases before them. Equal orders: the one nearest to what stands now.
    """
    cases = [one for one in agenda if not one.is_block]
    weights = _Weights(start, agenda, cases)
    found = _weighed(weights) if len(cases) <= MOST_WEIGHED else _searched(weights)
    proposed = _with_blocks(agenda, [cases[n] for n in found])
    before, after = waiting_minutes(start, agenda), waiting_minutes(start, proposed)
    if not _is_better(start, (agenda, before), (proposed, after)):
        return None
    return Proposal(tuple(one.entry.key for one in proposed), before, after)


class _Weights(Generic[K]):
    """What it costs to take case ``n`` next after a set of cases (a bit per case)."""

    def __init__(
        self, start: datetime, agenda: Sequence[Discussed[K]], cases: Sequence[Discussed[K]]
    ) -> None:
        self.count = len(cases)
        self.minutes = [one.entry.minutes for one in cases]
        self.first = _bits(n for n, one in enumerate(cases) if one.comes_first)
        partners = sorted({who for one in cases for who in one.partners}, key=repr)
        number = {partner: n for n, partner in enumerate(partners)}
        self.sits = [_bits(number[who] for who in one.partners) for one in cases]
        self._items = [
            _bits(n for n, one in enumerate(cases) if who in one.partners) for who in partners
        ]
        self._blocks: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        passed = 0
        for one in agenda:
            if one.is_block:
                pinned = one.entry.fixed_at
                due = int((pinned - start).total_seconds()) // 60 if pinned else None
                self._blocks[passed].append((one.entry.minutes, due))
            else:
                passed += 1

    def may_follow(self, done: int, case: int) -> bool:
        """Whatever comes first has to be done before anything else."""
        return bool(self.first >> case & 1) or not self.first & ~done

    def waiting(self, done: int) -> int:
        """Who has been and has to come back, a bit per partner."""
        return _bits(n for n, items in enumerate(self._items) if items & done and items & ~done)

    def of_blocks(self, done: int, waiting: int) -> int:
        """What the blocks after these cases cost: waiting through them, and running into them."""
        passed = done.bit_count()
        if passed not in self._blocks:
            return 0
        taken = sum(minutes for n, minutes in enumerate(self.minutes) if done >> n & 1)
        taken += sum(m for n, some in self._blocks.items() if n < passed for m, _ in some)
        cost = 0
        for minutes, due in self._blocks[passed]:
            cost += waiting.bit_count() * minutes
            cost += max(0, taken - due) * _OVERRUN if due is not None else 0
            taken += minutes
        return cost

    def of_order(self, order: Iterable[int]) -> int:
        """What a whole order costs."""
        done, cost = 0, self.of_blocks(0, 0)
        for case in order:
            cost += (self.waiting(done) & ~self.sits[case]).bit_count() * self.minutes[case]
            done |= 1 << case
            cost += self.of_blocks(done, self.waiting(done))
        return cost


def _weighed(weights: _Weights[K]) -> list[int]:
    """The cheapest of all orders, by sets of cases already done (Held and Karp 1962)."""
    full = (1 << weights.count) - 1
    cost = [0] * (full + 1)
    choice = [0] * (full + 1)
    waiting = [weights.waiting(done) for done in range(full + 1)]
    for done in range(full - 1, -1, -1):
        best: int | None = None
        for case in range(weights.count):
            if done >> case & 1 or not weights.may_follow(done, case):
                continue
            after = done | 1 << case
            ahead = (waiting[done] & ~weights.sits[case]).bit_count() * weights.minutes[case]
            ahead += weights.of_blocks(after, waiting[after]) + cost[after]
            if best is None or ahead < best:
                best, choice[done] = ahead, case
        cost[done] = best or 0
    order, done = [], 0
    while done != full:
        order.append(choice[done])
        done |= 1 << choice[done]
    return order


def _searched(weights: _Weights[K]) -> list[int]:
    """From the present order on, the best single move again and again until none helps."""
    order = sorted(range(weights.count), key=lambda n: not weights.first >> n & 1)
    least = weights.of_order(order)
    while True:
        moved = min(
            (
                (weights.of_order(candidate), candidate)
                for candidate in _moves(order)
                if _keeps_first(weights, candidate)
            ),
            default=(least, order),
        )
        if moved[0] >= least:
            return order
        least, order = moved


def _moves(order: list[int]) -> Iterable[list[int]]:
    for here in range(len(order)):
        rest = order[:here] + order[here + 1 :]
        for there in range(len(order)):
            if there != here:
                yield [*rest[:there], order[here], *rest[there:]]


def _keeps_first(weights: _Weights[K], order: Sequence[int]) -> bool:
    done = 0
    for case in order:
        if not weights.may_follow(done, case):
            return False
        done |= 1 << case
    return True


def _with_blocks(
    agenda: Sequence[Discussed[K]], cases: Sequence[Discussed[K]]
) -> list[Discussed[K]]:
    waiting = iter(cases)
    return [one if one.is_block else next(waiting) for one in agenda]


def _is_better(
    start: datetime,
    now: tuple[Sequence[Discussed[K]], int],
    then: tuple[Sequence[Discussed[K]], int],
) -> bool:
    """Fewer warnings, then what comes first in front, then less waiting."""
    return _badness(start, *then) < _badness(start, *now)


def _badness(start: datetime, agenda: Sequence[Discussed[K]], waiting: int) -> tuple[int, ...]:
    over = sum(one.minutes for one in plan(start, [one.entry for one in agenda]).warnings)
    return _out_of_place(agenda), over, waiting


def _out_of_place(agenda: Collection[Discussed[K]]) -> int:
    """How many cases come before one that should have been first."""
    others = wrong = 0
    for one in agenda:
        if one.is_block:
            continue
        if one.comes_first:
            wrong += others
        else:
            others += 1
    return wrong


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << n for n in set(numbers))
