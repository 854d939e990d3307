"""Who works in the fictional Regio Deltaland; nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.kinds import OrganisationKind as Kind
from app.domain.kinds import TableKind, TableRoleName

CHAIR: Final = TableRoleName.CHAIR
COORDINATOR: Final = TableRoleName.COORDINATOR
REPRESENTATIVE: Final = TableRoleName.REPRESENTATIVE
DEPUTY: Final = TableRoleName.DEPUTY
# In how many days a role with a last day ends.
ENDS_IN: Final = timedelta(days=75)

ORGANISATIONS: Final = (
    ("VT", "Veilig Thuis Deltaland", Kind.VEILIG_THUIS),
    ("POL", "Politie Eenheid Deltaland", Kind.POLICE),
    ("OM", "Openbaar Ministerie Deltaland", Kind.PROSECUTION),
    ("RvdK", "Raad voor de Kinderbescherming", Kind.CHILD_PROTECTION),
    ("RN", "Reclassering Nederland", Kind.PROBATION),
    ("GI", "Jeugdbescherming Delta", Kind.YOUTH_PROTECTION),
    ("GEM-OW", "Gemeente Oosterwaard", Kind.MUNICIPALITY),
    ("LT-OW", "Lokaal team Oosterwaard", Kind.LOCAL_TEAM),
    ("GGZ", "GGZ Deltaland", Kind.MENTAL_HEALTH),
    ("VZ", "Verslavingszorg De Brug", Kind.ADDICTION_CARE),
    ("SHN", "Slachtofferhulp Nederland", Kind.VICTIM_SUPPORT),
    ("VO", "Vrouwenopvang De Luwte", Kind.SHELTER),
    ("ZVH", "Zorg- en Veiligheidshuis Deltaland", Kind.SAFETY_HOUSE),
)

# Key, name, kind, prefix, place, minutes per item. The first two make the small region.
TABLES: Final = (
    ("mda", "MDA++ Deltaland", TableKind.MDA, "MDA", "Huis van de Delta, kamer 2.14", 40),
    ("act", "Actie-overleg Deltaland", TableKind.ACTION, "ACT", "Politiebureau Noord, zaal 1", 20),
    ("zsm", "ZSM Deltaland", TableKind.ZSM, "ZSM", "Online", 10),
    ("zvh", "ZVH Deltaland", TableKind.SAFETY_HOUSE, "ZVH", "Huis van de Delta, kamer 1.02", 60),
    ("jbt", "Jeugdbeschermingstafel", TableKind.YOUTH_PROTECTION, "JBT", "Stadhuis, kamer 4", 75),
    ("huis", "Huisverbod dag 3", TableKind.EXCLUSION_ORDER, "THV", "Online", 45),
    ("spot", "Samen op in Acuut Deltaland", TableKind.ON_THE_SPOT, "SIA", "Online", 15),
    ("spoed", "Spoedteam Deltaland", TableKind.SCREENING, "SPT", "Online", 5),
    ("stalk", "Tafel stalking", TableKind.THEMATIC, "STK", "Huis van de Delta, kamer 1.04", 30),
)
# Tables of a kind that has a name of its own; the others are of the kind they work as.
KIND_CODES: Final = {"stalk": "stalking"}


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented professional; ``roles`` are (table key, role), of ``ends_at`` with a last day."""

    key: str
    organisation: str
    name: str
    function: str
    roles: tuple[tuple[str, TableRoleName], ...] = ()
    is_administrator: bool = False
    is_privacy_officer: bool = False
    is_supervisor: bool = False
    ends_at: tuple[str, ...] = ()


def _seated(*tables: str) -> tuple[tuple[str, TableRoleName], ...]:
    return tuple((table, REPRESENTATIVE) for table in tables)


