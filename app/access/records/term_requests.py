"""More time for an action: asked by its holder, withdrawn, granted or refused, and who is told.

Functions that take a ``LoadedAction`` start from one that passed its loader, held by
``actions.lock``; they add the event they are given, whose remark says why. Nothing here opens a
text.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.access import scopes
from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.loaders import LoadedAction
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.local_time import same_hour_on
from app.domain.states import UNFINISHED
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Action, ActionEvent, Case, Organisation, Person, TermRequest

ASKED: Final = "actions.term-asked"
TELL: Final = "actions.term-tell"
ANSWERED: Final = "actions.term-answered"


def open_request(session: Session, action_id: uuid.UUID) -> TermRequest | None:
    """The request for more time of a loaded action that still waits, held till the end."""
    return session.scalars(
        select(TermRequest)
        .where(TermRequest.action_id == action_id, TermRequest.answered_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def ask(session: Session, loaded: LoadedAction, event: ActionEvent, *, until_on: date) -> None:
    """Ask for an unfinished action to be due on ``until_on``; staff of its table are told.

    Refusal where it is finished, asked already, or the day is over or not later than the term.
    """
    action = loaded.action
    if action.state not in UNFINISHED:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if open_request(session, action.id) is not None:
        raise Refusal(Reason.CHANGE_PENDING)
    if until_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "until_on")
    if until_on <= action.due_on:
        raise Refusal(Reason.TERM_NOT_LATER, "until_on")
    session.add(event)
    session.flush()
    request = TermRequest(
        id=uuid.uuid4(),
        action_id=action.id,
        event_id=event.id,
        asked_by_id=event.recorded_by_id,
        asked_at=event.at,
        until_on=until_on,
    )
    session.add(request)
    action.version += 1
    outbox.add(
        session,
        ASKED,
        unique_key=f"{ASKED}:{request.id}",
        payload={"request_id": request.id},
    )


def withdraw(session: Session, actor: Actor, loaded: LoadedAction) -> None:
    """The own request no longer waits. NotVisible where none of the actor's waits."""
    waiting = open_request(session, loaded.action.id)
    if waiting is None or waiting.asked_by_id != actor.person_id:
        raise NotVisible
    waiting.answered_at = clock.now()


def let_go(session: Session, action: Action) -> None:
    """Nobody answers what waits any more: the action got another holder or term, or is finished."""
    waiting = open_request(session, action.id)
    if waiting is not None:
        waiting.answered_at = clock.now()


def grant(
    session: Session,
    loaded: LoadedAction,
    event: ActionEvent,
    request_id: str,
    *,
    until_on: date,
) -> None:
    """Staff agree to more time, until the day asked or another; who asked is told.

    An action due at an hour keeps it: a legal clock stays one. NotVisible where nothing waits,
    StaleEdit where another request than this does, Refusal where that day is over or not later
    than the term.
    """
    action = loaded.action
    waiting = _waiting(session, action, request_id)
    if until_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "until_on")
    if until_on <= action.due_on:
        raise Refusal(Reason.TERM_NOT_LATER, "until_on")
    _answer(session, loaded, event, waiting)
    waiting.granted_until_on = event.new_due_on = until_on
    if action.due_at is not None:
        action.due_at = same_hour_on(until_on, action.due_at)
    action.due_on = until_on


def refuse(session: Session, loaded: LoadedAction, event: ActionEvent, request_id: str) -> None:
    """The term stays; who asked is told, and reads why. Refusal without a reason, as ``grant``."""
    if event.remark_ct is None:
        raise Refusal(Reason.REASON_NEEDED, "remark")
    _answer(session, loaded, event, _waiting(session, loaded.action, request_id))


def _waiting(session: Session, action: Action, request_id: str) -> TermRequest:
    """The request that waits, where it is the one its reader had on screen."""
    waiting = open_request(session, action.id)
    if waiting is None:
        raise NotVisible
    if str(waiting.id) != request_id:
        raise StaleEdit(action.state.value, action.version)
    return waiting


