"""Whether a name is in use already; compared here and not in SQL, which folds only some letters.

SQLite knows no capitals beyond ASCII and PostgreSQL those of its locale: "Zaal É" is "zaal é".
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.errors import Reason, Refusal


def refuse_taken(
    session: Session,
    column: InstrumentedAttribute[str],
    name: str,
    *conditions: ColumnElement[bool],
    but: uuid.UUID | None,
) -> None:
    """Refusal NAME_TAKEN at the field called as the column, unless it is its own old name.

    Reads every name there is: for the short lists an administrator keeps.
    """
    key: InstrumentedAttribute[uuid.UUID] = _model(column).id
    names = session.scalars(select(column).where(key != but, *conditions))
    if name.casefold() in {one.casefold() for one in names}:
        raise Refusal(Reason.NAME_TAKEN, column.key)


def flush_or_refuse(session: Session) -> None:
    """Two administrators may have thought of the same name at the same moment."""
    try:
        session.flush()
    except IntegrityError:
        raise Refusal(Reason.NAME_TAKEN, "name") from None


def _model(column: InstrumentedAttribute[str]) -> Any:  # noqa: ANN401 - whatever has the column
    return column.class_
