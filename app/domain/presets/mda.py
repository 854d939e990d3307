"""MDA++: structurally unsafe and stuck; several sectors and specialists, one plan, long breath."""

from __future__ import annotations

from typing import Final

from app.domain.kind_document import Criterion, FigureRule, KindDocument, OutcomeRule, Words
from app.domain.kinds import FigureSource, OrganisationKind, RequiredRole, TableKind
from app.domain.presets.building import (
    ACCEPTANCE,
    NEEDS_ANOTHER_TABLE,
    TRIAGE,
    WITH_SAFETY,
    partners,
    regime,
)
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import EXIT, USUAL, WEIGHING, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_PARTNERS: Final = partners(
    (
        OrganisationKind.VEILIG_THUIS,
        OrganisationKind.POLICE,
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.LOCAL_TEAM,
    ),
    (
        OrganisationKind.PROSECUTION,
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.PROBATION,
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
        OrganisationKind.VICTIM_SUPPORT,
        OrganisationKind.SHELTER,
        OrganisationKind.SAFETY_HOUSE,
        OrganisationKind.EDUCATION_HEALTH,
    ),
)
_SECTIONS: Final = scheme(USUAL | {WEIGHING, EXIT})

# domain.md §1.1, the criteria of Flevoland.
_CRITERIA: Final = (
    Criterion(
        "structural",
        Words(
            "Het gezin of huishouden is structureel onveilig.",
            "The family or household is structurally unsafe.",
        ),
        is_required=True,
    ),
    Criterion(
        "help-stuck",
        Words(
            "Reguliere hulp is zo veel mogelijk geprobeerd en leidde niet tot een veilige "
            "situatie, of er is geen samenhangende aanpak.",
            "Regular help has been tried as far as possible without a safe situation, or there is "
            "no coherent approach.",
        ),
        is_required=True,
    ),
    Criterion(
        "repeated",
        Words(
            "Schadelijke gebeurtenissen herhalen zich of gaan door.",
            "Harmful events repeat themselves or go on.",
        ),
        is_required=True,
    ),
    Criterion(
        "domains",
        Words(
            "Er is een lange voorgeschiedenis, een hoog risico op escalatie of er zijn problemen "
            "op meer leefgebieden.",
            "There is a long history, a high risk of escalation or there are problems in several "
            "life domains.",
        ),
    ),
)

MDA: Final = KindDocument(
    code=TableKind.MDA.value,
    works_as=TableKind.MDA,
    name=Words("MDA++", "MDA++"),
    advice=Words(
        "Voor huishoudens die structureel onveilig zijn en waar de hulp vastloopt.",
        "For households that are structurally unsafe and where help is stuck.",
    ),
    partners=_PARTNERS,
    required_roles=(RequiredRole.VEILIG_THUIS, RequiredRole.POLICE, RequiredRole.CARE),
    sections=_SECTIONS,
    disclosures=standard(_PARTNERS, _SECTIONS),
    criteria=_CRITERIA,
    regime=regime(
        Words(
            "Wettelijke taken van de deelnemers (Wmo 2015, Jeugdwet) en het convenant MDA++",
            "Statutory tasks of the participants (Wmo 2015, Jeugdwet) and the MDA++ covenant",
        ),
        Words(
            "Structurele onveiligheid in het huishouden stoppen met één gezamenlijk plan",
            "Ending structural unsafety in the household by one shared plan",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words(
        "Elke twee weken; per casus opnieuw na vier tot acht weken",
        "Every two weeks; each case again after four to eight weeks",
    ),
    minutes_per_item=60,
    correction_working_days=5,
    has_family_part=True,
    clocks=(TRIAGE, ACCEPTANCE),
    decision_kinds=WITH_SAFETY,
    outcomes=(
        OutcomeRule(
            "plan-agreed", Words("Plan in hoofdlijnen afgesproken", "Plan in outline agreed")
        ),
        OutcomeRule("follow-up", Words("Vervolgbespreking nodig", "Follow-up discussion needed")),
        NEEDS_ANOTHER_TABLE,
        OutcomeRule(
            "goals-met",
            Words("Afschaling: afsluitcriteria gehaald", "De-escalation: exit criteria met"),
        ),
    ),
    figures=(
        FigureRule(
            "mda-cases", Words("MDA++-casussen", "MDA++ cases"), FigureSource.CASES_DISCUSSED
        ),
    ),
)
