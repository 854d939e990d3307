"""A name and a birth date as one text that is the same however the name was typed.

It is compared, never shown: a keyed hash of it is stored, and nobody can be read back.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

# In a name they come and go: "de Vries" is filed, and typed, as "Vries".
PARTICLES: Final = frozenset(
    {
        "aan", "af", "al", "am", "auf", "bij", "da", "de", "del", "den", "der", "des", "di", "do",
        "dos", "du", "een", "el", "het", "im", "in", "la", "las", "le", "les", "lo", "los", "of",
        "onder", "op", "over", "s", "t", "te", "ten", "ter", "tot", "uijt", "uit", "van", "ver",
        "vom", "von", "voor", "zu", "zum", "zur",
    }
)  # fmt: skip
# Letters that are not a plain letter with an accent on it.
_OTHER: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DAY: Final = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
# How staff begin the line with the name, and what ends the name on it.
_LABEL: Final = re.compile(r"^\s*(?:(?:volledige|full)\s+)?(?:naam|name)\s*:", re.IGNORECASE)
_ENDS: Final = re.compile(
    r"[(;\d]|,?\s*\b(?:geb|geboren|geboortedatum|geboortejaar|born)\b", re.IGNORECASE
)


def plain(name: str) -> str:
    """The words of a name without case, accents, particles or order; empty when none is left.

    A name of particles alone keeps them.
    """
    lower = unicodedata.normalize("NFKD", name.casefold().translate(_OTHER))
    bare = "".join(one for one in lower if not unicodedata.combining(one))
    words = _LETTERS.findall(bare)
    return " ".join(sorted([one for one in words if one not in PARTICLES] or words))


def named_in(text: str) -> tuple[str, date | None]:
    """The name and the birth date in the text of an identity: its first line, and its only day.

    Two different days, or one that does not exist, are no birth date.
    """
    lines = [one for one in text.splitlines() if _LETTERS.search(one)]
    first = next((one for one in lines if _LABEL.match(one)), lines[0] if lines else "")
    bare = _LABEL.sub("", first)
    end = _ENDS.search(bare)
    return bare[: end.start() if end else None].strip(), _only_day(text)


def _only_day(text: str) -> date | None:
    days = {tuple(map(int, one)) for one in _DAY.findall(text)}
    if len(days) != 1:
        return None
    ((day, month, year),) = days
    try:
        return date(year, month, day)
    except ValueError:
        return None


def same_person(name: str, born: date | None) -> str:
    """The text two rows of one person share; empty when they could be of several people."""
    words = plain(name)
    return f"{words}|{born.isoformat()}" if words and born else ""
