"""One line of a part of a kind, as typed: a line without words is left out, others are whole."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    Form,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from app.domain.kind_document import (
    ClockRule,
    Criterion,
    FigureRule,
    OutcomeRule,
    SectionPreset,
    Weekly,
    Words,
)
from app.domain.kinds import ClockStart, ClockUnit, FigureSource, RetentionClass
from app.web import kind_words as words
from app.web import labels
from app.web.forms import BaseForm, TimeField, at_most

MOST_WORDS = 200
MOST_AMOUNT = 400


class Row(Form):
    """A line with a text in both languages and the code it is known by."""

    class Meta(BaseForm.Meta):
        """Cleaned as every form; the token stands in the form around it."""

        csrf = False

    code = HiddenField()
    nl = StringField(_l("Tekst"), [at_most(MOST_WORDS)])
    en = StringField(_l("Tekst in het Engels"), [at_most(MOST_WORDS)])

    def validate_nl(self, field: Any) -> None:  # noqa: ANN401 - a WTForms field
        """Both languages, or neither for a line that is left out."""
        if self.en.data and not field.data:
            raise ValidationError(str(_l("Vul dit veld in.")))

    def validate_en(self, field: Any) -> None:  # noqa: ANN401 - a WTForms field
        """As for Dutch."""
        if self.nl.data and not field.data:
            raise ValidationError(str(_l("Vul dit veld in.")))

    @property
    def is_blank(self) -> bool:
        """Nothing is to stand here."""
        return not self.nl.data

    @property
    def text(self) -> Words:
        """The text in both languages."""
        return Words(self.nl.data or "", self.en.data or "")

    @staticmethod
    def typed(one: Any) -> dict[str, Any]:  # noqa: ANN401 - a line of any part
        """The line of what stands."""
        raise NotImplementedError

    def read(self, known: Collection[str]) -> object:
        """What was typed; ``known`` are the codes there were."""
        raise NotImplementedError

    def known_code(self, known: Collection[str]) -> str:
        """The code of a line that was there, or a new one that is never shown."""
        code = self.code.data or ""
        return code if code in known else f"own-{uuid.uuid4().hex[:12]}"


class SectionLine(Row):
    """A section of the scheme."""

    nl = StringField(_l("Naam"), [at_most(80)])
    en = StringField(_l("Naam in het Engels"), [at_most(80)])
    retention = SelectField(
        _l("Bewaarklasse"),
        choices=labels.choices(labels.RETENTION_CLASS),
        default=RetentionClass.SUMMARY.value,
    )
    is_identity = BooleanField(_l("Bevat persoonsgegevens: namen, geboortedata, adressen"))
    is_input = BooleanField(_l("Is voor inbreng van ketenpartners"))
    is_plan = BooleanField(
        _l("Bevat plan of veiligheidsafspraken: ook de casusregisseur leest deze rubriek")
    )

    @staticmethod
    def typed(one: SectionPreset) -> dict[str, Any]:
        """The line of what stands."""
        return {
            "code": one.code, "nl": one.label_nl, "en": one.label_en,
            "retention": one.retention.value, "is_identity": one.is_identity,
            "is_input": one.is_input, "is_plan": one.is_plan,
        }  # fmt: skip

    def read(self, known: Collection[str]) -> SectionPreset:
        """What was typed."""
        return SectionPreset(
            self.known_code(known),
            self.text.nl,
            self.text.en,
            RetentionClass(self.retention.data),
            is_identity=bool(self.is_identity.data),
            is_input=bool(self.is_input.data),
            is_plan=bool(self.is_plan.data),
        )


class CriterionLine(Row):
    """Something a referral is asked about."""

    is_required = BooleanField(
        _l("Verplicht: wie het niet haalt, legt bij de beoordeling uit waarom")
    )

    @staticmethod
    def typed(one: Criterion) -> dict[str, Any]:
        """The line of what stands."""
        required = {"is_required": one.is_required}
        return {"code": one.code, "nl": one.text.nl, "en": one.text.en, **required}

    def read(self, known: Collection[str]) -> Criterion:
        """What was typed."""
        return Criterion(self.known_code(known), self.text, bool(self.is_required.data))


class ClockLine(Row):
    """A period that runs for a case."""

    start = SelectField(_l("Begint"), choices=labels.choices(words.START))
    amount = IntegerField(
        _l("Duur"),
        [
            Optional(),
            NumberRange(
                0, MOST_AMOUNT, message=_l("Vul een getal in van %(min)s tot en met %(max)s.")
            ),
        ],
    )
    unit = SelectField(
        _l("Eenheid"), choices=labels.choices(words.UNIT), default=ClockUnit.WORKING_DAYS.value
    )
    weekday = SelectField(_l("Of tot een vaste dag"), [Optional()])
    at = TimeField(_l("Om"))
    plans_meeting = BooleanField(_l("Er wordt vanzelf een overleg gepland"))
    ends_order = BooleanField(_l("Een huisverbod zonder verlenging eindigt hiermee"))
    ends_extended = BooleanField(_l("Een verlengd huisverbod eindigt hiermee"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' signature
        """With the days of the week to choose from."""
        super().__init__(*args, **kwargs)
        days = (SelectChoice(str(day), words) for day, words in labels.WEEKDAY.items())
        self.weekday.choices = [SelectChoice("", _l("geen vaste dag")), *days]

    def validate_at(self, field: Any) -> None:  # noqa: ANN401 - a WTForms field
        """A fixed day has a time."""
        if self.weekday.data and field.parsed is None and not field.errors:
            raise ValidationError(str(_l("Vul dit veld in.")))

    @staticmethod
    def typed(one: ClockRule) -> dict[str, Any]:
        """The line of what stands."""
        return {
            "code": one.code, "nl": one.text.nl, "en": one.text.en, "start": one.start.value,
            "amount": one.amount, "unit": one.unit.value, "plans_meeting": one.plans_meeting,
            "weekday": str(one.weekly.weekday) if one.weekly else "",
            "at": f"{one.weekly.at:%H.%M}" if one.weekly else "",
            "ends_order": one.ends_order, "ends_extended": one.ends_extended,
        }  # fmt: skip

    def read(self, known: Collection[str]) -> ClockRule:
        """What was typed."""
        at = self.at.parsed
        has_day = bool(self.weekday.data) and at is not None
        return ClockRule(
            self.known_code(known),
            self.text,
            ClockStart(self.start.data),
            self.amount.data or 0,
            ClockUnit(self.unit.data),
            weekly=Weekly(int(self.weekday.data), at) if has_day and at else None,
            plans_meeting=bool(self.plans_meeting.data),
            ends_order=bool(self.ends_order.data),
            ends_extended=bool(self.ends_extended.data),
        )


class OutcomeLine(Row):
    """What may come of a discussion."""

    counts_as = SelectField(_l("Telt mee in"), [Optional()])

    @staticmethod
    def typed(one: OutcomeRule) -> dict[str, Any]:
        """The line of what stands."""
        counts = {"counts_as": one.counts_as}
        return {"code": one.code, "nl": one.text.nl, "en": one.text.en, **counts}

    def read(self, known: Collection[str]) -> OutcomeRule:
        """What was typed."""
        return OutcomeRule(self.known_code(known), self.text, self.counts_as.data or "")


class FigureLine(Row):
    """A figure of the year."""

    source = SelectField(_l("Telt"), choices=labels.choices(words.SOURCE))

    @staticmethod
    def typed(one: FigureRule) -> dict[str, Any]:
        """The line of what stands."""
        counted = {"source": one.source.value}
        return {"code": one.code, "nl": one.text.nl, "en": one.text.en, **counted}

    def read(self, known: Collection[str]) -> FigureRule:
        """What was typed."""
        return FigureRule(self.known_code(known), self.text, FigureSource(self.source.data))


class PartnerLine(Form):
    """Whether a kind of partner takes part."""

    class Meta(Row.Meta):
        """As every line."""

    kind = HiddenField()
    part = SelectField(
        _l("Deelname"),
        choices=[
            SelectChoice("none", _l("neemt niet deel")),
            SelectChoice("asked", _l("kan worden gevraagd")),
            SelectChoice("standing", _l("vaste ketenpartner")),
        ],
    )


class DisclosureLine(Form):
    """Whether one section is disclosed by standard, and why that is necessary."""

    class Meta(Row.Meta):
        """As every line."""

    code = HiddenField()
    is_given = BooleanField(_l("Krijgt deze rubriek standaard"))
    necessity = TextAreaField(_l("Noodzaak"), [at_most(400)])

    def validate_necessity(self, field: Any) -> None:  # noqa: ANN401 - a WTForms field
        """What is disclosed has its reason."""
        if self.is_given.data and not field.data:
            raise ValidationError(str(_l("Vul dit veld in.")))
