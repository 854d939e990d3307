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
from app.access.disclosure import OpenSection
from app.access.readings import readings_of_case
from app.domain.errors import NotVisible
from app.domain.kinds import CaseState, ConcernedRole, DiscussionKind, Regime
from app.domain.states import next_states
from app.features.cases.given import GivenTasks, TaskLine, lines_of, read_tasks
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
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
    updated_at: datetime
    text: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One time on an agenda, past or planned."""

    meeting_id: uuid.UUID
    starts_at: datetime
    discussion: DiscussionKind | None
    is_cancelled: bool
    is_past: bool


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
    brought_by: str
    channel: str
    created_at: datetime
    question: str
    concerned: tuple[ConcernedView, ...]
    sections: tuple[SectionView, ...]
    agenda: tuple[AgendaLine, ...]
    kept_out: tuple[KeptOut, ...]
    tasks: tuple[TaskLine, ...]
    moves: tuple[CaseState, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything may still be written."""
        return self.state not in (CaseState.CLOSED, CaseState.DESTROYED, CaseState.REFUSED)


def case_page(actor: Actor, case_id: uuid.UUID, *, names: bool) -> CasePage:
    """The page about one case. Reading is recorded; with ``names`` the revealing is too."""
    now = clock.now()
    with transaction() as session:
        case, table, brought_by = _case_row(session, actor, case_id, now=now)
        concerned = _concerned_rows(session, actor, case_id, now=now)
        kept_out = session.execute(case_scopes.kept_out(case, now=now)).all()
        reasons = [row.id for row in kept_out if row.reason_ct]
        given, read = read_tasks(session, case)
        opened = disclosure.read_sections(
            session, actor, [case_id], now=now, also=[*readings_of_case(case, reasons), *read]
        )
        identity = (
            disclosure.read_sections(session, actor, [case_id], now=now, identity=True)
            if names
            else []
        )
        readers = _readers(session, actor, case_id, now=now)
        agenda = _agenda(session, actor, case_id, now=now)
    texts = _open(case, concerned, [*opened, *identity], kept_out, given)
    return CasePage(
        id=case.id,
        reference=case.reference,
        imported_number=case.imported_number or "",
        state=case.state,
        table_id=case.table_id,
        table=table,
        brought_by=brought_by,
        channel=case.channel,
        created_at=case.created_at,
        question=texts[disclosure.question_binding(case.id)],
        concerned=tuple(_concerned(row, texts) for row in concerned),
        sections=tuple(_section(one, texts, readers) for one in opened),
        agenda=agenda,
        kept_out=tuple(_kept_out(row, texts) for row in kept_out),
        tasks=lines_of(given, texts),
        moves=tuple(move for move in MOVES_BY_HAND if _is_by_hand(case.state, move)),
    )


def _is_by_hand(state: CaseState, move: CaseState) -> bool:
    off_agenda = state is CaseState.ON_AGENDA and move is CaseState.ACCEPTED
    return move in next_states(state) and not off_agenda


def _case_row(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> tuple[Case, str, str]:
    row = session.execute(
        scopes.staff_cases(actor, now=now)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Organisation, Organisation.id == Case.bringing_organisation_id)
        .add_columns(CaseTable.name.label("table"), Organisation.name.label("brought_by"))
        .where(Case.id == case_id)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return row.Case, row.table, row.brought_by


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


def _agenda(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> tuple[AgendaLine, ...]:
    rows = session.execute(
        scopes.staff_items(actor, now=now)
        .where(AgendaItem.case_id == case_id)
        .order_by(Meeting.starts_at.desc())
    )
    return tuple(
        AgendaLine(
            meeting_id=row.Meeting.id,
            starts_at=row.AgendaItem.starts_at,
            discussion=row.AgendaItem.discussion,
            is_cancelled=row.Meeting.cancelled_at is not None,
            is_past=row.AgendaItem.ends_at < now,
        )
        for row in rows
    )


def concerned_binding(person_id: uuid.UUID, column: str) -> str:
    """What the label or relation of a person concerned is bound to."""
    return f"person_concerned:{person_id}:{column}"


def _open(
    case: Case,
    concerned: Iterable[Any],
    opened: Iterable[OpenSection],
    kept_out: Iterable[Any],
    given: GivenTasks,
) -> dict[str, str]:
    """Open all texts of the page with one statement on the key store, by what they belong to."""
    sealed = [disclosure.sealed_question(case), *(one.text for one in opened)]
    for row in concerned:
        person = row.PersonConcerned
        sealed += [
            Sealed(person.label_ct, concerned_binding(person.id, "label")),
            Sealed(person.relation_ct, concerned_binding(person.id, "relation")),
        ]
    sealed += [Sealed(row.reason_ct, f"exclusion:{row.id}:reason") for row in kept_out]
    sealed += given.sealed
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
