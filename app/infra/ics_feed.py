"""Writes a whole subscription (RFC 5545, RFC 7986) in equal bytes for equal entries; no case data.

No METHOD, no ORGANIZER, no ATTENDEE: whatever stands here ends up at calendar providers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Event, vText

from app.domain.text import clean_line
from app.infra.ics import OwnSlot, Recurrence, add_recurrence, event_of, frame

HOURLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry(OwnSlot):
    """One entry of a subscription, perhaps a repeating one. Raises `InviteError`."""

    recurrence: Recurrence | None = None
    is_cancelled: bool = False


def render_feed(name: str, entries: Iterable[FeedEntry]) -> bytes:
    """Return the calendar; without entries it is valid too, and empties whoever reads it."""
    calendar = frame()
    title = clean_line(name)
    calendar.add("NAME", title)
    calendar.add("X-WR-CALNAME", title)
    calendar.add("X-WR-TIMEZONE", "Europe/Amsterdam")
    calendar.add("REFRESH-INTERVAL", HOURLY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for entry in sorted(entries, key=lambda one: (one.starts_at, one.uid)):
        calendar.add_component(_event(entry))
    data: bytes = calendar.to_ical()
    return data


def _event(entry: FeedEntry) -> Event:
    event = event_of(entry)
    add_recurrence(event, entry.recurrence)
    event["STATUS"] = vText("CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if entry.is_cancelled:
        event["TRANSP"] = vText("TRANSPARENT")
    event["X-MICROSOFT-CDO-BUSYSTATUS"] = vText("FREE" if entry.is_cancelled else "BUSY")
    return event
