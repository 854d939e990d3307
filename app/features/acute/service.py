"""Reports on the spot: what may be chosen, sending one, and what became of the own ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.access import Actor
from app.access.referrals import on_the_spot
from app.access.referrals.on_the_spot import RECEIVERS, OnTheSpot
from app.domain.errors import NotVisible
from app.domain.kinds import ReferralState
from app.infra import clock
from app.infra.db import reading, transaction

SHOWN_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReport:
    """One own report: when it was sent, and who took it over when."""

    sent_at: datetime
    due_at: datetime | None
    taken_over_by: str
    taken_over_at: datetime | None
    is_late: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class AcutePage:
    """Where to report, who may take it over, and the own reports of the last week."""

    tables: tuple[tuple[uuid.UUID, str], ...]
    receivers: tuple[tuple[uuid.UUID, str], ...]
    own: tuple[OwnReport, ...]


def acute_page(actor: Actor) -> AcutePage:
    """The page, in three statements. NotVisible for whoever reports nowhere."""
    now = clock.now()
    with reading() as session:
        tables = session.scalars(on_the_spot.own_tables(actor)).all()
        if not tables:
            raise NotVisible
        receivers = session.scalars(on_the_spot.receiving_tables()).all()
        own = session.execute(on_the_spot.own_reports(actor, now - SHOWN_FOR)).all()
    return AcutePage(
        tuple((one.id, one.name) for one in tables),
        tuple(
            (one.id, one.name)
            for one in sorted(receivers, key=lambda one: RECEIVERS.index(one.kind))
        ),
        tuple(_own(row, now) for row in own),
    )


def _own(row: Any, now: datetime) -> OwnReport:  # noqa: ANN401 - a joined row
    one = row.Referral
    taken_at = one.passed_on_at
    is_settled = taken_at is not None or one.state in (
        ReferralState.ADVISED,
        ReferralState.REFUSED,
        ReferralState.WITHDRAWN,
    )
    return OwnReport(
        sent_at=one.sent_at,
        due_at=one.due_at,
        taken_over_by=row.table if taken_at else "",
        taken_over_at=taken_at,
        is_late=not is_settled and one.due_at is not None and one.due_at <= now,
        is_settled=is_settled,
    )


def report(actor: Actor, new: OnTheSpot) -> None:
    """Send one report. NotVisible, Refusal."""
    with transaction() as session:
        on_the_spot.report(session, actor, new)
