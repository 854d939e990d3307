"""What the lists of readers can be narrowed to, and of whom "why" is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import Optional

from app.access.oversight.searches import LONGEST
from app.domain.references import normalise_reference
from app.domain.text import clean_line
from app.features.oversight.queries import Search
from app.web.forms import BaseForm, DateField


class SearchForm(BaseForm):
    """Which readings to show; anything unreadable is left out."""

    class Meta(BaseForm.Meta):
        """Filled from what was kept; a search that is sent in passes the check of every POST."""

        csrf = False

    person = StringField(_l("Naam"), [Optional()])
    reference = StringField(_l("Casusnummer"), [Optional()])
    since = DateField(_l("Vanaf"), [Optional()])
    until = DateField(_l("Tot en met"), [Optional()])
    section = HiddenField()
    odd = BooleanField(_l("Alleen wat opvalt"))

    def to_search(self, page: str | None) -> Search:
        """What was asked."""
        self.validate()
        reference = clean_line((self.reference.data or "")[:LONGEST])
        return Search(
            person=clean_line((self.person.data or "")[:LONGEST]),
            reference=normalise_reference(reference) if reference else "",
            since=getattr(self.since, "parsed", None),
            until=getattr(self.until, "parsed", None),
            section_id=_id_in(self.section.data),
            odd=bool(self.odd.data),
            page=page,
        )


def _id_in(typed: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed or "")
    except ValueError:
        return None


class WhyForm(BaseForm):
    """Of whom to explain what opens and what does not."""

    class Meta(BaseForm.Meta):
        """A GET form changes nothing."""

        csrf = False

    person = SelectField(_l("Persoon"))

    def offer(self, people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Give the people one may ask about, nobody first."""
        self.person.choices = [
            SelectChoice("", _l("Kies")),
            *(SelectChoice(str(one), name) for one, name in people),
        ]


def search_of(asked: MultiDict[str, str], page: str | None) -> tuple[SearchForm, Search]:
    """The form filled with what was asked, and the same as plain values."""
    form = SearchForm(formdata=asked)
    return form, form.to_search(page)
