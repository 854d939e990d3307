"""Handing over what somebody who is gone left open: seats, actions and tasks, all or none of it.

Each line goes its own way, as when it is handed over by itself; nothing goes by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.held import hold_seats
from app.access.records import bulk, handing_on
from app.access.records.takeover_people import successors_of
from app.access.records.takeovers import Line, Part, lines_of
from app.access.seats.naming import hold_seat, refuse_when_over, take_over
from app.access.tasks.giving import load_given
from app.access.tasks.passing_on import pass_on
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import ActionEvent

# Per line who takes it over.
Chosen = Mapping[uuid.UUID, uuid.UUID]


def hand_over(actor: Actor, person_id: uuid.UUID, chosen: Chosen) -> int:
    """Hand these lines over; gives how many. What was settled meanwhile is left as it is.

    Refusal VALUE_MISSING where nothing is chosen, VALUE_UNKNOWN for who may not take a line over;
    then nothing is. NotVisible where this person left nothing open.
    """
    if not chosen:
        raise Refusal(Reason.VALUE_MISSING)
    with transaction() as session:
        lines = _held(session, actor, person_id, chosen)
        possible = successors_of(session, actor, lines, now=clock.now())
        for one in lines:
            if chosen[one.id] not in {who.id for who in possible.get(one.id, ())}:
                raise Refusal(Reason.VALUE_UNKNOWN)
        for one in lines:
            _hand_over(session, actor, one, chosen[one.id])
        return len(lines)


def _held(session: Session, actor: Actor, person_id: uuid.UUID, chosen: Chosen) -> list[Line]:
    """The chosen lines that are still open, held against a second writer."""
    found = lines_of(session, actor, person_id, now=clock.now())
    if not found:
        raise NotVisible
    wanted = [one for one in found if one.id in chosen]
    hold_seats(session, [one.id for one in wanted if one.part is Part.SEAT])
    held = [one.id for one in wanted if one.part is Part.ACTION]
    bulk.hold(session, actor, held, now=clock.now())
    for one in wanted:
        if one.part is Part.TASK:
            case = access.load_case(session, actor, one.case_id, Permission.TASK_GIVE)
            load_given(session, case, one.id)
    still = {one.id for one in lines_of(session, actor, person_id, now=clock.now())}
    return [one for one in wanted if one.id in still]


def _hand_over(session: Session, actor: Actor, line: Line, to_id: uuid.UUID) -> None:
    if line.part is Part.SEAT:
        loaded = access.load_seat(session, actor, line.id, Permission.SEAT_ASSIGN)
        hold_seat(session, loaded)
        refuse_when_over(loaded.meeting)
        take_over(session, actor, loaded, to_id)
    elif line.part is Part.ACTION:
        _hand_action_over(session, actor, line, to_id)
    else:
        case = access.load_case(session, actor, line.case_id, Permission.TASK_GIVE)
        pass_on(session, actor, case, load_given(session, case, line.id), to_id)


def _hand_action_over(session: Session, actor: Actor, line: Line, to_id: uuid.UUID) -> None:
    action = access.load_staff_action(session, actor, line.id, Permission.ACTION_FOLLOW).action
    event = ActionEvent(
        id=uuid.uuid4(), action_id=action.id, at=clock.now(), recorded_by_id=actor.person_id
    )
    handing_on.give_to(
        session, action, event, organisation_id=line.organisation_id, person_id=to_id
    )
    session.add(event)
    outbox.add(
        session,
        handing_on.HANDED,
        unique_key=f"{handing_on.HANDED}:{event.id}",
        payload={"action_id": action.id, "person_id": to_id, "event_id": event.id},
    )
    entry = audit.Entry(
        event=audit.Event.TRANSFER,
        object_kind="action",
        object_id=action.id,
        ground=Ground.STAFF,
        table_id=action.table_id,
        item_id=action.item_id,
        case_id=action.case_id,
    )
    audit.record(session, actor, entry)
