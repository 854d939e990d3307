"""Words about published figures: what each measure is called, how it is counted, what a line is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.kinds import Measure
from app.domain.promises import Kept
from app.domain.report import (
    MONTHS_A_QUARTER,
    WHOLE,
    AllPresent,
    Attended,
    Discussed,
    Given,
    HandedOver,
    Line,
    Span,
    Unit,
    Worked,
)
from app.web.i18n import language
from app.web.labels import ORGANISATION_KIND
from app.web.triage_words import STATE as REFERRAL_STATE

# ``Any`` stands for lazy text.
TITLE: dict[Measure, Any] = {
    Measure.ANNUAL: _l("Jaarcijfers per soort overleg"),
    Measure.MEETINGS: _l("Overleggen"),
    Measure.CASES: _l("Besproken casussen"),
    Measure.REFERRAL_SOURCES: _l("Aanmeldingen naar herkomst"),
    Measure.REFERRAL_OUTCOMES: _l("Aanmeldingen naar uitkomst"),
    Measure.LEAD_DAYS: _l("Vroegtijdigheid"),
    Measure.ALL_PRESENT: _l("Gelijktijdigheid"),
    Measure.ATTENDANCE: _l("Aanwezigheid"),
    Measure.INPUT: _l("Inbreng"),
    Measure.MINUTES: _l("Tijd per casus"),
    Measure.ACTIONS: _l("Acties"),
    Measure.HANDOVERS: _l("Overdrachten"),
    Measure.OUTCOMES: _l("Uitkomsten"),
}

ABOUT: dict[Measure, Any] = {
    Measure.ANNUAL: _l("Zoals de soort van het overleg het telt."),
    Measure.MEETINGS: _l("Gehouden overleggen, naar de dag waarop ze waren."),
    Measure.CASES: _l("Besprekingen van een casus bij een overleg: de eerste, of een latere."),
    Measure.REFERRAL_SOURCES: _l("Ingediende aanmeldingen, naar de soort organisatie."),
    Measure.REFERRAL_OUTCOMES: _l("Aanmeldingen waarover is besloten, naar het besluit."),
    Measure.LEAD_DAYS: _l("Dagen van de aanmelding tot de eerste bespreking."),
    Measure.ALL_PRESENT: _l("Besprekingen waarbij alle uitgenodigde organisaties aanwezig waren."),
    Measure.ATTENDANCE: _l("Per organisatie: zelf aanwezig, vervangen of afwezig."),
    Measure.INPUT: _l("Gevraagde inbreng, per organisatie."),
    Measure.MINUTES: _l("Minuten per bespreking van een casus."),
    Measure.ACTIONS: _l("Acties waarvan de termijn in de periode viel, per organisatie."),
    Measure.HANDOVERS: _l("Overdrachten waarvan de termijn voor een antwoord in de periode viel."),
    Measure.OUTCOMES: _l("Wat er bij besprekingen als uitkomst is vastgelegd."),
}

_WHOLE: dict[Measure, Any] = {
    Measure.MEETINGS: _l("Overleggen"),
    Measure.CASES: _l("Besproken"),
    Measure.REFERRAL_SOURCES: _l("Aanmeldingen"),
    Measure.REFERRAL_OUTCOMES: _l("Beoordeeld"),
    Measure.LEAD_DAYS: _l("Besproken"),
    Measure.ALL_PRESENT: _l("Besprekingen"),
    Measure.ATTENDANCE: _l("Deelnames"),
    Measure.INPUT: _l("Gevraagd"),
    Measure.MINUTES: _l("Besprekingen"),
    Measure.ACTIONS: _l("Acties"),
    Measure.HANDOVERS: _l("Overdrachten"),
    Measure.OUTCOMES: _l("Uitkomsten"),
}

_SHARE: dict[Measure, Any] = {
    Measure.ALL_PRESENT: _l("Aandeel met iedereen aanwezig"),
    Measure.ATTENDANCE: _l("Aandeel aanwezig of vervangen"),
    Measure.INPUT: _l("Aandeel op tijd"),
    Measure.ACTIONS: _l("Aandeel op tijd afgerond"),
    Measure.HANDOVERS: _l("Aandeel op tijd aangenomen"),
}

_WORKED: dict[Measure, Mapping[Any, Any]] = {
    Measure.LEAD_DAYS: {
        Worked.MEDIAN: _l("Helft binnen (dagen)"),
        Worked.P90: _l("Negen van de tien binnen (dagen)"),
        Worked.MEAN: _l("Gemiddeld (dagen)"),
    },
    Measure.MINUTES: {
        Worked.MEDIAN: _l("Helft duurt hoogstens (minuten)"),
        Worked.P90: _l("Negen van de tien duren hoogstens (minuten)"),
        Worked.MEAN: _l("Gemiddeld (minuten)"),
    },
}

_CODES: dict[Measure, Mapping[Any, Any]] = {
    Measure.CASES: {
        Discussed.NEW: _l("Voor het eerst"),
        Discussed.REPEAT: _l("Opnieuw, binnen een jaar"),
        Discussed.AGAIN: _l("Opnieuw, na meer dan een jaar"),
    },
    Measure.REFERRAL_SOURCES: ORGANISATION_KIND,
    Measure.REFERRAL_OUTCOMES: REFERRAL_STATE,
    Measure.ALL_PRESENT: {
        AllPresent.ALL: _l("Iedereen aanwezig"),
        AllPresent.NOT_ALL: _l("Niet iedereen aanwezig"),
    },
    Measure.ATTENDANCE: {
        Attended.PRESENT: _l("Zelf aanwezig"),
        Attended.DEPUTY: _l("Vervangen"),
        Attended.ABSENT: _l("Afwezig"),
    },
    Measure.INPUT: {
        Given.IN_TIME: _l("Op tijd"),
        Given.LATE: _l("Te laat"),
        Given.SILENT: _l("Niets gehoord"),
    },
    Measure.ACTIONS: {
        Kept.IN_TIME: _l("op tijd afgerond"),
        Kept.LATE: _l("later afgerond"),
        Kept.SILENT: _l("termijn voorbij, niets gehoord"),
        Kept.NOT_POSSIBLE: _l("niet uitvoerbaar"),
        Kept.NOT_DONE: _l("niet uitgevoerd"),
        Kept.LAPSED: _l("vervallen"),
        Kept.RUNNING: _l("loopt nog"),
    },
    Measure.HANDOVERS: {
        HandedOver.IN_TIME: _l("Op tijd aangenomen"),
        HandedOver.NOT: _l("Niet op tijd aangenomen"),
    },
}


UNIT: dict[Unit, Any] = {
    Unit.COUNT: _l("aantal"),
    Unit.DAYS: _l("dagen"),
    Unit.MINUTES: _l("minuten"),
    Unit.PERCENT: _l("procent"),
}

_BY_ORGANISATION = frozenset({Measure.ATTENDANCE, Measure.INPUT, Measure.ACTIONS})


def is_by_organisation(measure: Measure) -> bool:
    """Whether the groups of a measure are organisations."""
    return measure in _BY_ORGANISATION


def untold() -> str:
    """Why a number is not told, in a sentence or two."""
    return str(
        _(
            "Een streepje staat waar een getal zo klein is (1 tot en met 4) dat iemand te "
            "herkennen is, of waar zo een klein getal uit te rekenen zou zijn."
        )
    )


def nothing() -> str:
    """Where a measure has no number at all."""
    return str(_("Hiervan is in deze periode niets geteld."))


def line_words(measure: Measure, line: Line) -> str:
    """What a line of a part is about, with the unit that its cells leave out."""
    if line.words is not None:
        return _capital(line.words.of(language()))
    if line.code == WHOLE:
        return str(_WHOLE[measure])
    if line.code == Worked.SHARE:
        return str(_SHARE[measure])
    named: dict[str, Any] = {**_CODES.get(measure, {}), **_WORKED.get(measure, {})}
    return _capital(str(named[line.code]))


def quarter(first_on: date) -> str:
    """A quarter with its year, short: 3e kw. 2026."""
    return f"{quarter_of_year(first_on)} {first_on.year}"


def quarter_of_year(first_on: date) -> str:
    """A quarter without its year."""
    number = (first_on.month - 1) // MONTHS_A_QUARTER + 1
    return str(_("%(number)se kw.", number=number))


def quarter_sign(first_on: date) -> str:
    """A quarter over its year, where there is hardly any room."""
    number = (first_on.month - 1) // MONTHS_A_QUARTER + 1
    return str(_("K%(number)s", number=number)) + f"\n{first_on.year}"


def period(span: Span) -> str:
    """A period in full, as it is chosen and as it stands over what is told of it."""
    if span.is_year:
        return str(span.first_on.year)
    first, last = span.quarter_days[0], span.quarter_days[-1]
    if first == last:
        return quarter(first)
    return str(_("%(first)s tot en met %(last)s", first=quarter(first), last=quarter(last)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
