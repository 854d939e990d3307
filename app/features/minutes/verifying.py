"""Says whether a copy somebody took along reads as the version that was fixed; yes or no comes out.

It never tells a word of the minutes, nor whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.access.records import kept_extracts
from app.access.records.kept_extracts import Found
from app.domain import minutes_text
from app.domain.minutes_plain import LANGUAGES, Kept, plain_text, reads_the_same
from app.infra import crypto
from app.infra.crypto import TextDamagedError, TextDestroyedError
from app.infra.db import transaction


class Verdict(StrEnum):
    """What can be said of a copy."""

    UNKNOWN = "unknown"
    DESTROYED = "destroyed"
    DAMAGED = "damaged"
    FOUND = "found"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict; which meeting and version it is about, unless nothing is known."""

    verdict: Verdict
    starts_at: datetime | None = None
    version: int = 0
    made_at: datetime | None = None
    is_latest: bool = True


def verify(sha256: str, *, text: str | None = None) -> Answer:
    """Look up the version with this SHA-256; with ``text`` compare its words too."""
    with transaction() as session:
        found = kept_extracts.found_by(session, sha256)
    if found is None:
        return Answer(Verdict.UNKNOWN)
    head = found.head
    verdict = _verdict(found, sha256, text)
    return Answer(verdict, head.starts_at, head.version, head.made_at, found.is_latest)


def _verdict(found: Found, sha256: str, text: str | None) -> Verdict:
    if len(found.left) < found.parts:
        return Verdict.DESTROYED
    try:
        parts = crypto.unseal_many(found.left)
    except TextDestroyedError:
        return Verdict.DESTROYED
    except TextDamagedError:
        return Verdict.DAMAGED
    canonical = minutes_text.canonical_of(found.head, parts)
    if minutes_text.sha256_of(canonical) != sha256:
        return Verdict.DAMAGED
    if text is None:
        return Verdict.FOUND
    written = _written(found, parts, sha256)
    same = any(reads_the_same(text, one) for one in written)
    return Verdict.UNCHANGED if same else Verdict.CHANGED


def _written(found: Found, parts: list[str], sha256: str) -> list[str]:
    """The version as it was downloaded, in every language."""
    items = sorted(
        (minutes_text.item_of(one) for one in parts), key=lambda one: (one.starts_at, one.item_id)
    )
    head = found.head
    return [
        plain_text(
            items,
            table=items[0].table,
            starts_at=head.starts_at,
            kept=Kept(head.version, head.made_at, sha256),
            language=language,
        )
        for language in LANGUAGES
    ]
