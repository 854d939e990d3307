"""What a new case table starts with: sections, standard disclosures, confidentiality statement.

Pure data that becomes rows an administrator may change; it must never decide who sees what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.kinds import OrganisationKind as Kind
from app.domain.kinds import RetentionClass, TableKind

CONFIDENTIALITY_NL: Final = (
    "Ik gebruik wat ik in dit overleg lees en hoor alleen voor het doel waarvoor het met mij is "
    "gedeeld. Ik deel het niet verder, ook niet binnen mijn eigen organisatie, tenzij dat voor "
    "mijn afspraken nodig is of de wet mij ertoe verplicht. Ik maak geen eigen afschriften, foto's "
    "of opnamen. Ken ik een betrokkene privé, dan meld ik dat en trek ik mij terug."
)
CONFIDENTIALITY_EN: Final = (
    "I use what I read and hear in this meeting only for the purpose for which it was shared with "
    "me. I do not pass it on, within my own organisation either, unless my agreements require it "
    "or the law obliges me to. I make no copies, photographs or recordings of my own. If I know "
    "someone concerned privately, I say so and step back."
)


@dataclass(frozen=True, slots=True)
class SectionPreset:
    """One section of a scheme; labels are shown, the code is stored and never shown."""

    code: str
    label_nl: str
    label_en: str
    retention: RetentionClass = RetentionClass.SUMMARY
    is_identity: bool = False
    is_input: bool = False
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class DisclosurePreset:
    """One kind of partner gets one section by standard, with its three reasons."""

    organisation_kind: Kind
    section_code: str
    ground: str
    purpose: str
    necessity: str


IDENTITY: Final = "identity"
INPUT: Final = "input"

_SECTIONS: Final = (
    SectionPreset(
        IDENTITY,
        "Persoonsgegevens",
        "Personal details",
        RetentionClass.IDENTITY,
        is_identity=True,
    ),
    SectionPreset("cause", "Aanleiding", "Reason for the case"),
    SectionPreset("safety", "Veiligheid nu", "Safety now"),
    SectionPreset("children", "Kinderen", "Children"),
    SectionPreset("history", "Voorgeschiedenis", "History"),
    SectionPreset("criminal", "Strafrecht", "Criminal law"),
    SectionPreset("care", "Zorg en hulpverlening", "Care and support"),
    SectionPreset("protective", "Beschermende factoren", "Protective factors"),
    SectionPreset(
        "plan", "Plan en veiligheidsafspraken", "Plan and safety agreements", is_plan=True
    ),
    SectionPreset(INPUT, "Inbreng", "Input", is_input=True),
)
_SHORT: Final = frozenset({IDENTITY, "cause", "safety", "children", "criminal", INPUT})
_SHORT_KINDS: Final = frozenset({TableKind.ZSM, TableKind.ACTION, TableKind.EXCLUSION_ORDER})

_CARE: Final = ("cause", "safety", "children", "history", "care", "protective")
_JUSTICE: Final = ("cause", "safety", "criminal")

# Kind of partner: what it gets, on which ground, for which task.
_STANDARD: Final[Mapping[Kind, tuple[tuple[str, ...], str, str]]] = {
    Kind.VEILIG_THUIS: (
        (*_CARE, "criminal"),
        "Wettelijke taak Veilig Thuis (Wmo 2015)",
        "De veiligheid beoordelen en het zicht daarop houden",
    ),
    Kind.POLICE: (
        (*_JUSTICE, "children"),
        "Politietaak (Politiewet 2012)",
        "Onmiddellijke veiligheid en afstemming met de opsporing",
    ),
    Kind.PROSECUTION: (
        _JUSTICE,
        "Vervolging en afdoening (Wetboek van Strafvordering)",
        "De strafrechtelijke stap afstemmen op zorg en veiligheid",
    ),
    Kind.CHILD_PROTECTION: (
        ("cause", "safety", "children", "history"),
        "Wettelijke taak Raad voor de Kinderbescherming",
        "Bepalen of onderzoek of een maatregel nodig is",
    ),
    Kind.PROBATION: (
        (*_JUSTICE, "protective"),
        "Advies en toezicht door de reclassering",
        "Toezicht en voorwaarden laten aansluiten op de afspraken",
    ),
    Kind.YOUTH_PROTECTION: (
        ("cause", "safety", "children", "history", "care", "protective"),
        "Uitvoering jeugdbescherming (Jeugdwet)",
        "De veiligheid en ontwikkeling van de kinderen bewaken",
    ),
    Kind.MUNICIPALITY: (
        ("cause", "safety", "protective"),
        "Gemeentelijke regie op zorg en veiligheid (Wmo 2015)",
        "Casusregie en voorzieningen organiseren",
    ),
    Kind.LOCAL_TEAM: (
        ("cause", "safety", "children", "care", "protective"),
        "Toeleiding naar hulp (Wmo 2015, Jeugdwet)",
        "Hulp in het gezin starten en volhouden",
    ),
    Kind.MENTAL_HEALTH: (
        ("cause", "safety", "care"),
        "Behandelrelatie en meldcode",
        "Behandeling afstemmen op de veiligheid",
    ),
    Kind.ADDICTION_CARE: (
        ("cause", "safety", "care"),
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
        (*_JUSTICE, "history"),
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
}


def sections_of(kind: TableKind) -> tuple[SectionPreset, ...]:
    """The section scheme a table of this kind starts with, in the order shown."""
    if kind in _SHORT_KINDS:
        return tuple(section for section in _SECTIONS if section.code in _SHORT)
    return _SECTIONS


def disclosures_of(kind: TableKind) -> tuple[DisclosurePreset, ...]:
    """The standard disclosures a table of this kind starts with; only of its own sections."""
    scheme = {section.code for section in sections_of(kind)}
    return tuple(
        DisclosurePreset(partner, code, ground, purpose, _WHY[code])
        for partner, (codes, ground, purpose) in _STANDARD.items()
        for code in (IDENTITY, *codes)
        if code in scheme
    )
