"""Adopting minutes, item by item: by staff, or by the worker once those who were there let it be.

It tells recipients nothing but that their own part is adopted; what stands in it is never sent.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.records.was_there import people_at
from app.domain.adoption import Readiness, readiness
from app.domain.working_days import midnight_after
from app.infra import outbox, wall
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System
from app.models import AgendaItem, Case, CaseTable, Correction, ExtractCheck, ItemApproval, Meeting

CLOSED: Final = "minutes.closed"
CHANGED: Final = "minutes.changed"
TACIT: Final = "minutes.tacit"
ADOPTED: Final = "minutes.adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """Where the minutes of one item stand; ``present`` and ``approved`` are people."""

    item: AgendaItem
    present: Mapping[uuid.UUID, str]
    approved: frozenset[uuid.UUID]
    unsettled: int
    readiness: Readiness


def begin(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """A loaded meeting just ended: recipients are told, and may correct if the table says so."""
    table = session.get_one(CaseTable, meeting.table_id)
    about = {"meeting_id": meeting.id}
    outbox.add(session, CLOSED, unique_key=f"{CLOSED}:{meeting.id}", payload=about)
    until = corrections_end(table, now=now)
    if until is not None:
        meeting.corrections_until_at = until
        queue_tacit(session, meeting, at=until)


def corrections_end(table: CaseTable, *, now: datetime) -> datetime | None:
    """Until when a meeting that ends now may be corrected; None: its table has no such period."""
    days = table.correction_working_days
    return midnight_after(now, days, is_holiday) if days else None


def ends_at(meeting: Meeting, item: AgendaItem) -> datetime | None:
    """Until when an item may be corrected: later than its meeting where its words changed late."""
    return item.corrections_until_at or meeting.corrections_until_at


def queue_tacit(session: Session, meeting: Meeting, *, at: datetime) -> None:
    """Have the worker adopt at this moment what nothing holds back by then."""
    key = f"{TACIT}:{meeting.id}:{at.isoformat()}"
    outbox.add_once(
        session, TACIT, unique_key=key, payload={"meeting_id": meeting.id}, available_at=at
    )


def states_of(
    session: Session,
    meeting: Meeting,
    *,
    now: datetime,
    only: Collection[uuid.UUID] | None = None,
) -> list[ItemState]:
    """Where each case item of a loaded meeting stands, in order; of ``only`` these where given."""
    statement = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.case_id.is_not(None),
        AgendaItem.removed_at.is_(None),
    )
    if only is not None:
        statement = statement.where(AgendaItem.id.in_(only))
    items = list(
        session.scalars(
            statement.order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
        )
    )
    ids = [one.id for one in items]
    present, approved = people_at(session, ids), _approvals(session, ids)
    open_ones = _unsettled(session, ids)
    return [
        ItemState(
            item=one,
            present=present.get(one.id, {}),
            approved=frozenset(approved[one.id]),
            unsettled=open_ones[one.id],
            readiness=readiness(
                adopted=(one.adopted_at or meeting.adopted_at) is not None,
                until_at=ends_at(meeting, one),
                now=now,
                present=present.get(one.id, {}).keys(),
                approved=approved[one.id],
                unsettled=open_ones[one.id],
            ),
        )
        for one in items
    ]


def _approvals(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = session.execute(
        select(ItemApproval.item_id, ItemApproval.person_id).where(ItemApproval.item_id.in_(ids))
    )
    for item_id, person_id in rows:
        found[item_id].add(person_id)
    return found


def _unsettled(session: Session, ids: Collection[uuid.UUID]) -> Counter[uuid.UUID]:
    """How many corrections wait, those of items closed to whoever asks included."""
    with wall.opened_for(session, System.MINUTES):
        rows = session.execute(
            select(Correction.item_id, func.count())
            .where(Correction.item_id.in_(ids), Correction.settled_at.is_(None))
            .group_by(Correction.item_id)
        ).all()
    return Counter({row[0]: row[1] for row in rows})


def adopt_ready(
    session: Session,
    meeting: Meeting,
    *,
    by: Actor | None,
    now: datetime,
    item_id: uuid.UUID | None = None,
) -> int:
    """Adopt what may be, or the one item; gives how many. ``by`` is None for the worker.

    ``meeting`` is held by the caller. With the last item the whole meeting is adopted.
    """
    states = states_of(session, meeting, now=now)
    seen = _seen(session, meeting, by, now=now)
    ready = [
        one.item
        for one in states
        if one.readiness is Readiness.READY
        and item_id in {None, one.item.id}
        and (seen is None or one.item.id in seen)
    ]
    for item in ready:
        item.adopted_at = now
        _record(session, by, meeting, item)
    is_whole = all(one.item.adopted_at is not None for one in states)
    if is_whole and meeting.adopted_at is None:
        meeting.adopted_at = now
        _record(session, by, meeting)
    if ready:
        key = f"{ADOPTED}:{meeting.id}:{uuid.uuid4()}"
        outbox.add(session, ADOPTED, unique_key=key, payload={"meeting_id": meeting.id})
    return len(ready)


def _seen(
    session: Session, meeting: Meeting, by: Actor | None, *, now: datetime
) -> frozenset[uuid.UUID] | None:
    """The case items somebody may decide about; a case that bars them waits for another."""
    if by is None:
        return None
    items = scopes.staff_items(by, now=now).where(Meeting.id == meeting.id, Case.id.is_not(None))
    return frozenset(session.scalars(items.with_only_columns(AgendaItem.id)))


def adopt_silently(session: Session, meeting_id: uuid.UUID, *, now: datetime) -> None:
    """Adopt, as the worker, what nothing holds back once the period is over."""
    meeting = session.get(Meeting, meeting_id, with_for_update=True)
    if meeting is None or meeting.cancelled_at is not None or meeting.adopted_at is not None:
        return
    if meeting.corrections_until_at is not None and now >= meeting.corrections_until_at:
        adopt_ready(session, meeting, by=None, now=now)


def words_changed(session: Session, meeting: Meeting, item: AgendaItem, *, now: datetime) -> None:
    """What somebody approved, or staff checked, no longer reads as it did.

    Where the period is over, those who were there get one more working day, and are told.
    ``meeting`` is held by the caller.
    """
    session.execute(delete(ItemApproval).where(ItemApproval.item_id == item.id))
    session.execute(delete(ExtractCheck).where(ExtractCheck.meeting_id == item.meeting_id))
    until = ends_at(meeting, item)
    if until is None or now < until:
        return
    item.corrections_until_at = midnight_after(now, 1, is_holiday)
    queue_tacit(session, meeting, at=item.corrections_until_at)
    outbox.add_once(
        session,
        CHANGED,
        unique_key=f"{CHANGED}:{item.id}:{item.corrections_until_at.isoformat()}",
        payload={"meeting_id": meeting.id, "item_id": item.id},
    )


def _record(
    session: Session,
    by: Actor | None,
    meeting: Meeting,
    item: AgendaItem | None = None,
) -> None:
    audit.record(
        session,
        by,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="minutes",
            object_id=item.id if item else meeting.id,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=item.id if item else None,
            case_id=item.case_id if item else None,
        ),
    )
