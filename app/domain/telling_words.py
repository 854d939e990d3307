"""Words that betray, to whoever looks along in a calendar, what kind of meeting somebody goes to.

A title may be read on a family's telephone. This list is a net, not a promise: it holds what people
would type first.
"""

from __future__ import annotations

import re
import unicodedata

# Anywhere in a word: Dutch makes one word of several.
_PARTS = (
    "achterlaat", "beschermingstafel", "bescherming", "casus", "dader", "delict", "detentie",
    "domestic", "drang", "dwang", "eergerelateerd", "familierecht", "geweld", "gezin", "huisverbod",
    "huiselijk", "jeugdbescherm", "jeugdzorg", "justitie", "justice", "kinderbescherm", "mishandel",
    "melding", "mensenhandel", "misbruik", "moeder", "offender", "parket", "persoonsgericht",
    "pleger", "politie", "police", "probation", "radicalis", "reclassering", "seksu", "slachtoffer",
    "stalk", "strafrecht", "strafzaak", "trafficking", "uithuisplaats", "vader", "veiligheidshuis",
    "veiligthuis", "verslaving", "verward", "victim", "violence", "zeden",
)  # fmt: skip
# Whole words only: inside another word they mean nothing.
_WORDS = frozenset(
    {"abuse", "case", "ggz", "gi", "hg", "huisverboden", "jb", "jbt", "kind", "kinderen", "km",
     "mda", "ots", "rvdk", "vt", "vvk", "zaak", "zsm", "zvh", "aware", "marac", "top600"}
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")


def betrays(words: str, *, prefix: str) -> bool:
    """Whether these words tell what the meeting is about; ``prefix`` begins its references."""
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    found = _WORD.findall("".join(one for one in decomposed if not unicodedata.combining(one)))
    joined = "".join(found)
    return (
        any(part in joined for part in _PARTS)
        or not _WORDS.isdisjoint(found)
        or prefix.casefold() in found
    )
