"""The kinds of case table that ship with the product, each as one document; a start, never a law.

What an administrator changes of them stands in the database (app/models/kinds.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.kind_document import KindDocument
from app.domain.kinds import TableKind
from app.domain.presets.acute import ACTION, ON_THE_SPOT, SCREENING
from app.domain.presets.justice import EXCLUSION_ORDER, ZSM
from app.domain.presets.mda import MDA
from app.domain.presets.safety_house import SAFETY_HOUSE
from app.domain.presets.sections import AGREEMENTS, EXIT, IDENTITY, INPUT, LIFE, TRIED, WEIGHING
from app.domain.presets.statement import CONFIDENTIALITY_EN, CONFIDENTIALITY_NL
from app.domain.presets.themes import OWN_THEMES, THEMATIC
from app.domain.presets.youth import YOUTH_PROTECTION

__all__ = [
    "AGREEMENTS",
    "CONFIDENTIALITY_EN",
    "CONFIDENTIALITY_NL",
    "EXIT",
    "IDENTITY",
    "INPUT",
    "LIFE",
    "SHIPPED",
    "TRIED",
    "WEIGHING",
    "document_of",
]

# By code, in the order in which they are shown.
SHIPPED: Final[Mapping[str, KindDocument]] = {
    document.code: document
    for document in (
        MDA,
        ZSM,
        ACTION,
        ON_THE_SPOT,
        SCREENING,
        SAFETY_HOUSE,
        YOUTH_PROTECTION,
        EXCLUSION_ORDER,
        THEMATIC,
        *OWN_THEMES,
    )
}


def document_of(kind: TableKind) -> KindDocument:
    """The document of the kind that is named after a way of working."""
    return SHIPPED[kind.value]
