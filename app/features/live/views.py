"""The working page of a meeting and the acts on it."""

from __future__ import annotations

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Reason, Refusal
from app.features.live import (
    action_views,  # noqa: F401 - they hang their pages on bp
    capture_views,  # noqa: F401 - as above
    carried_views,  # noqa: F401 - as above
    chairing_views,  # noqa: F401 - as above
    finishing_views,  # noqa: F401 - as above
    gate_views,  # noqa: F401 - as above
    opening_views,  # noqa: F401 - as above
    queries,
    secretary_views,  # noqa: F401 - as above
    service,
    sheet_views,
)
from app.features.live.blueprint import bp
from app.features.live.closing import closing
from app.features.live.forms import PresenceForm
from app.features.live.log_views import removed_just_now
from app.features.live.reading_item import Wanted
from app.web import names, sessions
from app.web.answers import Answer
from app.web.guard import current_actor, lingering, requires


@bp.get("/meetings/<uuid:meeting_id>/live")
@lingering
@requires(Permission.MEETING_CLOSE)
def worksheet(meeting_id: uuid.UUID) -> Answer:
    """The course of the meeting and the item on the table."""
    asked = request.args.get("item", None, type=uuid.UUID)
    wanted = Wanted(
        names_shown=names.are_shown,
        note_id=request.args.get("note", None, type=uuid.UUID),
        removed=removed_just_now(),
    )
    page = queries.worksheet(current_actor(), meeting_id, asked, wanted)
    idle = sessions.linger if page.is_running else sessions.linger_no_more
    g.known_session = idle(g.known_session)
    return sheet_views.answer(page)


@bp.post("/meetings/<uuid:meeting_id>/start")
@requires(Permission.MEETING_CLOSE)
def start(meeting_id: uuid.UUID) -> Answer:
    """Begin the meeting."""
    service.start_meeting(current_actor(), meeting_id)
    return redirect(url_for(".worksheet", meeting_id=meeting_id), 303)


@bp.get("/meetings/<uuid:meeting_id>/close")
@requires(Permission.MEETING_CLOSE)
def ask_to_close(meeting_id: uuid.UUID) -> Answer:
    """What closing does, before it is done."""
    return render_template("live/close.html", page=closing(current_actor(), meeting_id))


@bp.post("/meetings/<uuid:meeting_id>/close")
@requires(Permission.MEETING_CLOSE)
def close(meeting_id: uuid.UUID) -> Answer:
    """End the meeting."""
    outside = service.close_meeting(current_actor(), meeting_id)
    flash(_("Het overleg is gesloten. Elke deelnemer ziet nu de eigen afspraken en acties."))
    if outside:
        words = ngettext(
            "%(num)d exemplaar is nog niet terug.",
            "%(num)d exemplaren zijn nog niet terug.",
            outside,
        )
        flash(f"{words} {_('Vink het af bij Papieren.')}", "warn")
    return redirect(url_for("minutes.overview", meeting_id=meeting_id), 303)


@bp.post("/items/<uuid:item_id>/open")
@requires(Permission.MEETING_CLOSE)
def open_item(item_id: uuid.UUID) -> Answer:
    """Take an item up; first it is asked who left after the one before."""
    try:
        meeting_id = service.open_item(current_actor(), item_id)
    except Refusal as refusal:
        asked = {"finished": refusal.params.get("after"), "leavers": refusal.params.get("ask")}
        where = next((name for name, about in asked.items() if about), None)
        if where is None:
            raise
        return redirect(url_for(f".{where}", item_id=asked[where]), 303)
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/seats/<uuid:seat_id>/presence")
@requires(Permission.MEETING_CLOSE)
def presence(meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """Roll call for one seat."""
    form = PresenceForm()
    if form.validate_on_submit():
        item_id = service.note_presence(
            current_actor(), seat_id, form.to_presence(), is_alone=form.to_alone()
        )
        return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
    raise Refusal(Reason.VALUE_UNKNOWN)
