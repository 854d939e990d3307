"""What is published of the figures of the region: one publication, of which readers see parts.

It was settled over all tables when the quarters were closed, whoever reads it; so nothing can be
learned by laying beside each other what two readers see. Here what was told is read, no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.access.administration.kinds_in_force import all_in_force, code_of
from app.access.oversight.closing_quarters import published_from
from app.access.oversight.telling import told_where
from app.domain.errors import NotVisible
from app.domain.kind_document import KindDocument
from app.domain.kinds import Measure
from app.domain.promises import quarter_of
from app.domain.report import QUARTERS_A_YEAR, Choice, Report, ReportScope, Span, later, year_span
from app.domain.reporting import Named, Reporting
from app.infra import clock
from app.models import CaseTable, ClosedQuarter, Organisation, ToldNumber


@dataclass(frozen=True, slots=True)
class _Region:
    """The tables and organisations by name, and which quarters tell of what.

    ``met``: who took part in one of the tables a reader serves; ``ever``: what was counted at all.
    """

    tables: tuple[CaseTable, ...]
    organisations: tuple[Choice, ...]
    met: frozenset[uuid.UUID]
    closed: frozenset[date]
    ever: frozenset[tuple[Measure, str]]
    kinds: dict[str, KindDocument]


def report(session: Session, actor: Actor, scope: ReportScope | None) -> Report:
    """What is published for a scope; without one the latest four quarters, of the whole region.

    Raises NotVisible: a table, organisation or period the actor may not ask for. That it was read
    is recorded. Seven statements, whatever the number of tables.
    """
    checks.note()
    region = _region(session, actor.staff_table_ids)
    table_ids, organisation_ids = _readable(region, actor)
    made = _report(session, region, scope, table_ids, organisation_ids)
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.READ,
            object_kind="report",
            table_id=made.scope.table_id,
        ),
    )
    return made


def of_region(session: Session, scope: ReportScope | None) -> Report:
    """The same for who runs the installation, who may ask for each table and organisation."""
    checks.note()
    region = _region(session, ())
    tables = {one.id for one in region.tables}
    return _report(session, region, scope, tables, {one.id for one in region.organisations})


def _region(session: Session, served: Collection[uuid.UUID]) -> _Region:
    documents = all_in_force(session, clock.now())
    took_part = exists().where(
        ToldNumber.table_id.in_(served), ToldNumber.organisation_id == Organisation.id
    )
    organisations = session.execute(
        select(Organisation.id, Organisation.name, took_part).order_by(Organisation.name)
    ).all()
    of_region = (ToldNumber.closed_on == ClosedQuarter.first_on) & ToldNumber.table_id.is_(None)
    told_with = session.execute(
        select(ClosedQuarter.first_on, ToldNumber.measure, ToldNumber.category)
        .outerjoin(ToldNumber, of_region)
        .distinct()
    ).all()
    return _Region(
        tuple(session.scalars(select(CaseTable).order_by(CaseTable.name))),
        tuple(Choice(organisation_id, name) for organisation_id, name, _ in organisations),
        frozenset(organisation_id for organisation_id, _, is_met in organisations if is_met),
        frozenset(first_on for first_on, _, _ in told_with),
        frozenset((measure, category) for _, measure, category in told_with if measure),
        {code: one.document for code, one in documents.items()},
    )


def _readable(region: _Region, actor: Actor) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The tables and organisations whose part of the publication the actor reads.

    Who serves tables reads these, and who takes part in them with the own organisation; a privacy
    officer all. The region as a whole is for each of them.
    """
    if actor.is_privacy_officer:
        tables = {one.id for one in region.tables}
        return tables, {one.id for one in region.organisations}
    return set(actor.staff_table_ids), {*region.met, actor.organisation_id}


def _report(
    session: Session,
    region: _Region,
    scope: ReportScope | None,
    table_ids: Collection[uuid.UUID],
    organisation_ids: Collection[uuid.UUID],
) -> Report:
    spans = _spans(region.closed)
    scope = scope or ReportScope(spans[0] if spans else year_span(clock.today().year))
    _refuse_unknown(region, scope, table_ids, organisation_ids, may_be_open=not spans)
    tables = tuple(Choice(one.id, one.name) for one in region.tables if one.id in table_ids)
    organisations = tuple(one for one in region.organisations if one.id in organisation_ids)
    return Report(
        scope,
        tuple(_reporting(session, region, scope, organisations).parts()) if spans else (),
        spans,
        tables,
        organisations,
        _next_on(region.closed),
    )


def _reporting(
    session: Session, region: _Region, scope: ReportScope, organisations: tuple[Choice, ...]
) -> Reporting:
    kind_of = {one.id: code_of(one) for one in region.tables}
    codes = {kind_of[scope.table_id]} if scope.table_id else set(kind_of.values())
    shown = [one for one in organisations if scope.organisation_id in (None, one.id)]
    return Reporting(
        told_where(session, region.closed, *_within(scope, [one.id for one in shown])),
        region.ever,
        scope.span,
        scope.table_id,
        Named(
            [(one.id, one.name) for one in shown],
            [document for code, document in region.kinds.items() if code in codes],
            is_one=scope.organisation_id is not None,
        ),
    )


def _within(
    scope: ReportScope, organisation_ids: Collection[uuid.UUID]
) -> Iterator[ColumnElement[bool]]:
    """Which numbers a report of a scope is made of: of the whole, its years and its quarters."""
    days = scope.span.quarter_days
    years = [day for day in days if day.month == 1]
    is_whole = ToldNumber.first_on == scope.span.first_on
    yield ToldNumber.first_on.in_(days)
    yield or_(
        ToldNumber.quarters == 1,
        (ToldNumber.quarters == QUARTERS_A_YEAR) & ToldNumber.first_on.in_(years),
        is_whole & (ToldNumber.quarters == scope.span.quarters),
    )
    of_region = ToldNumber.table_id.is_(None)
    if scope.table_id:
        yield or_(ToldNumber.table_id == scope.table_id, of_region & (ToldNumber.kind != ""))
    else:
        yield of_region
    yield or_(
        ToldNumber.organisation_id.is_(None), ToldNumber.organisation_id.in_(organisation_ids)
    )


def _refuse_unknown(
    region: _Region,
    scope: ReportScope,
    table_ids: Collection[uuid.UUID],
    organisation_ids: Collection[uuid.UUID],
    *,
    may_be_open: bool,
) -> None:
    is_open = not region.closed.issuperset(scope.span.quarter_days) and not may_be_open
    is_other_table = scope.table_id is not None and scope.table_id not in table_ids
    is_other = scope.organisation_id is not None and scope.organisation_id not in organisation_ids
    if is_open or is_other_table or is_other:
        raise NotVisible


def _spans(closed: Collection[date]) -> tuple[Span, ...]:
    """The last four quarters, and every year that is complete; latest first."""
    if not closed:
        return ()
    last = Span(later(max(closed), 1 - QUARTERS_A_YEAR), QUARTERS_A_YEAR)
    years = [year_span(year) for year in sorted({one.year for one in closed}, reverse=True)]
    found = [one for one in dict.fromkeys((last, *years)) if set(one.quarter_days) <= set(closed)]
    return tuple(found) or (Span(max(closed)),)


def _next_on(closed: Collection[date]) -> date:
    following = later(max(closed), 1) if closed else quarter_of(clock.today())
    return published_from(following)
