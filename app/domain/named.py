"""Finds organisations that a text names, by full name or code; a synonym it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SHORTEST_CODE: Final = 3


def names_organisation(texts: Iterable[str], name: str, code: str) -> bool:
    """Whether a text has the name in any case, or the code of three letters or more as written."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) if name.strip() else None
    short = re.compile(rf"(?<!\w){re.escape(code)}(?!\w)") if len(code) >= _SHORTEST_CODE else None
    return any(
        pattern is not None and pattern.search(text) for text in texts for pattern in (whole, short)
    )
