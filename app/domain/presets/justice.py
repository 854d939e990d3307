"""ZSM and the temporary exclusion order: where criminal or administrative law sets the pace."""

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
    DecisionKind,
    FigureSource,
    OrganisationKind,
    RequiredRole,
    TableKind,
)
from app.domain.presets.building import (
    ACCEPTANCE,
    EVERYWHERE,
    WITH_SAFETY,
    partners,
    regime,
    triage_within,
)
from app.domain.presets.disclosures import standard
from app.domain.presets.sections import SHORT, scheme
from app.domain.presets.statement import CONFIDENTIALITY

_SECTIONS: Final = scheme(SHORT)
_AT_ZSM: Final = partners(
    (
        OrganisationKind.PROSECUTION,
        OrganisationKind.POLICE,
        OrganisationKind.PROBATION,
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.VICTIM_SUPPORT,
        OrganisationKind.VEILIG_THUIS,
    ),
    (
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.SAFETY_HOUSE,
        OrganisationKind.OTHER,
    ),
)

ZSM: Final = KindDocument(
    code=TableKind.ZSM.value,
    works_as=TableKind.ZSM,
    name=Words("ZSM", "ZSM"),
    advice=Words(
        "Voor verdachten die zijn aangehouden of ontboden, als zorg en straf tegelijk spelen.",
        "For suspects who were arrested or summoned, where care and criminal law meet.",
    ),
    partners=_AT_ZSM,
    required_roles=(RequiredRole.PROSECUTION, RequiredRole.POLICE, RequiredRole.PROBATION),
    sections=_SECTIONS,
    disclosures=standard(_AT_ZSM, _SECTIONS),
    criteria=(
        Criterion(
            "suspect",
            Words(
                "Een verdachte is aangehouden of ontboden.",
                "A suspect was arrested or summoned.",
            ),
            is_required=True,
        ),
        Criterion(
            "dependence",
            Words(
                "Het gaat om geweld of een bedreiging in huiselijke of afhankelijke kring.",
                "It concerns violence or a threat at home or in a relationship of dependence.",
            ),
            is_required=True,
        ),
    ),
    regime=regime(
        Words(
            "Opsporing en vervolging (Wetboek van Strafvordering, Wpg, Wjsg) en het ZSM-convenant",
            "Investigation and prosecution (Code of Criminal Procedure, Wpg, Wjsg), ZSM covenant",
        ),
        Words(
            "Snel en op maat beslissen, met oog voor de veiligheid van betrokkenen",
            "Deciding fast and to measure, with an eye to the safety of those concerned",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words("Elke werkdag", "Every working day"),
    minutes_per_item=10,
    clocks=(triage_within(9, ClockUnit.HOURS), ACCEPTANCE),
    decision_kinds=(*EVERYWHERE, DecisionKind.BY_PROSECUTOR),
    outcomes=(
        OutcomeRule(
            "advice-given",
            Words(
                "Advies gegeven aan de officier van justitie",
                "Advice given to the public prosecutor",
            ),
            counts_as="zsm-advices",
        ),
        OutcomeRule("no-advice", Words("Geen advies gegeven", "No advice given")),
    ),
    figures=(
        FigureRule("zsm-cases", Words("ZSM-casussen", "ZSM cases"), FigureSource.CASES_DISCUSSED),
        FigureRule("zsm-advices", Words("ZSM-adviezen", "ZSM advices"), FigureSource.OUTCOMES),
    ),
)

_AT_ORDER: Final = partners(
    (OrganisationKind.MUNICIPALITY, OrganisationKind.POLICE, OrganisationKind.VEILIG_THUIS),
    (
        OrganisationKind.PROSECUTION,
        OrganisationKind.PROBATION,
        OrganisationKind.CHILD_PROTECTION,
        OrganisationKind.YOUTH_PROTECTION,
        OrganisationKind.LOCAL_TEAM,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.ADDICTION_CARE,
        OrganisationKind.VICTIM_SUPPORT,
        OrganisationKind.SHELTER,
    ),
)


def _day(
    day: int,
    nl: str,
    en: str,
    *,
    plans_meeting: bool = False,
    ends_order: bool = False,
    ends_extended: bool = False,
) -> ClockRule:
    """Calendar days from the service (uitreiking); weekends count and nothing is rolled on."""
    return ClockRule(
        f"day-{day}",
        Words(f"Dag {day}: {nl}", f"Day {day}: {en}"),
        ClockStart.SERVICE,
        day,
        ClockUnit.DAYS,
        plans_meeting=plans_meeting,
        ends_order=ends_order,
        ends_extended=ends_extended,
    )


EXCLUSION_ORDER: Final = KindDocument(
    code=TableKind.EXCLUSION_ORDER.value,
    works_as=TableKind.EXCLUSION_ORDER,
    name=Words("Tijdelijk huisverbod", "Temporary exclusion order"),
    advice=Words(
        "Voor de dagen na een huisverbod: hulp starten en adviseren over verlenging.",
        "For the days after an exclusion order: starting help and advising on its extension.",
    ),
    partners=_AT_ORDER,
    required_roles=(RequiredRole.MUNICIPALITY, RequiredRole.POLICE, RequiredRole.VEILIG_THUIS),
    sections=_SECTIONS,
    disclosures=standard(_AT_ORDER, _SECTIONS),
    criteria=(
        Criterion(
            "order-served",
            Words("Er is een huisverbod uitgereikt.", "An exclusion order was served."),
            is_required=True,
        ),
        Criterion(
            "danger",
            Words(
                "Er is ernstig en onmiddellijk gevaar voor de veiligheid van huisgenoten.",
                "There is serious and immediate danger to the safety of those in the home.",
            ),
            is_required=True,
        ),
        Criterion(
            "instrument",
            Words(
                "Het risicotaxatie-instrument (RiHG) is ingevuld.",
                "The risk assessment instrument (RiHG) has been completed.",
            ),
        ),
    ),
    regime=regime(
        Words("Wet tijdelijk huisverbod", "Temporary Exclusion Order Act"),
        Words(
            "Onmiddellijk gevaar wegnemen en binnen de termijn van het huisverbod hulp starten",
            "Taking away immediate danger and starting help within the term of the order",
        ),
    ),
    confidentiality=CONFIDENTIALITY,
    rhythm=Words(
        "Op de derde dag na de uitreiking, en rond dag zeven",
        "On the third day after service, and around day seven",
    ),
    minutes_per_item=45,
    clocks=(
        triage_within(1, ClockUnit.WORKING_DAYS),
        _day(3, "overleg met alle partijen", "meeting of all parties", plans_meeting=True),
        _day(7, "advies over verlenging", "advice on extension"),
        _day(8, "besluit over verlenging", "decision on extension"),
        _day(
            10,
            "huisverbod eindigt zonder verlenging",
            "order ends unless extended",
            ends_order=True,
        ),
        _day(28, "verlengd huisverbod eindigt", "extended order ends", ends_extended=True),
        ACCEPTANCE,
    ),
    decision_kinds=(*WITH_SAFETY, DecisionKind.BY_MAYOR),
    outcomes=(
        OutcomeRule("extend", Words("Advies: verlengen", "Advice: extend")),
        OutcomeRule("not-extend", Words("Advies: niet verlengen", "Advice: do not extend")),
        OutcomeRule("end-early", Words("Advies: eerder beëindigen", "Advice: end early")),
    ),
    figures=(
        FigureRule(
            "exclusion-orders",
            Words("Tijdelijke huisverboden", "Temporary exclusion orders"),
            FigureSource.EXCLUSION_ORDERS,
        ),
    ),
)
