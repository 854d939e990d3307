"""Reads the plan of a case for its staff and for its case lead; it must never change anything.

Every text is a section: what its reader may not see of it is absent, and each reading is recorded.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, disclosure, load_case
from app.access.case_life import plans
from app.access.case_life.plans import Lead, Mark, PhaseLine, Review
from app.access.disclosure import OpenSection
from app.access.meetings import chairs
from app.access.readings import readings_of_case
from app.access.records import outcomes
from app.access.records.outcomes import Recorded
from app.access.seats.acquaintances import Stage
from app.access.tasks import holding, tasks
from app.domain.case_plan import Part, part_of
from app.domain.errors import NotVisible
from app.domain.kinds import TableKind, TaskKind
from app.domain.states import SHUT
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Case, CaseTable, SectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """One section of the plan; ``mark`` only of a criterion that is met."""

    id: uuid.UUID
    text: str
    source: str
    updated_at: datetime
    mark: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of a part, with what stands under it."""

    id: uuid.UUID
    label_nl: str
    label_en: str
    part: Part
    may_add: bool
    texts: tuple[PlanText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """The plan of one case, for staff with ``case_id``, for its lead with ``task_id``."""

    case_id: uuid.UUID
    task_id: uuid.UUID | None
    reference: str
    table: str
    kind: TableKind
    is_open: bool
    question: str
    headings: tuple[Heading, ...]
    phases: tuple[PhaseLine, ...]
    review: Review | None
    is_review_due: bool
    lead: Lead | None
    outcomes: tuple[Recorded, ...]
    own_chairs: tuple[str, ...]

    def of(self, part: Part) -> tuple[Heading, ...]:
        """The headings of one part, in the order of the table."""
        return tuple(one for one in self.headings if one.part is part)

    @property
    def criteria(self) -> tuple[PlanText, ...]:
        """What is to be reached before the case may end."""
        return tuple(text for one in self.of(Part.EXIT) for text in one.texts)

    @property
    def met(self) -> int:
        """How many of the criteria are met."""
        return sum(one.mark is not None for one in self.criteria)

    @property
    def may_end(self) -> bool:
        """All criteria are met, and there are some."""
        return bool(self.criteria) and self.met == len(self.criteria)


def staff_plan(actor: Actor, case_id: uuid.UUID) -> PlanPage:
    """The plan of a case of a table served; each text read is recorded. NotVisible."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_READ)
        headings = [one for one in plans.headings_of(session, case) if _part(one)]
        opened = disclosure.read_sections(
            session, actor, [case.id], now=clock.now(),
            type_ids=[one.id for one in headings], also=readings_of_case(case),
        )  # fmt: skip
        page = _page(session, case, headings, opened)
        return replace(
            page,
            outcomes=outcomes.of_case(session, actor, case.id),
            own_chairs=chairs.not_independent(session, case),
        )


def lead_plan(actor: Actor, task_id: uuid.UUID) -> PlanPage:
    """The same for the accepted case lead, as far as its task opens the plan. NotVisible."""
    with transaction() as session:
        own = holding.load_own(session, actor, task_id)
        is_open = holding.stage_of(session, actor, own) is Stage.OPEN
        if own.task.kind is not TaskKind.CASE_LEAD or not is_open:
            raise NotVisible
        headings = [one for one in plans.headings_of(session, own.case) if _part(one)]
        opened = disclosure.read_sections(
            session, actor, [own.case.id], now=clock.now(), task_id=task_id,
            type_ids=[one.id for one in headings],
        )  # fmt: skip
        audit.record(session, actor, tasks.line_of(own.task, audit.Event.READ))
        shown = {one.type_id for one in opened}
        seen = [one for one in headings if one.id in shown]
        return _page(session, own.case, seen, opened, task_id=task_id)


def _part(heading: SectionType) -> Part | None:
    return part_of(heading.code, is_plan=heading.is_plan)


def _page(
    session: Session,
    case: Case,
    headings: Collection[SectionType],
    opened: Sequence[OpenSection],
    *,
    task_id: uuid.UUID | None = None,
) -> PlanPage:
    table = session.get_one(CaseTable, case.table_id)
    marks = plans.marks_of(session, case.id)
    review = plans.review_of(session, case.id)
    question, *texts = crypto.unseal_many(
        [disclosure.sealed_question(case), *(one.text for one in opened)]
    )
    words = dict(zip((one.section_id for one in opened), texts, strict=True))
    by_heading: dict[uuid.UUID, list[PlanText]] = defaultdict(list)
    for one in opened:
        by_heading[one.type_id].append(_text(one, words[one.section_id], marks))
    return PlanPage(
        case_id=case.id,
        task_id=task_id,
        reference=case.reference,
        table=table.name,
        kind=table.kind,
        is_open=case.state not in SHUT,
        question=question if task_id is None else "",
        headings=tuple(_heading(one, case, by_heading[one.id]) for one in headings),
        phases=plans.phases_of(session, case.id),
        review=review,
        is_review_due=review is not None and review.due_on <= clock.today(),
        lead=plans.lead_of(session, case),
        outcomes=(),
        own_chairs=(),
    )


def _heading(one: SectionType, case: Case, texts: Sequence[PlanText]) -> Heading:
    part = _part(one)
    if part is None:
        raise NotVisible
    return Heading(
        id=one.id,
        label_nl=one.label_nl,
        label_en=one.label_en,
        part=part,
        may_add=one.table_id == case.table_id and (part is not Part.LIFE or not texts),
        texts=tuple(texts),
    )


def _text(one: OpenSection, words: str, marks: Mapping[uuid.UUID, Mark]) -> PlanText:
    return PlanText(
        id=one.section_id,
        text=words,
        source=one.source,
        updated_at=one.updated_at,
        mark=marks.get(one.section_id),
    )