PEOPLE: Final = (
    Someone("marit", "ZVH", "Marit van Deursloot", "voorzitter MDA++", (("mda", CHAIR),)),
    Someone(
        "joost",
        "ZVH",
        "Joost Veldhuizen",
        "procesregisseur",
        tuple((table, COORDINATOR) for table, *_ in TABLES),
    ),
    Someone("ineke", "OM", "Ineke Bosgraaf", "voorzitter Actie-overleg", (("act", CHAIR),)),
    Someone(
        "sanne", "VT", "Sanne Terpstee", "aandachtsfunctionaris", _seated("mda", "act", "spoed")
    ),
    Someone("floor", "VT", "Floor Wiersloot", "medewerker onderzoek"),
    Someone("imane", "VT", "Imane Ouladi", "medewerker triage", _seated("act", "spot", "spoed")),
    Someone(
        "dennis", "POL", "Dennis Kroonveen", "operationeel expert", _seated("mda", "act", "spot")
    ),
    Someone("mirjam", "POL", "Mirjam Postelein", "wijkagent", (("mda", DEPUTY),)),
    Someone("casper", "OM", "Casper van Rhijnbeek", "parketsecretaris", _seated("mda", "act")),
    Someone("yasmina", "RvdK", "Yasmina Belkadir", "raadsonderzoeker", _seated("mda", "act")),
    Someone("rob", "RvdK", "Rob Zandstraat", "raadsonderzoeker"),
    Someone("thijs", "RN", "Thijs Okkerveen", "reclasseringswerker", _seated("mda", "act")),
    Someone("lotte", "GI", "Lotte Haverkort", "jeugdbeschermer", _seated("mda")),
    Someone("bas", "GI", "Bas Duinkerk", "gedragswetenschapper"),
    Someone("nadia", "GEM-OW", "Nadia el Fassouri", "beleidsadviseur veiligheid", _seated("mda")),
    Someone("pieter", "LT-OW", "Pieter Goudsmeer", "casusregisseur", _seated("mda", "act", "spot")),
    Someone("anouk", "LT-OW", "Anouk Lindeboog", "gezinswerker"),
    Someone("eline", "GGZ", "Eline Brandsloot", "psychiatrisch verpleegkundige", _seated("mda")),
    Someone("hugo", "GGZ", "Hugo Stavermaan", "behandelaar"),
    Someone("karin", "VZ", "Karin Dolleveld", "behandelaar verslaving", _seated("mda")),
    Someone(
        "samira", "SHN", "Samira Yazgül", "casemanager", _seated("mda", "act"), ends_at=("act",)
    ),
    Someone("wilma", "VO", "Wilma Rietdekker", "teamleider opvang", _seated("mda")),
    Someone("guus", "ZVH", "Guus Meerkamp", "procesregisseur (invaller)", (("act", COORDINATOR),)),
    Someone("wouter", "ZVH", "Wouter Kampstra", "functioneel beheerder", is_administrator=True),
    Someone(
        "hanneke", "GEM-OW", "Hanneke Roelofswaard", "privacy officer", is_privacy_officer=True
    ),
    Someone(
        "geert", "ZVH", "Geert Oldenhuizing", "functionaris gegevensbescherming", is_supervisor=True
    ),
)

# The other tables of the larger sizes need chairs and people at the table as well.
REGION_CHAIRS: Final = (
    Someone("tamara", "OM", "Tamara Vlietland", "voorzitter ZSM", (("zsm", CHAIR),)),
    Someone("ewout", "ZVH", "Ewout Harkema-Boon", "voorzitter ZVH", (("zvh", CHAIR),)),
    Someone("liesbeth", "GEM-OW", "Liesbeth Knoopstra", "voorzitter tafel", (("jbt", CHAIR),)),
    Someone("rachid", "GEM-OW", "Rachid Benomar", "voorzitter dag 3", (("huis", CHAIR),)),
)

FIRST_NAMES: Final = (
    *("Aafke", "Bilal", "Carlijn", "Daan", "Esra", "Femke", "Gijs", "Hatice", "Ilse", "Jorn"),
    *("Kim", "Leila", "Maarten", "Noor", "Olaf", "Pleun", "Quirine", "Ruben", "Soraya", "Tess"),
    *("Umut", "Vera", "Willem", "Xander", "Yara", "Zeno", "Fenna", "Hidde", "Jip", "Mees"),
)
SURNAMES: Final = (
    *("Akkerzoom", "Berkelaar", "Cornelveen", "Dijkzicht", "Elzenbos", "Fonteinmeer"),
    *("Grasduin", "Heidelaar", "IJsselzand", "Jonkerhof", "Klaverweide", "Lariksdal"),
    *("Molenkreek", "Noordpolder", "Oeverstee", "Plantagehof", "Ruigeland", "Schelpduin"),
    *("Turfwater", "Uilenvliet", "Vlasakker", "Wilgenbroek", "Zeekraal", "Zuringveld"),
)
