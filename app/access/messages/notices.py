"""Notices about meetings: queued with ids only, asked again on delivery whether they still hold.

What a notice tells is the reader's own and neutral: a day, a deadline, an address behind sign-in.
Nothing here may say why a seat became free, nor whose case it is.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access import scopes
from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.conditions import is_held
from app.access.meetings.planning import invited_people
from app.infra import calendar_queue, clock, outbox
from app.models import AgendaItem, InputRequest, Meeting, Seat, SeatHold


def queue_asked(
    session: Session,
    meeting_id: uuid.UUID,
    asked: Iterable[tuple[uuid.UUID, uuid.UUID]],
    *,
    waits: bool = False,
) -> None:
    """Tell each person once that input is asked; ``asked`` pairs seats with their occupants.

    Where it ``waits`` it can be taken back with the act that caused it.
    """
    due = clock.now() + calendar_queue.delay() if waits else None
    _queue_per_person(session, meeting_id, asked, kind=calendar_queue.ASKED, available_at=due)


def queue_deadline(
    session: Session,
    meeting_id: uuid.UUID,
    asked: Iterable[tuple[uuid.UUID, uuid.UUID]],
    *,
    deadline_at: datetime,
) -> None:
    """Tell each person once that what is asked is due at this moment now.

    It waits as long as the calendar's messages, to be taken back with the act that caused it.
    """
    _queue_per_person(
        session,
        meeting_id,
        asked,
        kind=calendar_queue.DEADLINE,
        more={"deadline_at": deadline_at.isoformat()},
        available_at=clock.now() + calendar_queue.delay(),
    )


def _queue_per_person(
    session: Session,
    meeting_id: uuid.UUID,
    asked: Iterable[tuple[uuid.UUID, uuid.UUID]],
    *,
    kind: str,
    more: Mapping[str, str] | None = None,
    available_at: datetime | None = None,
) -> None:
    seats: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for seat_id, person_id in asked:
        seats[person_id].append(seat_id)
    for person_id, seat_ids in sorted(seats.items()):
        mail_id = uuid.uuid4()
        outbox.add(
            session,
            kind,
            unique_key=f"{kind}:{mail_id}",
            payload={
                "mail_id": mail_id,
                "meeting_id": meeting_id,
                "person_id": person_id,
                "seat_ids": as_text(seat_ids),
                **(more or {}),
            },
            available_at=available_at,
        )


def queue_papers(session: Session, meeting: Meeting) -> None:
    """Have everybody invited told when the papers open; ``meeting`` is published.

    It waits at least as long as the calendar's messages, to be taken back with the publication.
    """
    if meeting.opens_at is None:
        return
    outbox.add(
        session,
        calendar_queue.PAPERS,
        unique_key=f"{calendar_queue.PAPERS}:{uuid.uuid4()}",
        payload={"meeting_id": meeting.id, "opens_at": meeting.opens_at.isoformat()},
        available_at=max(meeting.opens_at, clock.now() + calendar_queue.delay()),
    )


def queue_freed(
    session: Session, meeting_id: uuid.UUID, seat_ids: Collection[uuid.UUID], *, but: uuid.UUID
) -> None:
    """Have the table's staff told that seats became free, except ``but``, who did it."""
    outbox.add(
        session,
        "notices.freed",
        unique_key=f"notices.freed:{uuid.uuid4()}",
        payload={
            "mail_id": uuid.uuid4(),
            "meeting_id": meeting_id,
            "seat_ids": as_text(seat_ids),
            "but": but,
        },
    )


def as_text(ids: Iterable[uuid.UUID]) -> str:
    """Ids as they travel in a payload."""
    return ",".join(str(one) for one in sorted(set(ids)))


def from_text(text: str) -> list[uuid.UUID]:
    """The ids of ``as_text``."""
    return [uuid.UUID(one) for one in text.split(",") if one]


def readers_of_papers(
    session: Session, meeting_id: uuid.UUID, opens_at: datetime
) -> frozenset[uuid.UUID]:
    """Whom to tell that the papers are open; nobody when the meeting opens at another moment."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.cancelled_at is not None or meeting.opens_at != opens_at:
        return frozenset()
    return invited_people(session, meeting)


def staff_to_tell(
    session: Session, meeting_id: uuid.UUID, *, now: datetime
) -> frozenset[uuid.UUID]:
    """The staff of a meeting's table."""
    meeting = session.get(Meeting, meeting_id)
    return staff_of(session, frozenset({meeting.table_id}), now=now) if meeting else frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question: the first own time, the first deadline, the request when it is only one."""

    starts_at: datetime
    deadline_at: datetime
    request_id: uuid.UUID | None


def still_asked(
    session: Session,
    actor: Actor,
    seat_ids: Collection[uuid.UUID],
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> Asked | None:
    """What is still asked of the actor at these seats; None when nothing is.

    With ``due_at`` only what still has that deadline: a change taken back is never told.
    """
    wanted = [Seat.id.in_(seat_ids), scopes.is_open_request(now)]
    if due_at is not None:
        wanted.append(InputRequest.deadline_at == due_at)
    rows = session.execute(
        scopes.own_requests(actor, now=now).where(*wanted).order_by(AgendaItem.starts_at)
    ).all()
    if not rows:
        return None
    return Asked(
        rows[0].AgendaItem.starts_at,
        min(row.InputRequest.deadline_at for row in rows),
        rows[0].InputRequest.id if len(rows) == 1 else None,
    )


@dataclass(frozen=True, slots=True)
class OpenPapers:
    """Papers the actor may open: the first own time, and when they close again."""

    starts_at: datetime
    closes_at: datetime


def still_open(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> OpenPapers | None:
    """Whether the papers of own seats are open, but for the own confidentiality; None if not."""
    row = session.execute(
        scopes.own_slots(actor, now=now)
        .where(
            Meeting.id == meeting_id, c.is_in_window(now), c.is_taken_up(now), c.has_covenant(now)
        )
        .with_only_columns(func.min(AgendaItem.starts_at), func.max(Meeting.closes_at))
    ).one()
    starts_at, closes_at = row
    return OpenPapers(starts_at, closes_at) if starts_at and closes_at else None


def still_free(
    session: Session, actor: Actor, seat_ids: Collection[uuid.UUID], *, now: datetime
) -> datetime | None:
    """When the meeting of these seats starts, if one is still free and the actor's to fill."""
    is_taken = exists().where(SeatHold.seat_id == Seat.id, is_held(now))
    starts_at: datetime | None = session.scalar(
        scopes.staff_seats(actor, now=now)
        .where(
            Seat.id.in_(seat_ids),
            ~is_taken.correlate(Seat),
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
            Meeting.ends_at > now,
        )
        .with_only_columns(func.min(Meeting.starts_at))
    )
    return starts_at
