"""Collects demo rows and writes them in bulk; it must never ask the database anything."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.infra import crypto
from app.infra.db import Base


class Batch:
    """Rows per model; ids come from the seed, texts are sealed together when written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    @property
    def size(self) -> int:
        """How many rows wait to be written."""
        return sum(len(rows) for rows in self._rows.values())

    def new_id(self) -> uuid.UUID:
        """A random id that is the same for the same seed."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def add(self, model: type[Base], **values: Any) -> uuid.UUID:  # noqa: ANN401 - column values
        """Collect one row; gives its id, made here unless it was given."""
        values.setdefault("id", self.new_id())
        self._rows[model].append(values)
        made: uuid.UUID = values["id"]
        return made

    def link(self, model: type[Base], **values: Any) -> None:  # noqa: ANN401 - column values
        """Collect one row of a model that has no id of its own."""
        self._rows[model].append(values)

    def rows_of(self, model: type[Base]) -> tuple[dict[str, Any], ...]:
        """What waits to be written of a model."""
        return tuple(self._rows[model])

    def write(self, session: Session) -> int:
        """Write and forget everything collected; gives the number of rows."""
        self._seal()
        count = 0
        for model, rows in self._rows.items():
            alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
            for row in rows:
                alike[tuple(sorted(row))].append(row)
            for group in alike.values():
                session.execute(insert(model.__table__), group)  # type: ignore[arg-type]  # a Table
            count += len(rows)
        self._rows.clear()
        return count

    def _seal(self) -> None:
        places = [
            (row, column)
            for rows in self._rows.values()
            for row in rows
            for column, value in row.items()
            if isinstance(value, crypto.Unsealed)
        ]
        sealed = crypto.seal_many([row[column] for row, column in places])
        for (row, column), text in zip(places, sealed, strict=True):
            row[column] = text
