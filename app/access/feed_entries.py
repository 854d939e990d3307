"""The entries a subscription may show just now, as one part of the statement that finds it.

Everything hangs from the hash of its token, because nobody is known before that statement: the
conditions are those of the signed-in actor, with the owner as columns instead of values.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CTE, Select, Subquery, and_, exists, literal, null, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.domain.kinds import STAFF_ROLES, AccountState, SeriesAudience, TableRoleName
from app.domain.local_time import local_date
from app.infra.db import UtcDateTime
from app.models import (
    AgendaItem,
    CaseTable,
    Covenant,
    Feed,
    Invitation,
    InvitationItem,
    Meeting,
    Person,
    SeatHold,
    Series,
    SeriesEntry,
    SeriesException,
    TableRole,
)

INVITATION: Final = "invitation"
SERIES: Final = "series"
EXCEPTION: Final = "exception"

_owner = aliased(Person, name="owner")


def entries_of(token_hash: str, *, since: datetime, now: datetime) -> Subquery:
    """Every entry, series and exception; what ended or was cancelled before ``since`` is gone."""
    return union_all(
        _invitations(token_hash, since, now),
        _series(token_hash, since, now),
        _exceptions(token_hash, since, now),
    ).subquery("entry")


def _invitations(token_hash: str, since: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    """Single entries: the live ones whose every slot is held, and those cancelled lately."""
    held = _held_items(token_hash, now)
    spans = exists().where(InvitationItem.invitation_id == Invitation.id)
    own = and_(
        Invitation.is_whole.is_(False),
        spans,
        ~spans.where(InvitationItem.item_id.not_in(select(held.c.id))),
    )
    whole = and_(
        Invitation.is_whole.is_(True),
        Meeting.cancelled_at.is_(None),
        Meeting.series_id.is_(None),
        _serves(Meeting.table_id, now),
    )
    return (
        _of_owner(
            _columns(
                INVITATION,
                Invitation.uid,
                Invitation.sequence,
                starts_at=Invitation.starts_at,
                ends_at=Invitation.ends_at,
                place=Invitation.place,
                changed_at=Invitation.changed_at,
                cancelled_at=Invitation.cancelled_at,
            ),
            token_hash,
        )
        .join(Invitation, Invitation.person_id == _owner.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.ends_at > since,
            or_(
                Invitation.cancelled_at > since,
                and_(Invitation.cancelled_at.is_(None), or_(own, whole)),
            ),
        )
    )


def _held_items(token_hash: str, now: datetime) -> CTE:
    """The items of the own slots, exactly as ``scopes.own_slots`` has them for a signed-in actor.

    The owner is a column here: nobody is known before this very statement.
    """
    holder, feed = aliased(Person, name="holder"), aliased(Feed, name="held_feed")
    actor = cast("Actor", _ColumnsOfActor(holder.id, holder.organisation_id))
    return (
        scopes.own_slots(actor, now=now)
        .join(holder, holder.id == SeatHold.person_id)
        .join(feed, feed.person_id == holder.id)
        .where(feed.token_hash == token_hash)
        .with_only_columns(AgendaItem.id)
        .cte("held")
    )


@dataclass(frozen=True, slots=True)
class _ColumnsOfActor:
    """The two values of an actor the conditions of a seat ask for, as columns."""

    person_id: InstrumentedAttribute[uuid.UUID]
    organisation_id: InstrumentedAttribute[uuid.UUID]


def _series(token_hash: str, since: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    """Recurring entries: those the person is entitled to, and those withdrawn lately."""
    return _entries(
        _columns(
            SERIES,
            SeriesEntry.uid,
            SeriesEntry.sequence,
            told=SeriesEntry.told,
            changed_at=SeriesEntry.changed_at,
            cancelled_at=SeriesEntry.cancelled_at,
        ),
        token_hash,
        since,
        now,
    )


def _exceptions(token_hash: str, since: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    """The occurrences of those that were told on their own."""
    return _entries(
        _columns(
            EXCEPTION,
            SeriesEntry.uid,
            SeriesException.sequence,
            starts_at=SeriesException.starts_at,
            ends_at=SeriesException.ends_at,
            place=SeriesException.place,
            planned_at=SeriesException.planned_at,
            changed_at=SeriesException.changed_at,
            cancelled_at=SeriesException.cancelled_at,
        ),
        token_hash,
        since,
        now,
    ).join(SeriesException, SeriesException.entry_id == SeriesEntry.id)


def _entries(
    columns: Select[*tuple[Any, ...]], token_hash: str, since: datetime, now: datetime
) -> Select[*tuple[Any, ...]]:
    serves = _serves(Series.table_id, now)
    reserved = and_(
        CaseTable.has_standing_reservation.is_(True),
        _has_role(Series.table_id, now, TableRole.role == TableRoleName.REPRESENTATIVE),
        exists().where(
            Covenant.organisation_id == _owner.organisation_id,
            Covenant.table_id == Series.table_id,
            c.is_live(Covenant.from_at, Covenant.until_at, now),
        ),
        ~serves,
    )
    entitled = or_(
        and_(SeriesEntry.audience == SeriesAudience.STAFF, serves),
        and_(SeriesEntry.audience == SeriesAudience.RESERVATION, reserved),
    )
    return (
        _of_owner(columns, token_hash)
        .join(SeriesEntry, SeriesEntry.person_id == _owner.id)
        .join(Series, Series.id == SeriesEntry.series_id)
        .join(CaseTable, CaseTable.id == Series.table_id)
        .where(
            Series.last_on >= local_date(since),
            or_(
                SeriesEntry.cancelled_at > since,
                and_(SeriesEntry.cancelled_at.is_(None), entitled),
            ),
        )
    )


def _of_owner(columns: Select[*tuple[Any, ...]], token_hash: str) -> Select[*tuple[Any, ...]]:
    """From the live subscription to its active owner."""
    return (
        columns.select_from(Feed)
        .join(_owner, _owner.id == Feed.person_id)
        .where(
            Feed.token_hash == token_hash,
            Feed.revoked_at.is_(None),
            _owner.state == AccountState.ACTIVE,
        )
    )


def _serves(table_id: InstrumentedAttribute[uuid.UUID], now: datetime) -> c.Condition:
    return _has_role(table_id, now, TableRole.role.in_(STAFF_ROLES))


def _has_role(
    table_id: InstrumentedAttribute[uuid.UUID], now: datetime, role: c.Condition
) -> c.Condition:
    """The owner has this role just now; an administrator account has none."""
    return and_(
        _owner.is_administrator.is_(False),
        exists().where(
            TableRole.person_id == _owner.id,
            TableRole.table_id == table_id,
            c.is_live(TableRole.from_at, TableRole.until_at, now),
            role,
        ),
    )


def _columns(kind: str, uid: Any, sequence: Any, **more: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns
    """The columns of ``FeedRow``; those a kind does not have are empty."""
    moment = sql_cast(null(), UtcDateTime())
    return select(
        literal(kind).label("kind"),
        uid.label("uid"),
        sequence.label("sequence"),
        more.get("starts_at", moment).label("starts_at"),
        more.get("ends_at", moment).label("ends_at"),
        more.get("place", literal("")).label("place"),
        more.get("told", literal("")).label("told"),
        more.get("planned_at", moment).label("planned_at"),
        more["changed_at"].label("changed_at"),
        more["cancelled_at"].label("cancelled_at"),
    )
