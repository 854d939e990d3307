"""What staff type to give a task."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.kinds import Regime, TaskKind
from app.domain.local_time import start_of_day, to_local
from app.features.tasks.giving import KINDS, Choices, Field, Given
from app.web import labels
from app.web.forms import BaseForm, DateField, at_most, needed

LONGEST_REASON = 1000


class TaskForm(BaseForm):
    """A task of one of the kinds staff give: to whom, why, which fields and until when."""

    person = SelectField(_l("Aan wie"), validators=[needed(_l("Kies een persoon."))])
    reason = TextAreaField(
        _l("Waarvoor"), validators=[needed(_l("Schrijf op waarvoor.")), at_most(LONGEST_REASON)]
    )
    sections = SelectMultipleField(_l("Welke rubrieken"), validators=[Optional()])
    opens_question = BooleanField(_l("Ook de vraag aan het overleg"))
    until = DateField(_l("Tot en met"), validators=[Optional()])
    kind = RadioField(
        _l("Soort taak"),
        choices=[SelectChoice(one.value, labels.TASK_KIND[one]) for one in KINDS],
        validators=[needed(_l("Kies een soort."))],
    )
    item = SelectField(_l("Bij welke bespreking"), validators=[Optional()])

    def offer(self, choices: Choices, *, english: bool) -> None:
        """The people, the fields and the discussions to choose from."""
        self.person.choices = [
            SelectChoice("", _l("Kies …")),
            *(
                SelectChoice(str(one.person_id), f"{one.name} ({one.organisation})")
                for one in choices.holders
            ),
        ]
        self.sections.choices = [
            SelectChoice(str(one.id), _named(one, english=english)) for one in choices.fields
        ]
        self.item.choices = [
            SelectChoice("", _l("Geen")),
            *(
                SelectChoice(str(one.id), f"{to_local(one.starts_at):%d-%m-%Y, %H.%M}")
                for one in choices.items
            ),
        ]

    @property
    def _section_ids(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.sections.data or []]

    @property
    def _until(self) -> datetime | None:
        """The last day counts until its end in Dutch time."""
        day = self.until.parsed if self.until.data else None
        return start_of_day(day + timedelta(days=1)) if day else None

    def to_given(self) -> Given:
        """What was typed; call after validation."""
        return Given(
            person_id=uuid.UUID(self.person.data),
            kind=TaskKind(self.kind.data),
            reason=self.reason.data or "",
            section_ids=self._section_ids,
            opens_question=bool(self.opens_question.data),
            until=self._until,
            item_id=uuid.UUID(self.item.data) if self.item.data else None,
        )


def _named(one: Field, *, english: bool) -> str:
    """The heading, whose it is, from which source, and whether the source decides first."""
    heading = one.label_en if english else one.label_nl
    about = one.label or (str(labels.words(labels.CONCERNED_ROLE, one.about)) if one.about else "")
    parts = [f"{heading}: {about}" if about else heading, one.source]
    if one.regime is not Regime.AVG:
        parts.append(str(_("opent pas na een besluit van de bron")))
    return " · ".join(parts)
