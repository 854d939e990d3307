"""Holds a loaded row till the end of the transaction; it never finds one by itself."""

from __future__ import annotations

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from app.domain.errors import NotVisible
from app.models import Meeting, Series


def hold_row(session: Session, row: Meeting | Series) -> None:
    """Read it anew and hold it. NotVisible when it went while we waited.

    Planning a series can be taken back: then its meetings are gone, whoever was about to use them.
    """
    try:
        session.refresh(row, with_for_update=True)
    except InvalidRequestError:
        raise NotVisible from None
