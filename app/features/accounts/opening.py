"""How a view lends the services of this room the making of session rows."""

from __future__ import annotations

import uuid
from typing import Protocol

from sqlalchemy.orm import Session


class OpenSession(Protocol):
    """Makes a session row of one stage for the asking browser; gives the token for its cookie."""

    def __call__(self, session: Session, person_id: uuid.UUID) -> str:
        """Add the row to the current transaction."""
