"""The few words that stand in people's calendars: neutral, the same for every table unless set."""

from __future__ import annotations

from app.models import CaseTable

NEUTRAL = "Overleg"


def title_of(table: CaseTable | None) -> str:
    """The title of an entry: the table's own words where an administrator set them."""
    return (table.calendar_words if table else "") or NEUTRAL
