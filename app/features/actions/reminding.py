"""Reminding holders of several actions at once: checked first, and not twice within 48 hours."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.records import actions, board, bulk
from app.access.records.actions import Reminder
from app.domain.chasing import NOT_AGAIN_WITHIN
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.domain.local_time import local_date
from app.domain.states import UNFINISHED
from app.features.actions.board_rows import BoardRow, rows_of
from app.features.actions.bulk import Left, Outcome, Skip, left_as_they_are
from app.features.actions.queries import PER_PAGE
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import Action, ActionEvent


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One action that may be reminded of: who gets the mail, and whether that would be soon."""

    action: BoardRow
    recipients: int
    recent: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What may be sent at once; ``is_more``: more actions are late than fit here."""

    rows: tuple[CheckRow, ...]
    is_more: bool


def check(actor: Actor, action_ids: Collection[uuid.UUID]) -> Check:
    """Who, what and when last; without ids the first 50 overdue actions. Done ones are absent."""
    now = clock.now()
    statement = board.unfinished(actor, action_ids or None, now=now, most=PER_PAGE + 1)
    with reading() as session:
        rows = session.execute(statement).all()
        is_more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
        found = [row.Action.id for row in rows]
        recipients = Counter(
            one.action.id for one in actions.reminders(session, actor, found, now=now)
        )
    checked = tuple(
        CheckRow(row, recipients[row.id], is_recent(row.reminded_at, now)) for row in rows_of(rows)
    )
    return Check(checked, is_more)


def remind(
    actor: Actor,
    action_ids: Collection[uuid.UUID],
    *,
    again: Collection[uuid.UUID] = (),
    left: Collection[uuid.UUID] = (),
) -> Outcome:
    """Queue one mail per person for these actions; those of ``again`` even within 48 hours.

    ``left`` were offered and not ticked for being too soon: they count as skipped. A person who
    holds several of them gets one mail. Raises Refusal when nothing was chosen.
    """
    wanted = {*action_ids, *again}
    if not wanted:
        raise Refusal(Reason.VALUE_MISSING, "chosen")
    now = clock.now()
    with transaction() as session:
        # Of two who remind at once the second finds that it was done.
        bulk.hold(session, actor, wanted | {*left}, now=now)
        possible = actions.reminders(session, actor, wanted | {*left}, now=now)
        due = [
            one
            for one in possible
            if one.action.id in again
            or (one.action.id in wanted and not is_recent(one.action.reminded_at, now))
        ]
        skipped = _skipped(session, actor, wanted | {*left}, possible, due, now=now)
        _queue(session, due)
        reached = {one.action.id: one.action for one in due}
        session.add_all(
            ActionEvent(
                action_id=action_id, at=now, recorded_by_id=actor.person_id, is_reminder=True
            )
            for action_id in reached
        )
        actions.note_reminded(session, list(reached), now=now)
        audit.record_all(session, actor, [_line(action) for action in reached.values()])
    return Outcome(len(reached), skipped)


def _skipped(
    session: Session,
    actor: Actor,
    wanted: Collection[uuid.UUID],
    possible: Sequence[Reminder],
    due: Sequence[Reminder],
    *,
    now: datetime,
) -> tuple[Left, ...]:
    """Of which of the others nobody hears, and why."""
    sent = {one.action.id for one in due}
    soon = {one.action.id: one.action.reminded_at for one in possible if one.action.id not in sent}
    why = {
        one: Skip.TODAY if at and local_date(at) == local_date(now) else Skip.RECENT
        for one, at in soon.items()
    }
    known = bulk.briefly(session, actor, set(wanted) - sent, now=now)
    for one in set(wanted) - sent - soon.keys():
        if one not in known:
            why[one] = Skip.GONE
        else:
            why[one] = Skip.NOBODY if known[one].state in UNFINISHED else Skip.DONE
    return left_as_they_are(why, known)


def _queue(session: Session, due: Iterable[Reminder]) -> None:
    per_person: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for reminder in due:
        per_person[reminder.person_id].append(reminder.action.id)
    for person_id, theirs in per_person.items():
        mail_id = uuid.uuid4()
        outbox.add(
            session,
            "actions.remind",
            unique_key=f"actions.remind:{mail_id}",
            payload={
                "mail_id": mail_id,
                "person_id": person_id,
                "action_ids": ",".join(map(str, theirs)),
            },
        )


def _line(action: Action) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.TRANSFER,
        object_kind="action-reminder",
        object_id=action.id,
        ground=Ground.STAFF,
        table_id=action.table_id,
        item_id=action.item_id,
        case_id=action.case_id,
    )


def is_recent(reminded_at: datetime | None, now: datetime) -> bool:
    """Whether a new reminder would come within 48 hours of the last one."""
    return reminded_at is not None and now - reminded_at < NOT_AGAIN_WITHIN
