"""The baseline and the second measurement of a table served, as they are published."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from app.access import Actor, Permission, load_staff_table
from app.access.case_scopes import served_tables
from app.access.oversight import measurements, reports, surveys
from app.access.oversight.surveys import Asked
from app.domain.kinds import MeasurementKind
from app.domain.report import Choice, Report, ReportScope, Span
from app.infra.db import transaction


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both measurements of one table, as far as they were fixed and put to its partners."""

    tables: tuple[Choice, ...]
    table: Choice | None
    reports: Mapping[MeasurementKind, Report]
    asked: Mapping[MeasurementKind, Asked]


def comparison(actor: Actor, table_id: uuid.UUID | None) -> Comparison:
    """What may be compared at a table served, else at the first by name. NotVisible."""
    with transaction() as session:
        tables = tuple(Choice(one.id, one.name) for one in session.scalars(served_tables(actor)))
        chosen = table_id or next((one.id for one in tables), None)
        if chosen is None:
            return Comparison(tables, None, {}, {})
        table = load_staff_table(session, actor, chosen, Permission.REPORT_READ)
        spans = measurements.measurements_of(session, table)
        told = {
            kind: reports.report(
                session, actor, ReportScope(Span(one.first_on, one.quarters), table.id)
            )
            for kind, one in spans.items()
        }
        asked = {one.kind: one for one in surveys.asked_at(session, table)}
        return Comparison(tables, Choice(table.id, table.name), told, asked)
