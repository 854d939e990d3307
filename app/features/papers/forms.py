"""Choosing whose copies are printed; who may be chosen comes in already scoped."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from app.features.papers.queries import PapersPage
from app.web.forms import BaseForm, needed


class PrintForm(BaseForm):
    """For whom a copy is made; everybody to begin with."""

    seats = SelectMultipleField(
        _l("Voor wie"), validators=[needed(_l("Kies voor wie u een exemplaar wilt."))]
    )

    def offer(self, page: PapersPage) -> None:
        """Everybody who holds a seat at the meeting."""
        self.seats.choices = [
            (str(one.seat_id), f"{one.organisation}, {one.name}") for one in page.readers
        ]

    def chosen(self) -> set[uuid.UUID]:
        """The seats that were ticked."""
        return {uuid.UUID(one) for one in self.seats.data or []}
