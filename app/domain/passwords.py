"""Judges new passwords by what is left once the guessable parts are gone; it must never store one.

NIST SP 800-63B-4 and ASVS 5.0 6.2: length first, any character, no composition rules, a blocklist
with the reason shown. Every rule is linear in the length, and the length is bounded first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib import resources

MIN_LENGTH = 15
MAX_LENGTH = 256
MIN_REMAINING = 8

_SEASONS = frozenset(
    {"lente", "voorjaar", "zomer", "herfst", "najaar", "winter"}
    | {"spring", "summer", "autumn", "fall"}
)
_KEYBOARD_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "!@#$%^&*()",
)
_COMMON_FILE = "common_passwords.txt"
_CONTEXT_FILE = "context_words.txt"
_GRAM = 4
_SHORTEST_COMMON_WORD = 4
_SHORTEST_OWN_WORD = 3
_DISGUISES: tuple[dict[int, int], ...] = (
    {},
    str.maketrans("013457@$!€", "oieastasie"),
    str.maketrans("013457@$!€", "oleastasle"),
)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_WORD = re.compile(r"[^\W_]+")


class PasswordFault(StrEnum):
    """Why a password is refused; the first that applies."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    UNUSABLE_CHARACTER = "unusable-character"
    ONLY_DIGITS = "only-digits"
    CONTEXT_WORDS = "context-words"
    SEASON_AND_YEAR = "season-and-year"
    COMMON_WORDS = "common-words"
    SEQUENCE = "sequence"
    REPETITION = "repetition"


def normalise_password(password: str) -> str:
    """Return the form to hash and to check (NFC), so that every keyboard gives the same bytes."""
    return unicodedata.normalize("NFC", password)


def find_fault(password: str, *, own_words: Iterable[str] = ()) -> PasswordFault | None:
    """Return why this password is refused, or None when it is good.

    :param own_words: name, e-mail address and organisation of the person, as they are.
    """
    # Normalising may shorten, never below a quarter; so nothing huge is ever looked at.
    if len(password) > MAX_LENGTH * _GRAM:
        return PasswordFault.TOO_LONG
    normal = normalise_password(password)
    if len(normal) < MIN_LENGTH:
        return PasswordFault.TOO_SHORT
    if len(normal) > MAX_LENGTH:
        return PasswordFault.TOO_LONG
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in normal):
        return PasswordFault.UNUSABLE_CHARACTER
    if not any(character.isalpha() for character in normal) and _mostly_digits(normal):
        return PasswordFault.ONLY_DIGITS
    return _fault_of_remainder(_folded(normal)[: MAX_LENGTH * _GRAM], own_words)


def _mostly_digits(text: str) -> bool:
    return sum(character.isdigit() for character in text) > len(text) // 2


def _fault_of_remainder(text: str, own_words: Iterable[str]) -> PasswordFault | None:
    """Take the guessable parts away one kind after another; the kind that took most is named."""
    context = _listed(_CONTEXT_FILE, _SHORTEST_OWN_WORD) | frozenset(_parts(own_words))
    common = _listed(_COMMON_FILE, _SHORTEST_COMMON_WORD)
    rules: tuple[tuple[PasswordFault, Callable[[str], set[int]]], ...] = (
        (PasswordFault.CONTEXT_WORDS, lambda plain: _covered_by_words(plain, context)),
        (PasswordFault.SEASON_AND_YEAR, _covered_by_seasons),
        (PasswordFault.COMMON_WORDS, lambda plain: _covered_by_words(plain, common)),
        (PasswordFault.SEQUENCE, _covered_by_walks),
        (PasswordFault.REPETITION, _covered_by_repetition),
    )
    gone: set[int] = set()
    taken: dict[PasswordFault, int] = {}
    for fault, rule in rules:
        covered = rule(text) - gone
        taken[fault] = len(covered)
        gone |= covered
    if len(text) - len(gone) >= MIN_REMAINING:
        return None
    return max(taken, key=lambda fault: taken[fault])


def _folded(text: str) -> str:
    """Lower case without accents, so that Pólitie is politie."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _parts(own_words: Iterable[str]) -> Iterator[str]:
    for own in own_words:
        words = _WORD.findall(_folded(own[:MAX_LENGTH]))
        yield from (word for word in words if len(word) >= _SHORTEST_OWN_WORD)
        if len(words) > 1:
            yield "".join(words)


@cache
def _listed(file_name: str, shortest: int) -> frozenset[str]:
    source = resources.files("app.domain").joinpath("data", file_name)
    lines = source.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(word for word in words if len(word) >= shortest)


def _covered_by_words(text: str, words: frozenset[str]) -> set[int]:
    """Places of the longest listed word at each place, also with digits for letters."""
    lengths = sorted({len(word) for word in words}, reverse=True)
    covered: set[int] = set()
    for disguise in _DISGUISES:
        plain = text.translate(disguise)
        for start in range(len(plain)):
            longest = next((n for n in lengths if plain[start : start + n] in words), 0)
            covered.update(range(start, start + longest))
    return {place for place in covered if place < len(text)}


def _covered_by_seasons(text: str) -> set[int]:
    years = {place for found in _YEAR.finditer(text) for place in range(*found.span())}
    return years | _covered_by_words(text, _SEASONS)


@cache
def _walk_grams() -> frozenset[str]:
    both_ways = (line for row in _KEYBOARD_ROWS for line in (row, row[::-1]))
    return frozenset(gram for line in both_ways for gram in _grams(line))


def _covered_by_walks(text: str) -> set[int]:
    walks = _walk_grams()
    starts = (start for start, gram in enumerate(_grams(text)) if gram in walks)
    return {place for start in starts for place in range(start, start + _GRAM)}


def _covered_by_repetition(text: str) -> set[int]:
    """Places whose four characters stood earlier in the text: a repeated letter, word or phrase."""
    seen: set[str] = set()
    covered: set[int] = set()
    for start, gram in enumerate(_grams(text)):
        if gram in seen:
            covered.update(range(start, start + _GRAM))
        seen.add(gram)
    return covered


def _grams(text: str) -> Iterator[str]:
    return (text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1))
