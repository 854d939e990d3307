"""What an urgent meeting of each sort starts from; it must never decide who may see what.

Templates are data: the sort of discussion, its minutes, which partners are at the table, and the
shortest window: it opens at once and closes at the end of the first working day after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.errors import Reason, Refusal
from app.domain.kinds import DiscussionKind, OrganisationKind, TableKind
from app.domain.local_time import ImpossibleTime, local_to_utc, to_local

# A clock time that has passed today is one of tomorrow as long as that is a night away.
FURTHEST = timedelta(hours=12)
_DAY = timedelta(days=1)


class UrgentKind(StrEnum):
    """The sorts of urgent meetings."""

    ZSM = "zsm"
    ACTION = "action"
    ACUTE = "acute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One sort: minutes in all, the partners who stand in, and a window in working days.

    ``opens`` counts before the start, where publication comes later anyway; ``closes`` after the
    end.
    """

    discussion: DiscussionKind
    minutes: int
    partners: frozenset[OrganisationKind]
    opens: int = 1
    closes: int = 1


_SAFETY = frozenset(
    {OrganisationKind.VEILIG_THUIS, OrganisationKind.POLICE, OrganisationKind.PROSECUTION}
)
_CARE = frozenset(
    {
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.YOUTH_PROTECTION,
    }
)

TEMPLATES: Mapping[UrgentKind, Template] = {
    UrgentKind.ZSM: Template(
        discussion=DiscussionKind.NEW,
        minutes=15,
        partners=_SAFETY
        | {
            OrganisationKind.PROBATION,
            OrganisationKind.CHILD_PROTECTION,
            OrganisationKind.VICTIM_SUPPORT,
        },
    ),
    UrgentKind.ACTION: Template(
        discussion=DiscussionKind.FOLLOW_UP, minutes=30, partners=_SAFETY | _CARE
    ),
    UrgentKind.ACUTE: Template(
        discussion=DiscussionKind.NEW,
        minutes=45,
        partners=_SAFETY | _CARE | {OrganisationKind.CHILD_PROTECTION},
    ),
}

_OF_TABLE: Mapping[TableKind, tuple[UrgentKind, ...]] = {
    TableKind.ZSM: (UrgentKind.ZSM, UrgentKind.ACUTE),
    TableKind.ACTION: (UrgentKind.ACTION, UrgentKind.ACUTE),
}


def kinds_of(table: TableKind) -> tuple[UrgentKind, ...]:
    """The sorts a table of this kind may start, the usual one first."""
    return _OF_TABLE.get(table, (UrgentKind.ACUTE, UrgentKind.ACTION))


class StartsIn(StrEnum):
    """When an urgent meeting starts."""

    NOW = "now"
    QUARTER = "15"
    HALF = "30"
    CLOCK = "clock"


_WAIT: Mapping[StartsIn, timedelta] = {
    StartsIn.NOW: timedelta(),
    StartsIn.QUARTER: timedelta(minutes=15),
    StartsIn.HALF: timedelta(minutes=30),
}


def start_of(chosen: StartsIn, at: time | None, *, now: datetime) -> datetime:
    """The moment it starts, UTC, on a whole minute; a clock time is today's or of the coming night.

    Refusal VALUE_MISSING, DATE_IN_PAST, HOUR_DOES_NOT_EXIST, all about ``at``.
    """
    now = now.replace(second=0, microsecond=0)
    if chosen is not StartsIn.CLOCK:
        return now + _WAIT[chosen]
    if at is None:
        raise Refusal(Reason.VALUE_MISSING, "at")
    today = to_local(now).date()
    moment = _moment(today, at)
    if moment >= now:
        return moment
    moment = _moment(today + _DAY, at)
    if moment - now > FURTHEST:
        raise Refusal(Reason.DATE_IN_PAST, "at")
    return moment


def _moment(day: date, at: time) -> datetime:
    try:
        return local_to_utc(day, at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "at") from None
