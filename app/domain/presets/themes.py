"""Tables about one theme; they work alike and differ in criteria, partners and words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.domain.kind_document import Criterion, FigureRule, KindDocument, OutcomeRule, Words
from app.domain.kinds import FigureSource, OrganisationKind, RequiredRole, TableKind
from app.domain.presets.building import (
    ACCEPTANCE,
    EVERYWHERE,
    NEEDS_ANOTHER_TABLE,
    NO_FURTHER_ACTION,
    TRIAGE,
    partners,
    regime,
)
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import USUAL, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_EVERYBODY: Final = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.OTHER)
_SECTIONS: Final = scheme(USUAL)

THEMATIC: Final = KindDocument(
    code=TableKind.THEMATIC.value,
    works_as=TableKind.THEMATIC,
    name=Words("Themaoverleg", "Thematic table"),
    advice=Words(
        "Voor casussen die bij het thema van dit overleg horen.",
        "For cases that belong to the theme of this table.",
    ),
    partners=partners((), _EVERYBODY),
    sections=_SECTIONS,
    disclosures=standard(partners((), _EVERYBODY), _SECTIONS),
    criteria=(
        Criterion(
            "theme",
            Words(
                "De casus hoort bij het thema van dit overleg.",
                "The case belongs to the theme of this table.",
            ),
            is_required=True,
        ),
    ),
    regime=regime(
        Words(
            "Wettelijke taken van de deelnemers en het convenant",
            "Statutory tasks of the participants and the covenant",
        ),
        Words(
            "Kennis van het thema en de inzet van de deelnemers bundelen",
            "Bringing together knowledge of the theme and the efforts of the participants",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words("Elke maand", "Every month"),
    minutes_per_item=30,
    clocks=(TRIAGE, ACCEPTANCE),
    decision_kinds=EVERYWHERE,
    outcomes=(
        OutcomeRule("approach-agreed", Words("Aanpak afgesproken", "Approach agreed")),
        NEEDS_ANOTHER_TABLE,
        NO_FURTHER_ACTION,
    ),
)


def _theme(
    code: str,
    name: Words,
    advice: Words,
    *,
    standing: tuple[OrganisationKind, ...],
    required: tuple[RequiredRole, ...],
    criteria: tuple[Criterion, ...],
) -> KindDocument:
    """A thematic table with its own code, partners, required roles, criteria and figure."""
    others = tuple(kind for kind in _EVERYBODY if kind not in standing)
    return replace(
        THEMATIC,
        code=code,
        name=name,
        advice=advice,
        partners=partners(standing, others),
        required_roles=required,
        criteria=criteria,
        figures=(
            FigureRule(
                f"{code}-cases",
                Words(f"Casussen: {name.nl.lower()}", f"Cases: {name.en.lower()}"),
                FigureSource.CASES_DISCUSSED,
            ),
        ),
    )


def _asked(code: str, nl: str, en: str) -> Criterion:
    return Criterion(code, Words(nl, en), is_required=True)


OWN_THEMES: Final = (
    _theme(
        "sexual-violence",
        Words("Seksueel geweld", "Sexual violence"),
        Words(
            "Voor seksueel geweld in huiselijke of afhankelijke kring, ook langer geleden.",
            "For sexual violence at home or in dependence, also longer ago.",
        ),
        standing=(
            OrganisationKind.VEILIG_THUIS,
            OrganisationKind.POLICE,
            OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
        ),
        required=(RequiredRole.VEILIG_THUIS, RequiredRole.CARE),
        criteria=(
            _asked(
                "sexual-violence",
                "Er is (een vermoeden van) seksueel geweld.",
                "There is (a suspicion of) sexual violence.",
            ),
            Criterion(
                "medical-care",
                Words(
                    "Medische hulp en het veiligstellen van sporen zijn besproken.",
                    "Medical help and the securing of traces have been discussed.",
                ),
            ),
        ),
    ),
    _theme(
        "human-trafficking",
        Words("Mensenhandel", "Human trafficking"),
        Words(
            "Voor (mogelijke) slachtoffers van uitbuiting, in werk, seks of criminaliteit.",
            "For (possible) victims of exploitation, in work, sex or crime.",
        ),
        standing=(
            OrganisationKind.POLICE,
            OrganisationKind.MUNICIPALITY,
            OrganisationKind.SHELTER,
            OrganisationKind.SAFETY_HOUSE,
        ),
        required=(RequiredRole.POLICE, RequiredRole.MUNICIPALITY),
        criteria=(
            _asked(
                "signs",
                "Er zijn signalen van uitbuiting of van dwang.",
                "There are signs of exploitation or of coercion.",
            ),
        ),
    ),
    _theme(
        "stalking",
        Words("Stalking", "Stalking"),
        Words(
            "Voor stalking door een ex-partner of een ander, met risico op ernstig geweld.",
            "For stalking by a former partner or someone else, with a risk of serious violence.",
        ),
        standing=(
            OrganisationKind.POLICE,
            OrganisationKind.PROSECUTION,
            OrganisationKind.VEILIG_THUIS,
            OrganisationKind.PROBATION,
        ),
        required=(RequiredRole.POLICE, RequiredRole.PROSECUTION, RequiredRole.VEILIG_THUIS),
        criteria=(
            _asked(
                "pattern",
                "Iemand wordt steeds opnieuw lastiggevallen, gevolgd of bedreigd.",
                "Somebody is harassed, followed or threatened again and again.",
            ),
            Criterion(
                "screening",
                Words(
                    "Een screening op ernstig geweld is gedaan.",
                    "A screening for serious violence has been done.",
                ),
            ),
        ),
    ),
    _theme(
        "elder-abuse",
        Words("Ouderenmishandeling", "Elder abuse"),
        Words(
            "Voor ouderen die worden mishandeld, verwaarloosd of financieel uitgebuit.",
            "For older people who are abused, neglected or financially exploited.",
        ),
        standing=(
            OrganisationKind.VEILIG_THUIS,
            OrganisationKind.MUNICIPALITY,
            OrganisationKind.LOCAL_TEAM,
        ),
        required=(RequiredRole.VEILIG_THUIS, RequiredRole.CARE),
        criteria=(
            _asked(
                "dependence",
                "Een oudere is afhankelijk van wie (vermoedelijk) het geweld pleegt.",
                "An older person depends on who (allegedly) uses the violence.",
            ),
        ),
    ),
    _theme(
        "complex-divorce",
        Words("Complexe scheiding", "Complex divorce"),
        Words(
            "Voor scheidingen waarin kinderen klem zitten tussen hun ouders.",
            "For divorces in which children are caught between their parents.",
        ),
        standing=(
            OrganisationKind.LOCAL_TEAM,
            OrganisationKind.VEILIG_THUIS,
            OrganisationKind.CHILD_PROTECTION,
            OrganisationKind.YOUTH_PROTECTION,
        ),
        required=(RequiredRole.VEILIG_THUIS, RequiredRole.CARE),
        criteria=(
            _asked(
                "children",
                "Kinderen zitten klem tussen ouders die uit elkaar zijn of gaan.",
                "Children are caught between parents who are or will be separated.",
            ),
            Criterion(
                "help",
                Words(
                    "Hulp bij de scheiding is geprobeerd.",
                    "Help with the divorce has been tried.",
                ),
            ),
        ),
    ),
)
