"""Whom the organisations of the demo named for actions that stay undone, and who was told of which.

As if the worker had been at it every morning; what comes after now is left to the worker.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from app.domain import chasing
from app.domain.chasing import USUAL, Schedule, Step, Term
from app.domain.kinds import ContactPart, NoticeStep
from app.domain.states import UNFINISHED
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.infra.holidays_nl import is_holiday
from app.models import Action, ActionNotice, FollowUp, OrganisationContact

# Nobody at the other organisations: there the step goes to the next one.
NAMED: Final = (
    ("mirjam", ContactPart.TEAM_LEAD),
    ("floor", ContactPart.TEAM_LEAD),
    ("floor", ContactPart.CONTACT),
    ("rob", ContactPart.TEAM_LEAD),
    ("bas", ContactPart.TEAM_LEAD),
    ("bas", ContactPart.CONTACT),
    ("anouk", ContactPart.TEAM_LEAD),
    ("hugo", ContactPart.CONTACT),
)
# One table does not wait as long as is usual.
SET_AT: Final = "mda"
SET: Final = Schedule(deputy_after=1, contact_after=5, chair_after=10)
_RUNGS: Final = {
    NoticeStep.DEPUTY: ContactPart.TEAM_LEAD,
    NoticeStep.CONTACT: ContactPart.CONTACT,
}


def add_chasing(batch: Batch, world: World, *, seed: int) -> Batch:
    """The rows about actions of ``batch``; apart, so that everything else keeps its ids."""
    apart = Batch(random.Random(seed))  # noqa: S311 - repeatable on purpose, no secret
    for key, part in NAMED:
        apart.add(
            OrganisationContact,
            organisation_id=world.organisations[world.employer[key]],
            person_id=world.people[key],
            part=part,
            from_at=world.long_ago,
        )
    _set_schedule(apart, world)
    for row in batch.rows_of(Action):
        if row["state"] in UNFINISHED and row["person_id"] is not None:
            for step, person_id in _told(row, world):
                _add_notice(apart, row, step, person_id)
    return apart


def _set_schedule(apart: Batch, world: World) -> None:
    values = asdict(SET)
    for name in ("days_before", "days_after"):
        values[name] = chasing.write_days(values[name])
    apart.link(
        FollowUp,
        table_id=world.tables[SET_AT],
        changed_by_id=world.people["joost"],
        changed_at=world.long_ago,
        verifies=False,
        version=1,
        **values,
    )


def _told(row: Mapping[str, Any], world: World) -> Iterator[tuple[Step, uuid.UUID]]:
    """The steps of a schedule that came so far, with whom they reached."""
    kinds = {world.tables[key]: kind for key, kind in world.table_kinds.items()}
    term = Term(
        due_on=row["due_on"],
        due_at=row.get("due_at"),
        since=row["recorded_at"],
        is_acute=kinds[row["table_id"]].is_acute,
    )
    contacts = {
        (world.organisations[world.employer[key]], part): world.people[key] for key, part in NAMED
    }
    schedule = SET if row["table_id"] == world.tables[SET_AT] else USUAL
    for step in chasing.expected(term, schedule, is_holiday):
        part = _RUNGS.get(step.step)
        who = contacts.get((row["organisation_id"], part)) if part else row["person_id"]
        if step.at <= world.now and step.step is not NoticeStep.CHAIR and who is not None:
            yield step, who


def _add_notice(apart: Batch, row: Mapping[str, Any], step: Step, person_id: uuid.UUID) -> None:
    apart.add(
        ActionNotice,
        action_id=row["id"],
        person_id=person_id,
        step=step.step,
        due_on=row["due_on"],
        since=row["recorded_at"],
        days=step.days,
        told_at=step.at,
        mail_id=apart.new_id(),
    )
