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
from app.domain.related import Counted, Key
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
from app.domain.small_counts import STEP

# Of fewer than so many the ninth of ten is one of them.
LEAST_P90: Final = 10
# Over a tenth of so many is five: a share that is told between the ends leaves nothing small.
LEAST_SHARE: Final = 40
SHARE_STEP: Final = 5
SHARE_END: Final = 10
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
    """One period of the publication, at one table or over the whole region."""

    told: Publication
    counted: Collection[Counted]
    span: Span
    table_id: uuid.UUID | None
    named: Named

    def parts(self) -> Iterator[Part]:
        """Whatever there is to tell; a measure of which nothing was ever counted is left out."""
        found = {one.measure for one in self.counted}
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
            yield Line(
                Worked.MEDIAN, Unit.DAYS, tuple(self._days(one, 50, STEP) for one in columns)
            )
            yield Line(
                Worked.P90, Unit.DAYS, tuple(self._days(one, 90, LEAST_P90) for one in columns)
            )
            return
        if measure is Measure.MINUTES:
            yield Line(Worked.MEAN, Unit.MINUTES, tuple(self._minutes(one) for one in columns))
            return
        if measure is Measure.ALL_PRESENT:
            yield self._share(replace(of, category=AllPresent.ALL), AllPresent.NOT_ALL, columns)
        else:
            yield self._line(of, columns)
        for category in self._categories(measure):
            yield self._line(replace(of, category=category), columns)

    def _categories(self, measure: Measure) -> Sequence[str]:
        if measure in _CATEGORIES:
            return _CATEGORIES[measure]
        return sorted({one.category for one in self.counted if one.measure is measure} - {WHOLE})

    def _line(self, key: Key, columns: Sequence[Span], words: Words | None = None) -> Line:
        cells = tuple(Told(self.told.number(replace(key, span=one))) for one in columns)
        return Line(key.category, Unit.COUNT, cells, words)

    def _share(self, key: Key, other: str, columns: Sequence[Span]) -> Line:
        """Of calendar years, in steps and not near the ends, so that no discussion follows."""
        return Line(
            Worked.SHARE,
            Unit.PERCENT,
            tuple(self._coarse_share(replace(key, span=one), other) for one in columns),
        )

    def _coarse_share(self, key: Key, other: str) -> Told:
        cases = self.told.number(replace(key, measure=Measure.CASES, category=WHOLE))
        if not key.span.is_year or cases is None:
            return Told(None)
        found: dict[str, int] = dict.fromkeys((key.category, other), 0)
        for one in self._within(key.measure, key.span):
            found[one.category] += one.number
        known = sum(found.values())
        if known < LEAST_SHARE:
            return Told(None)
        share = 100 * found[key.category] / known
        if share >= 100 - SHARE_END:
            return Told(100 - SHARE_END, "≥ ")
        if share <= SHARE_END:
            return Told(SHARE_END, "≤ ")
        step = SHARE_STEP * round(share / SHARE_STEP)
        return Told(min(max(step, SHARE_END + SHARE_STEP), 100 - SHARE_END - SHARE_STEP))

    def _within(self, measure: Measure, span: Span) -> Iterator[Counted]:
        days = set(span.quarter_days)
        for one in self.counted:
            is_within = one.measure is measure and one.quarter_on in days
            if is_within and self.table_id in (None, one.table_id):
                yield one

    def _days(self, span: Span, hundredths: int, least: int) -> Told:
        """Within how many days so many of a hundred were discussed; nearest rank."""
        new = self.told.number(Key(Measure.CASES, span, Discussed.NEW, self.table_id))
        if new is None or new < least:
            return Told(None)
        ranked = sorted(
            (int(one.category), one.number) for one in self._within(Measure.LEAD_DAYS, span)
        )
        wanted, seen = -(-hundredths * sum(number for _, number in ranked) // 100), 0
        for days, number in ranked:
            seen += number
            if seen >= wanted:
                return Told(days)
        return Told(None)

    def _minutes(self, span: Span) -> Told:
        cases = self.told.number(Key(Measure.CASES, span, WHOLE, self.table_id))
        if cases is None or cases < STEP:
            return Told(None)
        return Told(round(sum(one.number for one in self._within(Measure.MINUTES, span)) / cases))

    def _of_organisations(self, measure: Measure) -> Iterator[Part]:
        """Over all tables per quarter; at one table over whole years alone."""
        if self.table_id and not self._is_of_years:
            return
        columns = (self.span,) if self.table_id else self._columns()
        taking_part = {
            one.organisation_id for one in self._within(measure, self.span) if one.organisation_id
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
