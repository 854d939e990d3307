"""How much was referred to the tables one serves and waits: three numbers, nothing else of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.referrals.scopes import staff_referrals
from app.domain.kinds import WAITING_REFERRALS
from app.domain.time_left import TimeLeft, time_left
from app.infra.holidays_nl import is_holiday
from app.models import Case, CaseClock, Referral


@dataclass(frozen=True, slots=True)
class WaitingReferrals:
    """How many wait, since when the oldest does, and how many are past their time."""

    number: int = 0
    oldest_at: datetime | None = None
    late: int = 0


def waiting_referrals(actor: Actor, *, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """What ``WaitingReferrals`` holds, as columns of a statement about something else."""
    waiting = staff_referrals(actor, now=now).where(Referral.state.in_(WAITING_REFERRALS))
    late = waiting.where(Referral.due_at <= now)
    return tuple(
        statement.with_only_columns(column).correlate(None).scalar_subquery()
        for statement, column in (
            (waiting, func.count()),
            (waiting, func.min(Referral.sent_at)),
            (late, func.count()),
        )
    )


@dataclass(frozen=True, slots=True)
class Judging:
    """The referral of a case that waits for staff, and how long its next clock still runs."""

    referral_id: uuid.UUID | None = None
    left: TimeLeft | None = None


def judging_of(referral_id: uuid.UUID | None, due_at: datetime | None, now: datetime) -> Judging:
    """What the columns of ``of_case`` say."""
    return Judging(referral_id, time_left(due_at, now, is_holiday) if due_at else None)


def of_case() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Of ``Case`` of the statement around: its referral that waits, and when its next clock is due.

    The statement was narrowed to cases of the staff who ask.
    """
    judged = select(Referral.id).where(
        Referral.case_id == Case.id, Referral.state.in_(WAITING_REFERRALS)
    )
    due = select(func.min(CaseClock.due_at)).where(
        CaseClock.case_id == Case.id,
        CaseClock.table_id == Case.table_id,
        CaseClock.met_at.is_(None),
        CaseClock.ended_at.is_(None),
    )
    return (
        judged.correlate(Case).scalar_subquery().label("waiting_referral_id"),
        due.correlate(Case).scalar_subquery().label("next_due_at"),
    )


def is_judged(session: Session, case: Case) -> bool:
    """Whether the referral of a loaded case waits: its state then moves with that alone."""
    waits = exists().where(Referral.case_id == case.id, Referral.state.in_(WAITING_REFERRALS))
    return bool(session.scalar(select(waits)))
