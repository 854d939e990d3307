"""The words of the action most tests start from, and how it stands in the database."""

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from app.domain.kinds import NoticeStep
from app.features.actions import texts
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import Action, ActionEvent, ActionNotice, ActionPause, FollowUp, TermRequest
from tests import builders

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


def ask_time(action, by, *, until_on: date, why: str = "Wacht op school.") -> TermRequest:
    """The holder asks for more time."""
    event_id = uuid.uuid4()
    with transaction() as session:
        remark = texts.seal_remark(action.case_id, event_id, why)
        session.add(
            ActionEvent(
                id=event_id, action_id=action.id, at=clock.now(), recorded_by_id=by.id,
                remark_ct=remark,
            )
        )  # fmt: skip
    return builders.save(
        TermRequest(
            action_id=action.id, event_id=event_id, asked_by_id=by.id, asked_at=clock.now(),
            until_on=until_on,
        )
    )  # fmt: skip


def verified_at(table, by) -> None:
    """The table looks at what is reported as done."""
    builders.save(
        FollowUp(
            table_id=table.id, days_before="3", on_the_day=True, days_after="1,5",
            quiet_from=1080, quiet_until=480, deputy_after=3, contact_after=7, chair_after=10,
            verifies=True,
            changed_by_id=by.id, changed_at=clock.now(),
        )
    )  # fmt: skip


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def drain() -> None:
    while outbox.drain():
        pass


def told(action, who, step: NoticeStep, *, days: int = 0) -> ActionNotice:
    """Somebody was told of an action by the schedule."""
    return builders.save(
        ActionNotice(
            action_id=action.id, person_id=who.id, step=step, due_on=action.due_on,
            since=action.recorded_at, days=days,
            told_at=clock.now(), mail_id=uuid.uuid4(),
        )
    )  # fmt: skip


def paused(action, by, *, days: int = 14) -> None:
    """Nobody is told of an action for so many days."""
    line = ActionEvent(
        id=uuid.uuid4(), action_id=action.id, at=clock.now(), recorded_by_id=by.id
    )  # fmt: skip
    builders.save_all(
        line,
        ActionPause(
            action_id=action.id, event_id=line.id, by_id=by.id, from_at=clock.now(),
            until_on=clock.today() + timedelta(days=days),
        ),
    )  # fmt: skip
