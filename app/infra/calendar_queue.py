"""Asks for somebody's calendar entries of a meeting to be brought up to date; it sends nothing.

The asking waits a little, so that an act can be taken back before anybody hears of it, and so that
several changes in a row become one message: what is sent is what stands when the waiting is over.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from app.infra import clock, outbox
from app.infra.outbox import OutboxRow
from config import Settings

MEETING: Final = "calendar.sync"
SERIES: Final = "calendar.series"
# Not of the calendar, but caused by acts of planning too and waiting as long, or longer.
ASKED: Final = "notices.asked"
DEADLINE: Final = "notices.deadline"
PAPERS: Final = "notices.papers"
ABOUT: Final = {MEETING: "meeting_id", SERIES: "series_id"}


class _Waiting:
    """How long this process lets calendar messages wait."""

    delay = timedelta(seconds=30)


def set_up(settings: Settings) -> None:
    """Take over how long messages wait."""
    _Waiting.delay = timedelta(seconds=settings.send_delay_seconds)


def delay() -> timedelta:
    """How long a message waits after the act that causes it."""
    return _Waiting.delay


def queue_calendar(
    session: Session,
    meeting_id: uuid.UUID,
    person_ids: Iterable[uuid.UUID],
    *,
    at_once: bool = False,
) -> None:
    """Queue one comparison per person; whether it invites, updates or cancels shows on delivery.

    Who waits already waits anew: one comparison tells of both changes. At most three statements.
    ``at_once`` is for a meeting that starts within minutes: the act cannot be taken back.
    """
    wait = timedelta() if at_once else _Waiting.delay
    _queue(session, MEETING, meeting_id, person_ids, wait=wait)


def queue_series(session: Session, series_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> None:
    """The same for the recurring entry of each of these people."""
    _queue(session, SERIES, series_id, person_ids, wait=_Waiting.delay)


def queue_role(
    session: Session,
    person_id: uuid.UUID,
    table_ids: Iterable[uuid.UUID],
    *,
    at: datetime | None = None,
) -> None:
    """The same for everything a person gets as one who serves these tables, or did.

    Now, or ``at`` the moment a role is to end: what holds is asked again then.
    """
    for table_id in sorted(set(table_ids)):
        outbox.add(
            session,
            "calendar.role",
            unique_key=f"calendar.role:{table_id}:{person_id}:{uuid.uuid4().hex}",
            payload={"table_id": table_id, "person_id": person_id},
            available_at=at,
        )


def _queue(
    session: Session,
    kind: str,
    about: uuid.UUID,
    person_ids: Iterable[uuid.UUID],
    *,
    wait: timedelta,
) -> None:
    people = set(person_ids)
    if not people:
        return
    due = clock.now() + wait
    rows = session.execute(_waiting(kind, about).with_for_update()).all()
    known = {row.person_id: row.id for row in rows if row.person_id in people}
    if known:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(known.values()))
            .values(available_at=due)
            .execution_options(synchronize_session=False)
        )
    outbox.add_many(
        session,
        kind,
        {
            f"{_start(kind, about)}{person_id}:{uuid.uuid4().hex}": {
                ABOUT[kind]: about,
                "person_id": person_id,
            }
            for person_id in sorted(people - known.keys())
        },
        available_at=due,
    )


def hold_waiting(
    session: Session,
    meeting_ids: Collection[uuid.UUID],
    series_ids: Collection[uuid.UUID],
    *,
    since: datetime,
) -> set[tuple[uuid.UUID | None, str]]:
    """Who waits until ``since`` or later to hear of these meetings or series, held till the end.

    Once per person, and once more for each notice beside the calendar.
    """
    asked = [
        and_(
            OutboxRow.kind.in_((MEETING, ASKED, DEADLINE)),
            OutboxRow.meeting_id.in_(meeting_ids),
        ),
        *(_is_about(SERIES, one) for one in series_ids),
    ]
    rows = session.execute(
        select(OutboxRow.person_id, OutboxRow.kind)
        .where(or_(*asked), _has_not_begun(), OutboxRow.available_at >= since)
        .with_for_update()
    )
    return {(row.person_id, "" if row.kind in ABOUT else row.kind) for row in rows}


def is_waiting(session: Session, kind: str, about: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether a later comparison still waits, which will tell of everything at once."""
    later = _waiting(kind, about).where(
        OutboxRow.person_id == person_id, OutboxRow.available_at > clock.now()
    )
    return session.execute(later.limit(1)).first() is not None


def _waiting(kind: str, about: uuid.UUID) -> Select[uuid.UUID, uuid.UUID | None]:
    """Comparisons no worker has begun yet."""
    return select(OutboxRow.id, OutboxRow.person_id).where(_is_about(kind, about), _has_not_begun())


def _is_about(kind: str, about: uuid.UUID) -> ColumnElement[bool]:
    starts = OutboxRow.unique_key.startswith(_start(kind, about), autoescape=True)
    return and_(OutboxRow.kind == kind, starts)


def _has_not_begun() -> ColumnElement[bool]:
    return and_(
        OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None), OutboxRow.lease_id.is_(None)
    )


def _start(kind: str, about: uuid.UUID) -> str:
    return f"{kind}:{about}:"
