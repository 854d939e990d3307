"""When the list of a meeting closes every week; afterwards a case is late, which is no refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.kind_document import Weekly
from app.domain.local_time import AMSTERDAM, to_local

_WEEK = timedelta(days=7)


def closing_before(weekly: Weekly, starts_at: datetime) -> datetime:
    """The last such moment before a meeting starts, UTC; exactly then the list has closed."""
    local = to_local(starts_at)
    day = local.date() - timedelta(days=(local.weekday() - weekly.weekday) % 7)
    found = datetime.combine(day, weekly.at, AMSTERDAM)
    if found >= local:
        found = datetime.combine(day - _WEEK, weekly.at, AMSTERDAM)
    return found.astimezone(UTC)
