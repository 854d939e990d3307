"""Turns good rows into cases with sealed texts; roles of people nobody told stay neutral."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.access import Actor, audit, case_scopes
from app.access.disclosure import question_binding, section_binding
from app.domain.imports import CaseRow
from app.domain.kinds import CaseState, ConcernedRole, Ground, Regime, RetentionClass
from app.domain.local_time import start_of_day
from app.domain.references import new_reference
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Unsealed
from app.models import Case, CaseTable, PersonConcerned, Section, SectionType

# A list may say a case is on an agenda; here it is not until a meeting holds it.
STATES: Final = {CaseState.ON_AGENDA: CaseState.ACCEPTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTypes:
    """Where a table keeps years of birth and what a list says beside the question."""

    identity: SectionType | None
    summary: SectionType | None


class CaseLoader:
    """One load: rows are gathered, then sealed and stored together."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session = session
        self._actor = actor
        self._now = clock.now()
        self._prefixes: dict[uuid.UUID, str] = {}
        self._positions: Counter[uuid.UUID] = Counter()
        self._cases: list[Case] = []
        self._parts: list[PersonConcerned | Section] = []
        self._texts: list[tuple[Any, str, Unsealed]] = []

    def add(
        self, row: CaseRow, *, table: CaseTable, source_id: uuid.UUID, types: CaseTypes
    ) -> None:
        """Gather one case with its household and what the list says beside the question."""
        case = self._case(row, table, source_id)
        for label in row.household:
            self._concerned(case, label, ConcernedRole.NETWORK)
        for number in range(1, (row.children.count or 0) + 1):
            child = self._concerned(case, f"Kind {number}", ConcernedRole.CHILD)
            born = row.children.born[number - 1 : number]
            if born and types.identity:
                self._section(case, types.identity, f"Geboortejaar: {born[0]}", about=child)
        said = _said_beside(row)
        if said and types.summary:
            self._section(case, types.summary, said)

    def store(self) -> None:
        """Give references, seal all texts with few statements, store and record."""
        self._give_references()
        sealed = crypto.seal_many([text for _, _, text in self._texts])
        for (row, column, _), ciphertext in zip(self._texts, sealed, strict=True):
            setattr(row, column, ciphertext)
        self._session.add_all([*self._cases, *self._parts])
        audit.record_all(
            self._session,
            self._actor,
            [
                audit.Entry(
                    event=audit.Event.ADD,
                    object_kind="case",
                    object_id=case.id,
                    case_id=case.id,
                    table_id=case.table_id,
                    ground=Ground.STAFF,
                )
                for case in self._cases
            ],
        )

    def _give_references(self) -> None:
        """Fresh random references; whatever clashes is drawn again."""
        given: set[str] = set()
        waiting = list(self._cases)
        while waiting:
            drawn = {case.id: new_reference(self._prefixes[case.table_id]) for case in waiting}
            taken = case_scopes.taken_references(self._session, drawn.values()) | given
            again = []
            for case in waiting:
                if drawn[case.id] in taken or drawn[case.id] in given:
                    again.append(case)
                else:
                    case.reference = drawn[case.id]
                    given.add(case.reference)
            waiting = again

    def _case(self, row: CaseRow, table: CaseTable, source_id: uuid.UUID) -> Case:
        case_id = uuid.uuid4()
        self._prefixes[table.id] = table.prefix
        state = STATES.get(row.state, row.state)
        made = Case(
            id=case_id,
            table_id=table.id,
            bringing_organisation_id=source_id,
            state=state,
            channel=row.channel,
            imported_number=row.case_number,
            created_at=self._since(row),
            closed_at=(self._now if state in (CaseState.CLOSED, CaseState.REFUSED) else None),
        )
        self._cases.append(made)
        self._seal(made, "question_ct", made, row.question, question_binding(case_id))
        return made

    def _since(self, row: CaseRow) -> datetime:
        given = start_of_day(row.referred_on) if row.referred_on else self._now
        return min(given, self._now)

    def _concerned(self, case: Case, label: str, role: ConcernedRole) -> PersonConcerned:
        self._positions[case.id] += 1
        made = PersonConcerned(
            id=uuid.uuid4(),
            case_id=case.id,
            position=self._positions[case.id],
            role=role,
            address_group=1,
        )
        self._parts.append(made)
        bound = f"person_concerned:{made.id}"
        self._seal(made, "label_ct", case, label[:120], f"{bound}:label")
        return made

    def _section(
        self, case: Case, kind: SectionType, text: str, *, about: PersonConcerned | None = None
    ) -> None:
        made = Section(
            id=uuid.uuid4(),
            case_id=case.id,
            section_type_id=kind.id,
            source_organisation_id=case.bringing_organisation_id,
            person_concerned_id=about.id if about else None,
            regime=Regime.AVG,
            updated_at=self._now,
            updated_by_id=self._actor.person_id,
        )
        self._parts.append(made)
        scope = KeyScope.of_case(case.id, kind.retention)
        bound = section_binding(made.id)
        self._texts.append((made, "text_ct", Unsealed(scope, text, bound)))

    def _seal(self, row: object, column: str, case: Case, text: str, bound: str) -> None:
        scope = KeyScope.of_case(case.id, RetentionClass.SUMMARY)
        self._texts.append((row, column, Unsealed(scope, text, bound)))


def _said_beside(row: CaseRow) -> str:
    """Family informed and urgency, in the words a coordinator would write them."""
    said = []
    if row.informed is not None:
        why = f", {row.not_informed_reason}" if row.not_informed_reason else ""
        said.append(f"Gezin geïnformeerd: {'ja' if row.informed else 'nee'}{why}.")
    if row.is_urgent:
        said.append("Aangemeld met spoed.")
    return "\n".join(said)
