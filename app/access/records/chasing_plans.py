"""What comes of an action that stays undone, shown beforehand: on which day, and to whom.

For whoever was given the action by its loader. It names nobody: others are parts here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.records import chasing_facts, chasing_people, follow_ups
from app.access.records.chasing_facts import Chased
from app.domain import chasing
from app.domain.chasing import Schedule, Step
from app.domain.kinds import NoticeStep
from app.domain.local_time import start_of_day
from app.infra import clock
from app.infra.holidays_nl import is_holiday
from app.models import Action, ActionNotice, ActionPause

# A pause is shown, not left out.
_NO_DAY: Final = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingStep:
    """Somebody will be told: ``reached`` where the step goes to because nobody stands on it.

    ``nobody``: it reaches nobody, for none is there or the case bars who is.
    """

    at: datetime
    step: NoticeStep
    days: int
    reached: NoticeStep
    nobody: bool


@dataclass(frozen=True, slots=True)
class ToldStep:
    """The reader was told."""

    at: datetime
    step: NoticeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ChasePlan:
    """The coming steps of one action, what the reader was told, and what stops it.

    Never whom of the ladder a step did reach: that tells who of it may not know of the case.

    ``answered``: somebody said by telephone how it goes, and that is enough for now.
    ``by_clock``: in calendar time, also by night.
    """

    coming: tuple[ComingStep, ...]
    told: tuple[ToldStep, ...]
    paused_until: date | None
    answered: bool
    by_clock: bool


def plan_of(
    session: Session, action_id: uuid.UUID, *, reader_id: uuid.UUID | None = None
) -> ChasePlan | None:
    """The plan of an unfinished action; None for any other. Ten statements at most.

    ``reader_id``: who holds it, and reads what was told to them.
    """
    found = chasing_facts.read(session, chasing_facts.chased(Action.id == action_id, on=_NO_DAY))
    if not found:
        return None
    [one] = found
    pause = session.scalar(
        select(ActionPause.until_on).where(
            ActionPause.action_id == action_id, chasing_facts.is_paused(clock.today())
        )
    )
    reminders = _reminders(session, action_id)
    schedule = follow_ups.of_table(session, one.table_id)
    steps = _coming(one, schedule, reminders, pause)
    return ChasePlan(
        coming=tuple(_reached(session, one, schedule, steps)),
        told=tuple(dict.fromkeys(told for told, person_id in reminders if person_id == reader_id)),
        paused_until=pause,
        answered=one.term.is_answered(clock.now()),
        by_clock=one.term.by_clock,
    )


def _coming(
    one: Chased,
    schedule: Schedule,
    reminders: Sequence[tuple[ToldStep, uuid.UUID]],
    pause: date | None,
) -> list[Step]:
    last = max(
        [told.at for told, _person_id in reminders]
        + ([one.reminded_at] if one.reminded_at else []),
        default=None,
    )
    steps = chasing.expected(one.term, schedule, is_holiday, last_told_at=last)
    begins = max(clock.now(), start_of_day(pause)) if pause else clock.now()
    ahead = [step for step in steps if step.at > begins]
    if pause is None:
        return ahead
    # What falls in the pause is told once when it is over.
    waiting = [step for step in chasing.latest(steps, begins) if step and step.at > clock.now()]
    if not one.term.by_clock:
        begins = chasing.next_moment(schedule, begins, is_holiday)
    return [Step(step.step, step.days, begins) for step in waiting] + ahead


def _reached(
    session: Session, one: Chased, schedule: Schedule, steps: list[Step]
) -> list[ComingStep]:
    if not steps:
        return []
    now = clock.now()
    holders = chasing_people.holders(session, [one.id], now=now)
    above = chasing_people.ladder(session, [one.id], now=now)
    found = []
    for step in steps:
        reached, people = step.step, holders.told(one.id)
        if step.is_rung:
            reached, people = above.of(one.id, step, schedule, holders=holders)
        found.append(
            ComingStep(
                at=step.at, step=step.step, days=step.days, reached=reached, nobody=not people
            )
        )
    return found


def _reminders(session: Session, action_id: uuid.UUID) -> list[tuple[ToldStep, uuid.UUID]]:
    """What its holders were told, latest first, and who of them."""
    rows = session.execute(
        select(ActionNotice.told_at, ActionNotice.step, ActionNotice.person_id)
        .where(ActionNotice.action_id == action_id, ActionNotice.step.not_in(chasing.LADDER))
        .order_by(ActionNotice.told_at.desc(), ActionNotice.step)
    )
    return [(ToldStep(row.told_at, row.step), row.person_id) for row in rows]
