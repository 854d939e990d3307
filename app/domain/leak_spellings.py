"""How names, dates and numbers are spelled in the Netherlands; knows nothing of any case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

PARTICLES: Final = frozenset(
    {
        "aan", "al", "bij", "d", "da", "das", "de", "del", "den", "der", "di", "dos", "du", "el",
        "het", "in", "la", "le", "los", "op", "s", "t", "te", "ten", "ter", "uit", "van", "vande",
        "vander", "vd", "von",
    }
)  # fmt: skip
_NOT_DECOMPOSED: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)
_PIECE: Final = re.compile(r"[^\W\d_]+|\d+")
_UMLAUTS: Final = {"ä": "ae", "ö": "oe", "ü": "ue"}

# Words at the head of a sentence, words of places where meetings are held, and labels.
_COMMON: Final = frozenset(
    (Path(__file__).parent / "data" / "common_words.txt").read_text(encoding="ascii").split()
)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb", "maart march mrt mar", "april apr",
            "mei may", "juni june jun", "juli july jul", "augustus august aug",
            "september sept sep", "oktober october okt oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DASH: Final = r"[-/._\u2010-\u2014]"
# Looking ahead, so that a date is also found behind another number: "zaal 2 3 12 2014".
_DAY_FIRST: Final = re.compile(
    rf"(?<!\d)(?=(\d{{1,2}})(\s?{_DASH}\s?|\s)(\d{{1,2}})\2['’]?(\d{{4}}|\d{{2}})(?!\d))\d"
)
_YEAR_FIRST: Final = re.compile(rf"(?<!\d)(\d{{4}})(\s?{_DASH}\s?)(\d{{1,2}})\2(\d{{1,2}})(?!\d)")
_IN_WORDS: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:e|ste|de|st|nd|rd|th)?[\s.-]*(?:of\s+)?({_MONTH})\b[\s.,'’-]*"
    r"(\d{4}|\d{2})(?!\d)"
)
_MONTH_FIRST: Final = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)"
)
_EIGHT: Final = re.compile(r"(?<!\d)\d{8}(?!\d)")
_PHONE: Final = re.compile(
    r"(?<!\d)(?:\+\s?31|0031|0)[\s()./_\u2010-\u2014-]*(?:0\))?[\s./_\u2010-\u2014-]*"
    r"([1-9](?:[\s()./_\u2010-\u2014-]*\d){8})(?!\d)"
)
_POSTCODE: Final = re.compile(r"(?<![^\W_])([1-9]\d{3})[\s._\u2010-\u2014-]?([a-z]{2})(?![^\W_])")
_CENTURY: Final = 100
_SHORT: Final = 3
_MADE_ONE_WITH: Final = ("casus", "dossier", "familie", "gezin", "overleg", "zaak")


def fold(text: str) -> str:
    """Small letters without accents or what nobody sees; everything else between letters stays."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(
        one
        for one in decomposed
        if not unicodedata.combining(one) and unicodedata.category(one) != "Cf"
    )
    return bare.translate(_NOT_DECOMPOSED)


def is_common(word: str) -> bool:
    """Whether a folded word is one that starts sentences, or names rooms."""
    return word in _COMMON


def name_spellings(word: str, particles: Sequence[str]) -> Iterator[str]:
    """A name, its parts, written as one, with its particles before it, and without umlauts."""
    for written in _without_umlauts(word.casefold()):
        parts = [part for part in _PIECE.findall(fold(written)) if len(part) > 1]
        joined = "".join(_PIECE.findall(fold(written)))
        yield from (part for part in parts if part not in PARTICLES)
        if len(joined) > 1:
            yield joined
        if particles:
            yield "".join(particles) + joined
            yield "".join(one[0] for one in particles) + joined


def _without_umlauts(word: str) -> set[str]:
    """``Müller`` is also ``Mueller``, and the other way round."""
    composed = unicodedata.normalize("NFC", word)
    spelled, bare = composed, composed
    for umlaut, letters in _UMLAUTS.items():
        spelled = spelled.replace(umlaut, letters)
        bare = bare.replace(letters, letters[0])
    return {composed, spelled, bare}


def names_joined(names: Sequence[str]) -> Iterator[str]:
    """Folded names that follow each other written as one, also with a single initial."""
    for start in range(len(names) - 1):
        rest = "".join(names[start + 1 :])
        yield names[start] + rest
        yield names[start][0] + rest
        yield names[start][0] + names[-1]


def words_within(piece: str) -> Iterator[str]:
    """A folded word with its genitive, and what people make one word of: ``Jansenoverleg``."""
    if piece.endswith("s") and len(piece) > _SHORT:
        yield piece[:-1]
    for other in _MADE_ONE_WITH:
        rest = piece.removeprefix(other) if piece.startswith(other) else piece.removesuffix(other)
        if rest != piece and len(rest) >= _SHORT:
            yield rest
            if rest.endswith("s"):
                yield rest[:-1]


def dates_in(folded: str) -> Iterator[date]:
    """Every date in a folded text; a year of two digits may be of either century."""
    for day, _, month, year in _DAY_FIRST.findall(folded):
        yield from _dates(year, month, day)
    for year, _, month, day in _YEAR_FIRST.findall(folded):
        yield from _dates(year, month, day)
    for day, name, year in _IN_WORDS.findall(folded):
        yield from _dates(year, str(_MONTHS[name]), day)
    for name, day, year in _MONTH_FIRST.findall(folded):
        yield from _dates(year, str(_MONTHS[name]), day)
    for digits in _EIGHT.findall(folded):
        yield from _dates(digits[4:], digits[2:4], digits[:2])
        yield from _dates(digits[:4], digits[4:6], digits[6:])


def _dates(year: str, month: str, day: str) -> Iterator[date]:
    years = (int(year),) if int(year) >= _CENTURY else (1900 + int(year), 2000 + int(year))
    for one in years:
        try:
            yield date(one, int(month), int(day))
        except ValueError:
            continue


def phones_in(folded: str) -> Iterator[str]:
    """Dutch numbers of ten digits, without the zero in front and without what stands between."""
    for digits in _PHONE.findall(folded):
        yield re.sub(r"\D", "", digits)


def postcodes_in(folded: str) -> Iterator[str]:
    """Postcodes with or without the space, in any case."""
    for digits, letters in _POSTCODE.findall(folded):
        yield digits + letters
