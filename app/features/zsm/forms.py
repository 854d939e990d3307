"""The forms of the day list: a line in one row of fields, and what came of it."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.kind_document import OutcomeRule
from app.features.zsm.queries import Choices, DayPage, LinePage
from app.features.zsm.service import NewLine, Result
from app.web.forms import BaseForm, at_most, needed
from app.web.i18n import language

MOST_NUMBER, MOST_QUESTION, MOST_TEXT = 40, 300, 2_000


class LineForm(BaseForm):
    """One line, typed from left to right; Enter in a field of text saves it."""

    number = StringField(_l("Nummer"), [Optional(), at_most(MOST_NUMBER)])
    question = StringField(_l("Wat speelt er?"), [Optional(), at_most(MOST_QUESTION)])
    organisation = SelectField(_l("Ingebracht door"), [needed(_l("Kies wie inbrengt."))])
    outcome = SelectField(_l("Uitkomst"), [Optional()])
    advice = StringField(_l("Advies"), [Optional(), at_most(MOST_TEXT)])

    def offer(self, page: Choices) -> None:
        """Give the choices."""
        self.organisation.choices = [
            SelectChoice("", _l("Kies …")),
            *(SelectChoice(str(key), name) for key, name in page.organisations),
        ]
        self.outcome.choices = [SelectChoice("", _l("nog niet")), *_outcomes(page.offered)]

    def begin(self, page: DayPage) -> None:
        """Before anything is typed: who brought the last line in, brings in the next."""
        if not self.is_submitted() and page.last_organisation_id is not None:
            self.organisation.data = str(page.last_organisation_id)

    def to_line(self) -> NewLine:
        """What was typed; call after validation."""
        return NewLine(
            number=(self.number.data or "").strip(),
            question=self.question.data or "",
            organisation_id=uuid.UUID(self.organisation.data),
            result=Result(outcome=self.outcome.data or "", advice=self.advice.data or ""),
        )


class ResultForm(BaseForm):
    """What came of one line."""

    outcome = RadioField(_l("Uitkomst"), [Optional()])
    advice = TextAreaField(
        _l("Advies aan de officier van justitie"), [Optional(), at_most(MOST_TEXT)]
    )
    condition = TextAreaField(
        _l("Voorwaarde van de officier van justitie"), [Optional(), at_most(MOST_TEXT)]
    )

    def offer(self, page: LinePage) -> None:
        """Give the outcomes of the kind in force."""
        self.outcome.choices = [SelectChoice("", _l("nog niet")), *_outcomes(page.offered)]
        if not self.is_submitted():
            self.outcome.data = page.outcome

    def to_result(self) -> Result:
        """What was typed; call after validation."""
        return Result(
            outcome=self.outcome.data or "",
            advice=self.advice.data or "",
            condition=self.condition.data or "",
        )


def _outcomes(offered: tuple[OutcomeRule, ...]) -> list[SelectChoice]:
    """The outcomes in the language of the reader."""
    return [SelectChoice(one.code, one.text.of(language())) for one in offered]
