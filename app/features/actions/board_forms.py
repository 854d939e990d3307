"""The filters of the board as they stand in an address; what may be chosen comes in scoped."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField
from wtforms.validators import ValidationError

from app.domain.board import DESCENDING, NOBODY, Checked, Filters, Shown, Sort, read
from app.features.actions.queries import Choice, Choices
from app.web import labels
from app.web.forms import DateField

EVERY = ("", _l("alle"))
DATES = ("due_from", "due_until")
SORTS = [one for sort in Sort for one in (sort.value, f"{DESCENDING}{sort.value}")]


class FilterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The filters of the board; read from the address, so without CSRF."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """A filter changes nothing."""

        csrf = False

    table = SelectField(_l("Casustafel"), default="")
    organisation = SelectField(_l("Organisatie"), default="")
    person = SelectField(_l("Actiehouder"), default="")
    state = SelectField(_l("Stand"), default=Shown.UNFINISHED.value)
    due_from = DateField(_l("Termijn vanaf"))
    due_until = DateField(_l("Termijn tot en met"))
    verified = SelectField(_l("Bevestigd door procesregisseur"), default="")
    overdue = BooleanField(_l("Alleen te laat"))
    asked = BooleanField(_l("Alleen met vraag om tijd"))
    household = HiddenField()
    case = HiddenField()
    sort = HiddenField()

    def offer(self, choices: Choices) -> None:
        """Fill the selects."""
        self.table.choices = [EVERY, *_named(choices.tables)]
        self.organisation.choices = [EVERY, *_named(choices.organisations)]
        nobody = (NOBODY, _l("nog niemand aangewezen"))
        self.person.choices = [EVERY, nobody, *_named(choices.people)]
        self.state.choices = [
            (Shown.UNFINISHED.value, _l("nog niet afgerond")),
            (Shown.ALL.value, _l("alle")),
            *labels.choices(labels.ACTION_STATE),
        ]

        self.verified.choices = [
            EVERY,
            (Checked.WAITS.value, _l("te bevestigen")),
            (Checked.DONE.value, _l("bevestigd")),
        ]

    def validate_household(self, field: Field) -> None:
        """An id or nothing."""
        if field.data and id_in(field.data) is None:
            raise ValidationError(_l("Ongeldige keuze."))

    def validate_case(self, field: Field) -> None:
        """As above."""
        self.validate_household(field)

    def validate_sort(self, field: Field) -> None:
        """A column, or nothing."""
        if field.data and field.data not in SORTS:
            raise ValidationError(_l("Ongeldige keuze."))

    def to_filters(self) -> Filters:
        """What was chosen; call after the form was found valid."""
        given: dict[str, Any] = {
            field.name: field.data or "" for field in self if field.name not in DATES
        }
        given |= {
            name: f"{self[name].parsed:%d-%m-%Y}" if self[name].parsed else "" for name in DATES
        }
        return read(given)


def id_in(text: str) -> uuid.UUID | None:
    """The id a part of an address is; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _named(choices: tuple[Choice, ...]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in choices]
