"""The walks through the tables of a meeting that every scope takes; none of them decides access."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from app.models import AgendaItem, Case, Meeting, Seat, SeatHold


def from_holds(*entities: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - models and columns
    """From a person's few holds outwards: hold, seat, item, meeting, case.

    Starting here keeps the work small: nobody holds many seats, while a table has many items.
    """
    holds = select(*entities).select_from(SeatHold).join(Seat, Seat.id == SeatHold.seat_id)
    return to_case(holds)


def to_case(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Joins the item, the meeting and the case of the ``Seat`` in ``statement``."""
    return (
        statement.join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
    )
