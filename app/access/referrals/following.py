"""What a referrer follows of the own referral: where it stands, what is asked, what came of it.

Nothing more: not its reference, no agenda, nobody who takes part. Whom the case bars loses this
too, without a trace; so does who left the organisation it was made for.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.conditions import is_live
from app.access.people import may_come_near
from app.access.referrals import words
from app.access.referrals.scopes import own_questions, own_referrals
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    STAFF_ROLES,
    WAITING_REFERRALS,
    AccountState,
    ReferralState,
    Urgency,
)
from app.infra import clock
from app.infra.crypto import Sealed
from app.infra.wall import System, opened_for
from app.models import (
    CaseTable,
    Organisation,
    Person,
    Referral,
    ReferralQuestion,
    TableContact,
    TableRole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReferral:
    """One own referral: its state, where it lies, since when, and by when an answer is expected.

    ``lies_at`` is the table, or the team that took it over.
    """

    id: uuid.UUID
    state: ReferralState
    urgency: Urgency
    lies_at: str
    is_passed_on: bool
    since: datetime
    sent_at: datetime | None
    due_at: datetime | None

    @property
    def expected_at(self) -> datetime | None:
        """The last moment at which an answer is in time; a term ends with the midnight after."""
        return self.due_at - timedelta(microseconds=1) if self.due_at else None

    @property
    def waits(self) -> bool:
        """Nothing was decided yet."""
        return self.state in WAITING_REFERRALS


def _listed(actor: Actor) -> Select[Referral, str | None, str | None]:
    return (
        own_referrals(actor, now=clock.now())
        .outerjoin(CaseTable, CaseTable.id == Referral.table_id)
        .outerjoin(Organisation, Organisation.id == Referral.team_id)
        .add_columns(CaseTable.name.label("table"), Organisation.name.label("team"))
    )


def read_all(
    session: Session, actor: Actor, *, number: int, size: int
) -> tuple[list[OwnReferral], int]:
    """A page of the own referrals and drafts, what asks for something first; and how many."""
    asks = Referral.state == ReferralState.RETURNED
    rows = session.execute(
        _listed(actor)
        .add_columns(func.count().over().label("total"))
        .order_by(asks.desc(), Referral.changed_at.desc(), Referral.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return [_own(row.Referral, row.table, row.team) for row in rows], rows[0].total if rows else 0


def _own(referral: Referral, table: str | None, team: str | None) -> OwnReferral:
    return OwnReferral(
        id=referral.id,
        state=referral.state,
        urgency=referral.urgency,
        lies_at=team or table or "",
        is_passed_on=referral.passed_on_at is not None,
        since=referral.changed_at,
        sent_at=referral.sent_at,
        due_at=referral.due_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedBack:
    """A question of staff and the answer, both sealed."""

    id: uuid.UUID
    question: Sealed
    answer: Sealed
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Everything a referrer sees of one referral; the words are sealed."""

    own: OwnReferral
    outcome: Sealed
    asked: tuple[AskedBack, ...]
    decided_at: datetime | None


def read(session: Session, actor: Actor, referral_id: uuid.UUID) -> Followed:
    """One own referral that was sent, a recorded reading; NotVisible otherwise. Two statements.

    A draft has pages of its own.
    """
    row = session.execute(
        _listed(actor).where(Referral.id == referral_id, Referral.state != ReferralState.DRAFT)
    ).one_or_none()
    if row is None:
        raise NotVisible
    asked = session.scalars(
        own_questions(actor, now=clock.now())
        .with_only_columns(ReferralQuestion)
        .where(ReferralQuestion.referral_id == referral_id)
        .order_by(ReferralQuestion.asked_at, ReferralQuestion.id)
    )
    _record(session, actor, audit.Event.READ, row.Referral)
    return Followed(
        own=_own(row.Referral, row.table, row.team),
        outcome=words.sealed_outcome(row.Referral),
        asked=tuple(_asked(one) for one in asked),
        decided_at=row.Referral.decided_at,
    )


def _asked(one: ReferralQuestion) -> AskedBack:
    question, answer = words.sealed_question(one)
    return AskedBack(
        id=one.id,
        question=question,
        answer=answer,
        asked_at=one.asked_at,
        answered_at=one.answered_at,
    )


def _record(session: Session, actor: Actor, event: audit.Event, referral: Referral) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="referral",
            object_id=referral.id,
            case_id=referral.case_id,
            table_id=referral.table_id,
        ),
    )


def load(session: Session, actor: Actor, referral_id: uuid.UUID) -> Referral:
    """An own referral that was sent; NotVisible otherwise."""
    found = session.scalars(
        own_referrals(actor, now=clock.now()).where(
            Referral.id == referral_id, Referral.state != ReferralState.DRAFT
        )
    ).one_or_none()
    if found is None:
        raise NotVisible
    return found


def possible_colleagues(actor: Actor, referral: Referral) -> Select[Person]:
    """Colleagues who may follow an own, loaded referral instead, but for whom the case bars."""
    if referral.case_id is None:
        raise NotVisible
    return (
        select(Person)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.id != actor.person_id,
            Person.state == AccountState.ACTIVE,
            Person.ends_at.is_(None),
            may_come_near(referral.case_id, now=clock.now()),
        )
        .order_by(Person.name, Person.id)
    )


def hand_on(session: Session, actor: Actor, referral: Referral, person_id: uuid.UUID) -> Person:
    """Have a colleague follow an own, loaded referral from now on; the actor follows it no more."""
    wanted = possible_colleagues(actor, referral).where(Person.id == person_id)
    colleague = session.scalars(wanted).one_or_none()
    if colleague is None:
        raise Refusal(Reason.MUST_BE_SAME_ORGANISATION, "colleague")
    with opened_for(session, System.REFERRAL):
        referral.person_id = colleague.id
    _record(session, actor, audit.Event.TRANSFER, referral)
    return colleague


def waiting_for(actor: Actor, *, now: datetime) -> ColumnElement[int]:
    """How many own referrals wait for an answer, as a column of another statement."""
    return (
        own_referrals(actor, now=now)
        .where(Referral.state == ReferralState.RETURNED)
        .with_only_columns(func.count())
        .correlate(None)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody to call about an acute referral."""

    name: str
    phone: str


def to_call(session: Session, referral: Referral) -> list[ToCall]:
    """Whom to call at the table of an own, loaded referral: its host's desk first, then its staff.

    The numbers of partners are for staff alone. Two statements.
    """
    now = clock.now()
    desk = session.execute(
        select(TableContact.name, TableContact.phone)
        .join(CaseTable, CaseTable.id == TableContact.table_id)
        .where(
            TableContact.table_id == referral.table_id,
            TableContact.organisation_id == CaseTable.host_organisation_id,
            TableContact.person_id.is_(None),
            TableContact.removed_at.is_(None),
        )
        .order_by(TableContact.position, TableContact.id)
    )
    staff = session.execute(
        select(Person.name, Person.phone)
        .join(TableRole, TableRole.person_id == Person.id)
        .where(
            TableRole.table_id == referral.table_id,
            TableRole.role.in_(STAFF_ROLES),
            is_live(TableRole.from_at, TableRole.until_at, now),
            Person.state == AccountState.ACTIVE,
            Person.phone != "",
        )
        .order_by(Person.name, Person.id)
    )
    found: Sequence[tuple[str, str]] = [(row[0], row[1]) for row in (*desk, *staff)]
    return [ToCall(name, phone) for name, phone in dict.fromkeys(found)]
