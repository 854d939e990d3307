"""Notices about referrals: queued with ids only, asked again on delivery whether they still hold.

They tell that something waits behind sign-in, and nothing of what or whom it is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.referrals.scopes import own_referrals, staff_referrals
from app.domain.kinds import WAITING_REFERRALS, ReferralState, Urgency
from app.infra import calendar_queue, clock, outbox
from app.infra.wall import System, opened_for
from app.models import Case, Referral

ARRIVED: Final = "referrals.arrived"
STAFF: Final = "referrals.staff"
HANDED: Final = "referrals.handed"
AT_ONCE: Final = timedelta()


def queue_arrived(session: Session, referral: Referral, *, at_once: bool) -> None:
    """Have the table's staff told that there is a new referral, or that one came back.

    An acute one at once; else as late as the calendar's messages.
    """
    outbox.add(
        session,
        ARRIVED,
        unique_key=f"{ARRIVED}:{uuid.uuid4()}",
        payload={"mail_id": uuid.uuid4(), "referral_id": referral.id},
        available_at=clock.now() + (AT_ONCE if at_once else calendar_queue.delay()),
    )


def queue_handed(session: Session, referral: Referral) -> None:
    """Tell whoever follows a referral from now on that there is one; asked again on delivery."""
    outbox.add(
        session,
        HANDED,
        unique_key=f"{HANDED}:{uuid.uuid4()}",
        payload={"referral_id": referral.id, "person_id": referral.person_id},
    )


def queue_staff(session: Session, mail_id: str, referral_id: uuid.UUID) -> None:
    """One mail to everybody who serves the table it lies at now; asked again on delivery."""
    with opened_for(session, System.REFERRAL):
        table_id = session.scalar(
            select(Case.table_id)
            .join(Referral, Referral.case_id == Case.id)
            .where(Referral.id == referral_id, Referral.state.in_(WAITING_REFERRALS))
        )
    if table_id is None:
        return
    for person_id in sorted(staff_of(session, frozenset({table_id}), now=clock.now())):
        outbox.add_once(
            session,
            STAFF,
            unique_key=f"{STAFF}:{mail_id}:{person_id}",
            payload={
                "mail_id": uuid.uuid4(),
                "person_id": person_id,
                "referral_id": referral_id,
            },
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A referral a notice still may be about."""

    case_id: uuid.UUID
    is_acute: bool


def still_arrived(session: Session, actor: Actor, referral_id: uuid.UUID) -> Waiting | None:
    """A referral that waits at a table the actor serves; None when it does not, or is barred."""
    row = session.execute(
        staff_referrals(actor, now=clock.now()).where(
            Referral.id == referral_id, Referral.state.in_(WAITING_REFERRALS)
        )
    ).one_or_none()
    return Waiting(row.Case.id, row.Referral.urgency is Urgency.ACUTE) if row else None


def still_told(
    session: Session, actor: Actor, referral_id: uuid.UUID, states: Collection[ReferralState]
) -> Waiting | None:
    """The actor's own referral while it stands so; None for anybody else's or once it moved on."""
    found = session.scalars(
        own_referrals(actor, now=clock.now()).where(
            Referral.id == referral_id, Referral.state.in_(states)
        )
    ).one_or_none()
    if found is None or found.case_id is None:
        return None
    return Waiting(found.case_id, found.urgency is Urgency.ACUTE)
