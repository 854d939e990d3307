"""Acts of staff on the plan of a case; each is one unit of work and logged."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, case_scopes, load_case
from app.access.case_life import plans
from app.access.case_life.plans import Review
from app.access.case_life.review_reminders import queue_reminder
from app.access.records.case_sections import SectionWords, write_section
from app.domain.case_plan import part_of
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Phase
from app.domain.states import SHUT
from app.infra.db import reading, transaction
from app.models import Case


def set_phase(actor: Actor, case_id: uuid.UUID, phase: Phase) -> None:
    """Say in which phase the case is. NotVisible, STATE_NOT_ALLOWED."""
    _act(actor, case_id, lambda session, case: plans.set_phase(session, actor, case, phase))


def set_review(actor: Actor, case_id: uuid.UUID, review: Review) -> None:
    """Agree when the case is looked at again. NotVisible, DATE_IN_PAST, VALUE_UNKNOWN."""

    def act(session: Session, case: Case) -> None:
        plans.set_review(session, actor, case, review)
        queue_reminder(session, case.id, review.due_on)

    _act(actor, case_id, act)


def review_held(actor: Actor, case_id: uuid.UUID) -> None:
    """The case was looked at. NotVisible."""

    def act(session: Session, case: Case) -> None:
        following = plans.review_held(session, actor, case)
        if following is not None:
            queue_reminder(session, case.id, following)

    _act(actor, case_id, act)


def mark(actor: Actor, case_id: uuid.UUID, section_id: uuid.UUID, *, is_met: bool) -> None:
    """Say that a criterion is met, or is not after all. NotVisible."""
    _act(
        actor,
        case_id,
        lambda session, case: plans.mark(session, actor, case, section_id, is_met=is_met),
    )


def write(actor: Actor, case_id: uuid.UUID, type_id: uuid.UUID, words: SectionWords) -> None:
    """Write a text of the plan under one of its headings. NotVisible, VALUE_UNKNOWN."""

    def act(session: Session, case: Case) -> None:
        kind = next((one for one in plans.headings_of(session, case) if one.id == type_id), None)
        if kind is None or kind.table_id != case.table_id:
            raise NotVisible
        if part_of(kind.code, is_plan=kind.is_plan) is None:
            raise NotVisible
        write_section(session, actor, case, kind, words)

    _act(actor, case_id, act)


def _act(actor: Actor, case_id: uuid.UUID, act: Callable[[Session, Case], None]) -> None:
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        if case.state in SHUT:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        act(session, case)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage:
    """Under which heading of which case is written, and which organisations may be the source."""

    case_id: uuid.UUID
    reference: str
    label_nl: str
    label_en: str
    source_id: uuid.UUID
    sources: tuple[tuple[uuid.UUID, str], ...]


def write_page(actor: Actor, case_id: uuid.UUID, type_id: uuid.UUID) -> WritePage:
    """The form for a new text of the plan. NotVisible for a heading that is no part of it."""
    with reading() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        for one in plans.headings_of(session, case):
            if one.id == type_id and part_of(one.code, is_plan=one.is_plan) is not None:
                sources = session.scalars(case_scopes.participants(case.table_id))
                return WritePage(
                    case_id=case.id,
                    reference=case.reference,
                    label_nl=one.label_nl,
                    label_en=one.label_en,
                    source_id=case.bringing_organisation_id,
                    sources=tuple((source.id, source.name) for source in sources),
                )
    raise NotVisible
