"""Reads everything staff see of one case; names stay closed unless showing them was asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, case_scopes, disclosure, scopes
from app.access.case_life.between_marks import COLUMNS, Marks, marks_of, of_case
from app.access.case_life.order_clocks import days_of
from app.access.disclosure import OpenSection
from app.access.own_content import Day
from app.access.readings import readings_of_case
from app.access.records import interventions
from app.access.records.interventions import StepView
from app.access.referrals import waiting
from app.access.referrals.waiting import Judging
from app.domain.errors import NotVisible
from app.domain.kinds import CaseState, ConcernedRole, Regime, TableKind
from app.domain.states import SHUT, next_states
from app.features.cases.agenda_lines import AgendaLine, agenda_of
from app.features.cases.given import TaskLine, lines_of, read_tasks
from app.features.cases.handed import (
    HandoverLine,
    handover_lines,
    read_handovers,
    sealed_answers,
)
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    Case,
    CaseTable,
    Organisation,
    PersonConcerned,
    Section,
)

# The agenda moves a case on and off by itself; these moves staff make on the case page.
MOVES_BY_HAND = (
    CaseState.IN_TRIAGE,
    CaseState.ACCEPTED,
    CaseState.RETURNED,
    CaseState.REFUSED,
    CaseState.IN_PROGRESS,
    CaseState.CLOSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedView:
    """A person concerned; ``name`` is empty while names are screened."""

    id: uuid.UUID
    role: ConcernedRole
    label: str
    relation: str
    address_group: int
    identity_section_id: uuid.UUID | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section with its source and the organisations it is open to."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    source: str
    regime: Regime
    no_passing_on: bool
    updated_at: datetime
    text: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """An excluded or recused person; staff only."""

    id: uuid.UUID
    is_recusal: bool
    name: str
    organisation: str
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything on the page about a case."""

    id: uuid.UUID
    reference: str
    imported_number: str
    state: CaseState
    table_id: uuid.UUID
    table: str
    table_kind: TableKind
    days: tuple[Day, ...]
    brought_by: str
    channel: str
    created_at: datetime
    question: str
    concerned: tuple[ConcernedView, ...]
    sections: tuple[SectionView, ...]
    agenda: tuple[AgendaLine, ...]
    steps: tuple[StepView, ...]
    kept_out: tuple[KeptOut, ...]
    tasks: tuple[TaskLine, ...]
    handovers: tuple[HandoverLine, ...]
    moves: tuple[CaseState, ...]
    between: Marks
    judging: Judging

    @property
    def is_open(self) -> bool:
        """Whether anything may still be written."""
        return self.state not in SHUT


def case_page(actor: Actor, case_id: uuid.UUID, *, names: bool, kept_out: bool) -> CasePage:
    """The page about one case. Reading is recorded; with ``names`` the revealing is too.

    ``kept_out`` is whether to tell who is excluded or withdrew, and why.
    """
    now = clock.now()
    with transaction() as session:
        case, table, brought_by, between, judging = _case_row(session, actor, case_id, now=now)
        days = days_of(session, table, [case_id]).get(case_id, ())
        concerned = _concerned_rows(session, actor, case_id, now=now)
        barred = session.execute(case_scopes.kept_out(case, now=now)).all() if kept_out else ()
        reasons = [row.id for row in barred if row.reason_ct]
        given, read = read_tasks(session, case)
        handed, why = read_handovers(session, actor, case)
        opened = disclosure.read_sections(
            session, actor, [case_id], now=now, also=[*readings_of_case(case, reasons), *read, *why]
        )
        identity = (
            disclosure.read_sections(session, actor, [case_id], now=now, identity=True)
            if names
            else []
        )
        readers = _readers(session, actor, case_id, now=now)
        agenda = agenda_of(session, actor, case_id, now=now)
        steps = interventions.steps_of(session, actor, case, table.kind, now=now)
    more = [*given.sealed, *sealed_answers(actor, handed), *(one.text for one in steps)]
    texts = _open(case, concerned, [*opened, *identity], barred, more)
    return CasePage(
        id=case.id,
        reference=case.reference,
        imported_number=case.imported_number or "",
        state=case.state,
        table_id=case.table_id,
        table=table.name,
        table_kind=table.kind,
        days=days,
        brought_by=brought_by,
        channel=case.channel,
        created_at=case.created_at,
        question=texts[disclosure.question_binding(case.id)],
        concerned=tuple(_concerned(row, texts) for row in concerned),
        sections=tuple(_section(one, texts, readers) for one in opened),
        agenda=agenda,
        steps=interventions.views_of(steps, [texts[one.text.belongs_to] for one in steps], now=now),
        kept_out=tuple(_kept_out(row, texts) for row in barred),
        tasks=lines_of(given, texts),
        handovers=handover_lines(handed, texts),
        moves=tuple(
            move
            for move in MOVES_BY_HAND
            if is_by_hand(case.state, move) and not judging.referral_id
        ),
        between=between,
        judging=judging,
    )


