"""Words about measurements: their names, their quarters and the scores of a question."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.kinds import MeasurementKind
from app.domain.local_time import local_date
from app.domain.survey import HIGHEST_TOLD, LOWEST_TOLD
from app.web.formats import tenths
from app.web.i18n import language

_MONTHS_A_QUARTER: Final = 3

MEASUREMENT: dict[MeasurementKind, Any] = {
    MeasurementKind.BASELINE: _l("Nulmeting"),
    MeasurementKind.SECOND: _l("Tweede meting"),
}
SCORE: dict[int, Any] = {
    1: _l("Helemaal niet mee eens"),
    2: _l("Niet mee eens"),
    3: _l("Niet eens, niet oneens"),
    4: _l("Mee eens"),
    5: _l("Helemaal mee eens"),
}


def mean(value: Decimal) -> str:
    """A mean as it is told: one near the end of the scale only as beyond that."""
    sign = "≤ " if value <= LOWEST_TOLD else "≥ " if value >= HIGHEST_TOLD else ""
    return sign + tenths(value, language())


def last_day(closes_at: datetime) -> date:
    """The last day on which may be answered what closes at a moment."""
    return local_date(closes_at - timedelta(seconds=1))


def quarter(first_on: date) -> str:
    """The words for the quarter that begins on this day."""
    number = (first_on.month - 1) // _MONTHS_A_QUARTER + 1
    return str(_("%(number)se kwartaal %(year)s", number=number, year=first_on.year))
