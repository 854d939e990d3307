"""What belongs to actions: their history, who may hold one, what was said on somebody's behalf.

Functions that take a ``LoadedAction`` start from one that passed its loader; the lists are narrowed
to the actor like every scope.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, aliased

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.access.people import may_come_near, may_occupy
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, ActionState, TableRoleName
from app.domain.local_time import local_date
from app.domain.states import UNFINISHED, action_is_overdue
from app.infra import clock
from app.models import (
    Action,
    ActionEvent,
    Covenant,
    Organisation,
    Person,
    TableRole,
    TermRequest,
)


def is_past_due(now: datetime) -> c.Condition:
    """``Action`` was due on a day before, or at an hour that is over; whatever its state."""
    return or_(Action.due_on < local_date(now), Action.due_at < now)


def is_overdue(action: Action) -> bool:
    """Whether an unfinished action is late just now, by the hour where it has one."""
    now = clock.now()
    return action_is_overdue(
        action.due_on, action.state, local_date(now), due_at=action.due_at, now=now
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event of an action with the names of who typed it, who said it, who holds it since.

    ``request`` where the event asks for more time.
    """

    event: ActionEvent
    recorded_by: str
    said_by: str
    new_holder: str
    request: TermRequest | None


def lock(session: Session, loaded: LoadedAction) -> Action:
    """The action as it stands now, held against a second writer until the commit.

    NotVisible where it went on to somebody else meanwhile: then the second wall shows it no more.
    """
    try:
        session.refresh(loaded.action, with_for_update=True)
    except InvalidRequestError:
        raise NotVisible from None
    return loaded.action


def history(session: Session, loaded: LoadedAction) -> list[HistoryLine]:
    """The events of an action, latest first."""
    recorder, speaker, holder = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            ActionEvent,
            recorder.name.label("recorded_by"),
            speaker.name.label("said_by"),
            Organisation.name.label("organisation"),
            holder.name.label("holder"),
            TermRequest,
        )
        .join(recorder, recorder.id == ActionEvent.recorded_by_id)
        .outerjoin(speaker, speaker.id == ActionEvent.said_by_id)
        .outerjoin(Organisation, Organisation.id == ActionEvent.new_organisation_id)
        .outerjoin(holder, holder.id == ActionEvent.new_person_id)
        .outerjoin(TermRequest, TermRequest.event_id == ActionEvent.id)
        .where(ActionEvent.action_id == loaded.action.id)
        .order_by(ActionEvent.at.desc(), ActionEvent.id)
    )
    return [
        HistoryLine(
            event=row.ActionEvent,
            recorded_by=row.recorded_by,
            said_by=row.said_by or "",
            new_holder=", ".join(part for part in (row.organisation, row.holder) if part),
            request=row.TermRequest,
        )
        for row in rows
    ]


def to_tell(actor: Actor, *, now: datetime) -> Select[ActionEvent, Action]:
    """What staff did with the actor's actions and the actor has not confirmed to have seen yet."""
    return (
        scopes.own_actions(actor, now=now)
        .join(ActionEvent, ActionEvent.action_id == Action.id)
        .where(_waits_for(actor))
        .with_only_columns(ActionEvent, Action)
    )


def is_untold_lapse() -> c.Condition:
    """``Action`` lapsed and its holder has not confirmed to have seen that."""
    return exists().where(
        ActionEvent.action_id == Action.id,
        ActionEvent.state == ActionState.LAPSED,
        ActionEvent.confirmed_at.is_(None),
    )


def _waits_for(actor: Actor) -> c.Condition:
    """``ActionEvent`` was taken down as said by the actor, or lets an action of the actor lapse."""
    return and_(
        or_(ActionEvent.said_by_id == actor.person_id, ActionEvent.state == ActionState.LAPSED),
        ActionEvent.confirmed_at.is_(None),
    )


