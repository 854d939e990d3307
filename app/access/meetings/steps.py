"""Takes an act of planning back while its messages still wait, if nothing else changed since.

An act concerns one meeting, or a series with all its meetings. The last one is taken back first;
after that the one before it stands open again, as long as its own messages still wait.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.access.meetings import acting, overtaken
from app.access.meetings.pictures import Rows, Scope, hold, mark_of, put_back, rows_of, take_away
from app.access.meetings.series_preview import has_closed
from app.access.tasks.guests import follow_agenda
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra import calendar_queue, clock
from app.models import Meeting, PlanningStep, Series


@dataclass(frozen=True, slots=True)
class Picture:
    """How all in a scope stood, and when; no rows where messages do not wait."""

    at: datetime
    scope: Scope
    rows: Rows | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An act of one's own that can be taken back until ``until_at``.

    ``people`` will hear of it by then; None hides how many.
    """

    step_id: uuid.UUID
    people: int | None
    until_at: datetime

    @property
    def seconds(self) -> int:
        """How long there is still time."""
        return max(0, round((self.until_at - clock.now()).total_seconds()))


def picture(session: Session, meeting: Meeting, *, case_id: uuid.UUID | None = None) -> Picture:
    """How the meeting stands now, to compare with after an act; ``meeting`` is held.

    ``case_id`` is a case the act will put on its agenda.
    """
    cases = frozenset({case_id} if case_id else ())
    return picture_of(session, Scope(meetings=frozenset({meeting.id}), cases=cases))


def picture_of(session: Session, scope: Scope) -> Picture:
    """How all in the scope stands now; its series and meetings are held."""
    waits = bool(calendar_queue.delay())
    return Picture(clock.now(), scope, rows_of(session, scope) if waits else None)


def keep(
    session: Session,
    actor: Actor,
    about: Meeting | Series,
    before: Picture,
    *,
    unheard: bool = False,
) -> None:
    """Remember how to take back what this transaction did, when somebody will hear of it.

    What is heard of later than messages wait, or of which nobody is named yet, is ``unheard``.
    """
    follow_agenda(session, before.scope.meetings)
    if before.rows is None:
        return
    session.flush()
    until_at = before.at + calendar_queue.delay()
    scope = _grown(session, before.scope, about)
    waiting = _waiting(session, scope, about, until_at)
    after = rows_of(session, scope)
    if not (waiting or unheard) or after == before.rows:
        return
    undo = {
        "scope": scope.to_json(),
        "changed": _changed(before.rows, after),
        "made": sorted(after.keys() - before.rows.keys()),
    }
    session.add(
        PlanningStep(
            **_subject(about),
            person_id=actor.person_id,
            undo=json.dumps(undo),
            after=mark_of(after),
            waiting=len(waiting),
            until_at=until_at,
        )
    )


def last_step(
    session: Session,
    actor: Actor,
    about: Meeting | Series,
    *,
    now: datetime,
) -> Waiting | None:
    """The actor's last act at this meeting or series that can still be taken back."""
    checks.note()
    step = session.scalars(
        _open_steps(about, now)
        .where(PlanningStep.person_id == actor.person_id)
        .order_by(PlanningStep.until_at.desc())
        .limit(1)
    ).one_or_none()
    if step is None:
        return None
    scope = Scope.from_json(json.loads(step.undo)["scope"])
    hides = has_closed(session, actor, scope.meetings, now=now)
    return Waiting(step.id, None if hides else step.waiting, step.until_at)


@dataclass(frozen=True, slots=True)
class WaitingAbout:
    """An act that can be taken back, and the series or the meeting it is about."""

    waiting: Waiting
    series_id: uuid.UUID | None
    meeting_id: uuid.UUID | None
    starts_at: datetime | None


def last_steps_at(
    session: Session, actor: Actor, table_id: uuid.UUID, *, now: datetime
) -> tuple[WaitingAbout, ...]:
    """The actor's last act at each series and meeting of a table served that can be taken back.

    One act, such as clearing a closure, may have left one at each of several.
    """
    checks.note()
    rows = session.execute(
        select(PlanningStep, Meeting.starts_at)
        .outerjoin(Meeting, Meeting.id == PlanningStep.meeting_id)
        .outerjoin(Series, Series.id == PlanningStep.series_id)
        .where(
            func.coalesce(Meeting.table_id, Series.table_id) == table_id,
            PlanningStep.person_id == actor.person_id,
            PlanningStep.undone_at.is_(None),
            PlanningStep.until_at > now,
        )
        .order_by(PlanningStep.until_at.desc(), PlanningStep.id)
    )
    last: dict[uuid.UUID | None, WaitingAbout] = {}
    for step, starts_at in rows:
        waiting = Waiting(step.id, None, step.until_at)
        found = WaitingAbout(waiting, step.series_id, step.meeting_id, starts_at)
        last.setdefault(step.series_id or step.meeting_id, found)
    return tuple(last.values())


