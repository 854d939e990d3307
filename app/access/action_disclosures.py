"""The full text of an action for a holder without a seat: a recorded act of staff, for one person.

It opens nothing by itself: the holder has to be the holder still, take part through a covenant,
and have accepted confidentiality for the meeting the action comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import is_held
from app.domain.kinds import AccountState
from app.infra import clock
from app.models import (
    Acceptance,
    Action,
    ActionDisclosure,
    AgendaItem,
    CaseTable,
    Covenant,
    Meeting,
    Person,
    Seat,
    SeatHold,
)


def is_given(actor: Actor, now: datetime) -> c.Condition:
    """The full text of ``Action`` was disclosed to its holder, and nothing but acceptance lacks."""
    conditions = (
        exists().where(
            ActionDisclosure.action_id == Action.id,
            ActionDisclosure.person_id == actor.person_id,
            ActionDisclosure.withdrawn_at.is_(None),
        ),
        exists().where(
            Covenant.organisation_id == Action.organisation_id,
            Covenant.table_id == Action.table_id,
            c.is_live(Covenant.from_at, Covenant.until_at, now),
        ),
        exists().where(
            Person.id == Action.person_id,
            Person.id == actor.person_id,
            Person.organisation_id == Action.organisation_id,
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
        ),
    )
    return and_(*(one.correlate(Action) for one in conditions))


def is_open(actor: Actor, now: datetime) -> c.Condition:
    """The full text of ``Action`` opens to its holder by a disclosure."""
    accepted = exists().where(
        AgendaItem.id == Action.item_id,
        Meeting.id == AgendaItem.meeting_id,
        c.has_accepted(actor),
    )
    return and_(is_given(actor, now), accepted.correlate(Action))


def meeting_to_accept(
    session: Session, actor: Actor, action: Action, *, now: datetime
) -> tuple[Meeting, CaseTable] | None:
    """The meeting of a loaded action whose confidentiality lacks before its text opens."""
    row = session.execute(
        select(Meeting, CaseTable)
        .select_from(Action)
        .join(AgendaItem, AgendaItem.id == Action.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(CaseTable, CaseTable.id == Action.table_id)
        .where(Action.id == action.id, is_given(actor, now), ~c.has_accepted(actor))
    ).one_or_none()
    return (row.Meeting, row.CaseTable) if row else None


@dataclass(frozen=True, slots=True)
class HolderReads:
    """How the named holder of an action comes to its full text, if at all."""

    by_seat: bool
    disclosure: ActionDisclosure | None
    decided_by: str
    accepted: bool


def holder_reads(session: Session, action: Action) -> HolderReads:
    """Whether the holder of a loaded action has a seat at its item, and the live disclosure."""
    by_seat = exists().where(
        SeatHold.person_id == action.person_id,
        is_held(clock.now()),
        Seat.id == SeatHold.seat_id,
        Seat.item_id == action.item_id,
        Seat.removed_at.is_(None),
        Seat.is_proposed.is_(False),
    )
    accepted = exists().where(
        Acceptance.person_id == action.person_id,
        Acceptance.meeting_id == AgendaItem.meeting_id,
        AgendaItem.id == action.item_id,
    )
    seated, has_accepted = session.execute(select(by_seat, accepted)).one()
    given = session.execute(
        select(ActionDisclosure, Person.name)
        .join(Person, Person.id == ActionDisclosure.decided_by_id)
        .where(
            ActionDisclosure.action_id == action.id,
            ActionDisclosure.person_id == action.person_id,
            ActionDisclosure.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return HolderReads(
        by_seat=bool(seated),
        disclosure=given.ActionDisclosure if given else None,
        decided_by=given.name if given else "",
        accepted=bool(has_accepted),
    )


def withdraw(session: Session, action: Action, *, now: datetime) -> int:
    """End what was disclosed of a loaded action, to whomever; gives how many disclosures."""
    ended = session.scalars(
        update(ActionDisclosure)
        .where(ActionDisclosure.action_id == action.id, ActionDisclosure.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(ActionDisclosure.id)
    )
    return len(ended.all())
