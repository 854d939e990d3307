"""What waits for a person whatever the role: changes to confirm, and what a source is asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access import Actor, followed
from app.access.administration.changes import confirmable
from app.access.administration.recertifying import is_contact, to_answer
from app.access.case_life.bringing import first_asked
from app.access.lifecycle.requests_waiting import WaitingRequests, waiting_columns
from app.access.meetings.source_decisions import readers_waiting
from app.access.oversight.surveys import own_open
from app.access.permissions import Audience
from app.access.referrals.following import waiting_for
from app.access.referrals.on_the_spot import may_report
from app.access.seats.own_input import own_input
from app.domain.kinds import PowerfulChangeKind
from app.models import (
    Action,
    CaseTable,
    Person,
    PowerfulChange,
    Section,
    Survey,
)

MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A powerful change that waits for a second person: what, and for whom."""

    kind: PowerfulChangeKind
    subject: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """The first few changes the reader may confirm, and how many more there are."""

    changes: tuple[WaitingChange, ...]
    more: int


NOTHING_TO_CONFIRM = ToConfirm((), 0)


def to_confirm_by(session: Session, actor: Actor, now: datetime) -> ToConfirm:
    """What waits for somebody like the actor, oldest first; asks nothing for who never confirms."""
    if not actor.belongs_to(Audience.CONFIRMER):
        return NOTHING_TO_CONFIRM
    rows = session.execute(
        confirmable(actor, now=now)
        .outerjoin(Person, Person.id == PowerfulChange.subject_id)
        .outerjoin(CaseTable, CaseTable.id == PowerfulChange.table_id)
        .where(PowerfulChange.decided_at.is_(None))
        .add_columns(
            func.coalesce(Person.name, CaseTable.name).label("name"),
            func.count().over().label("total"),
        )
        .order_by(PowerfulChange.requested_at, PowerfulChange.id)
        .limit(MOST_CHANGES)
    ).all()
    return ToConfirm(
        tuple(
            WaitingChange(row.PowerfulChange.kind, row.name, row.PowerfulChange.requested_at)
            for row in rows
        ),
        rows[0].total - len(rows) if rows else 0,
    )


@dataclass(frozen=True, slots=True)
class OfSource:
    """What waits for the own organisation as source, whether it has input, and what is asked.

    ``brings`` is the question whether it becomes the bringing partner of a case; ``questions``
    counts own referrals about which something was asked back; ``is_on_the_spot``: may report there;
    ``survey`` is the first list of questions about working together that waits; ``has_chased``:
    the reader was told of an action of the organisation that stays undone; ``colleagues`` are those
    of whom a contact is asked whether they still work there, None for who is no contact.
    """

    questions: int
    waiting: int = 0
    has_input: bool = False
    brings: uuid.UUID | None = None
    is_on_the_spot: bool = False
    survey: uuid.UUID | None = None
    has_chased: bool = False
    colleagues: int | None = None
    requests: WaitingRequests = field(default_factory=WaitingRequests)


def asked_of_source(session: Session, actor: Actor, now: datetime) -> OfSource:
    """At most one statement; a privacy officer finds own referrals behind their menu entry."""
    questions = waiting_for(actor, now=now)
    if not actor.representative_table_ids:
        if actor.belongs_to(Audience.CONFIRMER):
            return OfSource(0)
        asked, chased, contact, waits = session.execute(
            select(questions, _has_chased(actor, now), *_colleagues(actor, now))
        ).one()
        return OfSource(
            int(asked or 0), has_chased=bool(chased), colleagues=int(waits) if contact else None
        )
    counted, brings = readers_waiting(actor, now=now), first_asked(actor, now=now)
    row = session.execute(
        select(
            questions,
            counted,
            has_input(actor, now),
            brings,
            may_report(actor),
            own_open(actor, now=now).with_only_columns(Survey.id).limit(1).scalar_subquery(),
            _has_chased(actor, now),
            *_colleagues(actor, now),
            *waiting_columns(actor),
        )
    ).one()
    return OfSource(
        int(row[0] or 0),
        int(row[1] or 0),
        bool(row[2]),
        row[3],
        bool(row[4]),
        row[5],
        bool(row[6]),
        int(row[8]) if row[7] else None,
        WaitingRequests(*row[9:]),
    )


def _has_chased(actor: Actor, now: datetime) -> ColumnElement[bool]:
    chased = followed.chased_actions(actor, now=now)
    return chased.with_only_columns(Action.id).correlate(None).exists()


def _colleagues(actor: Actor, now: datetime) -> tuple[ColumnElement[Any], ...]:
    return is_contact(actor, now=now), to_answer(actor, now=now)


def has_input(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether the own organisation brought anything, whatever the statement around it is about."""
    return own_input(actor, now=now).with_only_columns(Section.id).correlate(None).exists()
