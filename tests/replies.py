"""The world the messages of tests/data/replies are about, and how they arrive in it."""

from datetime import timedelta

from sqlalchemy import select, update

from app.domain.kinds import ReplyState
from app.features.replies.service import receive
from app.infra import clock, reply_address
from app.infra.db import reading, transaction
from app.models import Invitation, InvitationItem, Person, Reply, SeatHold
from tests import builders
from tests.unit.test_itip import START, TOKEN, UID, YILMAZ, message

OURS = "mx.casustafel.example"


def invited_world(monkeypatch) -> builders.World:
    """Yilmaz was invited with the UID and the secret that stand in the messages."""
    made = builders.small_world()
    real = reply_address._token
    monkeypatch.setattr(reply_address, "_token", lambda uid: TOKEN if uid == UID else real(uid))
    with transaction() as session:
        session.execute(update(Person).where(Person.id == made.police.id).values(email=YILMAZ))
        entry = Invitation(
            meeting_id=made.meeting.id, person_id=made.police.id, uid=UID, starts_at=START,
            ends_at=START + timedelta(minutes=30), changed_at=clock.now(), place="",
        )  # fmt: skip
        session.add(entry)
        session.flush()
        session.add(InvitationItem(invitation_id=entry.id, item_id=made.item.id))
    clock._current.advance(timedelta(hours=1))
    return made


def arriving(name: str, swaps: dict[str, str] | None = None) -> bytes:
    """A message of the corpus, some words in it replaced."""
    raw = message(name)
    for old, new in (swaps or {}).items():
        assert old.encode() in raw, old
        raw = raw.replace(old.encode(), new.encode())
    return raw


def arrive(name: str, swaps: dict[str, str] | None = None) -> tuple[ReplyState, ...]:
    return receive(arriving(name, swaps), authserv_id=OURS)


def hold_of(seat) -> SeatHold:
    with reading() as session:
        return session.scalars(
            select(SeatHold).where(SeatHold.seat_id == seat.id, SeatHold.until_at.is_(None))
        ).one()


def replies() -> list[Reply]:
    with reading() as session:
        return list(session.scalars(select(Reply).order_by(Reply.said_at, Reply.received_at)))
