"""The sections the schemes are put together from; it must never know who gets to read one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from app.domain.kind_document import SectionPreset
from app.domain.kinds import RetentionClass

IDENTITY: Final = "identity"
INPUT: Final = "input"
TRIED: Final = "tried"
WEIGHING: Final = "weighing"
EXIT: Final = "exit"
AGREEMENTS: Final = "agreements"

# The life domains (leefgebieden) of the PGA, in the order in which they are gone through.
_LIFE: Final = (
    ("Wonen", "Housing"),
    ("Financiën", "Finances"),
    ("Werk, opleiding en dagbesteding", "Work, education and activities"),
    ("Gezin en relaties", "Family and relationships"),
    ("Psychische gezondheid", "Mental health"),
    ("Lichamelijke gezondheid", "Physical health"),
    ("Middelengebruik en verslaving", "Substance use and addiction"),
    ("Zelfzorg", "Self-care"),
    ("Huishouden en regelzaken", "Household and paperwork"),
    ("Sociaal netwerk", "Social network"),
    ("Deelname aan de samenleving", "Taking part in society"),
    ("Politie en justitie", "Police and justice"),
)
LIFE: Final = tuple(f"life-{number}" for number in range(1, len(_LIFE) + 1))

_ALL: Final = (
    SectionPreset(
        IDENTITY,
        "Persoonsgegevens",
        "Personal details",
        RetentionClass.IDENTITY,
        is_identity=True,
    ),
    SectionPreset("cause", "Aanleiding", "Reason for the case"),
    SectionPreset(TRIED, "Wat is geprobeerd", "What has been tried"),
    SectionPreset("safety", "Veiligheid nu", "Safety now"),
    SectionPreset(AGREEMENTS, "Afspraken ter plaatse", "Agreements made on the spot", is_plan=True),
    SectionPreset("children", "Kinderen", "Children"),
    SectionPreset("history", "Voorgeschiedenis", "History"),
    SectionPreset("criminal", "Strafrecht", "Criminal law"),
    SectionPreset("care", "Zorg en hulpverlening", "Care and support"),
    SectionPreset("protective", "Beschermende factoren", "Protective factors"),
    SectionPreset(WEIGHING, "Weging", "Weighing"),
    SectionPreset(
        "plan", "Plan en veiligheidsafspraken", "Plan and safety agreements", is_plan=True
    ),
    SectionPreset(EXIT, "Afsluitcriteria", "Exit criteria", is_plan=True),
    *(
        SectionPreset(code, f"Leefgebied: {nl.lower()}", f"Life domain: {en.lower()}", is_plan=True)
        for code, (nl, en) in zip(LIFE, _LIFE, strict=True)
    ),
    SectionPreset(INPUT, "Inbreng", "Input", is_input=True),
)

SHORT: Final = frozenset({IDENTITY, "cause", TRIED, "safety", "children", "criminal", INPUT})
USUAL: Final = SHORT | {"history", "care", "protective", "plan"}


def scheme(codes: Collection[str]) -> tuple[SectionPreset, ...]:
    """The sections with these codes, in the order in which a case is told."""
    return tuple(section for section in _ALL if section.code in codes)
