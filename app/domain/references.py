"""Makes and reads case references such as MDA-7K3QX; they must never count or spell anything."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

# No vowels (no words by accident) and nothing that is misread or misheard:
# 0/O, 1/I/L, 2/Z, 5/S, G (beside C and 6), 8/B, U/V. Twenty characters: 3.2 million codes.
ALPHABET = "34679CDFHJKMNPQRTWXY"
CODE_LENGTH = 5

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_REFERENCE = re.compile(rf"[A-Z][A-Z0-9]{{1,7}}-[{ALPHABET}]{{{CODE_LENGTH}}}")
_LONGEST_INPUT = 40
_DASHES_AND_SPACES = re.compile(r"[\s\u2010-\u2015\u2212_.-]+")


def new_reference(prefix: str, randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """Return ``prefix`` and a random code; the caller retries when the database has it already.

    :raises ValueError: the prefix is not 2 to 8 capitals and digits, starting with a capital.
    """
    if not _PREFIX.fullmatch(prefix):
        message = f"not a reference prefix: {prefix!r}"
        raise ValueError(message)
    code = "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(CODE_LENGTH))
    return f"{prefix}-{code}"


def is_reference(text: str) -> bool:
    """Say whether ``text`` is a reference exactly as this module writes it."""
    return _REFERENCE.fullmatch(text) is not None


def normalise_reference(text: str) -> str:
    """Bring what somebody typed into the written form: ``mda 7k3qx`` becomes ``MDA-7K3QX``.

    Never raises; ask :func:`is_reference` about the answer.
    """
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_INPUT]).upper()
    parts = [part for part in _DASHES_AND_SPACES.split(folded) if part]
    joined = "".join(parts)
    if len(parts) == 1 and len(joined) > CODE_LENGTH + 1:
        return f"{joined[:-CODE_LENGTH]}-{joined[-CODE_LENGTH:]}"
    return "-".join(parts)
