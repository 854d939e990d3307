"""What the tests of subscriptions make, fetch and read."""

from datetime import timedelta

from sqlalchemy import update

from app.access import load_actor
from app.domain.kinds import FeedContent
from app.features.calendar import feeds, subscriptions
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from tests import builders
from tests.calendar_readers import read_with_vobject

ADDRESS = "192.0.2.7"


def actor_of(who):
    with reading() as session:
        return load_actor(session, who.id, now=clock.now())


def subscribe(who, content=FeedContent.BUSY) -> str:
    return subscriptions.make(actor_of(who), content)


def fetched(token: str) -> bytes:
    return feeds.render(feeds.fetch(token, address=ADDRESS))


def events(token: str) -> list[dict]:
    data = fetched(token)
    return read_with_vobject(data)["events"] if b"BEGIN:VEVENT" in data else []


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def change(model, row, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(model.id == row.id).values(**values))


def recuse(world):
    builders.recusal(world.police, world.case)


def take_seat(world):
    change(type(world.police_seat), world.police_seat, removed_at=clock.now())


def drain() -> None:
    while outbox.drain():
        pass
