"""Keeps an organisation only staff may know of out of what others at its item will read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from app.access.actor import Actor
from app.access.loaders import LoadedItem
from app.access.meetings.live import SeatAt
from app.access.messages.hidden_names import HiddenNames
from app.access.tasks import minute_taking
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.domain.leaks import findings


def refuse_naming(
    actor: Actor,
    at: LoadedItem,
    seats: Iterable[SeatAt],
    *texts: str,
    readers: Collection[uuid.UUID],
) -> None:
    """Refusal NAMES_HIDDEN when ``readers`` hold the seat of another than who is named.

    A secretary is told nothing: the answer would say who is there.
    """
    if minute_taking.ground_of(actor, at.meeting) is not Ground.STAFF:
        return
    there = list(seats)
    openly = {one.seat.organisation_id for one in there if not one.seat.is_staff_only}
    for one in there:
        own = {each.seat.id for each in there if _is_same(each, one)}
        if one.seat.organisation_id in openly or set(readers) <= own:
            continue
        known = [each.organisation for each in there]
        words = HiddenNames((one.organisation,), (one.code,)).words(known)
        if any(findings(text, words) for text in texts):
            raise Refusal(Reason.NAMES_HIDDEN)


def _is_same(one: SeatAt, other: SeatAt) -> bool:
    return one.seat.organisation_id == other.seat.organisation_id