def confirm_seen(session: Session, loaded: LoadedAction, actor: Actor) -> int:
    """Mark what staff did with this action of the actor as seen; gives how many lines."""
    done = session.scalars(
        update(ActionEvent)
        .where(ActionEvent.action_id == loaded.action.id, _waits_for(actor))
        .values(confirmed_at=clock.now())
        .returning(ActionEvent.id)
    )
    return len(done.all())


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may hold an action at a table."""

    organisation_id: uuid.UUID
    organisation: str
    person_id: uuid.UUID
    name: str


def possible_holders(session: Session, loaded: LoadedAction, *, now: datetime) -> list[Holder]:
    """Representatives of the organisations that take part; the barred are simply not listed."""
    rows = session.execute(
        select(Organisation, Person)
        .join(Person, Person.organisation_id == Organisation.id)
        .join(
            TableRole,
            and_(
                TableRole.person_id == Person.id,
                TableRole.table_id == loaded.action.table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
            ),
        )
        .join(
            Covenant,
            and_(
                Covenant.organisation_id == Organisation.id,
                Covenant.table_id == loaded.action.table_id,
                c.is_live(Covenant.from_at, Covenant.until_at, now),
            ),
        )
        .where(may_occupy(loaded.case.id, now=now))
        .order_by(Organisation.name, Person.name)
    )
    return [
        Holder(row.Organisation.id, row.Organisation.name, row.Person.id, row.Person.name)
        for row in rows
    ]


def possible_speakers(session: Session, loaded: LoadedAction, *, now: datetime) -> list[Person]:
    """Who may have said how it goes: the holder, or every representative where nobody is named.

    Never somebody the case bars by now: its holder is not asked about it any more.
    """
    action = loaded.action
    statement = select(Person).where(
        Person.organisation_id == action.organisation_id,
        may_come_near(loaded.case.id, now=now),
    )
    if action.person_id is not None:
        return list(session.scalars(statement.where(Person.id == action.person_id)))
    return list(
        session.scalars(
            statement.join(TableRole, TableRole.person_id == Person.id)
            .where(
                TableRole.table_id == action.table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
                may_occupy(loaded.case.id, now=now),
            )
            .order_by(Person.name)
        )
    )


@dataclass(frozen=True, slots=True)
class Reminder:
    """One unfinished action and one active person who can be reminded of it."""

    action: Action
    person_id: uuid.UUID


def reminders(
    session: Session, actor: Actor, action_ids: Collection[uuid.UUID], *, now: datetime
) -> Sequence[Reminder]:
    """Unfinished actions among these that the actor follows, with whom to remind of each.

    The holder, or every representative of the organisation where nobody is named; whom its case
    bars is none of them. An action without anybody to remind is absent.
    """
    rows = session.execute(
        scopes.staff_actions(actor, now=now)
        .join(
            Person,
            and_(
                Person.state == AccountState.ACTIVE,
                Person.organisation_id == Action.organisation_id,
                or_(Action.person_id == Person.id, is_of_all(now)),
                may_come_near(Action.case_id, now=now),
            ),
        )
        .add_columns(Person.id.label("person_id"))
        .where(Action.id.in_(action_ids), Action.state.in_(UNFINISHED))
        .order_by(Action.due_on, Action.id, Person.id)
    )
    return [Reminder(row.Action, row.person_id) for row in rows]


def note_reminded(session: Session, action_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """Store when it was; the version stays, so nobody's open form goes stale by a reminder."""
    session.execute(update(Action).where(Action.id.in_(action_ids)).values(reminded_at=now))


def is_of_all(now: datetime) -> c.Condition:
    """Nobody is named, and ``Person`` represents the organisation at the table of ``Action``."""
    return and_(
        Action.person_id.is_(None),
        Person.id.in_(
            select(TableRole.person_id)
            .where(
                TableRole.table_id == Action.table_id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                c.is_live(TableRole.from_at, TableRole.until_at, now),
            )
            .correlate(Action)
        ),
    )


def own_due(
    session: Session, actor: Actor, ids: Collection[uuid.UUID], *, now: datetime
) -> tuple[tuple[uuid.UUID, date], ...]:
    """Those of these actions the actor still holds unfinished, with their last day, in order."""
    checks.note()
    held = session.execute(
        scopes.own_actions(actor, now=now)
        .with_only_columns(Action.id, Action.due_on)
        .where(Action.id.in_(ids), Action.state.in_(UNFINISHED))
        .order_by(Action.due_on, Action.id)
    )
    return tuple((row.id, row.due_on) for row in held)


def cases_of(session: Session, ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """The cases of these actions: their words may not stand in a mail; for the worker."""
    return frozenset(session.scalars(select(Action.case_id).where(Action.id.in_(ids))))
