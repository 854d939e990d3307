"""Warns who plans when a place names something of a case, and tells of none they may not see.

The planning stands whatever is said: only mails go without such a place.
"""

from __future__ import annotations

import uuid
from typing import Protocol

from flask import flash
from flask_babel import gettext as _
from wtforms import StringField

from app.access.messages import leak_gate
from app.web.guard import current_actor
from app.web.rooms import RoomField


class PlaceForm(Protocol):
    """A form in which somebody says where a meeting is."""

    room: RoomField
    place: StringField
    link: StringField


def warn_at_meeting(meeting_id: uuid.UUID, form: PlaceForm) -> None:
    """Compare with the cases on the agenda."""
    warn_of(meeting_id, *_typed(form))


def warn_of(meeting_id: uuid.UUID, *typed: str) -> None:
    """The same of a form with one field for the place and the link."""
    _warn(said=leak_gate.says_something(current_actor(), meeting_id, *typed))


def warn_at_table(table_id: uuid.UUID, form: PlaceForm) -> None:
    """Compare with the cases that may come on an agenda of the table."""
    _warn(said=leak_gate.says_something_at(current_actor(), table_id, *_typed(form)))


def _typed(form: PlaceForm) -> tuple[str, ...]:
    return form.place.data or "", form.link.data or "", form.room.chosen_name


def _warn(*, said: bool) -> None:
    if said:
        text = _(
            "De plaats of de link noemt misschien iets uit een casus. Berichten gaan dan zonder "
            "plaats weg. Kies andere woorden."
        )
        flash(text, "warn")
