"""Fetching a calendar subscription by its address: no session, no case, and mostly no work.

The owner's rights are asked anew at every fetch; the bytes are written only when they changed.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from app.access import throttling
from app.access.messages import feeds as access_feeds
from app.access.messages.feed_entries import EXCEPTION, GAP, INVITATION, SERIES
from app.access.messages.feeds import FeedRow, FoundFeed
from app.domain import throttle
from app.domain.errors import NotVisible
from app.domain.kinds import FeedContent
from app.features.calendar import feed_words
from app.features.calendar.recurring import read_master
from app.features.calendar.subscriptions import hash_token
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.ics import Recurrence
from app.infra.ics_feed import FeedEntry, render_feed
from app.infra.wall import System
from app.models import Feed

USE_IS_NOTED_EVERY: Final = timedelta(hours=1)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a subscription unless a table has words of its own."""

    name: str
    busy: str
    meeting: str


WORDS: Final = {
    "nl": Words(name="Overleggen", busy="Bezet", meeting="Overleg"),
    "en": Words(name="Meetings", busy="Busy", meeting="Meeting"),
}


def fetch(token: str, *, address: str) -> FoundFeed:
    """The subscription at an address, in one statement.

    NotVisible for an unknown one, Refusal TOO_MANY_TRIES for many of those. A known one is never
    slowed down: calendar providers fetch for everybody from the same few machines.
    """
    found = None
    if _TOKEN.fullmatch(token):
        with wall.acting_as(System.CALENDAR_FEED), reading() as session:
            found = access_feeds.find_feed(session, hash_token(token), now=clock.now())
    if found is None:
        key = throttling.Counted(throttle.UNKNOWN_FEED, f"feed:{address}", forgiven=False)
        throttling.count_try([key])
        raise NotVisible
    return _noted(found)


def _noted(found: FoundFeed) -> FoundFeed:
    """Write down since when the feed says this, and now and then that it is used."""
    now = clock.now()
    changed = found.state != found.stored_state
    used = found.last_used_at
    if not changed and used is not None and now - used < USE_IS_NOTED_EVERY:
        return found
    changed_at = now if changed else found.changed_at
    with transaction() as session:
        session.execute(
            update(Feed)
            .where(Feed.id == found.feed_id)
            .values(state=found.state, changed_at=changed_at, last_used_at=now)
        )
        if found.uncompared:
            feed_words.queue_id(session, found.feed_id)
    return replace(found, changed_at=changed_at)


def render(found: FoundFeed) -> bytes:
    """The calendar file itself."""
    words = WORDS.get(found.language, WORDS["nl"])
    return render_feed(words.name, _entries(found, words))


def _entries(found: FoundFeed, words: Words) -> Iterator[FeedEntry]:
    apart: dict[str, list[FeedRow]] = defaultdict(list)
    for row in found.rows:
        if row.kind in (EXCEPTION, GAP):
            apart[row.uid].append(row)
    title = words.meeting if found.content is FeedContent.MEETING else words.busy
    for row in found.rows:
        if row.kind == INVITATION:
            yield _single(row, row.uid, title)
        elif row.kind == SERIES:
            yield from _series(row, apart[row.uid], title)


def _single(row: FeedRow, uid: str, title: str) -> FeedEntry:
    return FeedEntry(
        uid=uid,
        sequence=row.sequence,
        stamp=row.changed_at,
        starts_at=_known(row.starts_at),
        ends_at=_known(row.ends_at),
        summary=row.title or title,
        description="",
        location=row.place,
        is_cancelled=row.cancelled_at is not None,
    )


def _series(row: FeedRow, apart: list[FeedRow], title: str) -> Iterator[FeedEntry]:
    """The rule without the days that stand apart, and each of those as an entry of its own.

    So a cancelled day shows as cancelled for some weeks, and then is a gap. Not as RECURRENCE-ID:
    readers of subscriptions differ on those, and show some days twice.
    """
    told = read_master(row.told)
    gaps = told.without | {_known(one.planned_at) for one in apart}
    yield FeedEntry(
        uid=row.uid,
        sequence=max(row.sequence, 0),
        stamp=row.changed_at,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        summary=row.title or title,
        description="",
        # What was told is the place that was compared, or there is none to show.
        location=told.place if told.place == row.place else "",
        is_cancelled=row.cancelled_at is not None,
        recurrence=Recurrence(
            rule={
                key: list(value) if isinstance(value, tuple) else value for key, value in told.rule
            },
            until=told.until,
            without=tuple(sorted(gaps)),
        ),
    )
    for one in apart:
        if one.kind == EXCEPTION:
            uid = uuid.uuid5(uuid.NAMESPACE_OID, f"{row.uid}/{_known(one.planned_at).isoformat()}")
            yield _single(_withdrawn_with(row, one), str(uid), title)


def _withdrawn_with(series: FeedRow, day: FeedRow) -> FeedRow:
    """A day goes when its series goes."""
    if series.cancelled_at is None:
        return day
    return replace(day, title="", place="", cancelled_at=day.cancelled_at or series.cancelled_at)


def _known(moment: datetime | None) -> datetime:
    assert moment is not None  # noqa: S101 - each kind of row has its moments
    return moment
