"""What comes to minutes afterwards: corrections of those who were there, additions once adopted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.walks import from_holds
from app.models import Addendum, AddendumReader, AgendaItem, Case, Correction, Meeting, Seat


def staff_corrections(actor: Actor, *, now: datetime) -> Select[Correction, AgendaItem, Case]:
    """Corrections to the minutes of tables served, minus barred cases."""
    return _served(Correction, actor, now)


def staff_additions(actor: Actor, *, now: datetime) -> Select[Addendum, AgendaItem, Case]:
    """Additions to the minutes of tables served, minus barred cases."""
    return _served(Addendum, actor, now)


def own_additions(actor: Actor, *, now: datetime) -> Select[Addendum, AgendaItem, Case]:
    """Additions for a seat the actor holds, whatever the window says."""
    checks.note()
    return (
        from_holds(Addendum, AgendaItem, Case)
        .join(AddendumReader, AddendumReader.seat_id == Seat.id)
        .join(Addendum, Addendum.id == AddendumReader.addendum_id)
        .where(c.is_settled_seat(actor, now))
    )


def _served(model: Any, actor: Actor, now: datetime) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - one of the two
    checks.note()
    return (
        select(model, AgendaItem, Case)
        .join(AgendaItem, AgendaItem.id == model.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == model.case_id)
        .where(c.is_staff_table(actor, Meeting.table_id), c.is_not_barred(actor, now))
    )
