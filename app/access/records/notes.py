"""Notes of a meeting: staff read all of the tables they serve, a seat those written for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import from_holds
from app.models import AgendaItem, Case, Meeting, Note, NoteReader, Seat


def staff_notes(actor: Actor, *, now: datetime) -> Select[Note, AgendaItem]:
    """Notes at items of tables served; after a move the old table keeps its own minutes."""
    checks.note()
    return (
        select(Note, AgendaItem)
        .join(AgendaItem, AgendaItem.id == Note.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == Note.case_id)
        .where(
            c.is_staff_table(actor, Meeting.table_id),
            Note.deleted_at.is_(None),
            c.is_not_barred(actor, now),
        )
    )


def own_notes(actor: Actor, *, now: datetime) -> Select[Note, AgendaItem, Case]:
    """Notes for a seat the actor holds; a page asks besides whether the item is open to it.

    After the window a note stands in the extract alone.
    """
    checks.note()
    return (
        from_holds(Note, AgendaItem, Case)
        .join(NoteReader, NoteReader.seat_id == Seat.id)
        .join(Note, Note.id == NoteReader.note_id)
        .where(c.is_settled_seat(actor, now), Note.deleted_at.is_(None))
    )