def take_back(session: Session, actor: Actor, about: Meeting | Series, step_id: uuid.UUID) -> Scope:
    """Put back what the act changed and take away what it made.

    Gives the meetings put back and the series that are left, for the caller to look after.

    Raises NotVisible for an act of somebody else, Refusal when messages left, more changed, or
    somebody read what it opened: then it was shared, and that stays so.
    Rows loaded before are read anew.
    """
    step = session.scalars(
        select(PlanningStep).where(
            PlanningStep.id == step_id,
            _is_about(about),
            PlanningStep.person_id == actor.person_id,
        )
    ).one_or_none()
    if step is None:
        raise NotVisible
    undo = json.loads(step.undo)
    scope = Scope.from_json(undo["scope"])
    hold(session, scope)
    overtaken.hold_requests(session, {*undo["made"], *undo["changed"]})
    waiting = _waiting(session, scope, about, step.until_at)
    if step.undone_at is not None or step.until_at <= clock.now() or len(waiting) < step.waiting:
        raise Refusal(Reason.UNDO_TOO_LATE)
    if mark_of(rows_of(session, scope)) != step.after or _was_read(session, step, scope, undo):
        raise Refusal(Reason.UNDO_OVERTAKEN)
    step.undone_at = clock.now()
    session.flush()
    _move_acting_back(session, undo["changed"])
    put_back(session, undo["changed"])
    take_away(session, undo["made"])
    follow_agenda(session, scope.meetings)
    session.expire_all()
    return _after(scope, undo)


def _move_acting_back(session: Session, changed: Rows) -> None:
    """Who acts at a meeting about to get its former start again acts until the former end."""
    mark = f"{Meeting.__tablename__}:"
    former = {
        uuid.UUID(key.removeprefix(mark)): datetime.fromisoformat(was["starts_at"])
        for key, was in changed.items()
        if key.startswith(mark) and "starts_at" in was
    }
    if not former:
        return
    now = session.execute(select(Meeting.id, Meeting.starts_at).where(Meeting.id.in_(former)))
    acting.follow_moves(session, {key: (starts_at, former[key]) for key, starts_at in now})
    session.flush()


def _was_read(session: Session, step: PlanningStep, scope: Scope, undo: Mapping[str, Any]) -> bool:
    if not overtaken.opened_anything(undo["changed"], undo["made"]):
        return False
    made_at = step.until_at - calendar_queue.delay()
    return overtaken.was_read(session, scope.meetings, since=made_at)


def is_more_waiting(session: Session, about: Meeting | Series, *, now: datetime) -> bool:
    """Whether another act, of anybody, still waits to be heard of."""
    return session.scalars(_open_steps(about, now).limit(1)).first() is not None


def _grown(session: Session, scope: Scope, about: Meeting | Series) -> Scope:
    """After an act on a series its new meetings belong to the scope too."""
    if isinstance(about, Meeting):
        return scope
    coming = select(Meeting.id).where(
        Meeting.series_id == about.id,
        Meeting.cancelled_at.is_(None),
        Meeting.ends_at > clock.now(),
    )
    return Scope(
        scope.meetings | frozenset(session.scalars(coming)), scope.series | {about.id}, scope.cases
    )


def _after(scope: Scope, undo: Mapping[str, Any]) -> Scope:
    """The meetings that were put back, and the series that were not made by the act."""
    gone = {uuid.UUID(key.split(":")[1]) for key in undo["made"]}
    mark = f"{Meeting.__tablename__}:"
    back = (key.removeprefix(mark) for key in undo["changed"] if key.startswith(mark))
    return Scope(frozenset(map(uuid.UUID, back)), scope.series - gone)


def _changed(before: Rows, after: Rows) -> Rows:
    """The columns that differ, as they were."""
    return {
        key: {name: value for name, value in row.items() if after[key][name] != value}
        for key, row in before.items()
        if key in after and after[key] != row
    }


def _waiting(
    session: Session, scope: Scope, about: Meeting | Series, since: datetime
) -> set[tuple[uuid.UUID | None, str]]:
    """What waits until ``since`` or later because of an act on this subject."""
    series = scope.series
    if isinstance(about, Meeting) and about.series_id is not None:
        series = frozenset({about.series_id})
    return calendar_queue.hold_waiting(session, scope.meetings, series, since=since)


def _subject(about: Meeting | Series) -> dict[str, uuid.UUID]:
    return {"meeting_id" if isinstance(about, Meeting) else "series_id": about.id}


def _is_about(about: Meeting | Series) -> ColumnElement[bool]:
    column = PlanningStep.meeting_id if isinstance(about, Meeting) else PlanningStep.series_id
    return column == about.id


def _open_steps(about: Meeting | Series, now: datetime) -> Select[PlanningStep]:
    return select(PlanningStep).where(
        _is_about(about), PlanningStep.undone_at.is_(None), PlanningStep.until_at > now
    )


def forget_past(session: Session) -> None:
    """Throw away what can no longer be taken back."""
    session.execute(delete(PlanningStep).where(PlanningStep.until_at <= clock.now()))
