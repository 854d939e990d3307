"""Showing names for five minutes: asked for per case or meeting, recorded, and ended by itself.

Until when is kept in the signed form cookie, bound to person and session; it opens nothing by
itself: the identity sections still pass app.access on every request.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, redirect, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import (
    Actor,
    Permission,
    audit,
    load_case,
    load_item,
    load_meeting,
    load_own_meeting,
    load_own_request,
)
from app.access.meetings.turns import turn_of
from app.access.oversight import emergency
from app.access.seats.acquaintances import Stage, load_asking_seat, stage_of
from app.access.tasks import holding, tasks
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.domain.local_time import to_local
from app.infra import clock
from app.infra.db import transaction
from app.models import Meeting
from app.web.guard import current_actor, requires
from app.web.redirects import next_or_home

SHOWN_FOR: Final = timedelta(minutes=5)
# An item that nobody closes: longer than any session lasts.
SHOWN_AT_MOST: Final = timedelta(hours=12)
COOKIE_KEY: Final = "names"
MOST_AT_ONCE: Final = 10


def install(app: Flask) -> None:
    """Add the two routes behind the buttons Toon namen and Verberg namen."""
    app.add_url_rule("/names/show", "names_show", show, methods=["POST"])
    app.add_url_rule("/names/hide", "names_hide", hide, methods=["POST"])


def shown_until(object_id: uuid.UUID) -> datetime | None:
    """Until when this session asked to see the names of a case or meeting; None when screened."""
    kept = session.get(COOKIE_KEY, {}).get(_key(current_actor(), object_id))
    until = datetime.fromisoformat(kept) if kept else None
    return until if until and until > clock.now() else None


def are_shown(object_id: uuid.UUID) -> bool:
    """Whether names of this case or meeting are to be shown in this answer."""
    return shown_until(object_id) is not None


def strip(
    *,
    case_id: uuid.UUID | None = None,
    meeting_id: uuid.UUID | None = None,
    request_id: uuid.UUID | None = None,
    seat_id: uuid.UUID | None = None,
    reading_id: uuid.UUID | None = None,
    task_id: uuid.UUID | None = None,
    item_id: uuid.UUID | None = None,
    turn: uuid.UUID | None = None,
) -> dict[str, Any]:
    """What the confidentiality strip of the frame needs; give one of the seven ids.

    For an item on the table with its ``turn``: names then show as long as that goes on.
    """
    given = {
        "case": case_id,
        "item": item_id,
        "meeting": meeting_id,
        "reading": reading_id,
        "request": request_id,
        "seat": seat_id,
        "task": task_id,
    }
    of: dict[str, Any] = {name: one for name, one in given.items() if one}
    until = shown_until(turn or next(iter(of.values())))
    if until and turn:
        of = {"item": turn}
    return {
        "shown": until is not None,
        "url": url_for("names_hide" if until else "names_show", **of),
        "ends": f"{to_local(until):%H.%M}" if until else None,
    }


@requires(Permission.NAMES_SHOW)
def show() -> Response:
    """Record the act, then show names of one case, meeting, request or seat for five minutes.

    At an item on the table they show until it is closed.
    """
    actor, named = current_actor(), _named()
    if named is None:
        raise NotVisible
    kind, object_id = named
    with transaction() as unit:
        audit.record(unit, actor, _ENTRY_OF[kind](unit, actor, object_id))
        turn = _turn(unit, actor, object_id) if kind == "item" else None
    _keep(actor, turn or object_id, clock.now() + (SHOWN_AT_MOST if turn else SHOWN_FOR))
    return redirect(next_or_home(), 303)


def show_of_case(case_id: uuid.UUID) -> None:
    """The same act from within a form about a case, so that what was typed there stays."""
    actor = current_actor()
    with transaction() as unit:
        audit.record(unit, actor, _case_entry(unit, actor, case_id))
    _keep(actor, case_id, clock.now() + SHOWN_FOR)


def _case_entry(unit: Session, actor: Actor, case_id: uuid.UUID) -> audit.Entry:
    case = load_case(unit, actor, case_id, Permission.CASE_READ)
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind="case",
        object_id=case.id,
        case_id=case.id,
        table_id=case.table_id,
    )


def _meeting_entry(unit: Session, actor: Actor, meeting_id: uuid.UUID) -> audit.Entry:
    meeting = _meeting(unit, actor, meeting_id)
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind="meeting",
        object_id=meeting.id,
        meeting_id=meeting.id,
        table_id=meeting.table_id,
    )


def _item_entry(unit: Session, actor: Actor, item_id: uuid.UUID) -> audit.Entry:
    """The names at the item on the table, for the staff that hold the meeting."""
    loaded = load_item(unit, actor, item_id, Permission.MEETING_CLOSE)
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind="item",
        object_id=item_id,
        meeting_id=loaded.meeting.id,
        item_id=item_id,
        case_id=loaded.item.case_id,
        table_id=loaded.meeting.table_id,
        ground=Ground.STAFF,
    )


def _turn(unit: Session, actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """The turn that goes on; an item nobody discusses shows its names on the page of its case."""
    turn = turn_of(load_item(unit, actor, item_id, Permission.MEETING_CLOSE).item)
    if turn is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return turn


def _request_entry(unit: Session, actor: Actor, request_id: uuid.UUID) -> audit.Entry:
    asked = load_own_request(unit, actor, request_id, Permission.INPUT_GIVE)
    if stage_of(unit, actor, asked, now=clock.now()) is Stage.CONFIDENTIALITY:
        raise NotVisible
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind="input",
        object_id=request_id,
        meeting_id=asked.item.meeting_id,
        item_id=asked.item.id,
        case_id=asked.case.id,
        table_id=asked.case.table_id,
    )


def _seat_entry(unit: Session, actor: Actor, seat_id: uuid.UUID) -> audit.Entry:
    """The names before the first content, to say whether one knows anybody."""
    asking = load_asking_seat(unit, actor, seat_id, Permission.OWN_MEETING)
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind="seat",
        object_id=seat_id,
        meeting_id=asking.meeting.id,
        item_id=asking.item.id,
        case_id=asking.case_id,
        table_id=asking.meeting.table_id,
    )


def _reading_entry(unit: Session, actor: Actor, reading_id: uuid.UUID) -> audit.Entry:
    """The names of a case that is open in an emergency."""
    opened, _case = emergency.load_open(unit, actor, reading_id)
    return audit.Entry(
        event=audit.Event.REVEAL,
        object_kind=emergency.KIND,
        object_id=reading_id,
        case_id=opened.case_id,
        table_id=opened.table_id,
        ground=Ground.BREAK_GLASS,
    )


def _task_entry(unit: Session, actor: Actor, task_id: uuid.UUID) -> audit.Entry:
    """The names a task names, once it was accepted."""
    own = holding.load_own(unit, actor, task_id)
    if holding.stage_of(unit, actor, own) is Stage.CONFIDENTIALITY:
        raise NotVisible
    return tasks.line_of(own.task, audit.Event.REVEAL)


_ENTRY_OF: Final[dict[str, Callable[[Session, Actor, uuid.UUID], audit.Entry]]] = {
    "case": _case_entry,
    "item": _item_entry,
    "meeting": _meeting_entry,
    "reading": _reading_entry,
    "request": _request_entry,
    "seat": _seat_entry,
    "task": _task_entry,
}


@requires(Permission.NAMES_SHOW)
def hide() -> Response:
    """Screen names again before the five minutes are over."""
    named = _named()
    _keep(current_actor(), named[1] if named else None, None)
    return redirect(next_or_home(), 303)


def _meeting(unit: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """As staff, else through one's own seats."""
    try:
        return load_meeting(unit, actor, meeting_id, Permission.MEETING_READ)
    except NotVisible:
        return load_own_meeting(unit, actor, meeting_id, Permission.OWN_MEETING)


def _named() -> tuple[str, uuid.UUID] | None:
    """Of what the names were asked for, and its id."""
    found = ((kind, _id_of(kind)) for kind in _ENTRY_OF)
    return next(((kind, one) for kind, one in found if one), None)


def _id_of(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None


def _keep(actor: Actor, object_id: uuid.UUID | None, until: datetime | None) -> None:
    now = clock.now()
    kept = {
        key: moment
        for key, moment in session.get(COOKIE_KEY, {}).items()
        if datetime.fromisoformat(moment) > now
    }
    if object_id is not None:
        kept.pop(_key(actor, object_id), None)
        if until is not None:
            kept[_key(actor, object_id)] = until.isoformat()
    session[COOKIE_KEY] = dict(list(kept.items())[-MOST_AT_ONCE:])


def _key(actor: Actor, object_id: uuid.UUID) -> str:
    """Bound to the signed-in session too: another session starts with names screened."""
    return f"{actor.session_id or actor.person_id}:{object_id}"
