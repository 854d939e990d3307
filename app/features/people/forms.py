"""What is typed about a person."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)

from app.features.people.queries import Option
from app.features.people.service import NewPerson, PersonData
from app.features.people.several import Chosen
from app.web.forms import EMAIL, BaseForm, VersionForm, at_most, needed


class PersonForm(VersionForm):
    """Changing name, function and telephone."""

    name = StringField(_l("Naam"), [needed(), at_most(120)])
    function = StringField(_l("Functie"), [at_most(120)])
    phone = StringField(_l("Telefoon"), [at_most(40)])

    def to_data(self) -> PersonData:
        """What was typed, as plain values."""
        return PersonData(
            name=self.name.data or "",
            function=self.function.data or "",
            phone=self.phone.data or "",
        )


class InviteForm(PersonForm):
    """Inviting somebody."""

    email = StringField(_l("E-mailadres"), [needed(), at_most(254), EMAIL])
    organisation = SelectField(_l("Organisatie"))
    language = SelectField(
        _l("Taal"),
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
    )
    is_administrator = BooleanField(_l("Functioneel beheerder"))

    def to_command(self) -> NewPerson:
        """What was typed, as plain values."""
        return NewPerson(
            data=self.to_data(),
            email=self.email.data or "",
            organisation_id=uuid.UUID(self.organisation.data),
            language=self.language.data,
            is_administrator=bool(self.is_administrator.data),
        )


class MoveForm(BaseForm):
    """Moving somebody to another organisation."""

    organisation = SelectField(_l("Nieuwe organisatie"))


class EmailForm(BaseForm):
    """Asking for another sign-in address."""

    email = StringField(_l("Nieuw e-mailadres"), [needed(), at_most(254), EMAIL])


class SeveralForm(BaseForm):
    """To whom one act is done: everybody ticked in the list to whom it can be."""

    people = SelectMultipleField(_l("Wie"))

    def offer(self, found: tuple[Chosen, ...]) -> None:
        """Give the names, all ticked when the page is opened."""
        possible = [one for one in found if one.is_possible]
        self.people.choices = [SelectChoice(str(one.person_id), one.name) for one in possible]
        if not self.is_submitted():
            self.people.data = [str(one.person_id) for one in possible]

    def ids(self) -> list[uuid.UUID]:
        """Who was left ticked; call after the form was found valid."""
        return [uuid.UUID(one) for one in self.people.data or []]


def offer(field: Any, options: tuple[Option, ...]) -> None:  # noqa: ANN401 - a WTForms field
    """Give a select field its choices, with an empty one first so that nothing is chosen unseen."""
    field.choices = [
        SelectChoice("", _l("Kies")),
        *(SelectChoice(str(one.value), one.words) for one in options),
    ]
    field.validators = [*field.validators, needed()]
    field.flags.required = True
