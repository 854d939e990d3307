"""What is typed about a room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from app.features.rooms.service import RoomData
from app.web.forms import VersionForm, at_most, needed


class RoomForm(VersionForm):
    """Adding or changing a room."""

    name = StringField(_l("Naam"), [needed(), at_most(80)])
    address = StringField(_l("Gebouw en adres"), [Optional(), at_most(110)])

    def to_command(self) -> RoomData:
        """What was typed, as plain values."""
        return RoomData(name=self.name.data or "", address=self.address.data or "")
