"""What staff do with one action: note what was said by telephone, change its term or holder."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, audit
from app.access.records import actions, handing_on, term_requests
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ActionState, Ground
from app.domain.states import UNFINISHED
from app.features.actions.service import Report, own_event, record, refuse_stale, write_state
from app.infra import clock
from app.infra.db import transaction
from app.models import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A report by telephone: who said it and when."""

    report: Report
    said_by: uuid.UUID
    said_at: datetime


def note_spoken(actor: Actor, action_id: uuid.UUID, spoken: Spoken) -> None:
    """Record a state on behalf of the holder, who is asked to confirm it on the next visit."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        now = clock.now()
        if spoken.said_at > now:
            raise Refusal(Reason.SAID_IN_FUTURE, "said_on")
        speakers = actions.possible_speakers(session, loaded, now=now)
        if spoken.said_by not in [person.id for person in speakers]:
            raise Refusal(Reason.VALUE_UNKNOWN, "said_by")
        write_state(
            session,
            action,
            spoken.report,
            recorded_by=actor,
            said_by=spoken.said_by,
            said_at=spoken.said_at,
        )
        handing_on.follow_case(session, loaded)
        record(
            session,
            actor,
            loaded,
            event=audit.Event.CHANGE,
            ground=Ground.STAFF,
            on_behalf_of=spoken.said_by,
        )


def lapse(actor: Actor, action_id: uuid.UUID, *, reason: str, version: int) -> None:
    """An unfinished action no longer has to be done; its holder is told on the next visit."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, version)
        if action.state not in UNFINISHED:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        lapsed = Report(state=ActionState.LAPSED, remark=reason, version=version)
        write_state(session, action, lapsed, recorded_by=actor)
        record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new term and holder; ``person_id`` None leaves it to the whole organisation."""

    due_on: date
    due_at: datetime | None
    organisation_id: uuid.UUID
    person_id: uuid.UUID | None
    version: int


def change(actor: Actor, action_id: uuid.UUID, wanted: Change) -> None:
    """Change the due date or the holder of an unfinished action."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, wanted.version)
        if action.state not in UNFINISHED:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if is_new_date(action, wanted) and _is_over(wanted):
            raise Refusal(Reason.DATE_IN_PAST, "due_on")
        if is_new_holder(action, wanted):
            _refuse_unknown_holder(
                actions.possible_holders(session, loaded, now=clock.now()), wanted
            )
        write_change(session, actor, loaded, wanted)


def is_new_date(action: Action, wanted: Change) -> bool:
    """Whether the term would be another."""
    return (wanted.due_on, wanted.due_at) != (action.due_on, action.due_at)


def is_new_holder(action: Action, wanted: Change) -> bool:
    """Whether somebody else would hold it."""
    was = (action.organisation_id, action.person_id)
    return (wanted.organisation_id, wanted.person_id) != was


def write_change(
    session: Session, actor: Actor, loaded: LoadedAction, wanted: Change, *, remark: str = ""
) -> None:
    """Write down what was found possible, in the history too; nothing where nothing changes.

    What its holder asked for is answered by it.
    """
    action = loaded.action
    new_date, new_holder = is_new_date(action, wanted), is_new_holder(action, wanted)
    if not new_date and not new_holder:
        return
    event = own_event(actor, loaded, remark)
    if new_holder:
        handing_on.give_to(
            session,
            action,
            event,
            organisation_id=wanted.organisation_id,
            person_id=wanted.person_id,
        )
    else:
        term_requests.let_go(session, action)
    action.due_on, action.due_at = wanted.due_on, wanted.due_at
    event.new_due_on = wanted.due_on if new_date else None
    session.add(event)
    record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)


def _is_over(wanted: Change) -> bool:
    if wanted.due_at is not None:
        return wanted.due_at < clock.now()
    return wanted.due_on < clock.today()


def _refuse_unknown_holder(holders: Collection[actions.Holder], wanted: Change) -> None:
    organisations = {holder.organisation_id for holder in holders}
    people = {(holder.organisation_id, holder.person_id) for holder in holders}
    if wanted.organisation_id not in organisations:
        raise Refusal(Reason.VALUE_UNKNOWN, "holder")
    if wanted.person_id is not None and (wanted.organisation_id, wanted.person_id) not in people:
        raise Refusal(Reason.OWNER_NOT_OF_ORGANISATION, "holder")
