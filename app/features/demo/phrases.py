"""Sentences the generated cases are made of; invented, and about nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUESTIONS: Final = (
    "Hoe doorbreken we de herhaling na drie meldingen in een jaar?",
    "Welke volgorde van straf en zorg past hier?",
    "Kan afgeschaald worden naar het lokale team?",
    "Wie bespreekt het contactverbod met het gezin?",
    "Welke hulp is nog niet geprobeerd?",
    "Is de directe veiligheid geregeld en wie voert de casusregie?",
    "Wat is nodig om de kinderen veilig thuis te laten wonen?",
    "Hoe houden we zicht nu de hulp stopt?",
)
SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "cause": (
        "Tweede melding binnen een half jaar na een ruzie over de omgang.",
        "De buren belden 112 na geschreeuw en brekend glas.",
        "Een hulpverlener meldde zorgen na een huisbezoek.",
        "Aanhouding na mishandeling in de woning.",
    ),
    "safety": (
        "Er is een veiligheidsplan; de steunfiguur is op de hoogte.",
        "Partners wonen tijdelijk gescheiden. Contact loopt via een derde.",
        "De situatie is vandaag rustig, de spanning blijft hoog.",
    ),
    "children": (
        "De kinderen waren thuis en hebben het gehoord.",
        "School ziet vermoeidheid en verzuim.",
        "Er wonen geen kinderen in huis.",
    ),
    "history": ("Eerdere hulp stopte voortijdig.", "Geen eerdere hulp bekend."),
    "criminal": ("Er is aangifte gedaan; de casus wordt beoordeeld.", "Geen aangifte."),
    "care": ("Behandeling is gestart.", "Wachtlijst van twee maanden."),
}
HOUSEHOLDS: Final = (
    (("victim", "Moeder"), ("alleged-perpetrator", "Ex-partner"), ("child", "Kind 1")),
    (("victim", "Partner A"), ("alleged-perpetrator", "Partner B")),
    (("victim", "Vader"), ("alleged-perpetrator", "Moeder"), ("child", "Kind 1")),
    (("victim", "Oudere"), ("alleged-perpetrator", "Zoon")),
    (("alleged-perpetrator", "Zoon"), ("victim", "Moeder"), ("child", "Zusje")),
)
AGREEMENTS: Final = (
    "Casusregie ligt bij het lokale team; terugkoppeling bij de volgende bespreking.",
    "Veilig Thuis houdt zicht op de veiligheid gedurende drie maanden.",
    "De strafrechtelijke stap wacht op het gesprek met het gezin.",
    "Beide ouders krijgen een eigen contactpersoon.",
)
ACTIONS: Final = (
    ("Gesprek plannen", "Gesprek met het gezin plannen over het veiligheidsplan."),
    ("Terugkoppeling geven", "Terugkoppeling geven over de start van de hulp."),
    ("Informatie aanleveren", "Informatie over eerdere hulp aanleveren."),
    ("Contact opnemen", "Contact opnemen met school over de opvang na schooltijd."),
    ("Advies uitbrengen", "Advies uitbrengen over voorwaarden."),
)
