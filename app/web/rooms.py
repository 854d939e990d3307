"""The field in which a room is chosen; a room of the list becomes the place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    SelectChoice,
    SelectField,
)

from app.access.meetings.rooms import RoomChoice


class RoomField(SelectField):
    """Empty for a meeting elsewhere, or online only; ``offer`` gives the rooms."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - WTForms' signature
        """Start without rooms: they are read for each request."""
        super().__init__(_l("Ruimte"), choices=[_elsewhere()], **more)
        self._names: dict[str, str] = {}

    def offer(self, rooms: Iterable[RoomChoice]) -> None:
        """Give the rooms that may be chosen."""
        self._names = {str(one.id): one.name for one in rooms}
        self.choices = [_elsewhere(), *(SelectChoice(*one) for one in self._names.items())]

    @property
    def room_id(self) -> uuid.UUID | None:
        """The chosen room; use after validation."""
        typed = (self.data or "").strip()
        return uuid.UUID(typed) if typed else None

    @property
    def chosen_name(self) -> str:
        """What the chosen room is called, ``""`` for none."""
        return self._names.get((self.data or "").strip(), "")


def _elsewhere() -> SelectChoice:
    return SelectChoice("", _l("Geen ruimte uit de lijst"))
