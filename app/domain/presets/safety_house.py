"""Zorg- en Veiligheidshuis with PGA: several chains at once, a plan over twelve life domains."""

from __future__ import annotations

from datetime import time
from typing import Final

from app.domain.kind_document import (
    ClockRule,
    Criterion,
    FigureRule,
    KindDocument,
    OutcomeRule,
    Weekly,
    Words,
)
from app.domain.kinds import (
    ClockStart,
    DecisionKind,
    FigureSource,
    OrganisationKind,
    RequiredRole,
    TableKind,
)
from app.domain.presets.building import ACCEPTANCE, TRIAGE, WITH_SAFETY, partners, regime
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import LIFE, USUAL, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_PARTNERS: Final = partners(
    (
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.POLICE,
        OrganisationKind.PROSECUTION,
        OrganisationKind.PROBATION,
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.VEILIG_THUIS,
        OrganisationKind.MENTAL_HEALTH,
    ),
    (
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
        OrganisationKind.VICTIM_SUPPORT,
        OrganisationKind.SHELTER,
        OrganisationKind.SAFETY_HOUSE,
        OrganisationKind.EDUCATION_HEALTH,
    ),
)
_SECTIONS: Final = scheme(USUAL | set(LIFE))

# domain.md §1.1, the national criteria of the Zorg- en Veiligheidshuizen.
_CRITERIA: Final = (
    Criterion(
        "several-domains",
        Words(
            "Problemen op meer dan één leefgebied leiden tot criminaliteit, overlast of "
            "verslechtering.",
            "Problems in more than one life domain lead to crime, nuisance or decline.",
        ),
        is_required=True,
    ),
    Criterion(
        "several-chains",
        Words(
            "Samenwerking van meer ketens is nodig, ook met drang of dwang.",
            "Several chains have to work together, with pressure or coercion where needed.",
        ),
        is_required=True,
    ),
    Criterion(
        "impact",
        Words(
            "Er is effect op het gezin of de omgeving, of een ernstig lokaal veiligheidsprobleem.",
            "It affects the family or the surroundings, or is a serious local safety problem.",
        ),
        is_required=True,
    ),
    Criterion(
        "local-first",
        Words(
            "De lokale aanpak is geprobeerd of is niet genoeg.",
            "The local approach has been tried or is not enough.",
        ),
    ),
)

SAFETY_HOUSE: Final = KindDocument(
    code=TableKind.SAFETY_HOUSE.value,
    works_as=TableKind.SAFETY_HOUSE,
    name=Words("Zorg- en Veiligheidshuis", "Care and Safety House"),
    advice=Words(
        "Voor casussen die meer ketens vragen, of bij een ernstig lokaal veiligheidsprobleem.",
        "For cases that need several chains, or with a serious local safety problem.",
    ),
    partners=_PARTNERS,
    required_roles=(
        RequiredRole.POLICE,
        RequiredRole.PROSECUTION,
        RequiredRole.CARE,
        RequiredRole.MUNICIPALITY,
    ),
    sections=_SECTIONS,
    disclosures=standard(_PARTNERS, _SECTIONS),
    criteria=_CRITERIA,
    regime=regime(
        Words(
            "Wet gegevensverwerking door samenwerkingsverbanden (WGS) en het convenant",
            "Data Processing by Partnerships Act (WGS) and the covenant",
        ),
        Words(
            "Complexe problemen over de domeinen straf, zorg en gemeente samen aanpakken",
            "Dealing together with complex problems across criminal law, care and municipality",
        ),
        allowed=tuple(one.kind for one in _PARTNERS),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words(
        "Triage elke dinsdag; aanmelden tot maandag 12.00 uur",
        "Triage every Tuesday; refer until Monday 12.00",
    ),
    minutes_per_item=60,
    correction_working_days=5,
    has_standing_seats=True,
    clocks=(
        TRIAGE,
        ClockRule(
            "deadline",
            Words("Sluiting van de lijst voor de triage", "Closing of the list for triage"),
            ClockStart.REFERRAL,
            weekly=Weekly(0, time(12, 0)),
        ),
        ACCEPTANCE,
    ),
    decision_kinds=(*WITH_SAFETY, DecisionKind.BY_PROSECUTOR, DecisionKind.BY_MAYOR),
    outcomes=(
        OutcomeRule(
            "pga",
            Words("Persoonsgerichte aanpak (PGA): ja", "Person-centred approach (PGA): yes"),
            counts_as="safety-house-pga",
        ),
        OutcomeRule(
            "no-pga",
            Words("Persoonsgerichte aanpak (PGA): nee", "Person-centred approach (PGA): no"),
        ),
    ),
    figures=(
        FigureRule(
            "safety-house-submissions",
            Words("Aangemeld bij het Veiligheidshuis", "Submitted to the Safety House"),
            FigureSource.CASES_RECEIVED,
        ),
        FigureRule("safety-house-pga", Words("Waarvan PGA", "Of which PGA"), FigureSource.OUTCOMES),
    ),
)
