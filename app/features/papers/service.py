"""Asking for papers on paper and ticking what came back; making them is for the worker."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.records import paper_copies
from app.access.records.printing import record_page
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Meeting, PaperCopy, PrintRun

PRINT: Final = "papers.print"
FORGET: Final = "papers.forget"
KEPT: Final = timedelta(hours=1)


def start(actor: Actor, meeting_id: uuid.UUID, seat_ids: Collection[uuid.UUID]) -> uuid.UUID:
    """Ask for a copy for the occupants of these seats; gives the id of the run.

    Before the meeting closes it is the papers, once the minutes are adopted the extract. Refusal
    in between, where nothing was chosen, and as long as the papers are not published.
    """
    now = clock.now()
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.PAPER_PRINT)
        if not may_print(meeting):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        readers = paper_copies.readers_at(session, actor, meeting_id, now=now)
        chosen = [one.seat_id for one in readers if one.seat_id in seat_ids]
        if not chosen:
            raise Refusal(Reason.VALUE_MISSING, "seats")
        run = PrintRun(
            id=uuid.uuid4(),
            meeting_id=meeting_id,
            asked_by_id=actor.person_id,
            asked_at=now,
            is_extract=meeting.adopted_at is not None,
            total=len(chosen),
            expires_at=now + KEPT,
        )
        session.add(run)
        _queue(session, run, chosen)
        return run.id


def may_print(meeting: Meeting) -> bool:
    """Whether there is anything that may go on paper: open papers, or adopted minutes."""
    if meeting.cancelled_at is not None or meeting.published_at is None:
        return False
    return meeting.closed_at is None or meeting.adopted_at is not None


def _queue(session: Session, run: PrintRun, seat_ids: Collection[uuid.UUID]) -> None:
    """The worker acts as who asked; what it made is thrown away on the minute."""
    payload = {
        "run": run.id,
        "person_id": run.asked_by_id,
        "meeting_id": run.meeting_id,
        "seats": ",".join(str(one) for one in seat_ids),
    }
    outbox.add(session, PRINT, unique_key=f"{PRINT}:{run.id}", payload=payload)
    outbox.add(
        session,
        FORGET,
        unique_key=f"{FORGET}:{run.id}",
        payload={"run": run.id},
        available_at=run.expires_at,
    )


def note_print(actor: Actor, kind: str, meeting_id: uuid.UUID | None) -> None:
    """Write down that a page was printed, by its kind and the meeting it is about."""
    with transaction() as session:
        record_page(session, actor, kind, meeting_id, now=clock.now())


def take_back(actor: Actor, copy_id: uuid.UUID) -> uuid.UUID:
    """The copy came back; gives the id of its meeting. Twice is once."""
    return _tick(actor, copy_id, is_back=True)


def give_out_again(actor: Actor, copy_id: uuid.UUID) -> uuid.UUID:
    """The copy did not come back after all."""
    return _tick(actor, copy_id, is_back=False)


def _tick(actor: Actor, copy_id: uuid.UUID, *, is_back: bool) -> uuid.UUID:
    now = clock.now()
    with transaction() as session:
        copy, meeting = paper_copies.load_copy(session, actor, copy_id, now=now)
        if (copy.returned_at is not None) is not is_back:
            copy.returned_at = now if is_back else None
            copy.returned_to_id = actor.person_id if is_back else None
            audit.record(session, actor, _entry(copy, meeting))
        return meeting.id


def _entry(copy: PaperCopy, meeting: Meeting) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.CHANGE,
        object_kind="paper-copy",
        object_id=copy.id,
        ground=Ground.STAFF,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
    )
