"""The worker's round: whom to tell of which action just now, noted in batches; it opens no text.

A batch is one transaction: what was told and the mail that tells it stand together or not at all.
So a round that was killed is done again without telling anybody twice.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.access import audit
from app.access.records import chasing_facts, chasing_history, chasing_people, follow_ups
from app.access.records.chasing_facts import ACUTE, Chased
from app.access.records.chasing_people import Ladder
from app.domain import chasing
from app.domain.chasing import LADDER, USUAL, Schedule, Step
from app.domain.kinds import NoticeStep
from app.domain.local_time import local_date, to_local
from app.infra import clock, outbox
from app.infra.holidays_nl import is_holiday
from app.infra.outbox import OutboxRow
from app.infra.wall import System, opened_for
from app.models import Action, ActionNotice, ActionPause, CaseTable

ROUND: Final = "chasing.round"
DIGEST: Final = "chasing.digest"
AT_ONCE: Final = "chasing.at_once"
BATCH: Final = 500
# A mail of the day waits until the other batches of its round are through.
GATHERED_AFTER: Final = timedelta(minutes=2)
# Who looks into what happened finds the rounds of the last week.
ROUNDS_KEPT: Final = timedelta(days=7)
FIRST: Final = uuid.UUID(int=0)


def queue_round(session: Session) -> None:
    """Have a round made in this quarter of an hour, once, whoever asks."""
    key = f"{ROUND}:{chasing.quarter_of(clock.now()):%Y%m%dT%H%M}"
    outbox.add_once(session, ROUND, unique_key=key, payload={})


@dataclass(frozen=True)
class Round:
    """What holds for all batches of one round; it counts from its quarter of an hour."""

    moment: datetime
    set_by_table: Mapping[uuid.UUID, Schedule]
    table_ids: tuple[uuid.UUID, ...]

    def schedule(self, table_id: uuid.UUID) -> Schedule:
        """How a table chases."""
        return self.set_by_table.get(table_id, USUAL)

    @cached_property
    def awake(self) -> frozenset[uuid.UUID]:
        """The tables where it is a working day and not quiet."""
        return frozenset(
            one
            for one in self.table_ids
            if chasing.may_tell(self.schedule(one), self.moment, is_holiday)
        )

    @cached_property
    def until(self) -> date:
        """No action with a later term has a step yet: five working days a week, and free days."""
        longest = max((self.schedule(one).longest_before for one in self.table_ids), default=0)
        return local_date(self.moment) + timedelta(days=longest * 2 + 14)


def begin(session: Session) -> Round:
    """Read what holds for the round; pauses that are over end, rounds long past go."""
    moment = chasing.quarter_of(clock.now())
    session.execute(
        delete(OutboxRow)
        .where(OutboxRow.kind == ROUND, OutboxRow.done_at < moment - ROUNDS_KEPT)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ActionPause)
        .where(ActionPause.ended_at.is_(None), ActionPause.until_on <= local_date(moment))
        .values(ended_at=clock.now())
    )
    tables = session.scalars(select(CaseTable.id).order_by(CaseTable.id))
    return Round(moment, follow_ups.of_tables(session), tuple(tables))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """One person is told of one action."""

    about: Chased
    person_id: uuid.UUID
    step: NoticeStep
    days: int


def tell_batch(session: Session, held: Round, after: uuid.UUID) -> uuid.UUID | None:
    """Note and queue what is due of the next actions by id; gives where to go on, None at the end.

    Its statements do not grow with what it finds.
    """
    found = chasing_facts.read(session, _next(held, after))
    due = {one.id: (one, chasing.latest(_steps(held, one), held.moment)) for one in found}
    due = {one: that for one, that in due.items() if any(that[1])}
    if due:
        _tell(session, held, _untold(session, held, due))
    return found[-1].id if len(found) == BATCH else None


def _next(held: Round, after: uuid.UUID) -> Select[*tuple[Any, ...]]:
    awake = or_(
        Action.table_id.in_(held.awake), Action.due_at.is_not(None), CaseTable.kind.in_(ACUTE)
    )
    return (
        chasing_facts.chased(
            Action.id > after, Action.due_on <= held.until, awake, on=local_date(held.moment)
        )
        .order_by(Action.id)
        .limit(BATCH)
    )


def _steps(held: Round, one: Chased) -> tuple[Step, ...]:
    return chasing.steps_of(one.term, held.schedule(one.table_id), is_holiday)


Due = Mapping[uuid.UUID, tuple[Chased, tuple[Step | None, Step | None]]]


def _untold(session: Session, held: Round, due: Due) -> list[Tell]:
    """Whom the last step of each action did not reach yet, on either side of it."""
    now = clock.now()
    told = chasing_history.told_of(session, due)
    holding = chasing_people.holders(session, due, now=now)
    late = [one for one, (_about, (_reminder, rung)) in due.items() if rung]
    above = chasing_people.ladder(session, late, now=now) if late else Ladder({})
    found = []
    for about, (reminder, rung) in due.values():
        wanted = [(reminder, reminder.step, holding.told(about.id))] if reminder else []
        if rung:
            schedule = held.schedule(about.table_id)
            wanted.append((rung, *above.of(about.id, rung, schedule, holders=holding)))
        found += [
            Tell(about=about, person_id=person_id, step=step, days=planned.days)
            for planned, step, people in wanted
            for person_id in people
            if not told[about.id, person_id].covers(planned, about, held.moment)
        ]
    return found


def _tell(session: Session, held: Round, tells: list[Tell]) -> None:
    """Note who is told, and queue one mail per person and morning; who had that, tomorrow.

    Tables that tell from another hour on have a mail of their own: it would never be their turn.
    """
    today = {_morning(held, one) for one in tells if not one.about.term.by_clock}
    digests = _digests(session, held, today) if today else {}
    at_once = {one.person_id: uuid.uuid4() for one in tells if one.about.term.by_clock}
    outbox.add_many(
        session,
        AT_ONCE,
        {
            f"{AT_ONCE}:{mail_id}": {"person_id": person_id, "mail_id": mail_id}
            for person_id, mail_id in at_once.items()
        },
    )
    noted = []
    for one in tells:
        by_clock = one.about.term.by_clock
        mail_id = at_once[one.person_id] if by_clock else digests.get(_morning(held, one))
        if mail_id is not None:
            noted.append((one, mail_id))
    if noted:
        _note(session, held, noted)


# A person, and from which minute of the day on may be told.
Morning = tuple[uuid.UUID, int]


def _morning(held: Round, one: Tell) -> Morning:
    return one.person_id, held.schedule(one.about.table_id).quiet_until


def _digests(
    session: Session, held: Round, mornings: Iterable[Morning]
) -> dict[Morning, uuid.UUID]:
    """The mail of today of each of these people, as long as it is still to be written."""
    day = local_date(held.moment)
    keys = {_key(one, day): one for one in sorted(mornings)}
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.unique_key.in_(keys))
        .order_by(OutboxRow.unique_key)
        .with_for_update()
    ).all()
    found = {keys[row.unique_key]: _mail_of(row) for row in rows if _is_to_be_written(row)}
    known = {row.unique_key for row in rows}
    new = {key: (one, uuid.uuid4()) for key, one in keys.items() if key not in known}
    outbox.add_many(
        session,
        DIGEST,
        {key: {"person_id": one[0], "mail_id": mail_id} for key, (one, mail_id) in new.items()},
        available_at=clock.now() + GATHERED_AFTER,
    )
    return found | dict(new.values())


def _key(one: Morning, day: date) -> str:
    person_id, minute = one
    return f"{DIGEST}:{person_id}:{day}:{minute}"


def _minute_of(moment: datetime) -> int:
    local = to_local(moment)
    return local.hour * 60 + local.minute


def _is_to_be_written(row: OutboxRow) -> bool:
    return not (row.attempts or row.done_at or row.dead_at)


def hold_up(session: Session, person_id: uuid.UUID, mail_id: uuid.UUID, until: datetime) -> None:
    """A mail of the day came to its quiet hours: it becomes that of a later morning, or joins it.

    Where that morning's own has left already, it goes by itself. What it tells goes along and
    counts from that morning: a worker that tries again finds nothing left under ``mail_id``.
    """
    key = _key((person_id, _minute_of(until)), local_date(until))
    row = session.scalars(
        select(OutboxRow).where(OutboxRow.unique_key == key).with_for_update()
    ).one_or_none()
    if row is not None and not _is_to_be_written(row):
        key, row = f"{key}:{mail_id}", None
    later = _mail_of(row) if row is not None else uuid.uuid4()
    if row is None:
        payload = {"person_id": person_id, "mail_id": later}
        at = until + GATHERED_AFTER
        outbox.add(session, DIGEST, unique_key=key, payload=payload, available_at=at)
    # What was noted is the worker's, whoever it writes to.
    with opened_for(session, System.CHASING):
        session.execute(
            update(ActionNotice)
            .where(ActionNotice.person_id == person_id, ActionNotice.mail_id == mail_id)
            .values(mail_id=later, told_at=until)
            .execution_options(synchronize_session=False)
        )


def _mail_of(row: OutboxRow) -> uuid.UUID:
    return uuid.UUID(json.loads(row.payload)["mail_id"])


def _note(session: Session, held: Round, noted: list[tuple[Tell, uuid.UUID]]) -> None:
    session.execute(
        insert(ActionNotice),
        [
            {
                "id": uuid.uuid4(),
                "action_id": one.about.id,
                "person_id": one.person_id,
                "step": one.step,
                "due_on": one.about.term.due_on,
                "since": one.about.term.since,
                "days": one.days,
                "told_at": held.moment,
                "mail_id": mail_id,
            }
            for one, mail_id in noted
        ],
    )
    reminded = {one.about.id for one, _mail_id in noted if one.step not in LADDER}
    session.execute(
        update(Action)
        .where(Action.id.in_(reminded))
        .values(reminded_at=held.moment)
        .execution_options(synchronize_session=False)
    )
    audit.record_all(session, None, [_entry(one) for one, _mail_id in noted])


def _entry(one: Tell) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.TRANSFER,
        object_kind="action-escalation" if one.step in LADDER else "action-reminder",
        object_id=one.about.id,
        table_id=one.about.table_id,
        item_id=one.about.item_id,
        case_id=one.about.case_id,
    )
