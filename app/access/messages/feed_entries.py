"""The entries a subscription may show just now, as one part of the statement that finds it.

Everything hangs from the hash of its token, because nobody is known before that statement: the
conditions are those of the signed-in actor, with the owner as columns instead of values. A title or
place shows only once it was compared with the cases there; until then the entry is neutral.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    CTE,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.domain.kinds import (
    STAFF_ROLES,
    AccountState,
    FeedContent,
    SeriesAudience,
    TableRoleName,
)
from app.domain.local_time import local_date
from app.infra.db import UtcDateTime
from app.models import (
    AgendaItem,
    CaseTable,
    CheckedWords,
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
GAP: Final = "gap"

_owner = aliased(Person, name="owner")
_title_check = aliased(CheckedWords, name="title_check")
_place_check = aliased(CheckedWords, name="place_check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One subscription at one moment.

    What ended or was cancelled before ``since`` is gone; words compared before ``checked_since``
    are to be looked at again.
    """

    token_hash: str
    since: datetime
    now: datetime
    checked_since: datetime


def entries_of(asked: Asked) -> Subquery:
    """Every entry and series, and every day that stands apart from its series."""
    return union_all(_invitations(asked), _series(asked), _exceptions(asked)).subquery("entry")


def _invitations(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Single entries: the live ones whose every slot is held, and those cancelled lately."""
    now, since = asked.now, asked.since
    held = _held_items(asked.token_hash, now)
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
    about = _About(Invitation.meeting_id, Invitation.place, Invitation.ends_at > now)
    return _with_checks(
        _of_owner(
            _columns(
                literal(INVITATION),
                Invitation,
                about,
                asked,
                starts_at=Invitation.starts_at,
                ends_at=Invitation.ends_at,
            ),
            asked.token_hash,
        )
        .join(Invitation, Invitation.person_id == _owner.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .where(
            Invitation.ends_at > since,
            or_(
                Invitation.cancelled_at > since,
                and_(Invitation.cancelled_at.is_(None), or_(own, whole)),
            ),
        ),
        about,
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


def _series(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Recurring entries: those the person is entitled to, and those withdrawn lately."""
    about = _About(Series.id, Series.place, Series.last_on >= local_date(asked.now))
    columns = _columns(literal(SERIES), SeriesEntry, about, asked, told=SeriesEntry.told)
    return _with_checks(_entries(columns, asked), about)


def _exceptions(asked: Asked) -> Select[*tuple[Any, ...]]:
    """The days of those that were told on their own; one cancelled long ago is only a gap."""
    about = _About(Series.id, SeriesException.place, SeriesException.ends_at > asked.now)
    kind = case((SeriesException.cancelled_at <= asked.since, literal(GAP)), else_=EXCEPTION)
    columns = _columns(
        kind,
        SeriesException,
        about,
        asked,
        uid=SeriesEntry.uid,
        starts_at=SeriesException.starts_at,
        ends_at=SeriesException.ends_at,
        planned_at=SeriesException.planned_at,
    )
    found = _entries(columns, asked).join(
        SeriesException, SeriesException.entry_id == SeriesEntry.id
    )
    return _with_checks(found, about)


def _entries(columns: Select[*tuple[Any, ...]], asked: Asked) -> Select[*tuple[Any, ...]]:
    now, since = asked.now, asked.since
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
        _of_owner(columns, asked.token_hash)
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


@dataclass(frozen=True, slots=True)
class _About:
    """What an entry is about, where it says people meet, and whether it is still to come."""

    id: InstrumentedAttribute[uuid.UUID]
    place: InstrumentedAttribute[str]
    comes: c.Condition


def _columns(
    kind: Any,  # noqa: ANN401 - a column
    entry: Any,  # noqa: ANN401 - a model
    about: _About,
    asked: Asked,
    **more: Any,  # noqa: ANN401 - columns
) -> Select[*tuple[Any, ...]]:
    """The columns of ``FeedRow`` and what is to be compared; those a kind does not have are empty.

    Who chose "busy" gets no words at all, so that nothing of them can change what is told.
    """
    moment = sql_cast(null(), UtcDateTime())
    says_more = and_(Feed.content == FeedContent.MEETING, entry.cancelled_at.is_(None))
    is_due = or_(
        _lacks(CaseTable.calendar_words, _title_check, asked.checked_since),
        _lacks(about.place, _place_check, asked.checked_since),
    )
    return select(
        kind.label("kind"),
        more.get("uid", getattr(entry, "uid", null())).label("uid"),
        entry.sequence.label("sequence"),
        more.get("starts_at", moment).label("starts_at"),
        more.get("ends_at", moment).label("ends_at"),
        case((and_(says_more, _title_check.is_clear), CaseTable.calendar_words), else_="").label(
            "title"
        ),
        case((and_(says_more, _place_check.is_clear), about.place), else_="").label("place"),
        more.get("told", literal("")).label("told"),
        more.get("planned_at", moment).label("planned_at"),
        entry.changed_at.label("changed_at"),
        entry.cancelled_at.label("cancelled_at"),
        about.id.label("about_id"),
        case((and_(says_more, about.comes, is_due), true()), else_=false()).label("is_due"),
    )


def _lacks(
    words: InstrumentedAttribute[str], check: type[CheckedWords], since: datetime
) -> c.Condition:
    """Words that stand there and were never compared, or too long ago."""
    return and_(words != "", or_(check.checked_at.is_(None), check.checked_at <= since))


def _with_checks(found: Select[*tuple[Any, ...]], about: _About) -> Select[*tuple[Any, ...]]:
    """What is known of the title and the place of each entry."""
    title, place = _title_check, _place_check
    return found.outerjoin(
        title, and_(title.about_id == about.id, title.text == CaseTable.calendar_words)
    ).outerjoin(place, and_(place.about_id == about.id, place.text == about.place))
