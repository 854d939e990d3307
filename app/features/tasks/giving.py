"""What staff do with tasks at a case: see what fits, give one, end one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case
from app.access.readings import readings_of_case
from app.access.tasks import tasks
from app.access.tasks.coming import queue_told
from app.access.tasks.giving import (
    NewTask,
    add,
    coming_items,
    fields_of,
    load_given,
    possible_holders,
)
from app.access.tasks.guests import follow_tasks
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ConcernedRole, Ground, Regime, TaskKind
from app.domain.states import SHUT
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Case, Task

LONGEST: Final = timedelta(days=184)
# A guest comes by an invitation for one item, a review by an access request, and a handover is
# proposed to a table or a team as a whole.
KINDS = (TaskKind.INFORMATION_REQUEST, TaskKind.SECRETARY, TaskKind.CASE_LEAD)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may be given a task."""

    person_id: uuid.UUID
    name: str
    organisation_id: uuid.UUID
    organisation: str


@dataclass(frozen=True, slots=True)
class Field:
    """A section a task may name; ``about`` and ``label`` say of which person concerned."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    regime: Regime
    about: ConcernedRole | None
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item at which the case is still to be discussed."""

    id: uuid.UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form for a task offers."""

    case_id: uuid.UUID
    reference: str
    holders: tuple[Holder, ...]
    fields: tuple[Field, ...]
    items: tuple[Item, ...] = ()


def choices(actor: Actor, case_id: uuid.UUID) -> Choices:
    """To whom, of which fields and for which item a task may be given. NotVisible, Refusal."""
    with transaction() as session:
        case = _load(session, actor, case_id)
        audit.record_all(session, actor, readings_of_case(case))
        rows = session.execute(possible_holders(case)).all()
        named = session.execute(fields_of(case)).all()
        items = session.execute(coming_items(case)).all()
    about = [row.PersonConcerned for row in named]
    labels = crypto.unseal_many(
        [
            Sealed(one.label_ct, f"person_concerned:{one.id}:label") if one else Sealed(None, "")
            for one in about
        ]
    )
    return Choices(
        case.id,
        case.reference,
        tuple(Holder(*row) for row in rows),
        tuple(
            Field(
                row.id, row.label_nl, row.label_en, row.source, row.regime,
                row.PersonConcerned.role if row.PersonConcerned else None, label,
            )
            for row, label in zip(named, labels, strict=True)
        ),
        tuple(Item(row.id, row.starts_at) for row in items),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What staff typed for a task."""

    person_id: uuid.UUID
    kind: TaskKind
    reason: str
    section_ids: Sequence[uuid.UUID]
    opens_question: bool
    until: datetime | None
    item_id: uuid.UUID | None = None


def give(actor: Actor, case_id: uuid.UUID, given: Given) -> uuid.UUID:
    """Give a task; its holder is told. NotVisible, Refusal."""
    with transaction() as session:
        case = _load(session, actor, case_id)
        new = _checked(session, case, given)
        task = add(session, actor, case, new)
        follow_tasks(session, Task.id == task.id)
        queue_told(session, task)
        return task.id


def _checked(session: Session, case: Case, given: Given) -> NewTask:
    fits = (Holder(*row) for row in session.execute(possible_holders(case)))
    holder = next((one for one in fits if one.person_id == given.person_id), None)
    if holder is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "person")
    known = {row.id for row in session.execute(fields_of(case))}
    if not known.issuperset(given.section_ids):
        raise Refusal(Reason.VALUE_UNKNOWN, "sections")
    new = NewTask(
        person_id=holder.person_id,
        organisation_id=holder.organisation_id,
        kind=given.kind,
        reason=given.reason,
        section_ids=tuple(dict.fromkeys(given.section_ids)),
        opens_question=given.opens_question,
        until=_until(given),
    )
    return _at_item(session, case, given, new)


def _until(given: Given) -> datetime | None:
    """A case lead ends with the handover or the closing; everything else has an end."""
    if given.kind is TaskKind.CASE_LEAD:
        return None
    if given.until is None:
        raise Refusal(Reason.VALUE_MISSING, "until")
    now = clock.now()
    if given.until <= now:
        raise Refusal(Reason.DATE_IN_PAST, "until")
    if given.until > now + LONGEST:
        raise Refusal(Reason.TASK_TOO_LONG, "until")
    return given.until


def _at_item(session: Session, case: Case, given: Given, new: NewTask) -> NewTask:
    """A secretary writes along at one item; everything else is about the case as a whole."""
    if given.kind is not TaskKind.SECRETARY:
        return new
    if given.item_id is None:
        raise Refusal(Reason.VALUE_MISSING, "item")
    if given.item_id not in {row.id for row in session.execute(coming_items(case))}:
        raise Refusal(Reason.VALUE_UNKNOWN, "item")
    return replace(new, item_id=given.item_id)


def end(actor: Actor, case_id: uuid.UUID, task_id: uuid.UUID) -> None:
    """End a task at a case of a table served, at once. NotVisible."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.TASK_GIVE)
        task = load_given(session, case, task_id)
        tasks.end(task, actor, now=clock.now())
        follow_tasks(session, Task.id == task_id)
        audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.STAFF))


def _load(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case that goes on, of a table served."""
    case = load_case(session, actor, case_id, Permission.TASK_GIVE)
    if case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return case
