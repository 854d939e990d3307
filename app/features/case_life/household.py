"""Cases of one household for a coordinator: what is linked, what is still to be done in them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.case_life import household_copies, households
from app.access.readings import readings_of_case
from app.domain.kinds import CaseState, ConcernedRole
from app.domain.states import action_is_overdue
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Case


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """Another case of the household."""

    id: uuid.UUID
    reference: str
    table: str
    state: CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAction:
    """Something still to be done, by its safe text."""

    id: uuid.UUID
    text: str
    reference: str
    organisation: str
    holder: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Someone:
    """A person concerned of a linked case, who may be brought into this one."""

    id: uuid.UUID
    reference: str
    role: ConcernedRole
    label: str
    has_identity: bool


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """One household as far as its coordinator serves the tables."""

    case_id: uuid.UUID
    reference: str
    linked: tuple[LinkedCase, ...]
    actions: tuple[SharedAction, ...]
    people: tuple[Someone, ...]


def household_page(actor: Actor, case_id: uuid.UUID) -> HouseholdPage:
    """The household of a case the actor coordinates. NotVisible. Five statements, one for keys."""
    now, today = clock.now(), clock.today()
    with transaction() as session:
        case = households.load_coordinated(session, actor, case_id)
        linked = session.execute(households.linked_cases(actor, case_id, now=now)).all()
        others = [row.Case.id for row in linked]
        actions = session.execute(
            households.open_actions(actor, [case.id, *others] if others else [], now=now)
        ).all()
        people = household_copies.copyable(session, actor, others)
        for one in (case, *(row.Case for row in linked)):
            audit.record_all(session, actor, readings_of_case(one)[:1])
    references = {case.id: case.reference} | {row.Case.id: row.Case.reference for row in linked}
    sealed = [Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe") for row in actions]
    texts = crypto.unseal_many([*sealed, *(one.label for one in people)])
    return HouseholdPage(
        case.id,
        case.reference,
        tuple(
            LinkedCase(row.Case.id, row.Case.reference, row.table, row.Case.state) for row in linked
        ),
        tuple(
            SharedAction(
                id=row.Action.id,
                text=text,
                reference=row.Case.reference,
                organisation=row.organisation,
                holder=row.holder or "",
                due_on=row.Action.due_on,
                is_late=action_is_overdue(
                    row.Action.due_on, row.Action.state, today, due_at=row.Action.due_at, now=now
                ),
            )
            for row, text in zip(actions, texts, strict=False)
        ),
        tuple(
            Someone(one.id, references[one.case_id], one.role, label, one.has_identity)
            for one, label in zip(people, texts[len(sealed) :], strict=True)
        ),
    )


def link(actor: Actor, case_id: uuid.UUID, reference: str) -> None:
    """Link the case of that reference. NotVisible, Refusal."""
    with transaction() as session:
        case = households.load_coordinated(session, actor, case_id)
        households.link(session, actor, case, reference)


def unlink(actor: Actor, case_id: uuid.UUID) -> None:
    """Take a case out of its household. NotVisible."""
    with transaction() as session:
        households.unlink(session, actor, households.load_coordinated(session, actor, case_id))


def bring_along(actor: Actor, case_id: uuid.UUID, chosen: Sequence[uuid.UUID]) -> int:
    """Copy persons of linked cases into this one; gives how many. NotVisible, Refusal."""
    with transaction() as session:
        case = households.load_coordinated(session, actor, case_id)
        return household_copies.copy_into(
            session, actor, case, _others(session, actor, case), chosen
        )


def _others(session: Session, actor: Actor, case: Case) -> list[Case]:
    rows = session.execute(households.linked_cases(actor, case.id, now=clock.now()))
    return [row.Case for row in rows]
