"""Has the words of a subscription compared with the cases there, out of sight of who fetches it."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.messages import checked_words
from app.access.messages import feeds as access_feeds
from app.domain.kinds import FeedContent
from app.infra import clock, outbox, wall
from app.infra.db import reading, transaction
from app.infra.wall import System
from app.models import Feed

LOOK = "calendar.feed_words"


def queue(session: Session, feed: Feed) -> None:
    """Ask for a round before anybody fetches it, if the subscription shows any words."""
    if feed.content is FeedContent.MEETING:
        queue_id(session, feed.id)


def queue_id(session: Session, feed_id: uuid.UUID) -> None:
    """Ask for one round, so that the next fetch can show what is fit to be shown."""
    key = f"{LOOK}:{feed_id}:{uuid.uuid4().hex}"
    outbox.add(session, LOOK, unique_key=key, payload={"feed_id": feed_id})


def queue_for_owner(person_id: uuid.UUID) -> None:
    """The same for somebody whose calendar just changed."""
    with transaction() as session:
        feed = access_feeds.feed_of(session, person_id)
        if feed is not None:
            queue(session, feed)


def compare_for(feed_id: uuid.UUID) -> None:
    """Compare whatever this subscription would show and nobody looked at lately."""
    with wall.acting_as(System.CALENDAR_FEED), reading() as session:
        token_hash = session.scalar(select(Feed.token_hash).where(Feed.id == feed_id))
        found = token_hash and access_feeds.find_feed(session, token_hash, now=clock.now())
    if found:
        for about in sorted(found.uncompared, key=lambda one: str(one.about_id)):
            checked_words.compare(about)
