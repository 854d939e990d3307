"""What is typed about the lead, the bringing partner and the household of a case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from app.web.forms import BaseForm, at_most, needed

LONGEST_REASON = 1000
LONGEST_REFERENCE = 20


def _choices(found: Iterable[tuple[uuid.UUID, str]]) -> list[SelectChoice]:
    return [
        SelectChoice("", _l("Kies …")),
        *(SelectChoice(str(one_id), words) for one_id, words in found),
    ]


class SuccessorForm(BaseForm):
    """Who leads the case next, and why."""

    person = SelectField(_l("Aan wie"), validators=[needed(_l("Kies een persoon."))])
    reason = TextAreaField(
        _l("Waarom"), validators=[needed(_l("Schrijf op waarom.")), at_most(LONGEST_REASON)]
    )

    def offer(self, people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The people to choose from."""
        self.person.choices = _choices(people)

    @property
    def person_id(self) -> uuid.UUID:
        """Who was chosen; call after validation."""
        return uuid.UUID(self.person.data)


class BringingForm(BaseForm):
    """Which organisation is asked to bring the case from now on."""

    organisation = SelectField(
        _l("Welke organisatie"), validators=[needed(_l("Kies een organisatie."))]
    )

    def offer(self, organisations: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The organisations to choose from."""
        self.organisation.choices = _choices(organisations)

    @property
    def organisation_id(self) -> uuid.UUID:
        """Which one was chosen; call after validation."""
        return uuid.UUID(self.organisation.data)


class LinkForm(BaseForm):
    """The reference of another case of the household."""

    reference = StringField(
        _l("Nummer van de andere casus"),
        validators=[needed(_l("Vul het nummer in.")), at_most(LONGEST_REFERENCE)],
    )


class PeopleForm(BaseForm):
    """Which persons concerned come along into this case."""

    persons = SelectMultipleField(
        _l("Welke betrokkenen"), validators=[needed(_l("Kies ten minste één betrokkene."))]
    )

    @property
    def person_ids(self) -> list[uuid.UUID]:
        """Who was chosen; call after validation."""
        return [uuid.UUID(one) for one in self.persons.data or []]