def is_by_hand(state: CaseState, move: CaseState) -> bool:
    """Whether staff make this move on the case page: agenda and handover move it themselves."""
    off_agenda = state is CaseState.ON_AGENDA and move is CaseState.ACCEPTED
    by_handover = state is not CaseState.IN_PROGRESS and move is CaseState.CLOSED
    return move in MOVES_BY_HAND and move in next_states(state) and not off_agenda | by_handover


def _case_row(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> tuple[Case, CaseTable, str, Marks, Judging]:
    row = session.execute(
        scopes.staff_cases(actor, now=now)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Organisation, Organisation.id == Case.bringing_organisation_id)
        .add_columns(CaseTable, Organisation.name.label("brought_by"))
        .add_columns(*waiting.of_case(), *of_case(clock.today()))
        .where(Case.id == case_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    judging = waiting.judging_of(row.waiting_referral_id, row.next_due_at, now)
    return row.Case, row.CaseTable, row.brought_by, marks_of(row[-COLUMNS:]), judging


def _concerned_rows(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> list[Any]:
    statement = case_scopes.staff_concerned(actor, now=now).where(
        PersonConcerned.case_id == case_id
    )
    return list(session.execute(statement.order_by(PersonConcerned.position)).all())


def _readers(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, tuple[str, ...]]:
    statement = (
        case_scopes.staff_readers(actor, now=now)
        .with_only_columns(Section.id, Organisation.name, maintain_column_froms=True)
        .where(Section.case_id == case_id)
        .distinct()
        .order_by(Organisation.name)
    )
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for section_id, name in session.execute(statement):
        found[section_id].append(name)
    return {section_id: tuple(names) for section_id, names in found.items()}


def readers_of(session: Session, actor: Actor, section: Section) -> tuple[str, ...]:
    """The organisations one section is open to."""
    return _readers(session, actor, section.case_id, now=clock.now()).get(section.id, ())


def concerned_binding(person_id: uuid.UUID, column: str) -> str:
    """What the label or relation of a person concerned is bound to."""
    return f"person_concerned:{person_id}:{column}"


def _open(
    case: Case,
    concerned: Iterable[Any],
    opened: Iterable[OpenSection],
    kept_out: Iterable[Any],
    more: Iterable[Sealed],
) -> dict[str, str]:
    """Open all texts of the page with one statement on the key store, by what they belong to."""
    sealed = [disclosure.sealed_question(case), *(one.text for one in opened), *more]
    for row in concerned:
        person = row.PersonConcerned
        sealed += [
            Sealed(person.label_ct, concerned_binding(person.id, "label")),
            Sealed(person.relation_ct, concerned_binding(person.id, "relation")),
        ]
    sealed += [Sealed(row.reason_ct, f"exclusion:{row.id}:reason") for row in kept_out]
    texts = crypto.unseal_many(sealed)
    return {one.belongs_to: text for one, text in zip(sealed, texts, strict=True)}


def _concerned(row: Any, texts: dict[str, str]) -> ConcernedView:  # noqa: ANN401 - a joined row
    person, section = row.PersonConcerned, row.Section
    return ConcernedView(
        id=person.id,
        role=person.role,
        label=texts[concerned_binding(person.id, "label")],
        relation=texts[concerned_binding(person.id, "relation")],
        address_group=person.address_group,
        identity_section_id=section.id if section else None,
        name=texts.get(disclosure.section_binding(section.id), "") if section else "",
    )


def _section(
    one: OpenSection,
    texts: dict[str, str],
    readers: dict[uuid.UUID, tuple[str, ...]],
) -> SectionView:
    return SectionView(
        id=one.section_id,
        label_nl=one.label_nl,
        label_en=one.label_en,
        source=one.source,
        regime=one.regime,
        no_passing_on=one.no_passing_on,
        updated_at=one.updated_at,
        text=texts[one.text.belongs_to],
        readers=readers.get(one.section_id, ()),
    )


def _kept_out(row: Any, texts: dict[str, str]) -> KeptOut:  # noqa: ANN401 - a union row
    return KeptOut(
        id=row.id,
        is_recusal=row.kind == "recusal",
        name=row.name,
        organisation=row.organisation,
        since=row.from_at,
        until=row.until_at,
        reason=texts[f"exclusion:{row.id}:reason"],
    )
