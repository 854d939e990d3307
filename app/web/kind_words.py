"""The words on screen for the parts of a kind and for what a version changed of them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.kind_changes import Difference, KindPart, Way
from app.domain.kind_document import (
    ClockRule,
    DisclosurePreset,
    KindDocument,
    Partner,
    SectionPreset,
    Words,
)
from app.domain.kinds import ClockStart, ClockUnit, FigureSource, OrganisationKind
from app.web import labels
from app.web.i18n import in_language, language

PART: dict[KindPart, Any] = {
    KindPart.GENERAL: _l("Naam, bedoeling en ritme"),
    KindPart.PARTNERS: _l("Ketenpartners en wie er moet zijn"),
    KindPart.SECTIONS: _l("Rubrieken"),
    KindPart.DISCLOSURES: _l("Standaardverstrekkingen"),
    KindPart.CRITERIA: _l("Criteria voor aanmelden"),
    KindPart.REGIME: _l("Juridisch regime"),
    KindPart.CLOCKS: _l("Termijnen"),
    KindPart.OUTCOMES: _l("Soorten afspraken en uitkomsten"),
    KindPart.FIGURES: _l("Jaarcijfers"),
}

FIELD: dict[str, Any] = {
    "name": _l("Naam"),
    "advice": _l("Waarvoor is dit overleg?"),
    "takes_referrals": _l("Ketenpartners kunnen aanmelden"),
    "rhythm": _l("Ritme"),
    "minutes_per_item": _l("Minuten per casus"),
    "opens_working_days": _l("Stukken open, werkdagen vooraf"),
    "closes_working_days": _l("Stukken dicht, werkdagen na afloop"),
    "correction_working_days": _l("Correctietijd van het verslag, in werkdagen"),
    "has_standing_seats": _l("Vaste ketenpartners nemen deel aan elke casus"),
    "children_first": _l("Casussen met kinderen eerst"),
    "has_family_part": _l("Het gezin praat mee"),
    "has_independent_chair": _l("Onafhankelijke voorzitter"),
    "required_roles": _l("Wie moet er zijn bij elke casus?"),
    "regime": _l("Grondslag, doel, contactpunt en bewaartermijnen"),
    "confidentiality": _l("Tekst voor het akkoord geheimhouding"),
    "decision_kinds": _l("Soorten afspraken"),
}

WAY: dict[Way, Any] = {
    Way.ADDED: _l("Toegevoegd: %(what)s"),
    Way.CHANGED: _l("Gewijzigd: %(what)s"),
    Way.REMOVED: _l("Vervallen: %(what)s"),
}

START: dict[ClockStart, Any] = {
    ClockStart.REFERRAL: _l("na de aanmelding"),
    ClockStart.HANDOVER: _l("nadat een overdracht is aangeboden"),
    ClockStart.ACCEPTANCE: _l("nadat de casus is geaccepteerd"),
    ClockStart.SERVICE: _l("na de uitreiking van het huisverbod"),
}

UNIT: dict[ClockUnit, Any] = {
    ClockUnit.HOURS: _l("uren"),
    ClockUnit.DAYS: _l("dagen, weekend telt mee"),
    ClockUnit.WORKING_DAYS: _l("werkdagen"),
    ClockUnit.WEEKS: _l("weken"),
}

SOURCE: dict[FigureSource, Any] = {
    FigureSource.CASES_RECEIVED: _l("aangemelde casussen"),
    FigureSource.CASES_DISCUSSED: _l("besproken casussen"),
    FigureSource.OUTCOMES: _l("uitkomsten die hierin meetellen"),
    FigureSource.SCREENINGS: _l("regels van de screeningslijst"),
    FigureSource.DAILY_COUNTS: _l("aantallen die per dag worden ingevuld"),
    FigureSource.EXCLUSION_ORDERS: _l("uitgereikte huisverboden"),
}


def difference(one: Difference, before: KindDocument, after: KindDocument) -> str:
    """One line of what a version changed."""
    row = one.after if one.after is not None else one.before
    what = _named(one, row, before, after)
    old, new = _value(one.before), _value(one.after)
    if one.way is Way.CHANGED and old and old != new:
        shown = what if new == what else f"{what}: {new}"
        what = _("%(what)s (was: %(before)s)", what=shown, before=old)
    return str(WAY[one.way] % {"what": what})


def _value(of: Any) -> str:  # noqa: ANN401 - a value or a row of any part
    """The words of a plain value or of a row that is a text; nothing for anything larger."""
    if isinstance(of, bool):
        return str(_("ja") if of else _("nee"))
    if isinstance(of, int):
        return str(of)
    text = getattr(of, "text", of)
    if isinstance(of, SectionPreset):
        return section_name(of)
    return text.of(language()) if isinstance(text, Words) else ""


def _named(one: Difference, row: Any, before: KindDocument, after: KindDocument) -> str:  # noqa: ANN401 - a row of any part
    if one.code in FIELD:
        return str(FIELD[one.code])
    if isinstance(row, Partner):
        return labels.words(labels.ORGANISATION_KIND, row.kind)
    if isinstance(row, SectionPreset):
        return section_name(row)
    if isinstance(row, DisclosurePreset):
        schemes = (*before.sections, *after.sections)
        of = {section.code: section_name(section) for section in schemes}
        partner = labels.words(labels.ORGANISATION_KIND, row.organisation_kind)
        return f"{of[row.section_code]}, {partner}"
    text: Words = row.text
    return text.of(language())


def section_name(section: SectionPreset) -> str:
    """The name of a section in the reader's language."""
    return in_language(section.label_nl, section.label_en)


def clock(rule: ClockRule) -> str:
    """How long a clock runs, and from when."""
    start = str(START[rule.start])
    if rule.weekly is not None:
        day = str(labels.WEEKDAY[rule.weekly.weekday])
        at = f"{rule.weekly.at:%H.%M}"
        return str(_("eerstvolgende %(day)s %(at)s, %(start)s", day=day, at=at, start=start))
    return f"{_amount(rule)} {start}"


def _amount(rule: ClockRule) -> str:
    number = rule.amount
    if rule.unit is ClockUnit.HOURS:
        return str(ngettext("%(num)d uur", "%(num)d uur", number))
    if rule.unit is ClockUnit.DAYS:
        return str(ngettext("%(num)d dag", "%(num)d dagen", number))
    if rule.unit is ClockUnit.WEEKS:
        return str(ngettext("%(num)d week", "%(num)d weken", number))
    return str(ngettext("%(num)d werkdag", "%(num)d werkdagen", number))


def audience(document: KindDocument, section: SectionPreset) -> str:
    """Which kinds of partner get a section by standard."""
    found = [
        labels.words(labels.ORGANISATION_KIND, kind)
        for kind in OrganisationKind
        if any(
            one.organisation_kind is kind and one.section_code == section.code
            for one in document.disclosures
        )
    ]
    return ", ".join(found)
