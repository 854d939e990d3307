"""Actie-overleg, Samen op in Acuut and Spoedteam: within hours or days of what happened."""

from __future__ import annotations

from typing import Final

from app.domain.kind_document import (
    ClockRule,
    Criterion,
    FigureRule,
    KindDocument,
    OutcomeRule,
    Words,
)
from app.domain.kinds import (
    ClockStart,
    ClockUnit,
    FigureSource,
    OrganisationKind,
    RequiredRole,
    TableKind,
)
from app.domain.presets.building import (
    ACCEPTANCE,
    EVERYWHERE,
    NEEDS_ANOTHER_TABLE,
    NO_FURTHER_ACTION,
    WITH_SAFETY,
    partners,
    regime,
    triage_within,
)
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import AGREEMENTS, IDENTITY, INPUT, SHORT, TRIED, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_AT_ACTION: Final = partners(
    (OrganisationKind.VEILIG_THUIS, OrganisationKind.POLICE, OrganisationKind.PROSECUTION),
    (
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.PROBATION,
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
        OrganisationKind.VICTIM_SUPPORT,
        OrganisationKind.SHELTER,
        OrganisationKind.SAFETY_HOUSE,
        OrganisationKind.EDUCATION_HEALTH,
    ),
)
_ACTION_SECTIONS: Final = scheme(SHORT | {AGREEMENTS})

