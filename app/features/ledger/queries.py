"""What the pages of the ledger show: in steps of five of what goes on, as published of before."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.oversight import ledger, ledger_published
from app.access.oversight.ledger import Part, Standing
from app.domain import report
from app.domain.errors import NotVisible
from app.domain.kinds import Measure
from app.domain.local_time import local_date
from app.domain.promises import Age, Kept, quarter_of
from app.domain.publication import Publication
from app.domain.related import Key
from app.domain.report import QUARTERS_A_YEAR, Span, year_span
from app.domain.small_counts import STEP, coarse, told
from app.infra import clock
from app.infra.db import reading

QUARTERS_SHOWN: Final = QUARTERS_A_YEAR
YEARS_SHOWN: Final = 2
# What lapsed did not have to be done: it is in no published number.
PAST: Final = tuple(one for one in Kept if one is not Kept.LAPSED)


@dataclass(frozen=True, slots=True)
class Told:
    """A number as it is told; ``length`` is that of its bar, None where it is a small one."""

    words: str
    length: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation at one table; the numbers in the order of ``Kept`` and of ``Age``."""

    part: Part
    kept: tuple[Told, ...]
    ages: tuple[Told, ...]

    @property
    def has_ages(self) -> bool:
        """Whether anything is told of how old its actions are but that it is little."""
        return any(one.length is not None for one in self.ages)


@dataclass(frozen=True, slots=True)
class PastRow:
    """One period that is over: at one table, or at all where ``table`` is empty.

    The numbers in the order of ``PAST``, as they are published.
    """

    span: Span
    table: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A table or organisation whose page may be asked for."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Organisations at one table, or one organisation at every table; always by name.

    ``since`` is from when on what ended counts; ``tables`` may be chosen from where it is about
    one, and ``own_id`` is the organisation of the reader where that may be seen as well.
    """

    rows: tuple[Row, ...]
    since: date
    tables: tuple[Choice, ...]
    table_id: uuid.UUID | None
    own_id: uuid.UUID | None
    of_staff: bool
    past: tuple[PastRow, ...] = ()


def of_table(actor: Actor, table_id: uuid.UUID | None) -> LedgerPage:
    """The organisations at one of the tables served; without a known one at the first by name."""
    now = clock.now()
    with reading() as session:
        parts = ledger.parts(session, actor, now=now)
        served = [one for one in parts if one.table_id in actor.staff_table_ids]
        tables = _tables(served)
        known = [one.id for one in tables]
        chosen = table_id if table_id in known else next(iter(known), None)
        rows = _rows(session, actor, [one for one in served if one.table_id == chosen], now)
    is_known = any(one.organisation_id == actor.organisation_id for one in parts)
    own_id = actor.organisation_id if is_known else None
    return LedgerPage(rows, quarter_of(local_date(now)), tables, chosen, own_id, of_staff=True)


def of_organisation(actor: Actor, organisation_id: uuid.UUID) -> LedgerPage:
    """One organisation at every table the actor may see it at.

    NotVisible where that is none; of the own one it is said that there is nothing to see.
    """
    now = clock.now()
    with reading() as session:
        parts = ledger.parts(session, actor, now=now, organisation_id=organisation_id)
        if not parts and organisation_id != actor.organisation_id:
            raise NotVisible
        rows = _rows(session, actor, parts, now)
        published = ledger_published.of_organisation(session, parts)
    since, past = quarter_of(local_date(now)), tuple(_past(parts, published))
    return LedgerPage(rows, since, (), None, None, of_staff=actor.is_staff, past=past)


def _past(parts: Sequence[Part], published: Publication) -> Iterator[PastRow]:
    """The last quarters over all tables, then the last years, at each of the tables as well."""
    if not parts:
        return
    quarters = sorted(published.closed, reverse=True)
    for first_on in quarters[:QUARTERS_SHOWN]:
        yield _past_row(parts[0], published, Span(first_on), at_table=False)
    years = sorted({one.year for one in quarters}, reverse=True)
    spans = [year_span(year) for year in years]
    whole = [one for one in spans if published.closed.issuperset(one.quarter_days)]
    for span in whole[:YEARS_SHOWN]:
        yield _past_row(parts[0], published, span, at_table=False)
        for part in parts:
            yield _past_row(part, published, span, at_table=True)


def _past_row(part: Part, published: Publication, span: Span, *, at_table: bool) -> PastRow:
    table_id = part.table_id if at_table else None
    numbers = [
        published.number(Key(Measure.ACTIONS, span, one, table_id, part.organisation_id))
        for one in PAST
    ]
    told_as = tuple(report.Told(one).text for one in numbers)
    return PastRow(span, part.table if at_table else "", told_as)


def _tables(parts: Sequence[Part]) -> tuple[Choice, ...]:
    names = {one.table_id: one.table for one in parts}
    return tuple(Choice(*one) for one in sorted(names.items(), key=lambda one: one[1]))


def _rows(session: Session, actor: Actor, parts: Sequence[Part], now: datetime) -> tuple[Row, ...]:
    """By name, capitals or not."""
    standings = ledger.standings(session, actor, parts, now=now)
    by_name = sorted(parts, key=lambda one: (one.organisation.casefold(), one.table.casefold()))
    return tuple(_row(one, standings[one.pair]) for one in by_name)


def _row(part: Part, standing: Standing) -> Row:
    return Row(
        part,
        _told([standing.kept[one] for one in Kept]),
        _told([standing.ages[one] for one in Age]),
    )


def _told(numbers: list[int]) -> tuple[Told, ...]:
    return tuple(
        Told(words, coarse(number) if number >= STEP else None)
        for number, words in zip(numbers, told(numbers), strict=True)
    )
