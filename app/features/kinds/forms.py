"""A change of a kind, part by part: plain fields and lines, with the day it begins to hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from app.domain import terms
from app.domain.kind_document import (
    KindDocument,
    LegalRegime,
    Partner,
    Words,
)
from app.domain.kinds import (
    OrganisationKind,
    RequiredRole,
    TermSubject,
)
from app.features.kinds import row_forms as rows
from app.web import labels
from app.web.forms import BaseForm, DateField, VersionForm, at_most, needed

MOST_LINES = 60
KEPT = (
    TermSubject.KEEP_SUMMARY,
    TermSubject.KEEP_DECISIONS,
    TermSubject.KEEP_IDENTITY,
    TermSubject.KEEP_REPLIES,
)


def _number(label: Any, least: int, most: int) -> IntegerField:  # noqa: ANN401 - lazy text
    message = _l("Vul een getal in van %(min)s tot en met %(max)s.")
    return IntegerField(label, [needed(), NumberRange(least, most, message=message)])


def line_list(form: type[Any], label: Any) -> Any:  # noqa: ANN401 - lazy text, a WTForms field
    """Lines of a part, each with fields of its own."""
    return FieldList(FormField(form), label, max_entries=MOST_LINES)


class PartForm(VersionForm):
    """What every part has: from which day the change holds."""

    from_on = DateField(_l("Geldt vanaf"), [needed()])

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """What the form begins with."""
        raise NotImplementedError

    def offer(self, document: KindDocument) -> None:
        """Choices that come out of the document itself."""

    def read(self, document: KindDocument) -> KindDocument:
        """The document with this part as typed; call after validation."""
        raise NotImplementedError


class GeneralForm(PartForm):
    """What the kind is called, whom it is for and how its meetings go."""

    name_nl = StringField(_l("Naam"), [needed(), at_most(80)])
    name_en = StringField(_l("Naam in het Engels"), [needed(), at_most(80)])
    advice_nl = TextAreaField(_l("Waarvoor is dit overleg?"), [needed(), at_most(300)])
    advice_en = TextAreaField(_l("Hetzelfde in het Engels"), [needed(), at_most(300)])
    takes_referrals = BooleanField(_l("Ketenpartners kunnen aanmelden"))
    rhythm_nl = StringField(_l("Ritme"), [at_most(200)])
    rhythm_en = StringField(_l("Ritme in het Engels"), [at_most(200)])
    minutes_per_item = _number(_l("Minuten per casus"), 1, 240)
    opens_working_days = _number(_l("Stukken open, werkdagen vooraf"), 0, 30)
    closes_working_days = _number(_l("Stukken dicht, werkdagen na afloop"), 0, 30)
    correction_working_days = _number(_l("Correctietijd van het verslag, in werkdagen"), 0, 20)
    has_standing_seats = BooleanField(_l("Vaste ketenpartners nemen deel aan elke casus"))
    children_first = BooleanField(_l("Casussen met kinderen eerst"))
    has_family_part = BooleanField(_l("Het gezin praat mee"))
    has_independent_chair = BooleanField(_l("Onafhankelijke voorzitter"))

    PLAIN = (
        "takes_referrals", "minutes_per_item", "opens_working_days", "closes_working_days",
        "correction_working_days", "has_standing_seats", "children_first", "has_family_part",
        "has_independent_chair",
    )  # fmt: skip

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """As it stands."""
        plain = {name: getattr(document, name) for name in cls.PLAIN}
        return plain | {
            f"{name}_{code}": getattr(document, name).of(code)
            for name in ("name", "advice", "rhythm")
            for code in ("nl", "en")
        }

    def read(self, document: KindDocument) -> KindDocument:
        """As typed."""
        plain = {name: self[name].data for name in self.PLAIN}
        return replace(
            document,
            name=_words(self, "name"),
            advice=_words(self, "advice"),
            rhythm=_words(self, "rhythm"),
            **plain,
        )


class PartnersForm(PartForm):
    """Who takes part, who always does, and who has to be there."""

    partners = line_list(rows.PartnerLine, _l("Ketenpartners"))
    required_roles = SelectMultipleField(
        _l("Wie moet er zijn bij elke casus?"),
        [Optional()],
        choices=labels.choices(labels.REQUIRED_ROLE),
    )

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """As it stands."""
        stands = {one.kind: "standing" if one.is_standing else "asked" for one in document.partners}
        lines = [
            {"kind": kind.value, "part": stands.get(kind, "none")} for kind in OrganisationKind
        ]
        roles = [role.value for role in document.required_roles]
        return {"partners": lines, "required_roles": roles}

    def read(self, document: KindDocument) -> KindDocument:
        """As typed."""
        typed = {line.form.kind.data: line.form.part.data for line in self.partners}
        found = [
            Partner(kind, is_standing=typed[kind.value] == "standing")
            for kind in OrganisationKind
            if typed.get(kind.value, "none") != "none"
        ]
        roles = tuple(RequiredRole(one) for one in self.required_roles.data or ())
        ordered = tuple(sorted(found, key=lambda one: not one.is_standing))
        return replace(document, partners=ordered, required_roles=roles)


class RegimeForm(PartForm):
    """On what such a table rests, who may take part and how long what is kept."""

    ground_nl = StringField(_l("Grondslag"), [needed(), at_most(300)])
    ground_en = StringField(_l("Grondslag in het Engels"), [needed(), at_most(300)])
    purpose_nl = StringField(_l("Doel"), [needed(), at_most(300)])
    purpose_en = StringField(_l("Doel in het Engels"), [needed(), at_most(300)])
    contact = StringField(_l("Contactpunt voor betrokkenen"), [at_most(200)])
    allowed = SelectMultipleField(
        _l("Wie mag deelnemen en aanmelden? Niets gekozen: iedereen"),
        [Optional()],
        choices=labels.choices(labels.ORGANISATION_KIND),
    )
    keep_summary = _number(_l("Bewaren: samenvatting en inbreng, in maanden"), 1, terms.LONGEST)
    keep_decisions = _number(_l("Bewaren: afspraken en acties, in maanden"), 1, terms.LONGEST)
    keep_identity = _number(_l("Bewaren: identiteit, in maanden"), 1, terms.LONGEST)
    keep_replies = _number(_l("Bewaren: woorden bij antwoorden, in maanden"), 1, terms.LONGEST)
    confidentiality_nl = TextAreaField(
        _l("Tekst voor het akkoord geheimhouding"), [needed(), at_most(5000)]
    )
    confidentiality_en = TextAreaField(_l("Dezelfde tekst in het Engels"), [at_most(5000)])

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """As it stands."""
        regime = document.regime
        months = {what: term.amount for what, term in terms.DEFAULTS.items()}
        months |= regime.keep_months or {}
        return {
            "ground_nl": regime.ground.nl, "ground_en": regime.ground.en,
            "purpose_nl": regime.purpose.nl, "purpose_en": regime.purpose.en,
            "contact": regime.contact, "allowed": [one.value for one in regime.allowed],
            "confidentiality_nl": document.confidentiality.nl,
            "confidentiality_en": document.confidentiality.en,
            **{_field_of(subject): months[subject] for subject in KEPT},
        }  # fmt: skip

    def read(self, document: KindDocument) -> KindDocument:
        """As typed."""
        regime = LegalRegime(
            _words(self, "ground"),
            _words(self, "purpose"),
            contact=self.contact.data or "",
            allowed=tuple(OrganisationKind(one) for one in self.allowed.data or ()),
            keep_months={subject: self[_field_of(subject)].data for subject in KEPT},
        )
        return replace(document, regime=regime, confidentiality=_words(self, "confidentiality"))


class NewKindForm(BaseForm):
    """A kind of one's own, which begins as a copy of another."""

    name_nl = StringField(_l("Naam"), [needed(), at_most(80)])
    name_en = StringField(_l("Naam in het Engels"), [needed(), at_most(80)])
    like = SelectField(_l("Begint als kopie van"), [needed()])


def _words(form: PartForm, name: str) -> Words:
    return Words(form[f"{name}_nl"].data or "", form[f"{name}_en"].data or "")


def _field_of(subject: TermSubject) -> str:
    return subject.value.replace("-", "_")
