"""Writes many held rows in one statement; never for rows somebody else may be writing just now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session


def write_rows(
    session: Session,
    model: Any,  # noqa: ANN401 - any model
    values: Mapping[uuid.UUID, Mapping[str, Any]],
) -> None:
    """Give each row its values; the same columns for all of them.

    A page that was filled in from one of them is out of date from here on. Whoever holds them as
    loaded objects expires those.
    """
    if not values:
        return
    table = model.__table__
    columns = list(next(iter(values.values())))
    new: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns}
    if "version" in table.c:
        new["version"] = table.c.version + 1
    session.flush()
    session.connection().execute(
        update(table).where(table.c.id == bindparam("row_id")).values(new),
        [
            {"row_id": row_id, **{f"new_{name}": value for name, value in row.items()}}
            for row_id, row in values.items()
        ],
    )
