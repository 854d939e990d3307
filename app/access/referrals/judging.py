"""What staff read and write around the judgement of a referral: partners wanted, clocks, doubles.

Each function stands at a referral that was loaded for the staff of its table.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.administration.kinds_in_force import version_of
from app.access.case_life import households
from app.access.referrals.triage import Loaded, close_as_double
from app.domain.errors import Reason, Refusal
from app.domain.kind_document import Words
from app.domain.kinds import Ground
from app.domain.references import normalise_reference
from app.domain.states import SHUT
from app.infra import clock
from app.models import (
    Case,
    CaseClock,
    CaseTable,
    Covenant,
    Meeting,
    Organisation,
    Referral,
    ReferralPartner,
    Seat,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An organisation the referrer would like at the table; without a covenant it has no seat."""

    organisation_id: uuid.UUID
    name: str
    takes_part: bool


def wanted_partners(session: Session, referral: Referral, table: CaseTable) -> tuple[Wanted, ...]:
    """Whom the referrer would like at the table, by name."""
    takes_part = exists().where(
        Covenant.organisation_id == Organisation.id,
        Covenant.table_id == table.id,
        c.is_live(Covenant.from_at, Covenant.until_at, clock.now()),
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name, takes_part)
        .join(ReferralPartner, ReferralPartner.organisation_id == Organisation.id)
        .where(ReferralPartner.referral_id == referral.id)
        .order_by(Organisation.name)
    )
    return tuple(Wanted(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class ClockOfCase:
    """A clock that ran or runs, in the words of the version of the kind it began under."""

    text: Words
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    ended_at: datetime | None


def clocks_of(session: Session, case: Case, table: CaseTable) -> tuple[ClockOfCase, ...]:
    """The clocks of a case at its table, the first due first."""
    rows = session.scalars(
        select(CaseClock)
        .where(CaseClock.case_id == case.id, CaseClock.table_id == table.id)
        .order_by(CaseClock.due_at, CaseClock.id)
    ).all()
    kinds = {one: version_of(session, table, one) for one in {row.kind_version for row in rows}}
    words = {
        (number, rule.code): rule.text
        for number, kind in kinds.items()
        for rule in kind.document.clocks
    }
    return tuple(
        ClockOfCase(
            words.get((row.kind_version, row.code), Words(row.code, row.code)),
            row.started_at,
            row.due_at,
            row.met_at,
            row.ended_at,
        )
        for row in rows
    )


def coming_meetings(session: Session, actor: Actor, table: CaseTable) -> list[Meeting]:
    """The meetings of the table at which an accepted referral may still be put on the agenda."""
    statement = scopes.staff_meetings(actor).where(
        Meeting.table_id == table.id,
        Meeting.cancelled_at.is_(None),
        Meeting.started_at.is_(None),
        Meeting.closed_at.is_(None),
        Meeting.starts_at > clock.now(),
    )
    return list(session.scalars(statement.order_by(Meeting.starts_at, Meeting.id).limit(6)))


def propose_seats(
    session: Session, item_id: uuid.UUID, organisation_ids: Collection[uuid.UUID]
) -> None:
    """Partners the referrer wanted, as proposals at a new item: staff still decide about each."""
    session.add_all(
        Seat(id=uuid.uuid4(), item_id=item_id, organisation_id=one, is_proposed=True)
        for one in sorted(organisation_ids)
    )


def join(session: Session, actor: Actor, loaded: Loaded, reference: str) -> Case:
    """The referral belongs to another case of the same table: this one ends as its double.

    Nothing moves: its sections stay where their sources wrote them, under its own keys, and staff
    take over what is needed. CASE_UNKNOWN alike for what is not there, barred, shut or elsewhere.
    """
    found = scopes.staff_cases(actor, now=clock.now()).where(
        Case.table_id == loaded.table.id,
        Case.reference == normalise_reference(reference),
        Case.id != loaded.case.id,
        Case.state.not_in(SHUT),
    )
    known: Case | None = session.scalars(found).one_or_none()
    if known is None:
        raise Refusal(Reason.CASE_UNKNOWN, "reference")
    if known.table_id in actor.coordinator_table_ids:
        # Staff find the one from the other afterwards.
        households.link(session, actor, loaded.case, known.reference)
    close_as_double(session, actor, loaded)
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="referral",
            object_id=loaded.referral.id,
            outcome="joined",
            ground=Ground.STAFF,
            case_id=known.id,
            table_id=known.table_id,
        ),
    )
    return known
