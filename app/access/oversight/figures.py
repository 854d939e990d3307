"""How often something happened at tables over a period, as the kinds of these count it.

Cases that bar the reader count too: a number without them would tell of them. Nothing but numbers
comes out, whatever the number of cases in one statement per source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.administration.kinds_in_force import all_in_force, code_of
from app.access.oversight import figure_rows
from app.access.oversight.figure_rows import Counts
from app.domain.figures import Period
from app.domain.kind_document import FigureRule, KindDocument, Words
from app.domain.kinds import FigureSource
from app.infra import clock
from app.infra.wall import System, opened_for
from app.models import (
    CaseTable,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a year."""

    code: str
    text: Words
    number: int


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The numbers of all tables of one kind, with the names of those tables."""

    code: str
    name: Words
    tables: tuple[str, ...]
    figures: tuple[Figure, ...]


def of_region(session: Session, over: Period) -> tuple[KindFigures, ...]:
    """The figures of every table; for who runs the installation."""
    tables = session.scalars(select(CaseTable).order_by(CaseTable.name)).all()
    held = all_in_force(session, min(over.until, clock.now()))
    documents = {code: one.document for code, one in held.items()}
    by_kind: dict[str, list[CaseTable]] = defaultdict(list)
    for table in tables:
        by_kind[code_of(table)].append(table)
    with opened_for(session, System.FIGURES):
        counted = _counted(session, tables, over, documents)
    return tuple(
        _of_kind(document, by_kind[code], counted)
        for code, document in documents.items()
        if by_kind[code] and document.figures
    )


def _of_kind(
    document: KindDocument,
    tables: Iterable[CaseTable],
    counted: Mapping[FigureSource, Counts],
) -> KindFigures:
    tables = list(tables)
    return KindFigures(
        document.code,
        document.name,
        tuple(one.name for one in tables),
        tuple(_figure(rule, tables, counted[rule.source]) for rule in document.figures),
    )


def _figure(rule: FigureRule, tables: Iterable[CaseTable], counts: Counts) -> Figure:
    by_code = rule.source in (FigureSource.OUTCOMES, FigureSource.DAILY_COUNTS)
    code = rule.code if by_code else ""
    return Figure(rule.code, rule.text, sum(counts.get((one.id, code), 0) for one in tables))


def _counted(
    session: Session,
    tables: Sequence[CaseTable],
    span: Period,
    documents: Mapping[str, KindDocument],
) -> dict[FigureSource, Counts]:
    """Every source any of the kinds counts by; one statement each."""
    ids = [one.id for one in tables]
    wanted = {rule.source for one in tables for rule in documents[code_of(one)].figures}
    ask: dict[FigureSource, Callable[[], Select[*tuple[Any, ...]]]] = {
        FigureSource.CASES_RECEIVED: lambda: figure_rows.received(ids, span),
        FigureSource.CASES_DISCUSSED: lambda: figure_rows.discussed(ids, span),
        FigureSource.OUTCOMES: lambda: figure_rows.outcomes(session, tables, span),
        FigureSource.SCREENINGS: lambda: figure_rows.screenings(ids, span),
        FigureSource.DAILY_COUNTS: lambda: figure_rows.daily(ids, span),
        FigureSource.EXCLUSION_ORDERS: lambda: figure_rows.orders(ids, span),
    }
    return {
        source: {(row[0], row[1]): int(row[2]) for row in session.execute(ask[source]())}
        for source in sorted(wanted)
    }
