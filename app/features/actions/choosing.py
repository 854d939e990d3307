"""The actions ticked on the board, read once more for the page that checks who and what."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from app.access import Actor
from app.access.records import board, bulk
from app.access.records.actions import Holder
from app.features.actions.board_rows import BoardRow, rows_of
from app.features.actions.queries import PER_PAGE
from app.infra import clock
from app.infra.db import reading


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """The actions that still can be changed, and how many of what was ticked cannot any more.

    ``holders`` may hold at least one of them.
    """

    rows: tuple[BoardRow, ...]
    left_out: int
    holders: tuple[Holder, ...]


def chosen(
    actor: Actor, action_ids: Collection[uuid.UUID], *, with_holders: bool = False
) -> ChosenPage:
    """At most one page of the board, soonest first; three statements at most."""
    now = clock.now()
    some = sorted(action_ids)[:PER_PAGE]
    statement = board.unfinished(actor, some, now=now, most=PER_PAGE)
    with reading() as session:
        rows = session.execute(statement).all()
        holders = bulk.holders(session, actor, some, now=now) if with_holders else {}
    every = dict.fromkeys(one for each in holders.values() for one in each)
    by_name = sorted(every, key=lambda one: (one.organisation, one.name, one.person_id))
    return ChosenPage(rows_of(rows), len(some) - len(rows), tuple(by_name))
