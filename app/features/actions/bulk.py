"""The same act on several actions at once; what cannot be is skipped, and said why.

All of it stands or none of it; each action has its own line in its history and in the log.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from app.access import Actor, LoadedAction
from app.access.records import bulk
from app.access.records.actions import Holder
from app.access.records.bulk import Brief
from app.domain.errors import Reason, Refusal
from app.domain.local_time import same_hour_on
from app.domain.states import UNFINISHED
from app.features.actions.follow import Change, is_new_date, is_new_holder, write_change
from app.infra import clock
from app.infra.db import transaction

# Which version of each action the reader had on screen.
Chosen = Mapping[uuid.UUID, int]


class Skip(StrEnum):
    """Why an action was left as it is; neutral, for who asked."""

    TODAY = "today"
    RECENT = "recent"
    NOBODY = "nobody"
    DONE = "done"
    CHANGED = "changed"
    HOLDER = "holder"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Left:
    """An action left as it is: why, and what tells which; nothing where it shows no more."""

    why: Skip
    organisation: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were done, and which were left for what, soonest first."""

    done: int
    skipped: tuple[Left, ...]


def left_as_they_are(
    why: Mapping[uuid.UUID, Skip], known: Mapping[uuid.UUID, Brief]
) -> tuple[Left, ...]:
    """What was skipped, by organisation and last day; of what is gone nothing but that."""
    named = {one: known[one] for one in why.keys() & known.keys() if why[one] is not Skip.GONE}
    first = sorted(named, key=lambda one: (named[one].due_on, named[one].organisation, why[one]))
    unnamed = sorted(skip for one, skip in why.items() if one not in named)
    return (
        *(Left(why[one], named[one].organisation, named[one].due_on) for one in first),
        *(Left(skip) for skip in unnamed),
    )


def change_terms(actor: Actor, chosen: Chosen, *, due_on: date, remark: str = "") -> Outcome:
    """Another day for each; one due at an hour keeps it. Refusal: a day that is over, no choice."""
    if due_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "due_on")

    def wanted(now: Change) -> Change:
        due_at = same_hour_on(due_on, now.due_at) if now.due_at else None
        return replace(now, due_on=due_on, due_at=due_at)

    with transaction() as session:
        return _each(
            session,
            actor,
            chosen,
            wanted,
            lambda one, new: is_new_date(one.action, new),
            remark=remark,
        )


def change_holders(
    actor: Actor, chosen: Chosen, *, organisation_id: uuid.UUID, person_id: uuid.UUID | None
) -> Outcome:
    """Another holder for each, where that can be. Refusal where nothing was chosen."""

    def wanted(now: Change) -> Change:
        return replace(now, organisation_id=organisation_id, person_id=person_id)

    with transaction() as session:
        possible = bulk.holders(session, actor, list(chosen), now=clock.now())
        barred = {
            one
            for one in chosen
            if not _can_hold(possible.get(one, []), organisation_id, person_id)
        }
        return _each(
            session, actor, chosen, wanted,
            lambda one, new: is_new_holder(one.action, new),
            skipped=dict.fromkeys(barred, Skip.HOLDER),
        )  # fmt: skip


def _can_hold(
    possible: list[Holder], organisation_id: uuid.UUID, person_id: uuid.UUID | None
) -> bool:
    return any(
        one.organisation_id == organisation_id and person_id in (None, one.person_id)
        for one in possible
    )


def _each(
    session: Session,
    actor: Actor,
    chosen: Chosen,
    wanted: Callable[[Change], Change],
    is_new: Callable[[LoadedAction, Change], bool],
    *,
    remark: str = "",
    skipped: Mapping[uuid.UUID, Skip] | None = None,
) -> Outcome:
    if not chosen:
        raise Refusal(Reason.VALUE_MISSING, "chosen")
    done, now = 0, clock.now()
    held = bulk.hold(session, actor, list(chosen), now=now)
    why = dict.fromkeys(chosen.keys() - {one.action.id for one in held}, Skip.GONE)
    for one in held:
        new = wanted(_as_it_is(one))
        skip = _skip(one, chosen[one.action.id], new, is_new) or (skipped or {}).get(one.action.id)
        if skip is not None:
            why[one.action.id] = skip
            continue
        write_change(session, actor, one, new, remark=remark)
        done += 1
    known = bulk.briefly(session, actor, why.keys(), now=now)
    return Outcome(done, left_as_they_are(why, known))


def _skip(
    one: LoadedAction, version: int, new: Change, is_new: Callable[[LoadedAction, Change], bool]
) -> Skip | None:
    if one.action.state not in UNFINISHED:
        return Skip.DONE
    if one.action.version != version:
        return Skip.CHANGED
    return None if is_new(one, new) else Skip.SAME


def _as_it_is(one: LoadedAction) -> Change:
    action = one.action
    return Change(
        due_on=action.due_on,
        due_at=action.due_at,
        organisation_id=action.organisation_id,
        person_id=action.person_id,
        version=action.version,
    )
