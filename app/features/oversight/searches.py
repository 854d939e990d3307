"""Looking for a person, a case or a period in the lists of readers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.access import Actor
from app.access.oversight import readers, searches
from app.infra import clock
from app.infra.db import transaction
from app.infra.wall import System, opened_for

FIELDS: Final = ("person", "reference", "since", "until", "section", "odd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where was looked, as the log names the list; ``reference`` as typed, of ``case_id`` one."""

    kind: str
    case_id: uuid.UUID | None = None
    reference: str = ""


def keep(actor: Actor, looked: Looked, typed: Mapping[str, str]) -> uuid.UUID:
    """Record the search and keep it; gives its id. NotVisible for a case not watched over."""
    now = clock.now()
    with transaction() as session:
        with opened_for(session, System.OVERSIGHT):
            if looked.case_id is not None:
                readers.load_watched_case(session, actor, looked.case_id, now=now)
            found = looked.case_id or readers.watched_case_called(
                session, actor, looked.reference, now=now
            )
        line = readers.searching(actor, looked.kind, case_id=found)
        fields = {name: typed[name] for name in FIELDS if name in typed}
        return searches.keep(session, actor, line, fields)
