"""What staff do with a handover of their case: see what fits, propose one, withdraw it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case
from app.access.readings import readings_of_case
from app.access.referrals import handovers
from app.access.referrals.handovers import Proposal
from app.access.tasks.giving import fields_of
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ConcernedRole, Regime
from app.domain.states import SHUT
from app.infra import crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Case, Section


@dataclass(frozen=True, slots=True)
class Field:
    """A section that may be named; ``about`` and ``label`` say of which person concerned."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    regime: Regime
    about: ConcernedRole | None
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers; ``kept`` fields are not offered, for their source forbids it."""

    case_id: uuid.UUID
    reference: str
    table: str
    tables: tuple[tuple[uuid.UUID, str], ...]
    teams: tuple[tuple[uuid.UUID, str], ...]
    fields: tuple[Field, ...]
    kept: int

    @property
    def obvious(self) -> uuid.UUID | None:
        """The table it goes to where there is but one."""
        return self.tables[0][0] if len(self.tables) == 1 else None


def choices(actor: Actor, case_id: uuid.UUID) -> Choices:
    """Where a case may be handed over to, and what of it may be read first. NotVisible, Refusal."""
    with transaction() as session:
        case = _load(session, actor, case_id)
        handovers.refuse_waiting(session, case)
        audit.record_all(session, actor, readings_of_case(case))
        tables, teams = handovers.tables_and_teams(case)
        to_tables = tuple((row.id, row.name) for row in session.execute(tables))
        to_teams = tuple((row.id, row.name) for row in session.execute(teams))
        rows = session.execute(fields_of(case).add_columns(Section.no_passing_on)).all()
        table = handovers.name_of_table(session, case)
    free = [row for row in rows if not row.no_passing_on]
    about = [row.PersonConcerned for row in free]
    labels = crypto.unseal_many(
        [
            Sealed(one.label_ct, f"person_concerned:{one.id}:label") if one else Sealed(None, "")
            for one in about
        ]
    )
    fields = tuple(
        Field(
            row.id, row.label_nl, row.label_en, row.source, row.regime,
            row.PersonConcerned.role if row.PersonConcerned else None, label,
        )
        for row, label in zip(free, labels, strict=True)
    )  # fmt: skip
    kept = len(rows) - len(free)
    return Choices(case.id, case.reference, table, to_tables, to_teams, fields, kept)


def propose(actor: Actor, case_id: uuid.UUID, new: Proposal) -> uuid.UUID:
    """Offer a case; whoever may accept it is told. NotVisible, Refusal."""
    with transaction() as session:
        return handovers.propose(session, actor, _load(session, actor, case_id), new).id


def withdraw(actor: Actor, case_id: uuid.UUID, handover_id: uuid.UUID) -> None:
    """Take back what nobody answered yet. NotVisible, Refusal."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.TASK_GIVE)
        handovers.withdraw(session, actor, case, handover_id)


def _load(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """A case that goes on, of a table served."""
    case = load_case(session, actor, case_id, Permission.TASK_GIVE)
    if case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return case
