"""What a queued reminder still has to tell when it leaves; counts only, never which or of whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import followed, scopes
from app.access.actor import Actor
from app.access.records import chasing_facts, follow_ups
from app.access.records.chasing_facts import Chased
from app.domain import chasing
from app.domain.kinds import NoticeStep
from app.domain.local_time import local_date
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System, opened_for
from app.models import Action, ActionNotice

REMINDERS: Final = tuple(step for step in NoticeStep if step not in chasing.LADDER)


@dataclass(frozen=True, slots=True)
class Count:
    """How many actions, and how many of them are late."""

    number: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one mail tells: of the reader's own, of its organisation, of the tables it chairs.

    ``own_due`` are the reader's own actions with their last day, soonest first.
    """

    own: Count
    organisation: Count
    table: Count
    own_due: tuple[tuple[uuid.UUID, date], ...]
    case_ids: frozenset[uuid.UUID]
    table_ids: frozenset[uuid.UUID]

    @property
    def number(self) -> int:
        """Of how many actions it tells."""
        return self.own.number + self.organisation.number + self.table.number


def still_told(session: Session, actor: Actor, mail_id: uuid.UUID, *, now: datetime) -> Told | None:
    """What of this mail still stands and may still be told to this person; None for nothing."""
    notices = session.scalars(
        select(ActionNotice).where(
            ActionNotice.person_id == actor.person_id, ActionNotice.mail_id == mail_id
        )
    ).all()
    standing = _standing(session, notices, now=now)
    own, organisation, table = (
        _seen(session, scope, [one for one in standing if one[0] in steps])
        for steps, scope in (
            (REMINDERS, scopes.own_actions(actor, now=now)),
            (followed.LADDER, followed.chased_actions(actor, now=now)),
            ((NoticeStep.CHAIR,), scopes.staff_actions(actor, now=now)),
        )
    )
    everything = {one.id: one for one in (*own, *organisation, *table)}
    if not everything:
        return None
    return Told(
        own=_count(own, now),
        organisation=_count(organisation, now),
        table=_count(table, now),
        own_due=tuple(sorted(((one.id, one.term.due_on) for one in own), key=itemgetter(1, 0))),
        case_ids=frozenset(one.case_id for one in everything.values()),
        table_ids=frozenset(one.table_id for one in everything.values()),
    )


def quiet_until(session: Session, told: Told, *, now: datetime) -> datetime | None:
    """When a mail that was held up may leave, if one of its tables is quiet by now."""
    known = follow_ups.of_tables(session, told.table_ids)
    schedules = [known.get(one, chasing.USUAL) for one in told.table_ids]
    until = max(chasing.next_moment(one, now, is_holiday) for one in schedules)
    return until if until > now else None


def _standing(
    session: Session, notices: Sequence[ActionNotice], *, now: datetime
) -> list[tuple[NoticeStep, Chased]]:
    """Those of actions that still wait for the term they were told for."""
    ids = [one.action_id for one in notices]
    with opened_for(session, System.CHASING):
        found = chasing_facts.read(
            session, chasing_facts.chased(Action.id.in_(ids), on=local_date(now))
        )
    by_id = {one.id: one for one in found if not one.term.is_answered(now)}
    return [
        (one.step, by_id[one.action_id])
        for one in notices
        if one.action_id in by_id and _is_of(one, by_id[one.action_id].term)
    ]


def _is_of(notice: ActionNotice, term: chasing.Term) -> bool:
    """Of this very term: one that was moved away and back is another."""
    return (notice.due_on, notice.since) == (term.due_on, term.since)


def _seen(
    session: Session, scope: Select[*tuple[Any, ...]], told: Collection[tuple[NoticeStep, Chased]]
) -> list[Chased]:
    """Those of them that this person may know of just now."""
    if not told:
        return []
    by_id = {one.id: one for _step, one in told}
    ids = session.scalars(scope.with_only_columns(Action.id).where(Action.id.in_(by_id)))
    return [by_id[one] for one in sorted(ids)]


def _count(found: Collection[Chased], now: datetime) -> Count:
    return Count(len(found), sum(_is_late(one, now) for one in found))


def _is_late(one: Chased, now: datetime) -> bool:
    due_at = one.term.due_at
    return local_date(now) > one.term.due_on or (due_at is not None and now > due_at)
