"""What no sentence for the room may hold, of whatever case: a reference, a number, an address.

It recognises shapes alone and knows nothing of any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.domain.leak_spellings import phones_in
from app.domain.references import ALPHABET, CODE_LENGTH

_MAIL: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\W\d_]{2,}")
# A telephone number in five groups.
_LONGEST_RUN: Final = 5
_AROUND: Final = ",.;:!?()\"'“”‘’"


def shaped_words(text: str, prefixes: Iterable[str]) -> tuple[str, ...]:
    """The words of ``text``, as typed, that are a case reference, telephone number or address.

    ``prefixes`` are those of the tables there are.
    """
    found = [*_MAIL.findall(text), *(one[0] for one in _references(prefixes).finditer(text))]
    return tuple(dict.fromkeys(one.strip(_AROUND) for one in (*found, *_phones(text))))


def _references(prefixes: Iterable[str]) -> re.Pattern[str]:
    code = r"[\W_]*".join([f"[{ALPHABET}]"] * CODE_LENGTH)
    begins = "|".join(re.escape(one) for one in sorted(prefixes)) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?:{begins})[\W_]*{code}(?![^\W_])", re.IGNORECASE)


def _phones(text: str) -> Iterable[str]:
    typed = text.split()
    spent: set[int] = set()
    for length in range(1, _LONGEST_RUN + 1):
        for start in range(len(typed) - length + 1):
            places = set(range(start, start + length))
            run = " ".join(typed[start : start + length])
            if not places & spent and any(phones_in(run)):
                spent |= places
                yield run
