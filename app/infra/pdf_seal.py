"""Seals a PDF so that a change of one byte shows; it says nothing of who made it or for whom.

The seal is an HMAC over the whole file with the place of the seal filled with zeros, as a signature
in a PDF leaves itself out. The key stays with the installation: only the installation can tell.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from app.infra import crypto

PLACE: Final = f"seal {'0' * 64}"
_SEAL: Final = re.compile(rb"seal ([0-9a-f]{64})")


def sealed(document: bytes) -> bytes:
    """The document with its seal in the one place left for it; unchanged where there is none."""
    return document.replace(PLACE.encode(), b"seal " + _seal_of(document).encode(), 1)


def is_unchanged(document: bytes) -> bool | None:
    """Whether every byte is as it was sealed here; None for a document without a seal."""
    found = _SEAL.search(document)
    if found is None:
        return None
    empty = document[: found.start()] + PLACE.encode() + document[found.end() :]
    return hmac.compare_digest(_seal_of(empty).encode(), found[1])


def _seal_of(empty: bytes) -> str:
    return crypto.store().fingerprint(f"pdf:{hashlib.sha256(empty).hexdigest()}").hex()
