"""Says until when an item on the table lasts and what is left of it; it never goes on by itself.

Moments are aware UTC, what is left is whole seconds and below zero once the time is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


def stood_still(since: datetime, now: datetime) -> int:
    """Whole seconds of a pause; none where the clock was set back."""
    return max(0, int((now - since).total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTimer:
    """An item that was taken up: its minutes, the minutes added, and how long it stood still."""

    opened_at: datetime
    minutes: int
    extra_minutes: int = 0
    paused_seconds: int = 0
    paused_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        """It stands still just now."""
        return self.paused_at is not None

    def ends_at(self, now: datetime) -> datetime:
        """When its time is over; a pause that goes on moves it along."""
        still = (now - self.paused_at) if self.paused_at is not None else timedelta()
        return (
            self.opened_at
            + timedelta(minutes=self.minutes + self.extra_minutes, seconds=self.paused_seconds)
            + max(still, timedelta())
        )

    def seconds_left(self, now: datetime) -> int:
        """What is left; below zero it is over."""
        return int((self.ends_at(now) - now).total_seconds())
