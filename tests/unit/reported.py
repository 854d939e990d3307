"""A report of numbers at hand, told as they are when each of their quarters is closed in turn."""

from __future__ import annotations

from app.domain.publication import Publication
from app.domain.reporting import Reporting
from app.domain.worked_out import worked_out


def reported(told, counted, span, table_id, named) -> Reporting:
    rows = {key: told.told(key) for key in told.numbers}
    for day in sorted(told.closed):
        rows |= worked_out(told, counted, day)
    ever = {(one.measure, one.category) for one in counted}
    return Reporting(Publication.of(told.closed, rows), ever, span, table_id, named)
