"""The words of the action most tests start from, and how it stands in the database."""

from datetime import timedelta

from sqlalchemy import select

from app.infra import clock, outbox
from app.infra.db import reading
from app.models import Action, ActionEvent

SAFE, FULL = "Aangiften op een rij zetten", "Kanarieactie over moeder"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def stored(action) -> Action:
    with reading() as session:
        return session.get_one(Action, action.id)


def events(action) -> list[ActionEvent]:
    with reading() as session:
        return list(
            session.scalars(
                select(ActionEvent)
                .where(ActionEvent.action_id == action.id)
                .order_by(ActionEvent.at)
            )
        )


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def drain() -> None:
    while outbox.drain():
        pass
