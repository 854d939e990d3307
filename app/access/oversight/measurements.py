"""The two periods a table compares, each made of quarters that are over and counted.

What is compared are published figures; a period that was fixed stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground, MeasurementKind
from app.domain.report import later
from app.infra import clock
from app.models import CaseTable, ClosedQuarter, Measurement

_MONTHS_A_YEAR = 12
_MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Span:
    """The first days of the first and the last quarter of a period, both in it."""

    first_on: date
    last_on: date

    @property
    def quarters(self) -> int:
        """How many quarters it has."""
        return _number(self.last_on) - _number(self.first_on) + 1

    @property
    def last_day(self) -> date:
        """The last day of its last quarter."""
        return later(self.last_on, 1) - timedelta(days=1)


def _number(quarter_on: date) -> int:
    return (quarter_on.year * _MONTHS_A_YEAR + quarter_on.month - 1) // _MONTHS_A_QUARTER


def closed_quarters(session: Session) -> list[date]:
    """The first days of the quarters that were counted, latest first; they tell of no table."""
    checks.note()
    return list(
        session.scalars(select(ClosedQuarter.first_on).order_by(ClosedQuarter.first_on.desc()))
    )


def measurements_of(session: Session, table: CaseTable) -> dict[MeasurementKind, Span]:
    """The periods of a loaded table, as far as they were fixed."""
    rows = session.scalars(select(Measurement).where(Measurement.table_id == table.id))
    return {one.kind: Span(one.first_on, one.last_on) for one in rows}


def check(session: Session, table: CaseTable, kind: MeasurementKind, span: Span) -> None:
    """Refusal where ``fix`` would refuse as things stand; nothing is stored."""
    _refuse_unfit(kind, span, measurements_of(session, table), closed_quarters(session))


def fix(
    session: Session, actor: Actor, table: CaseTable, kind: MeasurementKind, span: Span
) -> None:
    """Fix one of the periods of a loaded table, for good: figures that were seen choose no period.

    Raises Refusal: a period that was fixed; quarters that are not closed or turned about; a second
    measurement without a baseline, before its end or of another length.
    """
    session.refresh(table, with_for_update=True)
    check(session, table, kind, span)
    session.add(
        Measurement(
            table_id=table.id,
            kind=kind,
            first_on=span.first_on,
            last_on=span.last_on,
            fixed_by_id=actor.person_id,
            fixed_at=clock.now(),
        )
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind=f"measurement-{kind.value}",
            ground=Ground.STAFF,
            table_id=table.id,
        ),
    )


def _refuse_unfit(
    kind: MeasurementKind, span: Span, known: dict[MeasurementKind, Span], closed: list[date]
) -> None:
    if kind in known:
        raise Refusal(Reason.PERIOD_FIXED)
    if span.first_on > span.last_on:
        raise Refusal(Reason.PERIOD_TURNED, "last_on")
    for field in ("first_on", "last_on"):
        if getattr(span, field) not in closed:
            raise Refusal(Reason.VALUE_UNKNOWN, field)
    if kind is MeasurementKind.BASELINE:
        return
    baseline = known.get(MeasurementKind.BASELINE)
    if baseline is None:
        raise Refusal(Reason.BASELINE_MISSING)
    if span.first_on <= baseline.last_on:
        raise Refusal(Reason.PERIODS_OVERLAP, "first_on")
    if span.quarters != baseline.quarters:
        raise Refusal(Reason.PERIODS_DIFFER, "last_on")
