"""Whom an organisation would like on a seat it proposed: a name, for staff alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.loaders import LoadedSeat
from app.models import SeatProposal


def proposed_name(session: Session, loaded: LoadedSeat) -> bytes | None:
    """The ciphertext of the name; ``loaded`` was loaded for staff. None when nobody is proposed."""
    found = session.get(SeatProposal, loaded.seat.id)
    return found.name_ct if found else None
