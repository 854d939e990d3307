"""The source decides who reads its sections: by law, or because it asked to be asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.access import Actor, audit
from app.access.meetings.source_decisions import (
    decisions_waiting,
    is_same_reader,
    seats_waiting,
    tasks_waiting,
)
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, Regime, TaskKind
from app.domain.local_time import start_of_day
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Disclosure, Task, TaskSection

MEDICAL_BASES = ("consent", "legal-duty", "conflict-of-duties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One decision asked of the source: which section, for whom, why.

    ``task_id`` instead of ``disclosure_id`` for a reader by task, whose kind says why; for a
    handover ``organisation`` is the table that would accept it.
    """

    disclosure_id: uuid.UUID | None
    task_id: uuid.UUID | None
    section_id: uuid.UUID
    reference: str
    table_name: str
    label_nl: str
    label_en: str
    regime: Regime
    organisation: str | None
    purpose: str
    necessity: str
    task_kind: TaskKind | None
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The answer of the source; ``last_on`` is the last day of a yes that ends."""

    allow: bool
    basis: str = ""
    last_on: date | None = None


def read_waiting(actor: Actor) -> tuple[Waiting, ...]:
    """Decisions asked of the actor's organisation, oldest first."""
    now = clock.now()
    with reading() as session:
        rows = [_waiting(row) for row in session.execute(seats_waiting(actor, now=now))]
        rows += [_waiting(row) for row in session.execute(decisions_waiting(actor, now=now))]
    return tuple(sorted(rows, key=lambda one: one.asked_at))


def _waiting(row: Any) -> Waiting:  # noqa: ANN401 - a row of either list
    given = row._mapping.get("Disclosure")  # noqa: SLF001 - SQLAlchemy's own name for it
    task = row._mapping.get("Task")  # noqa: SLF001 - as above
    to_table = row._mapping.get("to_table")  # noqa: SLF001 - as above
    return Waiting(
        disclosure_id=given.id if given else None,
        task_id=task.id if task else None,
        section_id=row.Section.id,
        reference=row.Case.reference,
        table_name=row.CaseTable.name,
        label_nl=row.SectionType.label_nl,
        label_en=row.SectionType.label_en,
        regime=row.Section.regime,
        organisation=(to_table or row.Organisation.name) if row.Organisation else None,
        purpose=given.purpose if given else "",
        necessity=given.necessity if given else "",
        task_kind=task.kind if task else None,
        asked_at=given.decided_at if given else task.granted_at,
    )


def decide(
    actor: Actor, disclosure_id: uuid.UUID, *, allow: bool, basis: str, last_on: date | None = None
) -> None:
    """Allow or refuse a seat; medical secrecy names consent, legal duty or conflict of duties."""
    said = Said(allow=allow, basis=basis, last_on=last_on)
    now = clock.now()
    with transaction() as session:
        row = session.execute(
            seats_waiting(actor, now=now)
            .where(Disclosure.id == disclosure_id)
            .with_for_update(of=Disclosure)
        ).one_or_none()
        if row is None:
            raise NotVisible
        disclosure: Disclosure = row.Disclosure
        _answer(actor, disclosure, row.Section.regime, said)
        if not said.allow:
            disclosure.withdrawn_at = now
        audit.record(session, actor, _entry(row, "disclosure", disclosure.id, said))


def decide_task(actor: Actor, task_id: uuid.UUID, section_id: uuid.UUID, said: Said) -> None:
    """Allow or refuse that the holder of a task reads one section it names.

    Of a handover that goes for everybody who may accept it.
    """
    with transaction() as session:
        rows = session.execute(
            tasks_waiting(actor, now=clock.now())
            .where(is_same_reader(task_id), TaskSection.section_id == section_id)
            .order_by(Task.id)
            .with_for_update(of=TaskSection)
        ).all()
        if not rows:
            raise NotVisible
        for row in rows:
            _answer(actor, row.TaskSection, row.Section.regime, said)
            audit.record(session, actor, _entry(row, "task", row.Task.id, said))


def _answer(actor: Actor, given: Disclosure | TaskSection, regime: Regime, said: Said) -> None:
    is_medical = said.allow and regime is Regime.MEDICAL
    if is_medical and said.basis not in MEDICAL_BASES:
        raise Refusal(Reason.VALUE_MISSING, "basis")
    if said.allow and said.last_on is not None and said.last_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "last_on")
    given.source_decided_at = clock.now()
    given.source_decided_by_id = actor.person_id
    given.source_basis = said.basis if is_medical else ""
    given.source_refused = not said.allow
    given.source_until_at = None
    if said.allow and said.last_on is not None:
        given.source_until_at = start_of_day(said.last_on + timedelta(days=1))


def _entry(row: Any, kind: str, object_id: uuid.UUID, said: Said) -> audit.Entry:  # noqa: ANN401 - a row
    return audit.Entry(
        event=audit.Event.AUTHORISE,
        object_kind=kind,
        object_id=object_id,
        outcome="done" if said.allow else "refused",
        ground=Ground.SOURCE,
        case_id=row.Case.id,
        table_id=row.Case.table_id,
        section_id=row.Section.id,
    )
