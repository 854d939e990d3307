"""Holds rows till the end of the transaction; it never decides who may.

In this order: series, meetings, room, item, seats.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from app.domain.errors import NotVisible
from app.models import Meeting, Seat, Series


def hold_row(session: Session, row: Meeting | Series) -> None:
    """Read it anew and hold it. NotVisible when it went while we waited.

    Planning a series can be taken back: then its meetings are gone, whoever was about to use them.
    """
    try:
        session.refresh(row, with_for_update=True)
    except InvalidRequestError:
        raise NotVisible from None


def hold_seats(session: Session, seat_ids: Collection[uuid.UUID]) -> None:
    """Let two acts on who sits there happen one after the other.

    Before anything is asked of their holds: whoever waited reads what the first one left.
    """
    seats = select(Seat.id).where(Seat.id.in_(seat_ids)).order_by(Seat.id)
    session.execute(seats.with_for_update(key_share=True))
