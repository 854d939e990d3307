"""What each kind of partner gets by standard, on which ground; it must never open anything itself.

A kind of table proposes these for its own partners and its own sections; people confirm them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.domain.kind_document import DisclosurePreset, Partner, SectionPreset
from app.domain.kinds import OrganisationKind as Kind
from app.domain.presets.sections import (
    AGREEMENTS,
    EXIT,
    IDENTITY,
    LIFE,
    TRIED,
    WEIGHING,
)

_LIVING: Final = tuple(LIFE[number - 1] for number in (1, 2, 3, 4, 8, 9, 10, 11))
_HELP: Final = (TRIED, AGREEMENTS, WEIGHING, EXIT)

_CARE: Final = ("cause", *_HELP, "safety", "children", "history", "care", "protective")
_JUSTICE: Final = ("cause", "safety", "criminal")

# Kind of partner: what it gets, on which ground, for which task.
_STANDARD: Final[Mapping[Kind, tuple[tuple[str, ...], str, str]]] = {
    Kind.VEILIG_THUIS: (
        (*_CARE, "criminal", LIFE[3]),
        "Wettelijke taak Veilig Thuis (Wmo 2015)",
        "De veiligheid beoordelen en het zicht daarop houden",
    ),
    Kind.POLICE: (
        (*_JUSTICE, AGREEMENTS, "children", LIFE[11]),
        "Politietaak (Politiewet 2012)",
        "Onmiddellijke veiligheid en afstemming met de opsporing",
    ),
    Kind.PROSECUTION: (
        (*_JUSTICE, AGREEMENTS, LIFE[11]),
        "Vervolging en afdoening (Wetboek van Strafvordering)",
        "De strafrechtelijke stap afstemmen op zorg en veiligheid",
    ),
    Kind.CHILD_PROTECTION: (
        ("cause", TRIED, "safety", "children", "history", LIFE[3]),
        "Wettelijke taak Raad voor de Kinderbescherming",
        "Bepalen of onderzoek of een maatregel nodig is",
    ),
    Kind.PROBATION: (
        (*_JUSTICE, "protective", LIFE[6], LIFE[11]),
        "Advies en toezicht door de reclassering",
        "Toezicht en voorwaarden laten aansluiten op de afspraken",
    ),
    Kind.YOUTH_PROTECTION: (
        (*_CARE, LIFE[3]),
        "Uitvoering jeugdbescherming (Jeugdwet)",
        "De veiligheid en ontwikkeling van de kinderen bewaken",
    ),
    Kind.MUNICIPALITY: (
        ("cause", *_HELP, "safety", "protective", *_LIVING),
        "Gemeentelijke regie op zorg en veiligheid (Wmo 2015)",
        "Casusregie en voorzieningen organiseren",
    ),
    Kind.LOCAL_TEAM: (
        ("cause", *_HELP, "safety", "children", "care", "protective", *_LIVING),
        "Toeleiding naar hulp (Wmo 2015, Jeugdwet)",
        "Hulp in het gezin starten en volhouden",
    ),
    Kind.MENTAL_HEALTH: (
        ("cause", TRIED, "safety", "care", LIFE[4], LIFE[5]),
        "Behandelrelatie en meldcode",
        "Behandeling afstemmen op de veiligheid",
    ),
    Kind.ADDICTION_CARE: (
        ("cause", TRIED, "safety", "care", LIFE[6]),
        "Behandelrelatie en meldcode",
        "Behandeling afstemmen op de veiligheid",
    ),
    Kind.SEXUAL_VIOLENCE_CENTRE: (
        ("cause", "safety"),
        "Hulp aan slachtoffers van seksueel geweld (Wmo 2015)",
        "Passende hulp bieden na seksueel geweld",
    ),
    Kind.VICTIM_SUPPORT: (
        ("cause", "safety"),
        "Ondersteuning van slachtoffers (Besluit slachtoffers van strafbare feiten)",
        "Het slachtoffer informeren en bijstaan",
    ),
    Kind.SHELTER: (
        ("cause", "safety", "children", "protective"),
        "Opvang en begeleiding (Wmo 2015)",
        "Veilige opvang en begeleiding bieden",
    ),
    Kind.SAFETY_HOUSE: (
        (*_JUSTICE, TRIED, "history", LIFE[11]),
        "Procesregie Zorg- en Veiligheidshuis (WGS)",
        "Zorg en straf in samenhang organiseren",
    ),
    Kind.EDUCATION_HEALTH: (
        ("cause", "children"),
        "Jeugdgezondheidszorg en zorgplicht onderwijs",
        "Het kind op school en bij de jeugdgezondheidszorg steunen",
    ),
}
_WHY: Final[Mapping[str, str]] = {
    IDENTITY: "Zonder deze gegevens kan de organisatie niet nagaan om wie het gaat.",
    "cause": "Zonder de aanleiding kan de organisatie de vraag niet beantwoorden.",
    "safety": "Elke afspraak moet rekening houden met de veiligheid van nu.",
    "children": "De afspraken moeten passen bij de leeftijd en situatie van de kinderen.",
    "history": "Eerdere stappen bepalen wat nu nog kan werken.",
    "criminal": "Zorg en straf moeten elkaar in volgorde en tijd niet hinderen.",
    "care": "Lopende hulp moet op elkaar worden afgestemd, niet verdubbeld.",
    "protective": "De afspraken bouwen voort op wat het gezin al beschermt.",
    TRIED: "Wat eerder niet werkte, hoeft niet opnieuw te worden geprobeerd.",
    AGREEMENTS: "Wie nu handelt, moet weten wat ter plaatse is afgesproken.",
    WEIGHING: "Hulp en bescherming moeten passen bij de gewogen risico's.",
    EXIT: "Wie aan het plan werkt, moet weten wanneer het doel is bereikt.",
    **dict.fromkeys(LIFE, "De organisatie werkt zelf aan dit leefgebied van het plan."),
}


def standard(
    partners: Collection[Partner], sections: Collection[SectionPreset]
) -> tuple[DisclosurePreset, ...]:
    """What the partners of a kind get of its own sections; whoever is no partner gets nothing."""
    wanted, scheme = {one.kind for one in partners}, {section.code for section in sections}
    return tuple(
        DisclosurePreset(partner, code, ground, purpose, _WHY[code])
        for partner, (codes, ground, purpose) in _STANDARD.items()
        for code in (IDENTITY, *codes)
        if partner in wanted and code in scheme
    )
