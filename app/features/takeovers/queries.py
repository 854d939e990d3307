"""What the staff of a table see of who left something open; no text of any case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor
from app.access.records.takeover_people import Successors, successors_of
from app.access.records.takeovers import Gone, Line, gone, lines_of
from app.domain.errors import NotVisible
from app.domain.paging import Paging, page_of
from app.infra import clock
from app.infra.db import reading

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class GonePage:
    """One page of who left something open."""

    rows: tuple[Gone, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class OpenPage:
    """What one person left open, and per line who may take it over; ``more`` are not shown yet."""

    person: Gone
    lines: tuple[Line, ...]
    successors: Successors
    more: int


def gone_page(actor: Actor, *, asked_page: str | None) -> GonePage:
    """Everybody who left something open at the tables served, by name."""
    with reading() as session:
        everybody = gone(session, actor, now=clock.now())
    paging = page_of(len(everybody), asked_page, size=PAGE_SIZE)
    return GonePage(everybody[paging.offset : paging.offset + paging.size], paging)


def open_page(actor: Actor, person_id: uuid.UUID) -> OpenPage:
    """The first lines of one person; the next come once these were handed over. NotVisible."""
    now = clock.now()
    with reading() as session:
        found = gone(session, actor, now=now, person_id=person_id)
        if not found:
            raise NotVisible
        lines = lines_of(session, actor, person_id, now=now)
        shown = lines[:PAGE_SIZE]
        people = successors_of(session, actor, shown, now=now)
    return OpenPage(found[0], shown, people, len(lines) - len(shown))
