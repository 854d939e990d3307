"""The forms about exclusion orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    SelectChoice,
    SelectField,
    TextAreaField,
)

from app.features.exclusion_orders.queries import NewOrderChoices
from app.features.exclusion_orders.service import NewOrder, Served
from app.web.forms import BaseForm, DateField, TimeField, at_most, given, needed

QUESTION_LIMIT = 2_000


class ServiceForm(BaseForm):
    """When the order was served."""

    day = DateField(_l("Datum van uitreiking"), validators=[needed(_l("Vul de datum in."))])
    at = TimeField(_l("Tijd van uitreiking"), validators=[needed(_l("Vul de tijd in."))])

    def to_served(self) -> Served:
        """What was typed; call after validation."""
        return Served(given(self.day.parsed, "day"), given(self.at.parsed, "at"))


class NewOrderForm(ServiceForm):
    """An order with the case it is about."""

    table = SelectField(_l("Overleg"), validators=[needed(_l("Kies een overleg."))])
    organisation = SelectField(
        _l("Aanbrengende organisatie"), validators=[needed(_l("Kies een organisatie."))]
    )
    question = TextAreaField(
        _l("Vraag aan het overleg"),
        validators=[needed(_l("Schrijf de vraag op.")), at_most(QUESTION_LIMIT)],
    )

    def offer(self, choices: NewOrderChoices) -> None:
        """Give the tables and organisations there are."""
        self.table.choices = _named(choices.tables)
        self.organisation.choices = [SelectChoice("", _l("Kies …")), *_named(choices.organisations)]

    def to_order(self) -> NewOrder:
        """What was typed; call after validation."""
        return NewOrder(
            table_id=uuid.UUID(self.table.data),
            organisation_id=uuid.UUID(self.organisation.data),
            question=self.question.data or "",
            served=self.to_served(),
        )


def _named(rows: Iterable[tuple[uuid.UUID, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(one), name) for one, name in rows]
