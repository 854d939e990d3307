"""The words by which fields are recognised, the moments, and what the world is made of."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.kinds import (
    TaskKind,
)
from app.models import (
    Person,
)

MOMENTS = {
    "A": datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
    "B": datetime(2026, 6, 5, 8, 0, tzinfo=UTC),
    "b": datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
    "C": datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
    "L": datetime(2026, 6, 15, 11, 32, tzinfo=UTC),
    "D": datetime(2026, 6, 16, 8, 0, tzinfo=UTC),
    "E": datetime(2026, 6, 29, 8, 0, tzinfo=UTC),
}
PUBLISHED = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
OPENS = datetime(2026, 6, 8, 0, 0, tzinfo=UTC)
# 13.07 in the Netherlands: a time no other thing has.
STARTS = datetime(2026, 6, 15, 11, 7, tzinfo=UTC)
CLOSED = datetime(2026, 6, 15, 14, 0, tzinfo=UTC)
ADOPTED = datetime(2026, 6, 18, 6, 0, tzinfo=UTC)
CLOSES = datetime(2026, 6, 23, 0, 0, tzinfo=UTC)
SLOT = re.compile(r"13[.:]07|T130700")
WORD = re.compile(r"KX([a-z]+)XK")
REFERENCES = {
    "ref": "MDA-4H6NW",
    "secondref": "MDA-9M4RT",
    "foreignref": "ZSM-9N6TW",
    "screenref": "SPO-7T2KX",
}


def word(name: str) -> str:
    """The canary of a field; no canary is a part of another."""
    return f"KX{name}XK"


def name_word(actor: str) -> str:
    """The canary in the name of an actor's account."""
    return "name" + "".join(letter for letter in actor if letter.isalpha())


def words_in(text: str) -> set[str]:
    """The canaries in a text, the references, and ``slot`` for the time of the main item."""
    found = set(WORD.findall(text)) | {name for name, code in REFERENCES.items() if code in text}
    return found | {"slot"} if SLOT.search(text) else found


@dataclass(slots=True)
class Canaries:
    """The world: actors by name, and the ids of everything by the name routes give them."""

    clock: str
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def know(self, kind: str, *rows: Any) -> Any:
        self.ids.setdefault(kind, []).extend(row.id for row in rows)
        return rows[0]


DISCLOSED = {
    "seat holder": ("identity", "reason", "safety", "health"),
    "deputy": ("identity", "reason", "safety"),
    "recused": ("identity", "reason", "safety"),
    "excluded": ("identity", "reason", "safety"),
    "blocked": ("identity", "reason", "safety"),
    "left": ("identity", "reason", "safety"),
    "moved": ("identity", "reason", "safety"),
    "no covenant": ("identity", "reason", "safety"),
    "not disclosed": (),
    "asked for input": ("identity",),
    "staff only": (),
    # Accepted confidentiality, but has not said yet whether it knows anybody.
    "unanswered": ("identity", "reason"),
}
# Per holder of a task: what it names, whether the question too, and what is its own about it.
TASKS: dict[str, tuple[TaskKind, tuple[str, ...], bool]] = {
    "guest": (TaskKind.GUEST, ("reason",), True),
    "secretary": (TaskKind.SECRETARY, ("reason", "safety"), False),
    "asked for information": (TaskKind.INFORMATION_REQUEST, ("children",), True),
    "receiving team": (TaskKind.HANDOVER, ("reason", "input"), True),
    "case lead": (TaskKind.CASE_LEAD, (), False),
}
