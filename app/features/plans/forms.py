"""The forms about plans; choices are given by the queries, already scoped."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from app.access.case_life.plans import MOST_WEEKS, Review
from app.access.records.case_sections import SectionWords
from app.domain.kinds import Phase, Regime
from app.web import labels
from app.web.forms import BaseForm, DateField, at_most, given, needed

TEXT_LIMIT = 20_000


class PhaseForm(BaseForm):
    """In which phase a case is."""

    phase = RadioField(
        _l("Fase"),
        choices=labels.choices(labels.PHASE),
        validators=[needed(_l("Kies een fase."))],
    )

    def to_phase(self) -> Phase:
        """The chosen phase; call after validation."""
        return Phase(self.phase.data)


class ReviewForm(BaseForm):
    """When a case is looked at again."""

    due_on = DateField(_l("Volgende evaluatie"), validators=[needed(_l("Vul de datum in."))])
    every_weeks = IntegerField(
        _l("Daarna om de hoeveel weken?"),
        validators=[
            Optional(),
            NumberRange(1, MOST_WEEKS, _l("Kies een getal van 1 tot en met 52.")),
        ],
    )

    def to_review(self) -> Review:
        """What was typed; call after validation."""
        return Review(given(self.due_on.parsed, "due_on"), self.every_weeks.data)


class TextForm(BaseForm):
    """A text of the plan, and the organisation that takes the lead in it."""

    text = TextAreaField(
        _l("Tekst"), validators=[needed(_l("Schrijf de tekst op.")), at_most(TEXT_LIMIT)]
    )
    source = SelectField(_l("Organisatie"), validators=[needed(_l("Kies een organisatie."))])
    regime = RadioField(
        _l("Herkomst van de gegevens"),
        choices=labels.choices(labels.REGIME),
        default=Regime.AVG.value,
    )

    def offer(self, sources: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Give the organisations that take part in the table."""
        self.source.choices = [SelectChoice(str(one), name) for one, name in sources]

    def to_words(self) -> SectionWords:
        """What was typed; call after validation."""
        return SectionWords(
            source_id=uuid.UUID(self.source.data),
            regime=Regime(self.regime.data),
            text=self.text.data or "",
        )


class StandingForm(BaseForm):
    """Who always sits at a table; ticking nobody is an answer too."""

    partners = SelectMultipleField(_l("Vaste deelnemers"), validators=[Optional()])

    def offer(self, partners: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Give the organisations with a covenant."""
        self.partners.choices = [SelectChoice(str(one), name) for one, name in partners]

    def to_ids(self) -> frozenset[uuid.UUID]:
        """Whom was ticked; call after validation."""
        return frozenset(uuid.UUID(one) for one in self.partners.data or ())
