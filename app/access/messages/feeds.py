"""What a calendar subscription may show just now, asked anew at every fetch; it shows no case.

Whoever fetches has no session, only an address. So everything about its owner (account, roles,
seats, exclusions) is asked in the same single statement that finds the entries.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, or_, select, true
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.messages.feed_entries import INVITATION, Asked, entries_of
from app.domain.kinds import FeedContent
from app.infra import clock
from app.models import Feed, Person

# Long enough for a calendar that fetches once a day, or was away on leave, to take it out.
KEPT: Final = timedelta(weeks=4)

# A case that comes on the agenda later may name what stood there already.
CHECKED_EVERY: Final = timedelta(days=1)

_FORM: Final = 2  # raise when equal entries get other bytes


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One entry, one series or one occurrence that stands apart from its series.

    ``title`` and ``place`` are empty while nobody compared them with the cases there; so they are
    where they name something of one, and where the owner wants times only.
    """

    kind: str
    uid: str
    sequence: int
    starts_at: datetime | None
    ends_at: datetime | None
    title: str
    place: str
    told: str
    planned_at: datetime | None
    changed_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The meeting or the whole series whose cases the words of an entry are compared with."""

    about_id: uuid.UUID
    is_series: bool


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A subscription with everything it may show, which is nothing once it was revoked."""

    feed_id: uuid.UUID
    content: FeedContent
    language: str
    last_used_at: datetime | None
    stored_state: str
    changed_at: datetime
    rows: tuple[FeedRow, ...]
    uncompared: frozenset[Compared] = frozenset()

    @property
    def state(self) -> str:
        """Equal as long as the feed says the same; tells nothing to whoever reads it."""
        told = (_FORM, self.content.value, self.language, *self.rows)
        return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """What the owner sees of a subscription; its address shows only once, when it is made."""

    content: FeedContent
    made_at: datetime
    last_used_at: datetime | None


def own_feed(session: Session, actor: Actor) -> OwnFeed | None:
    """The live subscription of the actor."""
    feed = session.scalars(_live(actor)).one_or_none()
    return OwnFeed(feed.content, feed.made_at, feed.last_used_at) if feed else None


def load_own_feed(session: Session, actor: Actor) -> Feed | None:
    """The same, held for this transaction."""
    return session.scalars(_live(actor).with_for_update()).one_or_none()


def find_feed(session: Session, token_hash: str, *, now: datetime) -> FoundFeed | None:
    """A subscription by its token, in one statement; None when there is none, or none any more.

    A revoked one is found for some weeks more and shows nothing, because calendars keep what they
    have when they meet an error.
    """
    asked = Asked(
        token_hash=token_hash, since=now - KEPT, now=now, checked_since=now - CHECKED_EVERY
    )
    entries = entries_of(asked)
    found = session.execute(
        select(Feed, Person.language, *entries.c)
        .join(Person, Person.id == Feed.person_id)
        .outerjoin(entries, true())
        .where(
            Feed.token_hash == token_hash,
            or_(Feed.revoked_at.is_(None), Feed.revoked_at > now - KEPT),
        )
        .order_by(entries.c.kind, entries.c.uid, entries.c.planned_at)
    ).all()
    if not found:
        return None
    feed = found[0].Feed
    return FoundFeed(
        feed_id=feed.id,
        content=feed.content,
        language=found[0].language,
        last_used_at=feed.last_used_at,
        stored_state=feed.state,
        changed_at=feed.changed_at,
        rows=tuple(FeedRow(*row[2:-2]) for row in found if row.uid is not None),
        uncompared=frozenset(
            Compared(row.about_id, row.kind != INVITATION) for row in found if row.is_due
        ),
    )


def feed_of(session: Session, person_id: uuid.UUID) -> Feed | None:
    """The live subscription of somebody; for the worker."""
    return session.scalars(
        select(Feed).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    ).one_or_none()


def forget_ended(session: Session) -> None:
    """Throw away what was revoked so long ago that its address is unknown by now."""
    session.execute(delete(Feed).where(Feed.revoked_at <= clock.now() - KEPT))


def _live(actor: Actor) -> Select[Feed]:
    return select(Feed).where(Feed.person_id == actor.person_id, Feed.revoked_at.is_(None))
