"""What a meeting leaves behind; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class DecisionKind(StrEnum):
    """Agreement of the table, or a decision of the competent body (domain.md §8)."""

    AGREEMENT = "agreement"
    SAFETY_AGREEMENT = "safety-agreement"
    BY_PROSECUTOR = "by-prosecutor"
    BY_MAYOR = "by-mayor"
    ADVICE = "advice"


class ActionState(StrEnum):
    """States of an action; overdue is derived (domain.md §5)."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    NOT_POSSIBLE = "not-possible"
    NOT_DONE = "not-done"
    LAPSED = "lapsed"
