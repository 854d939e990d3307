"""What readers can work out of a publication about the raw rows themselves, by exact algebra.

A row is the set of what it counts as. Of the rows a reader knows nothing but that there are so many
of each sort as what is read adds up to; staff of a table know those of their own table as well.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import combinations, product
from types import SimpleNamespace
from typing import NamedTuple

from app.domain.kind_document import Words
from app.domain.kinds import FigureSource, Measure
from app.domain.lattice import OF_ORGANISATIONS
from app.domain.publication import publication
from app.domain.related import Counted
from app.domain.report import Span, Unit, later
from app.domain.reporting import Named
from tests.unit.reported import reported

# A year, and a quarter of the next one: the last four lie on both sides of New Year.
QUARTERS = [later(date(2025, 1, 1), number) for number in range(5)]
TABLES = [uuid.UUID(int=number) for number in (1, 2, 3)]
KIND_OF = dict(zip(TABLES, ("first", "first", "second"), strict=True))
ORGANISATIONS = [uuid.UUID(int=number) for number in (4, 5)]
# Every span an address may ask for, those the page offers and the two measurements among them.
SPANS = [
    Span(QUARTERS[first], last - first) for first, last in combinations(range(len(QUARTERS) + 1), 2)
]
# Large enough that nothing follows by chance.
PRIME = 2**61 - 1


class Atom(NamedTuple):
    """One thing a row counts as."""

    measure: Measure
    day: date
    table_id: uuid.UUID
    organisation_id: uuid.UUID | None
    category: str


Sort = frozenset[Atom]


class Line(NamedTuple):
    """A number as it stands in a report; nothing means all of them."""

    measure: Measure
    category: str
    span: Span
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    kind: str = ""

    def counts(self, sort: Sort) -> bool:
        return any(self._is_of(atom) for atom in sort)

    def _is_of(self, atom: Atom) -> bool:
        return (
            atom.measure is self.measure
            and atom.day in days_of(self.span)
            and self.category in ("", atom.category)
            and self.table_id in (None, atom.table_id)
            and self.organisation_id in (None, atom.organisation_id)
            and self.kind in ("", KIND_OF[atom.table_id])
        )


@cache
def days_of(span: Span) -> frozenset[date]:
    return frozenset(span.quarter_days)


def discussions() -> list[Sort]:
    """When, where, the first or not, who was there (or not invited), and what came of it."""
    found = []
    there = ("", "present", "absent")
    for day, table_id, *who in product(QUARTERS, TABLES, there, there):
        seats = {
            Atom(Measure.ATTENDANCE, day, table_id, of, what)
            for of, what in zip(ORGANISATIONS, who, strict=True)
            if what
        }
        for which, ended in (("new", "cases"), ("new", "plan"), ("repeat", "")):
            about = {Atom(Measure.CASES, day, table_id, None, which)}
            kind = KIND_OF[table_id]
            if ended:
                about.add(Atom(Measure.ANNUAL, day, table_id, None, f"{kind}-cases"))
            if ended == "plan":
                about.add(Atom(Measure.ANNUAL, day, table_id, None, f"{kind}-plan"))
            found.append(frozenset(seats | about))
    return found


def of_organisations(measure: Measure, ended: Iterable[str]) -> list[Sort]:
    """Input that was asked, or actions."""
    return [
        frozenset({Atom(measure, *one)}) for one in product(QUARTERS, TABLES, ORGANISATIONS, ended)
    ]


def referrals() -> list[Sort]:
    """From whom, when sent and when decided, or not yet; some were sent before all that is told."""
    found = []
    kinds, ended = ("police", "municipality"), ("accepted", "refused")
    for table_id, sent, decided in product(TABLES, (None, *QUARTERS), (None, *QUARTERS)):
        if decided and sent and decided < sent:
            continue
        sources = [
            [Atom(Measure.REFERRAL_SOURCES, sent, table_id, None, one)] if sent else []
            for one in (kinds if sent else kinds[:1])
        ]
        outcomes = [
            [Atom(Measure.REFERRAL_OUTCOMES, decided, table_id, None, one)] if decided else []
            for one in (ended if decided else ended[:1])
        ]
        found += [frozenset([*one, *other]) for one, other in product(sources, outcomes)]
    return [one for one in found if one]


def stored(rows: Counter[Sort]) -> frozenset[Counted]:
    """What is counted of the rows, per quarter."""
    found: Counter[Atom] = Counter()
    for sort, number in rows.items():
        for atom in sort:
            found[atom] += number
    return frozenset(
        Counted(
            one.day, one.table_id, one.organisation_id, one.measure, one.category, number,
            KIND_OF[one.table_id],
        )
        for one, number in found.items()
        if number
    )  # fmt: skip


def _figure(kind: str, what: str, source: FigureSource) -> SimpleNamespace:
    return SimpleNamespace(code=f"{kind}-{what}", text=Words(what, what), source=source)


DOCUMENTS = {
    kind: SimpleNamespace(
        code=kind,
        name=Words(kind, kind),
        figures=(
            _figure(kind, "cases", FigureSource.CASES_DISCUSSED),
            _figure(kind, "plan", FigureSource.OUTCOMES),
        ),
    )
    for kind in ("first", "second")
}


def read(rows: Counter[Sort], table_ids: Iterable[uuid.UUID]) -> dict[Line, int | None]:
    """Whatever stands in any report of the region or of these tables, over any span."""
    counted = stored(rows)
    told = publication(counted, frozenset(QUARTERS), frozenset(KIND_OF.items()))
    found: dict[Line, int | None] = {}
    for table_id, span in product((None, *table_ids), SPANS):
        kinds = [DOCUMENTS[KIND_OF[table_id]]] if table_id else list(DOCUMENTS.values())
        named = Named([(one, str(one)) for one in ORGANISATIONS], kinds)  # type: ignore[arg-type]
        for part in reported(told, counted, span, table_id, named).parts():
            found |= dict(_lines(part, table_id))
    return _in_quarters(counted, frozenset(table_ids)) | found


def _in_quarters(
    counted: frozenset[Counted], read_tables: frozenset[uuid.UUID]
) -> dict[Line, int | None]:
    """What organisations did at one table in one quarter: of that is told who took part at all."""
    took_part = {
        (one.measure, one.quarter_on, one.table_id, one.organisation_id) for one in counted
    }
    seen = {(one.measure, one.category) for one in counted if one.measure in OF_ORGANISATIONS}
    found: dict[Line, int | None] = {}
    for (measure, category), day, table_id, of in product(seen, QUARTERS, TABLES, ORGANISATIONS):
        took = (measure, day, table_id, of) in took_part or table_id not in read_tables
        found[Line(measure, "", Span(day), table_id, of)] = None if took else 0
        found[Line(measure, category, Span(day), table_id, of)] = None
    return found


def _lines(part, table_id) -> Iterator[tuple[Line, int | None]]:
    for group, name in ((one, one.name.nl if one.name else "") for one in part.groups):
        of = next((one for one in ORGANISATIONS if str(one) == name), None)
        for line in group.lines:
            for span, told in zip(part.columns, line.cells, strict=True):
                if line.unit is not Unit.COUNT:
                    continue
                if part.measure is Measure.ANNUAL:
                    kind = line.code.partition("-")[0]
                    yield Line(Measure.ANNUAL, line.code, span, kind=kind), told.number
                elif part.measure is Measure.OUTCOMES:
                    yield Line(Measure.ANNUAL, line.code, span, table_id), told.number
                else:
                    yield Line(part.measure, line.code, span, table_id, of), told.number


class Knowledge:
    """What one reader can work out about rows that are not of the own tables.

    ``rows`` are all of them, ``sorts`` all there might be.
    """

    def __init__(self, rows, sorts, lines, own=()) -> None:
        self.rows = rows
        theirs = [one for one in sorts if not any(atom.table_id in own for atom in one)]
        masks = {line: frozenset(one for one in theirs if line.counts(one)) for line in lines}
        for line, number in lines.items():
            true = sum(many for sort, many in rows.items() if line.counts(sort))
            assert number in (None, true), line
        told = {mask for line, mask in masks.items() if lines[line] is not None}
        # Of what is told to be nought there is none.
        none = frozenset().union(*(one for one in told if not self.number(one)))
        self.left = [one for one in theirs if one not in none]
        asked = set(masks.values())
        self.lines = {one - none for one in asked} - {frozenset()}
        asked |= {one - other for one in asked for other in asked if other < one}
        self.masks = {one - none for one in asked} - {frozenset()}
        self.told = {one - none for one in told} - {frozenset()}
        self._column = {one: at for at, one in enumerate(self.left)}
        self._basis: dict[int, dict[int, int]] = {}
        for mask in sorted(self.told, key=lambda one: (len(one), sorted(map(sorted, one)))):
            self._learn(mask)

    def mask(self, line: Line) -> frozenset[Sort]:
        """The sorts a line counts, of those there may be."""
        return frozenset(one for one in self.left if line.counts(one))

    def number(self, mask: Iterable[Sort]) -> int:
        return sum(self.rows[one] for one in mask)

    def follows(self, mask: Iterable[Sort]) -> bool:
        """Whether the number of these rows is a sum of told numbers, however added and subtracted."""
        return not self._rest({self._column[one]: 1 for one in mask})

    def given_away(self) -> Iterator[tuple[int, frozenset[Sort]]]:
        """Every number of 1 to 4 that follows: a line, told or not, or what one leaves of another."""
        for mask in self.masks:
            if 0 < self.number(mask) < 5 and self.follows(mask):
                yield self.number(mask), mask

    def _learn(self, mask: Iterable[Sort]) -> None:
        rest = self._rest({self._column[one]: 1 for one in mask})
        if rest:
            pivot = min(rest)
            inverse = pow(rest[pivot], -1, PRIME)
            self._basis[pivot] = {at: value * inverse % PRIME for at, value in rest.items()}

    def _rest(self, row: dict[int, int]) -> dict[int, int]:
        """What of it is no sum of what was learned; pivots from the left."""
        done: dict[int, int] = {}
        while row:
            at = min(row)
            value = row.pop(at)
            if at not in self._basis:
                done[at] = value
                continue
            for other, of in self._basis[at].items():
                if other != at:
                    left = (row.get(other, 0) - value * of) % PRIME
                    if left:
                        row[other] = left
                    else:
                        row.pop(other, None)
        return done
