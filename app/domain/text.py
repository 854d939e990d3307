"""Cleans typed text before it is stored; it must never change what a person meant."""

from __future__ import annotations

import re
import unicodedata

from app.domain.errors import CasustafelError

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls without tab and line end, byte order mark, half surrogates (not UTF-8), and
# the overrides that make text read in another order than it is stored.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class TextTooLong(CasustafelError, ValueError):  # noqa: N818 - named after what it is
    """The text holds ``length`` characters where ``limit`` fit."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit}")
        self.length = length
        self.limit = limit


def clean_text(text: str, *, limit: int | None = None) -> str:
    r"""Return text of several lines: NFC, ``\n`` line ends, no control characters, trimmed.

    :param limit: the most characters (code points after cleaning, a line end counts as one);
        without it the length is checked elsewhere.
    :raises TextTooLong: with the counted length.
    """
    return _within(_without_trailing(_cleaned(text)).strip(), limit)


def clean_line(text: str, *, limit: int | None = None) -> str:
    """Return text of one line: as :func:`clean_text`, every run of white space one space.

    :raises TextTooLong: with the counted length.
    """
    return _within(" ".join(_cleaned(text).split()), limit)


def _cleaned(text: str) -> str:
    with_line_ends = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", with_line_ends))


def _without_trailing(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _within(text: str, limit: int | None) -> str:
    if limit is not None and len(text) > limit:
        raise TextTooLong(len(text), limit)
    return text
