"""Computes the access window of a meeting (access.md §1); it must never decide who may look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.working_days import IsHoliday, midnight_after, midnight_before


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span ``[opens_at, closes_at)``; empty when it closes before it opens."""

    opens_at: datetime
    closes_at: datetime

    def __post_init__(self) -> None:
        """Refuse naive moments: they would shift the window by the offset of the server."""
        if self.opens_at.tzinfo is None or self.closes_at.tzinfo is None:
            message = "a window needs moments with a zone"
            raise ValueError(message)


def opens_at(
    *, published_at: datetime, starts_at: datetime, days_before: int, is_holiday: IsHoliday
) -> datetime:
    """Return the later of publication and N working days before the start (local midnight)."""
    return max(published_at, midnight_before(starts_at, days_before, is_holiday))


def closes_at(
    *, planned_end: datetime, closed_at: datetime | None, days_after: int, is_holiday: IsHoliday
) -> datetime:
    """Return the end of the M-th working day after the closing, or else the planned end."""
    return midnight_after(closed_at or planned_end, days_after, is_holiday)


def contains(window: Window, now: datetime) -> bool:
    """Say whether ``now`` lies in the window: its first moment does, its last does not."""
    return window.opens_at <= now < window.closes_at
