"""Reads what is published, for the page and for the copies somebody takes along."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.oversight import reports
from app.access.oversight.closing_quarters import published_from
from app.access.oversight.measurements import closed_quarters
from app.access.records import exports
from app.domain.kinds import ExportPurpose
from app.domain.report import Report, ReportScope, Span
from app.infra.db import reading, transaction
from app.models import Organisation


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address narrows the figures to."""

    span: Span | None = None
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None


def report(actor: Actor, asked: Asked) -> Report:
    """What is published of it. NotVisible."""
    with transaction() as session:
        return report_in(session, actor, asked)


def copied(actor: Actor, asked: Asked, purpose: ExportPurpose) -> Report:
    """The same, taken along: recorded with its purpose. NotVisible."""
    with transaction() as session:
        found = report_in(session, actor, asked)
        exports.record(
            session, actor, audit.Event.COPY, "report", purpose, table_id=found.scope.table_id
        )
        return found


def report_in(session: Session, actor: Actor, asked: Asked) -> Report:
    """The report of a scope; where no period is asked for, of the latest one."""
    if asked == Asked():
        return reports.report(session, actor, None)
    span = asked.span
    if span is None:
        span = reports.report(session, actor, None).scope.span
    scope = ReportScope(span, asked.table_id, asked.organisation_id)
    return reports.report(session, actor, scope)


class UnknownError(Exception):
    """Something that was named is not there; ``known`` what there is."""

    def __init__(self, what: str, typed: str, known: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.typed, self.known = what, typed, known


class NotCountedError(Exception):
    """A period has quarters that are not counted; ``from_on`` None where they never will be."""

    def __init__(self, span: Span, from_on: date | None) -> None:
        super().__init__("not counted")
        self.span, self.from_on = span, from_on


def of_region(span: Span | None, table_name: str | None, code: str | None) -> Report:
    """What is published, for who runs the installation. UnknownError, NotCountedError."""
    with reading() as session:
        first = reports.of_region(session, None)
        if not first.parts:
            return first
        scope = ReportScope(
            span or first.scope.span,
            _table(first, table_name) if table_name else None,
            _organisation(session, code) if code else None,
        )
        if span is not None:
            _refuse_uncounted(session, span)
        return first if scope == first.scope else reports.of_region(session, scope)


def _table(found: Report, name: str) -> uuid.UUID:
    for one in found.tables:
        if one.name.casefold() == name.strip().casefold():
            return one.id
    raise UnknownError("table", name, [one.name for one in found.tables])


def _organisation(session: Session, code: str) -> uuid.UUID:
    rows = session.execute(select(Organisation.code, Organisation.id).order_by(Organisation.code))
    by_code = {row.code: row.id for row in rows}
    found: uuid.UUID | None = by_code.get(code.strip().upper())
    if found is None:
        raise UnknownError("organisation", code, list(by_code))
    return found


def _refuse_uncounted(session: Session, span: Span) -> None:
    counted = set(closed_quarters(session))
    missing = [one for one in span.quarter_days if one not in counted]
    if missing:
        is_to_come = not counted or missing[-1] > max(counted)
        raise NotCountedError(span, published_from(missing[-1]) if is_to_come else None)
