"""Which required roles are missing at meetings of a table served; for its staff, never for seats.

The rule itself is app/domain/quorum.py; here it is only fed, without a statement of its own.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ScalarSelect, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.access.conditions import Condition
from app.domain.kinds import AT_TABLE, InvitationAnswer
from app.domain.quorum import FILLED_BY
from app.models import (
    AgendaItem,
    Meeting,
    Organisation,
    Seat,
    SeatHold,
    TableQuorum,
)

_SEAT, _HOLD, _OF = aliased(Seat), aliased(SeatHold), aliased(Organisation)
# Of a meeting that is over, what was asked when it closed; of any other, what is asked now.
_IS_ASKED = and_(
    TableQuorum.table_id == Meeting.table_id,
    or_(TableQuorum.until_at.is_(None), TableQuorum.until_at > Meeting.closed_at),
    or_(
        TableQuorum.from_at.is_(None),
        Meeting.closed_at.is_(None),
        TableQuorum.from_at <= Meeting.closed_at,
    ),
)


def required_column() -> ScalarSelect[str]:
    """The required roles of the table of ``Meeting``, for ``quorum.parse``; empty where none is."""
    return (
        select(func.aggregate_strings(cast(TableQuorum.role, String(32)), ","))
        .where(_IS_ASKED)
        .correlate(Meeting)
        .scalar_subquery()
    )


def lacks_role(now: datetime) -> Condition:
    """At ``AgendaItem`` of ``Meeting`` somebody is missing who has to be there."""
    return exists().where(_IS_ASKED, ~_is_filled(now)).correlate(AgendaItem, Meeting)


def _is_filled(now: datetime) -> Condition:
    """Somebody of a kind that fills ``TableQuorum`` is expected, or was seen, at ``AgendaItem``."""
    expected = and_(
        _SEAT.presence.is_(None),
        exists().where(
            _HOLD.seat_id == _SEAT.id,
            _HOLD.from_at <= now,
            or_(_HOLD.until_at.is_(None), _HOLD.until_at > now),
            _HOLD.answer != InvitationAnswer.NO,
        ),
    )
    return (
        exists()
        .where(
            _SEAT.item_id == AgendaItem.id,
            _SEAT.removed_at.is_(None),
            _SEAT.is_proposed.is_(False),
            _OF.id == _SEAT.organisation_id,
            or_(
                *(
                    and_(TableQuorum.role == role, _OF.kind.in_(kinds))
                    for role, kinds in FILLED_BY.items()
                )
            ),
            or_(_SEAT.presence.in_(AT_TABLE), expected),
        )
        .correlate(AgendaItem, TableQuorum)
    )
