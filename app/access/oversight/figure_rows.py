"""The rows figures are counted from: which case counts as what at which table; never shown.

A statement per source, whatever the number of cases; call inside an opening for System.FIGURES.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, select, union
from sqlalchemy.orm import Session, aliased

from app.access.administration.kinds_in_force import all_in_force, code_of
from app.domain.figures import Period
from app.domain.kind_document import KindDocument, parse
from app.domain.kinds import FigureSource
from app.domain.presets import SHIPPED
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    DailyCount,
    ExclusionOrder,
    Handover,
    ItemOutcome,
    KindVersion,
    Meeting,
    Screening,
)

Ids = Sequence[uuid.UUID]
# How often, by table and the code of a figure; "" where a source has one number per table.
Counts = dict[tuple[uuid.UUID, str], int]
_Before, _Later = aliased(Handover), aliased(Handover)


def occurrences(
    session: Session, over: Period, *, as_of: datetime
) -> dict[tuple[uuid.UUID, str], set[uuid.UUID]]:
    """Which cases count as which figure of their table; to count them once in a year, not to show.

    Call inside ``opened_for(session, System.FIGURES)``; kinds as they stood ``as_of`` a moment.
    """
    tables, documents = _all_tables(session, as_of)
    ids = [one.id for one in tables]
    ask: dict[FigureSource, Callable[[], Select[*tuple[Any, ...]]]] = {
        FigureSource.CASES_RECEIVED: lambda: _came(ids, over),
        FigureSource.CASES_DISCUSSED: lambda: _was_discussed(ids, over),
        FigureSource.OUTCOMES: lambda: _named(session, tables, over),
    }
    found: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = defaultdict(set)
    for source, statement in ask.items():
        codes = _codes(tables, documents, source)
        for row in session.execute(statement()):
            code = codes.get((row.table_id, getattr(row, "figure", "")))
            if code:
                found[row.table_id, code].add(row.case_id)
    return dict(found)


def amounts(session: Session, over: Period, *, as_of: datetime) -> Counts:
    """What is counted without a case, by table and the code of its figure; as ``occurrences``."""
    tables, documents = _all_tables(session, as_of)
    ids = [one.id for one in tables]
    ask: dict[FigureSource, Callable[[], Select[*tuple[Any, ...]]]] = {
        FigureSource.SCREENINGS: lambda: screenings(ids, over),
        FigureSource.DAILY_COUNTS: lambda: daily(ids, over),
        FigureSource.EXCLUSION_ORDERS: lambda: orders(ids, over),
    }
    found: Counts = {}
    for source, statement in ask.items():
        codes = _codes(tables, documents, source)
        for table_id, code, number in session.execute(statement()):
            if (table_id, code) in codes:
                found[table_id, codes[table_id, code]] = int(number)
    return found


def _all_tables(
    session: Session, as_of: datetime
) -> tuple[list[CaseTable], dict[str, KindDocument]]:
    tables = list(session.scalars(select(CaseTable)))
    held = all_in_force(session, as_of)
    return tables, {code: one.document for code, one in held.items()}


def _codes(
    tables: Iterable[CaseTable], documents: Mapping[str, KindDocument], source: FigureSource
) -> dict[tuple[uuid.UUID, str], str]:
    """As which figure of its table something counts that has a code, or none."""
    by_code = source in (FigureSource.OUTCOMES, FigureSource.DAILY_COUNTS)
    return {
        (table.id, rule.code if by_code else ""): rule.code
        for table in tables
        for rule in documents[code_of(table)].figures
        if rule.source is source
    }


def received(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    came = _came(ids, span).subquery()
    return select(
        came.c.table_id, func.max(literal("")), func.count(distinct(came.c.case_id))
    ).group_by(came.c.table_id)


def _came(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    """Cases that came to a table: put on its list first, or brought there from another later."""
    began_at = (
        select(_Before.from_table_id)
        .where(
            _Before.case_id == Case.id,
            _Before.accepted_at.is_not(None),
            _Before.to_table_id.is_not(None),
        )
        .order_by(_Before.accepted_at)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    came = union(
        select(
            func.coalesce(began_at, Case.table_id).label("table_id"), Case.id.label("case_id")
        ).where(Case.created_at >= span.since, Case.created_at < span.until),
        select(_Later.to_table_id, _Later.case_id).where(
            _Later.accepted_at >= span.since, _Later.accepted_at < span.until
        ),
    ).subquery()
    return select(came.c.table_id, came.c.case_id).where(came.c.table_id.in_(ids))


def discussed(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    done = _was_discussed(ids, span).subquery()
    return select(
        done.c.table_id, func.max(literal("")), func.count(distinct(done.c.case_id))
    ).group_by(done.c.table_id)


def _was_discussed(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    """Cases whose discussion was finished, or of which an outcome was noted."""
    done = union(
        select(Meeting.table_id, AgendaItem.case_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            *_held(ids, span), AgendaItem.case_id.is_not(None), AgendaItem.closed_at.is_not(None)
        ),
        _noted(ids, span).with_only_columns(ItemOutcome.table_id, ItemOutcome.case_id),
    ).subquery()
    return select(done.c.table_id, done.c.case_id)


def _held(ids: Ids, span: Period) -> tuple[ColumnElement[bool], ...]:
    """By the day of the meeting: what is put right afterwards stays in its year."""
    return (
        Meeting.table_id.in_(ids),
        Meeting.cancelled_at.is_(None),
        Meeting.starts_at >= span.since,
        Meeting.starts_at < span.until,
        AgendaItem.removed_at.is_(None),
    )


def _noted(ids: Ids, span: Period) -> Select[ItemOutcome]:
    return (
        select(ItemOutcome)
        .join(AgendaItem, AgendaItem.id == ItemOutcome.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            *_held(ids, span),
            ItemOutcome.table_id == Meeting.table_id,
            ItemOutcome.taken_back_at.is_(None),
        )
    )


def outcomes(
    session: Session, tables: Sequence[CaseTable], span: Period
) -> Select[*tuple[Any, ...]]:
    named = _named(session, tables, span).subquery()
    return select(named.c.table_id, named.c.figure, func.count(distinct(named.c.case_id))).group_by(
        named.c.table_id, named.c.figure
    )


def _named(session: Session, tables: Sequence[CaseTable], span: Period) -> Select[*tuple[Any, ...]]:
    """Cases of which an outcome counts as a figure, by the version it was noted under."""
    whens = [
        (
            and_(
                ItemOutcome.table_id.in_(of_kind),
                ItemOutcome.kind_version == number,
                ItemOutcome.code.in_(codes),
            ),
            figure,
        )
        for of_kind, number, codes, figure in _counting(session, tables)
    ]
    figure = case(*whens, else_=literal("")) if whens else literal("")
    return _noted([one.id for one in tables], span).with_only_columns(
        ItemOutcome.table_id, figure.label("figure"), ItemOutcome.case_id
    )


def _counting(
    session: Session, tables: Sequence[CaseTable]
) -> list[tuple[list[uuid.UUID], int, list[str], str]]:
    """Which outcomes count as which figure: tables, version, codes, figure."""
    by_kind: dict[str, list[uuid.UUID]] = defaultdict(list)
    for table in tables:
        by_kind[code_of(table)].append(table.id)
    stored = session.scalars(select(KindVersion).where(KindVersion.kind_code.in_(by_kind)))
    versions = [(one.kind_code, one.number, parse(one.document)) for one in stored]
    versions += [(code, 0, SHIPPED[code]) for code in by_kind if code in SHIPPED]
    found = []
    for code, number, document in versions:
        codes: dict[str, list[str]] = defaultdict(list)
        for outcome in document.outcomes:
            if outcome.counts_as:
                codes[outcome.counts_as].append(outcome.code)
        found += [(by_kind[code], number, each, figure) for figure, each in codes.items()]
    return found


def screenings(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    return (
        select(Screening.table_id, func.max(literal("")), func.count())
        .where(
            Screening.table_id.in_(ids),
            Screening.listed_on >= span.first,
            Screening.listed_on < span.after,
        )
        .group_by(Screening.table_id)
    )


def daily(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    return (
        select(DailyCount.table_id, DailyCount.code, func.sum(DailyCount.amount))
        .where(
            DailyCount.table_id.in_(ids),
            DailyCount.counted_on >= span.first,
            DailyCount.counted_on < span.after,
        )
        .group_by(DailyCount.table_id, DailyCount.code)
    )


def orders(ids: Ids, span: Period) -> Select[*tuple[Any, ...]]:
    return (
        select(ExclusionOrder.table_id, func.max(literal("")), func.count())
        .where(
            ExclusionOrder.table_id.in_(ids),
            ExclusionOrder.served_at >= span.since,
            ExclusionOrder.served_at < span.until,
        )
        .group_by(ExclusionOrder.table_id)
    )
