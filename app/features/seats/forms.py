"""The forms of an occupant: choosing a deputy, giving input, deciding as a source."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.access.people import Occupant
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InputAnswer, InvitationAnswer, Regime, TableRoleName
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.features.seats.deciding import Said
from app.features.seats.giving import MOST_NAME, MOST_TEXT, GivenInput
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, at_most, needed

ANSWERS: dict[InputAnswer, Any] = {
    InputAnswer.NOT_KNOWN: _l("Niet bekend"),
    InputAnswer.KNOWN: _l("Bekend"),
    InputAnswer.NOTHING_PARTICULAR: _l("Bekend, geen bijzonderheden"),
    InputAnswer.TEXT: _l("Bekend, ik schrijf het op"),
    InputAnswer.SPOKEN: _l("Bekend, alleen mondeling tijdens het overleg"),
}
# What answers a request for content, and one that asks nothing but whether the family is known.
CONTENT = [one for one in ANSWERS if one is not InputAnswer.KNOWN]
ONLY_KNOWN = [InputAnswer.NOT_KNOWN, InputAnswer.KNOWN]
BASES = (
    SelectChoice("consent", _l("Toestemming van de betrokkene")),
    SelectChoice("legal-duty", _l("Wettelijke plicht")),
    SelectChoice("conflict-of-duties", _l("Conflict van plichten")),
)


class DeputyForm(BaseForm):
    """Who takes the seat."""

    deputy = RadioField(_l("Vervanger"), validators=[needed(_l("Kies een vervanger."))])
    until_on = DateField(_l("Tot welke dag?"))
    until_time = TimeField(_l("Tot hoe laat?"))

    def offer(self, colleagues: Sequence[Occupant]) -> None:
        """Offer the colleagues who may sit there, standing deputies first."""
        self.deputy.choices = [SelectChoice(str(one.id), one.words) for one in colleagues]
        standing = labels.TABLE_ROLE[TableRoleName.DEPUTY]
        self.marks = {str(one.id): standing for one in colleagues if one.is_standing_deputy}

    def to_deputy_id(self) -> uuid.UUID:
        """The chosen colleague."""
        return uuid.UUID(self.deputy.data)

    def to_end(self) -> datetime | None:
        """When the seat comes back; None: when the papers close. Refusal for half a moment."""
        day, at = self.until_on.parsed, self.until_time.parsed
        if day is None:
            if at is not None:
                raise Refusal(Reason.VALUE_MISSING, "until_on")
            return None
        try:
            return local_to_utc(day, at or time())
        except ImpossibleTime:
            raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "until_time") from None


class InputForm(BaseForm):
    """One of four answers, with text only where one is given."""

    answer = RadioField(
        _l("Is dit gezin of deze persoon bij uw organisatie bekend?"),
        choices=[SelectChoice(one.value, ANSWERS[one]) for one in CONTENT],
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    text = TextAreaField(_l("Wat moet het overleg weten?"), validators=[at_most(MOST_TEXT)])
    regime = RadioField(
        _l("Onder welke wet valt deze informatie?"),
        choices=[SelectChoice(one.value, label) for one, label in labels.REGIME.items()],
        default=Regime.AVG.value,
        validators=[Optional()],
    )
    no_passing_on = BooleanField(_l("Niet verder verstrekken"))
    asks = BooleanField(_l("Vraag ons bij elke lezer eerst om toestemming"))
    professional = StringField(
        _l("Welke collega kent de casus het best?"), validators=[at_most(MOST_NAME)]
    )

    def ask_only_known(self) -> None:
        """Nothing but yes or no."""
        self.answer.choices = [SelectChoice(one.value, ANSWERS[one]) for one in ONLY_KNOWN]

    def to_input(self) -> GivenInput:
        """The answer as the service takes it; text only with the answer that has one."""
        answer = InputAnswer(self.answer.data)
        return GivenInput(
            answer=answer,
            text=self.text.data or "" if answer is InputAnswer.TEXT else "",
            regime=Regime(self.regime.data or Regime.AVG.value),
            professional=self.professional.data or "",
            asks=bool(self.asks.data),
            no_passing_on=bool(self.no_passing_on.data),
        )


class SpokenAnswerForm(BaseForm):
    """An answer to the invitation that was given by telephone."""

    answer = RadioField(
        _l("Komt deze deelnemer?"),
        choices=[
            SelectChoice(InvitationAnswer.YES.value, _l("Ja")),
            SelectChoice(InvitationAnswer.NO.value, _l("Nee")),
        ],
        validators=[needed(_l("Kies ja of nee."))],
    )

    def to_answer(self) -> InvitationAnswer:
        """The answer that was given."""
        return InvitationAnswer(self.answer.data)


class OwnTextForm(BaseForm):
    """Own input, changed before the meeting starts."""

    text = TextAreaField(
        _l("Wat moet het overleg weten?"), validators=[needed(), at_most(MOST_TEXT)]
    )
    confirmed = BooleanField(_l("Deze organisaties mogen de nieuwe tekst lezen"))
    version = IntegerField(widget=HiddenInput())

    def catch_up(self, version: int) -> None:
        """Continue from the version that stands now."""
        self.version.data = version
        self.version.raw_data = [str(version)]


class DecideForm(BaseForm):
    """Whether a section may be read, and for medical secrecy on which ground."""

    basis = RadioField(_l("Grond voor het delen"), choices=list(BASES), validators=[Optional()])
    last_on = DateField(_l("Tot en met"), validators=[Optional()])

    def to_said(self, *, allow: bool) -> Said:
        """The answer; a last day only with a yes."""
        last_on = self.last_on.parsed if allow else None
        return Said(allow=allow, basis=self.basis.data or "", last_on=last_on)
