"""Who is asked the five questions about working together, and what they came to.

An answer is added up and forgotten in one act: no row, no time and no line of the log say who
answered what, or when. What came of it is told once nobody can answer any more.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, select, update
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, Ground, MeasurementKind, TableRoleName
from app.domain.survey import LEAST_ANSWERS, QUESTIONS, SCORES, Results, results_of
from app.infra import clock, outbox
from app.models import (
    CaseTable,
    Covenant,
    Person,
    Survey,
    SurveyInvitation,
    SurveyTally,
    TableRole,
)

ASKED = "surveys.asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a table as they stand; ``results`` only after they closed."""

    kind: MeasurementKind
    opens_at: datetime
    closes_at: datetime
    invited: int
    results: Results | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Questions somebody may answer."""

    id: uuid.UUID
    table: str
    kind: MeasurementKind
    closes_at: datetime


def ask(
    session: Session, actor: Actor, table: CaseTable, kind: MeasurementKind, closes_at: datetime
) -> int:
    """Ask everybody who represents a partner at a loaded table; gives how many.

    Raises Refusal: asked before, a moment that is over, or too few people to tell anything of.
    """
    session.refresh(table, with_for_update=True)
    now = clock.now()
    if closes_at <= now:
        raise Refusal(Reason.DATE_IN_PAST, "closes_on")
    asked_before = exists().where(Survey.table_id == table.id, Survey.kind == kind)
    if session.scalar(select(asked_before)):
        raise Refusal(Reason.ASKED_ALREADY)
    people = session.scalars(_representatives(table.id, now)).all()
    if len(people) < LEAST_ANSWERS:
        raise Refusal(Reason.TOO_FEW_PARTNERS)
    survey_id = uuid.uuid4()
    session.add(
        Survey(
            id=survey_id, table_id=table.id, kind=kind, opens_at=now, closes_at=closes_at,
            asked_by_id=actor.person_id,
        )
    )  # fmt: skip
    session.add_all(
        SurveyTally(survey_id=survey_id, question=number, score=score)
        for number in range(1, len(QUESTIONS) + 1)
        for score in SCORES
    )
    session.add_all(SurveyInvitation(survey_id=survey_id, person_id=one) for one in people)
    outbox.add_many(
        session,
        ASKED,
        {
            f"{ASKED}:{survey_id}:{one}": {"survey_id": survey_id, "person_id": one}
            for one in people
        },
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.TRANSFER, object_kind="survey", object_id=survey_id,
            ground=Ground.STAFF, table_id=table.id,
        ),
    )  # fmt: skip
    return len(people)


def _representatives(table_id: uuid.UUID, now: datetime) -> Select[uuid.UUID]:
    return (
        select(Person.id)
        .join(
            TableRole,
            and_(
                TableRole.person_id == Person.id,
                TableRole.table_id == table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
            ),
        )
        .join(
            Covenant,
            and_(
                Covenant.organisation_id == Person.organisation_id,
                Covenant.table_id == table_id,
                c.is_live(Covenant.from_at, Covenant.until_at, now),
            ),
        )
        .where(Person.state == AccountState.ACTIVE)
        .distinct()
        .order_by(Person.id)
    )


def own_open(actor: Actor, *, now: datetime) -> Select[Survey, CaseTable]:
    """The questions the actor was asked, still represents a partner for, and did not answer."""
    checks.note()
    return (
        select(Survey, CaseTable)
        .join(CaseTable, CaseTable.id == Survey.table_id)
        .join(SurveyInvitation, SurveyInvitation.survey_id == Survey.id)
        .where(
            SurveyInvitation.person_id == actor.person_id,
            SurveyInvitation.has_answered.is_(False),
            Survey.table_id.in_(actor.representative_table_ids),
            Survey.opens_at <= now,
            Survey.closes_at > now,
        )
        .order_by(Survey.closes_at, Survey.id)
    )


def waiting(session: Session, actor: Actor) -> tuple[Waiting, ...]:
    """What the actor may answer just now, the first to close first."""
    rows = session.execute(own_open(actor, now=clock.now()))
    return tuple(
        Waiting(row.Survey.id, row.CaseTable.name, row.Survey.kind, row.Survey.closes_at)
        for row in rows
    )


def load_own(session: Session, actor: Actor, survey_id: uuid.UUID) -> Waiting:
    """Questions the actor may answer just now. NotVisible."""
    for one in waiting(session, actor):
        if one.id == survey_id:
            return one
    raise NotVisible


def answer(session: Session, actor: Actor, survey_id: uuid.UUID, scores: Sequence[int]) -> None:
    """Add one answer up. NotVisible, also at a second try; Refusal for scores nobody offered."""
    if len(scores) != len(QUESTIONS) or any(one not in SCORES for one in scores):
        raise Refusal(Reason.VALUE_UNKNOWN)
    load_own(session, actor, survey_id)
    marked = session.execute(
        update(SurveyInvitation)
        .where(
            SurveyInvitation.survey_id == survey_id,
            SurveyInvitation.person_id == actor.person_id,
            SurveyInvitation.has_answered.is_(False),
        )
        .values(has_answered=True)
    )
    if not marked.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise NotVisible
    for number, score in enumerate(scores, 1):
        session.execute(
            update(SurveyTally)
            .where(
                SurveyTally.survey_id == survey_id,
                SurveyTally.question == number,
                SurveyTally.score == score,
            )
            .values(number=SurveyTally.number + 1)
        )


def asked_at(session: Session, table: CaseTable) -> tuple[Asked, ...]:
    """What a loaded table asked its partners, the baseline first, in three statements."""
    now = clock.now()
    rows = session.scalars(select(Survey).where(Survey.table_id == table.id)).all()
    ids = [one.id for one in rows]
    invited = session.execute(
        select(SurveyInvitation.survey_id).where(SurveyInvitation.survey_id.in_(ids))
    ).all()
    asked = Counter(row.survey_id for row in invited)
    told = _results(session, {one.id: asked[one.id] for one in rows if one.closes_at <= now})
    found = [
        Asked(one.kind, one.opens_at, one.closes_at, asked[one.id], told.get(one.id))
        for one in rows
    ]
    return tuple(sorted(found, key=lambda one: list(MeasurementKind).index(one.kind)))


def _results(session: Session, closed: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, Results]:
    """Of each that closed, with how many were asked."""
    tallies: dict[uuid.UUID, dict[tuple[int, int], int]] = {one: {} for one in closed}
    for row in session.scalars(select(SurveyTally).where(SurveyTally.survey_id.in_(closed))):
        tallies[row.survey_id][row.question, row.score] = row.number
    return {one: results_of(tally, asked=closed[one]) for one, tally in tallies.items()}
