"""The parts of a kind that are lists of lines, with empty lines to add more with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Optional

from app.domain.kind_changes import KindPart
from app.domain.kind_document import DisclosurePreset, KindDocument
from app.domain.kinds import DecisionKind, FigureSource, OrganisationKind
from app.features.kinds import row_forms as rows
from app.features.kinds.forms import (
    GeneralForm,
    PartForm,
    PartnersForm,
    RegimeForm,
    line_list,
)
from app.web import labels
from app.web.forms import at_most
from app.web.i18n import language

SPARE = 3


def _blank(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines there are and a few empty ones to add more with."""
    return [*lines, *({} for _number in range(SPARE))]


class LinesForm(PartForm):
    """A part that is a list of lines."""

    LINE: type[rows.Row]
    NAME: str

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """As it stands, and empty lines."""
        return {cls.NAME: _blank(cls.LINE.typed(one) for one in getattr(document, cls.NAME))}

    def read(self, document: KindDocument) -> KindDocument:
        """As typed, without the lines that were left empty."""
        known = {one.code for one in getattr(document, self.NAME)}
        lines = (line.form for line in self[self.NAME])
        read = tuple(line.read(known) for line in lines if not line.is_blank)
        changed: dict[str, Any] = {self.NAME: read}
        return replace(document, **changed)


class SectionsForm(LinesForm):
    """The section scheme."""

    sections = line_list(rows.SectionLine, _l("Rubrieken"))
    LINE, NAME = rows.SectionLine, "sections"


class CriteriaForm(LinesForm):
    """What a referral is asked about."""

    criteria = line_list(rows.CriterionLine, _l("Criteria"))
    LINE, NAME = rows.CriterionLine, "criteria"


class ClocksForm(LinesForm):
    """The periods that run for a case."""

    clocks = line_list(rows.ClockLine, _l("Termijnen"))
    LINE, NAME = rows.ClockLine, "clocks"


class OutcomesForm(LinesForm):
    """Which decisions are taken and what may come of a discussion."""

    decision_kinds = SelectMultipleField(
        _l("Soorten afspraken"), [Optional()], choices=labels.choices(labels.DECISION_KIND)
    )
    outcomes = line_list(rows.OutcomeLine, _l("Uitkomsten"))
    LINE, NAME = rows.OutcomeLine, "outcomes"

    @classmethod
    def typed(cls, document: KindDocument) -> dict[str, Any]:
        """As it stands."""
        return super().typed(document) | {
            "decision_kinds": [one.value for one in document.decision_kinds]
        }

    def offer(self, document: KindDocument) -> None:
        """The figures outcomes may add to."""
        figures = [
            SelectChoice(one.code, one.text.of(language()))
            for one in document.figures
            if one.source is FigureSource.OUTCOMES
        ]
        for line in self.outcomes:
            line.form.counts_as.choices = [SelectChoice("", _l("geen jaarcijfer")), *figures]

    def read(self, document: KindDocument) -> KindDocument:
        """As typed."""
        chosen = tuple(DecisionKind(one) for one in self.decision_kinds.data or ())
        return replace(super().read(document), decision_kinds=chosen)


class FiguresForm(LinesForm):
    """What counts in the figures of the year."""

    figures = line_list(rows.FigureLine, _l("Jaarcijfers"))
    LINE, NAME = rows.FigureLine, "figures"


class DisclosuresForm(PartForm):
    """What one kind of partner gets by standard, with its reasons."""

    partner = SelectField(_l("Ketenpartner"), choices=labels.choices(labels.ORGANISATION_KIND))
    ground = StringField(_l("Grondslag"), [at_most(200)])
    purpose = StringField(_l("Doel"), [at_most(200)])
    disclosures = line_list(rows.DisclosureLine, _l("Rubrieken"))

    @classmethod
    def typed_for(cls, document: KindDocument, kind: OrganisationKind) -> dict[str, Any]:
        """As it stands for one kind of partner."""
        stands = {
            one.section_code: one for one in document.disclosures if one.organisation_kind is kind
        }
        first = next(iter(stands.values()), None)
        lines = [
            {
                "code": section.code,
                "is_given": section.code in stands,
                "necessity": stands[section.code].necessity if section.code in stands else "",
            }
            for section in document.sections
        ]
        return {
            "partner": kind.value,
            "ground": first.ground if first else "",
            "purpose": first.purpose if first else "",
            "disclosures": lines,
        }

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' signature
        """What is disclosed rests on a ground and serves a purpose."""
        fine = bool(super().validate(extra_validators))
        if any(line.form.is_given.data for line in self.disclosures):
            for field in (self.ground, self.purpose):
                if not field.data:
                    field.errors = [*field.errors, str(_l("Vul dit veld in."))]
                    fine = False
        return fine

    def read(self, document: KindDocument) -> KindDocument:
        """As typed; the other kinds of partner keep theirs."""
        kind = OrganisationKind(self.partner.data)
        given = {
            line.form.code.data: line.form.necessity.data or ""
            for line in self.disclosures
            if line.form.is_given.data
        }
        own = tuple(
            DisclosurePreset(
                kind,
                section.code,
                self.ground.data or "",
                self.purpose.data or "",
                given[section.code],
            )
            for section in document.sections
            if section.code in given
        )
        kept = tuple(one for one in document.disclosures if one.organisation_kind is not kind)
        return replace(document, disclosures=(*kept, *own))


FORMS: dict[KindPart, type[PartForm]] = {
    KindPart.GENERAL: GeneralForm,
    KindPart.PARTNERS: PartnersForm,
    KindPart.SECTIONS: SectionsForm,
    KindPart.DISCLOSURES: DisclosuresForm,
    KindPart.CRITERIA: CriteriaForm,
    KindPart.REGIME: RegimeForm,
    KindPart.CLOCKS: ClocksForm,
    KindPart.OUTCOMES: OutcomesForm,
    KindPart.FIGURES: FiguresForm,
}


def form_for(
    part: KindPart, document: KindDocument, partner: OrganisationKind, *, number: int
) -> PartForm:
    """The form of a part as the document stands; ``number`` is the version it starts from."""
    kind = FORMS[part]
    begins = (
        DisclosuresForm.typed_for(document, partner)
        if kind is DisclosuresForm
        else kind.typed(document)
    )
    # Counted from one: nought stands for a number that was tampered with.
    form = kind(data={**begins, "version": str(number + 1)})
    form.offer(document)
    return form
