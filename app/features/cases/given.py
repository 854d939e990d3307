"""The tasks at a case as its staff see them: to whom, for what, which fields, until when."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import audit
from app.access.tasks import giving, tasks
from app.domain.kinds import Ground, TaskKind
from app.infra.crypto import Sealed
from app.models import Case


@dataclass(frozen=True, slots=True)
class NamedField:
    """The heading of a section a task names; ``waits`` for the decision of its source."""

    label_nl: str
    label_en: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One task that goes on, accepted or not; ``to_table`` is where the case is offered to."""

    id: uuid.UUID
    kind: TaskKind
    holder: str
    organisation: str
    to_table: str
    last_at: datetime | None
    is_accepted: bool
    opens_question: bool
    fields: tuple[NamedField, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class GivenTasks:
    """The rows of the tasks at a case, with the reasons still sealed."""

    rows: Sequence[Any]
    fields: dict[uuid.UUID, list[NamedField]]

    @property
    def sealed(self) -> list[Sealed]:
        """The reasons, in the order of the rows."""
        return [tasks.sealed_reason(row.Task, row.text_ct) for row in self.rows]


def read_tasks(session: Session, case: Case) -> tuple[GivenTasks, list[audit.Entry]]:
    """The tasks at a loaded case, and the lines of the log for reading their reasons."""
    rows = session.execute(giving.given_at(case)).all()
    fields: dict[uuid.UUID, list[NamedField]] = defaultdict(list)
    if rows:
        for one in session.execute(giving.named_at(case)):
            fields[one.task_id].append(NamedField(one.label_nl, one.label_en, bool(one.waits)))
    lines = [tasks.line_of(row.Task, audit.Event.READ, Ground.STAFF) for row in rows]
    return GivenTasks(rows, fields), lines


def lines_of(given: GivenTasks, texts: dict[str, str]) -> tuple[TaskLine, ...]:
    """The tasks with their reasons opened, by what each text belongs to."""
    return tuple(
        TaskLine(
            id=row.Task.id,
            kind=row.Task.kind,
            holder=row.name,
            organisation=row.organisation,
            to_table=row.to_table or "",
            last_at=tasks.last_moment(row.Task),
            is_accepted=row.Task.accepted_at is not None,
            opens_question=row.Task.opens_question,
            fields=tuple(given.fields[row.Task.id]),
            reason=texts[tasks.reason_binding(row.Task.id)],
        )
        for row in given.rows
    )
