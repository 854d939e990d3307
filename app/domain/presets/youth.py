"""Jeugdbeschermingstafel: whether a child needs a measure, with the family at the table."""

from __future__ import annotations

from typing import Final

from app.domain.kind_document import Criterion, FigureRule, KindDocument, OutcomeRule, Words
from app.domain.kinds import FigureSource, OrganisationKind, RequiredRole, TableKind
from app.domain.presets.building import ACCEPTANCE, TRIAGE, WITH_SAFETY, partners, regime
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import USUAL, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_PARTNERS: Final = partners(
    (
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.VEILIG_THUIS,
    ),
    (
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.POLICE,
        OrganisationKind.PROBATION,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.SHELTER,
        OrganisationKind.EDUCATION_HEALTH,
    ),
)
_SECTIONS: Final = scheme(USUAL - {"criminal"})

YOUTH_PROTECTION: Final = KindDocument(
    code=TableKind.YOUTH_PROTECTION.value,
    works_as=TableKind.YOUTH_PROTECTION,
    name=Words("Jeugdbeschermingstafel", "Youth protection table"),
    advice=Words(
        "Voor kinderen bij wie een kinderbeschermingsmaatregel wordt overwogen.",
        "For children for whom a child-protection measure is considered.",
    ),
    partners=_PARTNERS,
    required_roles=(
        RequiredRole.VEILIG_THUIS,
        RequiredRole.CHILD_PROTECTION,
        RequiredRole.YOUTH_PROTECTION,
    ),
    sections=_SECTIONS,
    disclosures=standard(_PARTNERS, _SECTIONS),
    criteria=(
        Criterion(
            "development",
            Words(
                "Er zijn langdurige zorgen over de ontwikkeling of veiligheid van een kind.",
                "There are long-standing concerns about the development or safety of a child.",
            ),
            is_required=True,
        ),
        Criterion(
            "voluntary-help",
            Words(
                "Vrijwillige hulp is niet genoeg of wordt niet aanvaard.",
                "Voluntary help is not enough or is not accepted.",
            ),
            is_required=True,
        ),
        Criterion(
            "request",
            Words(
                "Er is een schriftelijk verzoek tot onderzoek, besproken met ouders en kind.",
                "There is a written request for investigation, discussed with parents and child.",
            ),
        ),
    ),
    regime=regime(
        Words(
            "Jeugdwet en Burgerlijk Wetboek, boek 1 (kinderbescherming)",
            "Youth Act and Civil Code, book 1 (child protection)",
        ),
        Words(
            "Samen met het gezin bepalen of onderzoek naar een maatregel nodig is",
            "Deciding together with the family whether an investigation is needed",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words("Elke week, op vaste tijden", "Every week, at fixed times"),
    minutes_per_item=75,
    has_family_part=True,
    has_independent_chair=True,
    clocks=(TRIAGE, ACCEPTANCE),
    decision_kinds=WITH_SAFETY,
    outcomes=(
        OutcomeRule(
            "investigation",
            Words(
                "De Raad voor de Kinderbescherming start een onderzoek",
                "The Child Protection Board starts an investigation",
            ),
        ),
        OutcomeRule(
            "voluntary-plan",
            Words("Vrijwillig plan met het gezin", "Voluntary plan with the family"),
        ),
        OutcomeRule(
            "measure-ends",
            Words("Een maatregel kan eindigen", "A measure may end"),
        ),
    ),
    figures=(
        FigureRule(
            "youth-protection-cases",
            Words("Casussen aan de jeugdbeschermingstafel", "Cases at the youth protection table"),
            FigureSource.CASES_DISCUSSED,
        ),
    ),
)
