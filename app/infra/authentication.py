"""Reads what the own mail server found out about a sender (RFC 8601); believes nobody else's word.

Written here and not taken from a library: the one there is (authres) had its last release in 2019,
and all that is wanted is one result of one method, read strictly: what cannot be read is no pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_HEADERS: Final = 20
LONGEST_HEADER: Final = 8_000

_WORD: Final = r"[A-Za-z0-9_.@/+-]+"
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SERVER: Final = re.compile(rf"\s*({_WORD})(?:\s+([0-9]+))?\s*")
_RESULT: Final = re.compile(rf"\s*({_WORD})\s*=\s*({_WORD})((?:\s+{_WORD}\s*=\s*{_WORD})*)\s*")
_PROPERTY: Final = re.compile(rf"({_WORD})\s*=\s*({_WORD})")


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    value: str
    properties: dict[str, str]


def has_dmarc_pass(headers: Sequence[str], *, authserv_id: str | None, domain: str) -> bool:
    """Whether the own server says that the From domain of this mail stands for it.

    ``headers`` are the Authentication-Results from the top down. Only those of ``authserv_id``
    above any other server's count, for what a sender wrote stands below what we added; two of ours
    that differ are a forgery or a fault. Without ``authserv_id`` nobody is believed.
    """
    if not authserv_id or not domain or len(headers) > MOST_HEADERS:
        return False
    found: list[_Result] = []
    for header in headers:
        read = _read(header)
        if read is None or read[0] != authserv_id.lower():
            break
        found += [one for one in read[1] if one.method == "dmarc"]
    return bool(found) and all(
        one.value == "pass" and one.properties.get("header.from") == domain.lower() for one in found
    )


def _read(header: str) -> tuple[str, list[_Result]] | None:
    """The server's name and its results, all in lower case; None for what is not quite right."""
    plain = _without_comments(header) if len(header) <= LONGEST_HEADER else None
    if plain is None:
        return None
    first, *parts = _unquoted(plain).split(";")
    server = _SERVER.fullmatch(first)
    if server is None or server[2] not in (None, "1"):
        return None
    results = []
    for part in parts:
        if not part.strip() or part.strip().lower() == "none":
            continue
        found = _RESULT.fullmatch(part)
        if found is None:
            return None
        properties = {name.lower(): value.lower() for name, value in _PROPERTY.findall(found[3])}
        results.append(_Result(found[1].partition("/")[0].lower(), found[2].lower(), properties))
    return server[1].lower(), results


def _unquoted(text: str) -> str:
    """A quoted value without its quotes, what separates values taken out of it."""
    return _QUOTED.sub(lambda found: re.sub(r"[^A-Za-z0-9_.@/+-]", "_", found[1]), text)


def _without_comments(text: str) -> str | None:
    """The text without (nested) comments; None where brackets or quotes do not pair."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for character in text:
        if is_escaped:
            is_escaped = False
        elif character == "\\" and (depth or is_quoted):
            is_escaped = True
        elif character == '"' and not depth:
            is_quoted = not is_quoted
        elif character == "(" and not is_quoted:
            depth += 1
            continue
        elif character == ")" and not is_quoted:
            depth -= 1
            if depth < 0:
                return None
            kept.append(" ")
            continue
        if not depth:
            kept.append(character)
    return None if depth or is_quoted else "".join(kept)
