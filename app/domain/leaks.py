"""Finds words of a case in a text that leaves the house; it must never keep or show what it found.

Names, dates of birth, addresses, telephone numbers and references are recognised in the spellings
people use. A text is compared with what its sender writes anyway, so that the product's own words
and the recipient's own name do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from app.domain.leak_spellings import (
    PARTICLES,
    dates_in,
    fold,
    is_common,
    name_spellings,
    names_joined,
    phones_in,
    postcodes_in,
    words_within,
)

Term = tuple[str, str]

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PIECE: Final = re.compile(r"[^\W\d_]+|\d+")
_NAME_LINE: Final = re.compile(
    r"^\W*(?:(?:voor|achter|roep|meisjes|bij|schuil)?na(?:a)?m(?:e|en)?|alias)\b[^:]{0,20}:",
    re.IGNORECASE,
)
_POSTCODE_AND_TOWN: Final = re.compile(r"\b(\d{4}\s?[A-Z]{2})\b[\s,]*([^,;\n]*)")
_STREET: Final = re.compile(
    r"([^\W\d_]{2,}(?:[-'’][^\W\d_]+)*)\s+(\d{1,5})(?!\d)(?!\s?[-/.]\s?\d)"
    r"(?!\s*(?:jaar|jarig|maand|weken|dagen|keer|jan|feb|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec))",
    re.IGNORECASE,
)
_IS_STREET: Final = re.compile(
    r".+(?:straat|laan|weg|plein|kade|gracht|singel|dreef|plantsoen|steeg|pad|hof|dijk|markt)$"
)
# What the product makes up itself and nobody can read a name into: ids and secret addresses.
_RANDOM: Final = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|(?<=[+-])[a-z2-7]{26}(?=@)", re.IGNORECASE
)
_LONG_ENOUGH: Final = 4
_ABBREVIATION: Final = 3
_NAMES_TOGETHER: Final = 4
# A telephone number in five groups, a street of two words with its number.
_LONGEST_RUN: Final = 6


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What may not leave the house, in a form texts are compared with; never show or store it."""

    terms: frozenset[Term]
    codes: tuple[re.Pattern[str], ...]

    def __repr__(self) -> str:
        """A count: this may end up in a traceback."""
        return f"CaseWords({len(self.terms)})"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something was found, counted from 1, and of which sort; never what."""

    line: int
    sort: str


def words_of(
    *,
    identities: Iterable[str],
    texts: Iterable[str],
    codes: Iterable[str],
    known: Iterable[str],
) -> CaseWords:
    """Gather what the texts of cases hold.

    ``identities`` are the sections that name people, ``texts`` labels and questions, ``codes``
    references and numbers of cases. Words of ``known`` (names of organisations, of the table, its
    usual place) betray nothing, unless somebody is called so.
    """
    at_large = _pieces_of(tuple(known))
    terms: set[Term] = set()
    for text in identities:
        terms |= set(_facts_in(text)) | _addresses_in(text)
        terms |= set(_names_in(text, at_large | _places_in(text)))
    for text in texts:
        terms |= set(_facts_in(text))
        terms |= set(_names_in(text, at_large))
    return CaseWords(frozenset(terms), tuple(_code_patterns(codes)))


def words_of_names(
    names: Iterable[str], *, codes: Iterable[str], known: Iterable[str]
) -> CaseWords:
    """What names organisations nobody else may know of: whole, in part, or by their code."""
    whole, short = tuple(names), tuple(codes)
    said = words_of(identities=(), texts=whole, codes=(*whole, *short), known=known)
    pieces = {("name", "".join(_PIECE.findall(fold(code)))) for code in short}
    return CaseWords(said.terms | pieces, said.codes)


@lru_cache(maxsize=8)
def _pieces_of(known: tuple[str, ...]) -> frozenset[str]:
    """The same for every case of a table; nothing in it is of a case."""
    return frozenset(piece for text in known for piece in _PIECE.findall(fold(text)))


def together(words: Iterable[CaseWords]) -> CaseWords:
    """The words of several cases as one."""
    found = list(words)
    return CaseWords(
        frozenset(term for one in found for term in one.terms),
        tuple({code.pattern: code for one in found for code in one.codes}.values()),
    )


def findings(text: str, words: CaseWords, *, own: str = "") -> tuple[Finding, ...]:
    """Where ``text`` says something of a case more often than ``own`` does.

    ``own`` is not held against it: the same text as it would read for anybody.
    """
    allowed = Counter(term for term, _ in _hits(own, words))
    found = []
    for term, line in _hits(text, words):
        allowed[term] -= 1
        if allowed[term] < 0:
            found.append(Finding(line, term[0]))
    return tuple(found)


def telling_words(text: str, words: CaseWords) -> tuple[str, ...]:
    """The shortest runs of words in ``text``, as typed, that say something of a case.

    For whoever typed it and may see the case; never store it.
    """
    typed = text.split()
    found: list[str] = []
    spent: set[int] = set()
    for length in range(1, _LONGEST_RUN + 1):
        for start in range(len(typed) - length + 1):
            places = set(range(start, start + length))
            run = " ".join(typed[start : start + length])
            if not places & spent and findings(run, words):
                spent |= places
                found.append(run.strip(",.;:!?()\"'“”‘’"))
    return tuple(dict.fromkeys(found))


def _hits(text: str, words: CaseWords) -> Iterator[tuple[Term, int]]:
    for number, raw in enumerate(text.splitlines(), 1):
        line = _RANDOM.sub(" ", raw)
        for term in _terms_in(line):
            if term in words.terms:
                yield term, number
        folded = fold(line)
        for code in words.codes:
            for _ in code.finditer(folded):
                yield ("code", code.pattern), number


def _terms_in(line: str) -> Iterator[Term]:
    """Everything in a line that could be a word of a case."""
    yield from _facts_in(line)
    pieces = [piece for word in _split_camel(line) for piece in _PIECE.findall(fold(word))]
    for piece in pieces:
        yield "name", piece
        yield from (("name", one) for one in words_within(piece))
    for word in _WORD.findall(fold(line)):
        joined = "".join(_PIECE.findall(word))
        if joined not in pieces:
            yield "name", joined
    for piece, after in _pairs(pieces):
        if after.isdigit() and not piece.isdigit():
            yield "address", f"{piece} {after}"
            if piece.endswith("str"):
                yield "address", f"{piece}aat {after}"


def _pairs(pieces: list[str]) -> Iterator[tuple[str, str]]:
    rest = [piece for piece in pieces if piece not in {"nr", "no", "nummer", "huisnummer"}]
    yield from pairwise(rest)


def _split_camel(line: str) -> list[str]:
    """``ZaalJansen`` hides a name as well as ``Zaal Jansen``; the whole word counts too."""
    words = line.split()
    return [*words, *(part for word in words for part in _camel(word))]


def _camel(word: str) -> list[str]:
    parts = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", word).split()
    return parts if len(parts) > 1 else []


def _facts_in(text: str) -> Iterator[Term]:
    """Dates, telephone numbers and postcodes, however written."""
    folded = fold(text)
    for day in dates_in(folded):
        yield "date", day.isoformat()
    for phone in phones_in(folded):
        yield "phone", phone
    for postcode in postcodes_in(folded):
        yield "postcode", postcode


def _addresses_in(text: str) -> set[Term]:
    return {
        ("address", f"{_PIECE.findall(fold(word))[-1]} {number}")
        for word, number in _STREET.findall(text)
        if word[:1].isupper()
    }


def _places_in(text: str) -> set[str]:
    """Streets and towns say nothing by themselves: a meeting is often held in the same town."""
    towns = {
        piece
        for _, town in _POSTCODE_AND_TOWN.findall(text)
        for piece in _PIECE.findall(fold(town))
    }
    streets = {
        piece
        for word, _ in _STREET.findall(text)
        for piece in _PIECE.findall(fold(word))
        if _IS_STREET.fullmatch(piece)
    }
    return towns | streets


def _names_in(text: str, at_large: AbstractSet[str]) -> Iterator[Term]:
    """Capitalised words; after "Naam:" every word, also one that is common elsewhere."""
    for line in text.splitlines():
        label = _NAME_LINE.match(line)
        rest = line[label.end() :] if label else line
        before: list[str] = []
        together: list[str] = []
        for match in _WORD.finditer(rest):
            word = match[0]
            folded = "".join(_PIECE.findall(fold(word)))
            if folded in PARTICLES:
                before.append(folded)
                continue
            if label or _may_be_name(word, folded, rest[match.end() :], at_large):
                yield from (("name", one) for one in name_spellings(word, before))
                together = [*together, "".join(before) + folded][-_NAMES_TOGETHER:]
                yield from (("name", one) for one in names_joined(together))
            else:
                together = []
            before = []


def _may_be_name(word: str, folded: str, after: str, at_large: AbstractSet[str]) -> bool:
    if not any(part[:1].isupper() for part in re.split("['’-]", word)):
        return False
    is_abbreviation = word.isupper() and len(word) <= _ABBREVIATION
    is_label = after.lstrip(" ").startswith(":")
    return not (is_abbreviation or is_label or is_common(folded) or folded in at_large)


def _code_patterns(codes: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """A reference with or without its prefix, and with any signs between its characters."""
    wanted = {part for code in codes for part in (code, code.rpartition("-")[2])}
    for code in sorted(wanted):
        characters = [one for one in fold(code) if one.isalnum()]
        if len(characters) >= _LONG_ENOUGH:
            inner = r"[\W_]*".join(map(re.escape, characters))
            yield re.compile(rf"(?<![^\W_]){inner}(?![^\W_])")
