"""Why a section is shown: words of one's own, or a text of the table to choose from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import Reason, Refusal
from app.models import StandardDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """Ground, purpose and necessity in words; ``text_id`` names a standard whose texts serve."""

    ground: str
    purpose: str
    necessity: str
    text_id: uuid.UUID | None = None


def offered(standards: Iterable[StandardDisclosure]) -> tuple[tuple[str, str], ...]:
    """The texts of the table to choose from, each once: the id of a standard that has it."""
    once = {(one.ground, one.purpose, one.necessity): one for one in standards}
    return tuple((str(one.id), " · ".join(words)) for words, one in sorted(once.items()))


def chosen(why: Reasoning, standards: Iterable[StandardDisclosure]) -> Reasoning:
    """The words in full. Refusal DEVIATION_NEEDS_TEXT when one of the three is missing."""
    if why.text_id is None:
        return _refuse_bare(why)
    for one in standards:
        if one.id == why.text_id:
            return Reasoning(ground=one.ground, purpose=one.purpose, necessity=one.necessity)
    raise Refusal(Reason.VALUE_UNKNOWN, "text")


def _refuse_bare(why: Reasoning) -> Reasoning:
    for field in ("ground", "purpose", "necessity"):
        if not getattr(why, field):
            raise Refusal(Reason.DEVIATION_NEEDS_TEXT, field)
    return why
