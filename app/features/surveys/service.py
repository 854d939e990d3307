"""Measurements and questions of one table for its staff, and the own answer of a partner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access import Actor, Permission, load_staff_table
from app.access.oversight import measurements, surveys
from app.access.oversight.measurements import Span
from app.access.oversight.surveys import Asked, Waiting
from app.domain.kinds import MeasurementKind
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two measurements as it stands."""

    kind: MeasurementKind
    span: Span | None
    asked: Asked | None
    may_fix: bool


@dataclass(frozen=True, slots=True)
class MeasurementsPage:
    """Both measurements of a table, and the quarters to choose from."""

    table_id: uuid.UUID
    table_name: str
    quarters: tuple[date, ...]
    parts: tuple[Part, ...]


def measurements_page(actor: Actor, table_id: uuid.UUID) -> MeasurementsPage:
    """The measurements of a table served. NotVisible."""
    with reading() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEASUREMENT_MANAGE)
        spans = measurements.measurements_of(session, table)
        asked = {one.kind: one for one in surveys.asked_at(session, table)}
        quarters = tuple(measurements.closed_quarters(session))
        return MeasurementsPage(
            table.id,
            table.name,
            quarters,
            tuple(
                Part(
                    kind,
                    spans.get(kind),
                    asked.get(kind),
                    may_fix=bool(quarters)
                    and kind not in spans
                    and (kind is MeasurementKind.BASELINE or MeasurementKind.BASELINE in spans),
                )
                for kind in MeasurementKind
            ),
        )


def check(actor: Actor, table_id: uuid.UUID, kind: MeasurementKind, span: Span) -> None:
    """Whether a period of a table served could be fixed; stores nothing. NotVisible, Refusal."""
    with reading() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEASUREMENT_MANAGE)
        measurements.check(session, table, kind, span)


def fix(actor: Actor, table_id: uuid.UUID, kind: MeasurementKind, span: Span) -> None:
    """Fix a period of a table served. NotVisible, Refusal."""
    with transaction() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEASUREMENT_MANAGE)
        measurements.fix(session, actor, table, kind, span)


def ask(actor: Actor, table_id: uuid.UUID, kind: MeasurementKind, closes_at: datetime) -> int:
    """Put the questions to the partners of a table served; to how many. NotVisible, Refusal."""
    with transaction() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEASUREMENT_MANAGE)
        return surveys.ask(session, actor, table, kind, closes_at)


def waiting(actor: Actor) -> tuple[Waiting, ...]:
    """The questions the actor may answer just now."""
    with reading() as session:
        return surveys.waiting(session, actor)


def own_survey(actor: Actor, survey_id: uuid.UUID) -> Waiting:
    """Questions the actor may answer just now. NotVisible."""
    with reading() as session:
        return surveys.load_own(session, actor, survey_id)


def answer(actor: Actor, survey_id: uuid.UUID, scores: Sequence[int]) -> None:
    """Answer them, once. NotVisible, Refusal."""
    with transaction() as session:
        surveys.answer(session, actor, survey_id, scores)