def _answer(
    session: Session, loaded: LoadedAction, event: ActionEvent, waiting: TermRequest
) -> None:
    waiting.answered_at, waiting.answered_by_id = event.at, event.recorded_by_id
    session.add(event)
    loaded.action.version += 1
    outbox.add(
        session,
        ANSWERED,
        unique_key=f"{ANSWERED}:{waiting.id}",
        payload={"request_id": waiting.id, "person_id": waiting.asked_by_id},
    )


def open_requests(
    actor: Actor, *, now: datetime
) -> Select[TermRequest, Action, Case, ActionEvent, str, str]:
    """What waits for an answer at the tables the actor serves, with the event that says why.

    Columns ``organisation`` and ``asked_by`` are names; where a case bars the actor nothing shows.
    """
    asker = aliased(Person)
    return (
        scopes.staff_actions(actor, now=now)
        .join(TermRequest, TermRequest.action_id == Action.id)
        .join(ActionEvent, ActionEvent.id == TermRequest.event_id)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .join(asker, asker.id == TermRequest.asked_by_id)
        .where(
            TermRequest.answered_at.is_(None),
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
        .with_only_columns(
            TermRequest,
            Action,
            Case,
            ActionEvent,
            Organisation.name.label("organisation"),
            asker.name.label("asked_by"),
        )
    )


def queue_each(session: Session, request_id: uuid.UUID) -> None:
    """One mail to everybody who serves the action's table just now; for the worker.

    Each is asked again before it leaves.
    """
    with opened_for(session, System.CHASING):
        table_id = session.scalar(
            select(Action.table_id)
            .join(TermRequest, TermRequest.action_id == Action.id)
            .where(TermRequest.id == request_id, TermRequest.answered_at.is_(None))
        )
    if table_id is None:
        return
    for person_id in sorted(staff_of(session, frozenset({table_id}), now=clock.now())):
        outbox.add_once(
            session,
            TELL,
            unique_key=f"{TELL}:{request_id}:{person_id}",
            payload={"request_id": request_id, "person_id": person_id},
        )


@dataclass(frozen=True, slots=True)
class About:
    """The action a mail is about, and the case whose words may not stand in it."""

    action_id: uuid.UUID
    case_id: uuid.UUID


def still_asked(session: Session, actor: Actor, request_id: uuid.UUID) -> About | None:
    """A request that waits at a table the actor serves; None once it does not, or is barred."""
    found = session.execute(
        open_requests(actor, now=clock.now()).where(TermRequest.id == request_id)
    ).one_or_none()
    return About(found.Action.id, found.Case.id) if found else None


def still_own(session: Session, actor: Actor, request_id: uuid.UUID) -> About | None:
    """The own action a request about which was answered; None where it is not the own any more."""
    found = session.execute(
        scopes.own_actions(actor, now=clock.now())
        .join(TermRequest, TermRequest.action_id == Action.id)
        .where(
            TermRequest.id == request_id,
            TermRequest.asked_by_id == actor.person_id,
            TermRequest.answered_by_id.is_not(None),
        )
    ).one_or_none()
    return About(found.Action.id, found.Case.id) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTime:
    """A request for more time as a page shows it; neither of the two where nobody answered it."""

    until_on: date
    waits: bool
    is_refused: bool
    granted_until_on: date | None
    asked_by_id: uuid.UUID


def as_shown(request: TermRequest | None) -> AskedTime | None:
    """A request for a page; None for none."""
    if request is None:
        return None
    is_answered = request.answered_by_id is not None
    return AskedTime(
        until_on=request.until_on,
        waits=request.answered_at is None,
        is_refused=is_answered and request.granted_until_on is None,
        granted_until_on=request.granted_until_on,
        asked_by_id=request.asked_by_id,
    )
