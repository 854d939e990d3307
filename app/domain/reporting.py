"""Puts what may be told of a period into the parts of a report; it tells nothing but that."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.kind_document import KindDocument, Words
from app.domain.kinds import FigureSource, Measure
from app.domain.promises import Kept
from app.domain.publication import Publication
from app.domain.related import Key
from app.domain.report import (
    QUARTERS_A_YEAR,
    WHOLE,
    AllPresent,
    Attended,
    Discussed,
    Given,
    Group,
    HandedOver,
    Line,
    Part,
    Span,
    Told,
    Unit,
    Worked,
)
from app.domain.worked_out import SHARE_END

_CATEGORIES: Final[Mapping[Measure, tuple[str, ...]]] = {
    Measure.CASES: tuple(Discussed),
    Measure.ALL_PRESENT: tuple(AllPresent),
    Measure.HANDOVERS: tuple(HandedOver),
    Measure.ATTENDANCE: tuple(Attended),
    Measure.INPUT: tuple(Given),
    Measure.ACTIONS: tuple(one for one in Kept if one is not Kept.LAPSED),
}
_OF_REGION: Final = (
    Measure.MEETINGS,
    Measure.CASES,
    Measure.ALL_PRESENT,
    Measure.LEAD_DAYS,
    Measure.MINUTES,
    Measure.REFERRAL_SOURCES,
    Measure.REFERRAL_OUTCOMES,
    Measure.HANDOVERS,
)
_OF_ORGANISATIONS: Final = (Measure.ATTENDANCE, Measure.INPUT, Measure.ACTIONS)


@dataclass(frozen=True, slots=True)
class Named:
    """What a reader may see numbers of: organisations by name, kinds with their words.

    ``is_one``: one organisation was asked for, and nothing of the region beside it.
    """

    organisations: Sequence[tuple[uuid.UUID, str]]
    kinds: Sequence[KindDocument]
    is_one: bool = False


@dataclass(frozen=True, slots=True)
class Reporting:
    """One period of the publication, at one table or over the whole region.

    ``ever``: the measures with their categories of which anything was ever counted.
    """

    told: Publication
    ever: Collection[tuple[Measure, str]]
    span: Span
    table_id: uuid.UUID | None
    named: Named

    def parts(self) -> Iterator[Part]:
        """Whatever there is to tell; a measure of which nothing was ever counted is left out."""
        found = {measure for measure, _ in self.ever}
        for measure in () if self.named.is_one else _OF_REGION:
            if measure in found:
                columns = self._columns()
                lines = tuple(self._lines(measure, columns))
                yield Part(measure, columns, (Group(None, lines),))
        for measure in _OF_ORGANISATIONS:
            if measure in found:
                yield from self._of_organisations(measure)
        if self._is_of_years and Measure.ANNUAL in found and not self.named.is_one:
            yield from self._of_kinds()

    def _columns(self) -> tuple[Span, ...]:
        if self.span.quarters == 1:
            return (self.span,)
        return (*(Span(day) for day in self.span.quarter_days), self.span)

    @property
    def _is_of_years(self) -> bool:
        return self.span.first_on.month == 1 and self.span.quarters % QUARTERS_A_YEAR == 0

    def _lines(self, measure: Measure, columns: Sequence[Span]) -> Iterator[Line]:
        of = Key(measure, self.span, WHOLE, self.table_id)
        if measure is Measure.LEAD_DAYS:
            for code in (Worked.MEDIAN, Worked.P90):
                yield self._line(replace(of, category=code), columns, unit=Unit.DAYS)
            return
        if measure is Measure.MINUTES:
            yield self._line(replace(of, category=Worked.MEAN), columns, unit=Unit.MINUTES)
            return
        if measure is Measure.ALL_PRESENT:
            yield self._share(replace(of, category=Worked.SHARE), columns)
        else:
            yield self._line(of, columns)
        for category in self._categories(measure):
            yield self._line(replace(of, category=category), columns)

    def _categories(self, measure: Measure) -> Sequence[str]:
        if measure in _CATEGORIES:
            return _CATEGORIES[measure]
        return sorted({name for of, name in self.ever if of is measure} - {WHOLE})

    def _line(
        self,
        key: Key,
        columns: Sequence[Span],
        words: Words | None = None,
        unit: Unit = Unit.COUNT,
    ) -> Line:
        cells = tuple(Told(self.told.number(replace(key, span=one))) for one in columns)
        return Line(key.category, unit, cells, words)

    def _share(self, key: Key, columns: Sequence[Span]) -> Line:
        """Of calendar years; at either end it is only told that it lies there."""
        line = self._line(key, columns, unit=Unit.PERCENT)
        signs = {SHARE_END: "≤ ", 100 - SHARE_END: "≥ "}
        cells = tuple(replace(one, sign=signs.get(one.number or 0, "")) for one in line.cells)
        return replace(line, cells=cells)

    def _of_organisations(self, measure: Measure) -> Iterator[Part]:
        """Over all tables per quarter; at one table over whole years alone."""
        if self.table_id and not self._is_of_years:
            return
        columns = (self.span,) if self.table_id else self._columns()
        days = set(self.span.quarter_days)
        taking_part = {
            key.organisation_id
            for key in self.told.numbers
            if key.measure is measure
            and key.table_id == self.table_id
            and days.issuperset(key.span.quarter_days)
        }
        groups = []
        for organisation_id, name in self.named.organisations:
            if organisation_id in taking_part:
                of = Key(measure, self.span, WHOLE, self.table_id, organisation_id)
                keys = [of, *(replace(of, category=one) for one in self._categories(measure))]
                lines = tuple(self._line(key, columns) for key in keys)
                groups.append(Group(Words(name, name), lines))
        if groups:
            yield Part(measure, columns, tuple(groups))

    def _of_kinds(self) -> Iterator[Part]:
        """Outcomes at one table, and what its kind counts; of the region each kind."""
        columns = (self.span,)
        groups = []
        for kind in self.named.kinds:
            outcomes = [one for one in kind.figures if one.source is FigureSource.OUTCOMES]
            if self.table_id and outcomes:
                of = Key(Measure.ANNUAL, self.span, WHOLE, self.table_id)
                lines = [
                    self._line(replace(of, category=one.code), columns, one.text)
                    for one in outcomes
                ]
                yield Part(Measure.OUTCOMES, columns, (Group(None, tuple(lines)),))
            of = Key(Measure.ANNUAL, self.span, kind=kind.code)
            lines = [
                self._line(replace(of, category=one.code), columns, one.text)
                for one in kind.figures
            ]
            if lines:
                groups.append(Group(kind.name, tuple(lines)))
        if groups:
            yield Part(Measure.ANNUAL, columns, tuple(groups))