ACTION: Final = KindDocument(
    code=TableKind.ACTION.value,
    works_as=TableKind.ACTION,
    name=Words("Actie-overleg", "Action table"),
    advice=Words(
        "Voor acuut gevaar of een dreigende crisis, als zorg en straf vandaag samen moeten "
        "optrekken.",
        "For acute danger or a looming crisis, where care and justice must act together today.",
    ),
    partners=_AT_ACTION,
    required_roles=(RequiredRole.VEILIG_THUIS, RequiredRole.POLICE),
    sections=_ACTION_SECTIONS,
    disclosures=standard(_AT_ACTION, _ACTION_SECTIONS),
    criteria=(
        Criterion(
            "overlap",
            Words(
                "Er is een vermoeden van samenloop van straf en zorg.",
                "An overlap of criminal law and care is suspected.",
            ),
            is_required=True,
        ),
        Criterion(
            "danger",
            Words(
                "Er is aannemelijk gevaar of er dreigt een crisis.",
                "There is plausible danger or a crisis is looming.",
            ),
            is_required=True,
        ),
    ),
    regime=regime(
        Words(
            "Wettelijke taken van Veilig Thuis, politie en Openbaar Ministerie (Wmo 2015, "
            "Politiewet 2012)",
            "Statutory tasks of Veilig Thuis, police and prosecution (Wmo 2015, Politiewet 2012)",
        ),
        Words(
            "Stappen van straf en zorg op tijd en in de goede volgorde zetten",
            "Taking the steps of criminal law and care in time and in the right order",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words(
        "Drie keer per week, en direct na een incident",
        "Three times a week, and at once after an incident",
    ),
    minutes_per_item=15,
    clocks=(triage_within(1, ClockUnit.WORKING_DAYS), ACCEPTANCE),
    decision_kinds=EVERYWHERE,
    outcomes=(
        OutcomeRule(
            "order-agreed",
            Words(
                "Volgorde van straf en zorg afgesproken",
                "Order of criminal law and care agreed",
            ),
        ),
        NEEDS_ANOTHER_TABLE,
        NO_FURTHER_ACTION,
    ),
    figures=(
        FigureRule(
            "action-cases",
            Words("Casussen in het actie-overleg", "Cases at the action table"),
            FigureSource.CASES_DISCUSSED,
        ),
    ),
)

_ON_THE_SPOT: Final = partners(
    (OrganisationKind.POLICE, OrganisationKind.VEILIG_THUIS),
    (
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.MENTAL_HEALTH,
    ),
)
_SPOT_SECTIONS: Final = scheme({IDENTITY, "cause", TRIED, "safety", AGREEMENTS, "children", INPUT})

ON_THE_SPOT: Final = KindDocument(
    code=TableKind.ON_THE_SPOT.value,
    works_as=TableKind.ON_THE_SPOT,
    name=Words("Samen op in Acuut", "Together on the spot"),
    advice=Words(
        "Voor politie en Veilig Thuis die samen ter plaatse zijn.",
        "For police and Veilig Thuis who are on the spot together.",
    ),
    takes_referrals=False,
    partners=_ON_THE_SPOT,
    sections=_SPOT_SECTIONS,
    disclosures=standard(_ON_THE_SPOT, _SPOT_SECTIONS),
    criteria=(
        Criterion(
            "on-the-spot",
            Words(
                "Politie en Veilig Thuis zijn samen ter plaatse na een spoedoproep.",
                "Police and Veilig Thuis are on the spot together after an emergency call.",
            ),
            is_required=True,
        ),
    ),
    regime=regime(
        Words(
            "Wettelijke taken van politie en Veilig Thuis (Politiewet 2012, Wmo 2015)",
            "Statutory tasks of police and Veilig Thuis (Politiewet 2012, Wmo 2015)",
        ),
        Words(
            "Directe veiligheid ter plaatse afspreken en binnen een dag overdragen",
            "Agreeing on immediate safety on the spot and handing over within a day",
        ),
        allowed=tuple(one.kind for one in _ON_THE_SPOT),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words("Op het moment zelf", "At the moment itself"),
    minutes_per_item=10,
    clocks=(
        ClockRule(
            "handover-24h",
            Words("Overgedragen binnen 24 uur", "Handed over within 24 hours"),
            ClockStart.REFERRAL,
            24,
            ClockUnit.HOURS,
        ),
        ACCEPTANCE,
    ),
    decision_kinds=WITH_SAFETY,
    outcomes=(
        OutcomeRule("handed-over", Words("Overgedragen", "Handed over")),
        OutcomeRule("no-handover", Words("Geen overdracht nodig", "No handover needed")),
    ),
    figures=(
        FigureRule(
            "on-the-spot-cases",
            Words("Samen op in Acuut", "Together on the spot"),
            FigureSource.CASES_RECEIVED,
        ),
    ),
)

_AT_SCREENING: Final = partners(
    (OrganisationKind.VEILIG_THUIS,),
    (OrganisationKind.MUNICIPALITY, OrganisationKind.LOCAL_TEAM),
)
_SCREENING_SECTIONS: Final = scheme({IDENTITY, "cause", TRIED, "safety", INPUT})

SCREENING: Final = KindDocument(
    code=TableKind.SCREENING.value,
    works_as=TableKind.SCREENING,
    name=Words("Spoedteam", "Rapid response team"),
    advice=Words(
        "Voor de dagelijkse screening door Veilig Thuis zelf.",
        "For the daily screening by Veilig Thuis itself.",
    ),
    takes_referrals=False,
    partners=_AT_SCREENING,
    sections=_SCREENING_SECTIONS,
    disclosures=standard(_AT_SCREENING, _SCREENING_SECTIONS),
    criteria=(
        Criterion(
            "own-file",
            Words(
                "De beoordeling staat in het eigen systeem van Veilig Thuis.",
                "The assessment stands in Veilig Thuis' own system.",
            ),
            is_required=True,
        ),
    ),
    regime=regime(
        Words(
            "Wettelijke taak Veilig Thuis (Wmo 2015)",
            "Statutory task of Veilig Thuis (Wmo 2015)",
        ),
        Words(
            "Elke dag zien wat spoed heeft, oppakken en overdragen",
            "Seeing every day what is urgent, picking it up and handing it over",
        ),
        allowed=tuple(one.kind for one in _AT_SCREENING),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words("Elke werkdag", "Every working day"),
    minutes_per_item=5,
    clocks=(ACCEPTANCE,),
    decision_kinds=EVERYWHERE,
    outcomes=(
        OutcomeRule("handed-over", Words("Overgedragen", "Handed over")),
        OutcomeRule("no-handover", Words("Geen overdracht nodig", "No handover needed")),
    ),
    figures=(
        FigureRule(
            "screening-cases",
            Words("Casussen van het Spoedteam", "Cases of the rapid response team"),
            FigureSource.SCREENINGS,
        ),
        FigureRule("chats", Words("Chats", "Chats"), FigureSource.DAILY_COUNTS),
    ),
)
