"""Proposes the safe text of an action: what was typed with every word of a case left out.

It only proposes: whoever stores the text looks once more with the leak check.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain.leaks import CaseWords, findings

LEFT_OUT: Final = "…"
MOST_SAFE: Final = 120
_WORD: Final = re.compile(r"\S+")
_AFTER: Final = re.compile(r"[,.;:!?)]+$")
# A telephone number may stand in six pieces; most of what betrays is one word.
_WIDEST: Final = 6


def propose(text: str, words: CaseWords, *, most: int = MOST_SAFE) -> str:
    """The text with dots where a word of a case stood, at most so long; empty when nothing is left.

    ``most`` is in characters.
    """
    pieces = _WORD.findall(text)
    betrays = _betraying(pieces, words)
    kept: list[str] = []
    for at, piece in enumerate(pieces):
        if at not in betrays:
            kept.append(piece)
            continue
        after = _AFTER.search(piece)
        dots = LEFT_OUT + (after[0] if after else "")
        if kept and kept[-1] == LEFT_OUT:
            kept[-1] = dots
        else:
            kept.append(dots)
    if not any(one.strip(LEFT_OUT + ",.;:!?()") for one in kept):
        return ""
    return _shortened(kept, most)


def _betraying(pieces: list[str], words: CaseWords) -> set[int]:
    """The places of the words that say something, alone or with those beside them."""
    found: set[int] = set()
    if not findings(" ".join(pieces), words):
        return found
    for width in range(1, _WIDEST + 1):
        for start in range(len(pieces) - width + 1):
            span = range(start, start + width)
            if found.isdisjoint(span) and findings(" ".join(pieces[start : start + width]), words):
                found.update(span)
    return found


def _shortened(kept: list[str], most: int) -> str:
    text = " ".join(kept)
    if len(text) <= most:
        return text
    start = text[: most - len(LEFT_OUT)]
    whole = start.rpartition(" ")[0] or start
    return f"{whole.rstrip(' ,;:')}{LEFT_OUT}"
