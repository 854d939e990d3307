"""What a referral still misses of what its table asks; for the staff of that table.

It looks whether something was written, never at what: nothing here opens a text.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.administration.kinds_in_force import code_of
from app.access.referrals import scopes
from app.domain import presets
from app.domain.kind_document import Criterion, KindDocument, parse
from app.models import (
    Case,
    CaseClock,
    CaseTable,
    KindVersion,
    Organisation,
    PersonConcerned,
    Referral,
    ReferralCriterion,
    Section,
    SectionType,
)

# The heading under which a referral says what is the matter.
CAUSE: Final = "cause"


class Missing(StrEnum):
    """What a table asks of a referral."""

    QUESTION = "question"
    CAUSE = "cause"
    CRITERIA = "criteria"
    HOUSEHOLD = "household"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion as it stood when the referral was sent, and whether it is said to be met."""

    criterion: Criterion
    is_met: bool


def referrals_with_facts(
    actor: Actor, *, now: datetime
) -> Select[Referral, Case, CaseTable, str, bool, bool, int, datetime | None]:
    """Referrals at tables served with their table, who referred, and what was written at all.

    ``next_due_at`` is when the first clock that runs for the case is due.
    """
    cause = exists().where(
        Section.case_id == Case.id,
        Section.text_ct.is_not(None),
        SectionType.id == Section.section_type_id,
        SectionType.code == CAUSE,
    )
    concerned = select(func.count()).where(PersonConcerned.case_id == Case.id)
    next_due = select(func.min(CaseClock.due_at)).where(
        CaseClock.case_id == Case.id,
        CaseClock.table_id == Case.table_id,
        CaseClock.met_at.is_(None),
        CaseClock.ended_at.is_(None),
    )
    return (
        scopes.staff_referrals(actor, now=now)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .add_columns(
            CaseTable,
            Organisation.name.label("organisation"),
            Case.question_ct.is_not(None).label("has_question"),
            cause.correlate(Case).label("has_cause"),
            concerned.correlate(Case).scalar_subquery().label("concerned"),
            next_due.correlate(Case).scalar_subquery().label("next_due_at"),
        )
    )


def criteria_of(
    session: Session, referrals: Collection[tuple[Referral, CaseTable]]
) -> dict[uuid.UUID, tuple[Judged, ...]]:
    """The criteria of loaded referrals, each by the version it was sent under. Two statements."""
    met: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    asked = [referral.id for referral, _table in referrals]
    for row in session.scalars(
        select(ReferralCriterion).where(ReferralCriterion.referral_id.in_(asked))
    ):
        met[row.referral_id][row.code] = row.is_met
    documents = _documents(
        session, {(code_of(table), one.kind_version) for one, table in referrals}
    )
    return {
        referral.id: tuple(
            Judged(one, met[referral.id].get(one.code, False))
            for one in _criteria(documents, code_of(table), referral.kind_version)
        )
        for referral, table in referrals
    }


def _documents(
    session: Session, versions: Collection[tuple[str, int]]
) -> Mapping[tuple[str, int], KindDocument]:
    """Versions of kinds in one statement; none where all of them are what ships."""
    own = [one for one in versions if one[1]]
    if not own:
        return {}
    rows = session.scalars(
        select(KindVersion).where(tuple_(KindVersion.kind_code, KindVersion.number).in_(own))
    )
    return {(row.kind_code, row.number): parse(row.document) for row in rows}


def _criteria(
    documents: Mapping[tuple[str, int], KindDocument], code: str, number: int
) -> Sequence[Criterion]:
    found = documents.get((code, number)) or presets.SHIPPED.get(code)
    return found.criteria if found else ()


def unmet(judged: Sequence[Judged]) -> tuple[Criterion, ...]:
    """The required criteria that are not met."""
    return tuple(one.criterion for one in judged if one.criterion.is_required and not one.is_met)


def missing_of(
    referral: Referral,
    judged: Sequence[Judged],
    *,
    has_question: bool,
    has_cause: bool,
    concerned: int,
) -> tuple[Missing, ...]:
    """What is missing of what is required, in the order in which it is asked."""
    found = (
        (has_question, Missing.QUESTION),
        (has_cause, Missing.CAUSE),
        (not unmet(judged), Missing.CRITERIA),
        (concerned > 0, Missing.HOUSEHOLD),
        (referral.family_informed is not None, Missing.FAMILY),
    )
    return tuple(what for is_there, what in found if not is_there)
