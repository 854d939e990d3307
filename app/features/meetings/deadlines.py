"""Until when input may be given: proposed anew after a meeting moved, and changed in one act."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from app.access import Actor, Permission
from app.access.meetings import steps
from app.access.meetings.steps import Waiting
from app.access.meetings.timetable import load_for_change
from app.access.seats.open_questions import give_deadline, open_questions, proposed
from app.features.meetings.queries import MeetingHead, find_head
from app.features.meetings.sending import deadline_of
from app.infra import clock
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class OldDeadline:
    """A deadline as it stands, how many questions have it, and whether it makes no sense now."""

    at: datetime
    requests: int
    is_past: bool
    is_after_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePage:
    """What is still asked at a meeting, and a moment proposed for all of it.

    ``was`` is when the meeting started before it moved.
    """

    meeting: MeetingHead
    old: tuple[OldDeadline, ...]
    proposal: datetime | None
    was: datetime | None
    waiting: Waiting | None

    @property
    def can_stay(self) -> bool:
        """Whether every deadline still lies ahead of the meeting."""
        return not any(one.is_after_start for one in self.old)


def wait_for(actor: Actor, meeting_id: uuid.UUID, *, was: datetime) -> bool:
    """Whether the meeting starts at another moment than it did, and input is still asked for it."""
    with reading() as session:
        meeting, _head = find_head(session, actor, meeting_id)
        moved = meeting.starts_at != was
        return (
            moved
            and session.execute(open_questions(actor, [meeting_id]).limit(1)).first() is not None
        )


def read_deadlines(actor: Actor, meeting_id: uuid.UUID, *, was: datetime | None) -> DeadlinePage:
    """The page; without ``was`` the meeting did not move."""
    now = clock.now()
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        rows = session.execute(open_questions(actor, [meeting_id]))
        found = Counter(row.InputRequest.deadline_at for row in rows)
        waiting = steps.last_step(session, actor, meeting, now=now)
    proposal = proposed(found, old_start=was or meeting.starts_at, new_start=meeting.starts_at)
    old = tuple(
        OldDeadline(at, requests, at <= now, at > meeting.starts_at)
        for at, requests in sorted(found.items())
    )
    return DeadlinePage(meeting=head, old=old, proposal=proposal, was=was, waiting=waiting)


def change_deadlines(actor: Actor, meeting_id: uuid.UUID, day: date, at: time) -> int:
    """Give every open question of a meeting this deadline; gives how many changed.

    Who occupies the seat of one that changed hears of it. Refusals as for asking.
    """
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.INPUT_ASK)
        deadline_at = deadline_of(meeting, day, at)
        before = steps.picture(session, meeting)
        rows = session.execute(open_questions(actor, [meeting_id])).all()
        changed = give_deadline(session, actor, meeting, rows, deadline_at)
        steps.keep(session, actor, meeting, before)
        return changed
