"""What a person does with the own calendar subscription; its address is shown once, never stored.

The token is 256 random bits, so a plain hash of it tells nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.messages.feeds import OwnFeed, load_own_feed, own_feed
from app.domain.errors import Reason, Refusal
from app.domain.kinds import FeedContent
from app.features.calendar import feed_words
from app.features.calendar.service import lock_person
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Feed


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_own(actor: Actor) -> OwnFeed | None:
    """The live subscription of the actor."""
    with reading() as session:
        return own_feed(session, actor)


def make(actor: Actor, content: FeedContent | None) -> str:
    """A fresh token; the address before it stops at once. None keeps what it said."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with transaction() as session:
        lock_person(session, actor.person_id)
        old = load_own_feed(session, actor)
        if old is not None:
            old.revoked_at = now
            session.flush()
        chosen = content or (old.content if old else FeedContent.BUSY)
        feed = Feed(
            id=uuid.uuid4(),
            person_id=actor.person_id,
            token_hash=hash_token(token),
            content=chosen,
            made_at=now,
            changed_at=now,
        )
        session.add(feed)
        feed_words.queue(session, feed)
        _record(session, actor, audit.Event.ADD, feed)
    return token


def choose_content(actor: Actor, content: FeedContent) -> None:
    """Say less or more from the next fetch on. Refusal STATE_NOT_ALLOWED without a subscription."""
    with transaction() as session:
        feed = _load(session, actor)
        feed.content = content
        feed_words.queue(session, feed)
        _record(session, actor, audit.Event.CHANGE, feed)


def revoke(actor: Actor) -> None:
    """Stop it; whoever fetches gets an empty calendar. Refusal STATE_NOT_ALLOWED without one."""
    with transaction() as session:
        feed = _load(session, actor)
        feed.revoked_at = clock.now()
        _record(session, actor, audit.Event.DELETE, feed)


def _load(session: Session, actor: Actor) -> Feed:
    feed = load_own_feed(session, actor)
    if feed is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return feed


def _record(session: Session, actor: Actor, event: audit.Event, feed: Feed) -> None:
    audit.record(
        session, actor, audit.Entry(event=event, object_kind="calendar-feed", object_id=feed.id)
    )
