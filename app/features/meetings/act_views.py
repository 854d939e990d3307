"""Acts on a whole meeting: move, cancel, invite, ask for input and publish."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.meetings import deadlines, opening_way, sending, service
from app.features.meetings.blueprint import bp
from app.features.meetings.forms import AskForm, TimesForm
from app.features.meetings.preparation import read_preparation
from app.features.meetings.queries import MeetingHead, rooms_to_book
from app.features.meetings.telling import TellingPage, read_telling
from app.web import formats, labels
from app.web.answers import Answer, id_typed, undone_text
from app.web.errors import sentence_of
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.place_words import warn_at_meeting

MOST_DIGITS = 9


@bp.route("/meetings/<uuid:meeting_id>/times", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def move(meeting_id: uuid.UUID) -> Answer:
    """Change date, times or place, after seeing who hears of it."""
    page = read_telling(current_actor(), meeting_id)
    form = TimesForm(data=_typed(page.meeting))
    form.room.offer(rooms_to_book(page.meeting))
    if form.validate_on_submit():
        try:
            service.move_meeting(
                current_actor(), meeting_id, form.to_times(), version=_version(form)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            form.version.data = str(stale.version)
            return _times_page(page, form, theirs=stale.theirs), 409
        else:
            warn_at_meeting(meeting_id, form)
            return redirect(_after_move(page.meeting), 303)
    return _times_page(page, form), 422 if form.errors else 200


def _after_move(before: MeetingHead) -> str:
    """The deadlines of what is still asked, when the meeting starts at another moment now."""
    if deadlines.wait_for(current_actor(), before.id, was=before.starts_at):
        was = before.starts_at.isoformat()
        return url_for(".change_deadlines", meeting_id=before.id, was=was)
    return url_for(".show", meeting_id=before.id)


def _times_page(page: TellingPage, form: TimesForm, *, theirs: str = "") -> str:
    return render_template("meetings/move.html", page=page, form=form, theirs=theirs)


def _typed(page: MeetingHead) -> dict[str, str]:
    """The stored values as somebody would type them."""
    return {
        "day": formats.date_short(page.starts_at, "nl"),
        "start": formats.clock(page.starts_at, "nl"),
        "end": formats.clock(page.ends_at, "nl"),
        "room": str(page.room_id or ""),
        "place": page.place,
        "link": page.link,
        "version": str(page.version),
    }


def _version(form: TimesForm) -> int:
    """The version the form was filled from; 0 for anything unreadable, which is always stale."""
    typed = form.version.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


@bp.route("/meetings/<uuid:meeting_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MEETING_PUBLISH)
def cancel(meeting_id: uuid.UUID) -> Answer:
    """Cancel, after seeing who hears of it."""
    form = BaseForm()
    if form.validate_on_submit():
        try:
            service.cancel_meeting(current_actor(), meeting_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het overleg is afgezegd."), "ok")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    page = read_telling(current_actor(), meeting_id)
    return render_template("meetings/cancel.html", page=page, form=form), _status(form)


@bp.post("/meetings/<uuid:meeting_id>/undo")
@requires(Permission.MEETING_PLAN)
def undo(meeting_id: uuid.UUID) -> Answer:
    """Take the last own act back before anybody hears of it; says so when that is too late."""
    try:
        more = service.undo(current_actor(), meeting_id, id_typed("step"))
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    else:
        flash(undone_text(more=more), "ok")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/opens")
@requires(Permission.MEETING_PUBLISH)
def choose_way(meeting_id: uuid.UUID) -> Answer:
    """Open sections with their item, or when the papers open."""
    with_item = request.form.get("way") == "item"
    try:
        opening_way.choose_way(current_actor(), meeting_id, with_item=with_item)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    return redirect(url_for(".show", meeting_id=meeting_id, _anchor="opengaan"), 303)


@bp.route("/meetings/<uuid:meeting_id>/publish", methods=["GET", "POST"])
@requires(Permission.MEETING_PUBLISH)
def publish(meeting_id: uuid.UUID) -> Answer:
    """Open the papers, after seeing what each seat gets and what is missing."""
    form = BaseForm()
    if form.validate_on_submit():
        try:
            sending.publish(current_actor(), meeting_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De stukken zijn opengesteld."), "ok")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    page = read_preparation(current_actor(), meeting_id)
    answer = render_template("meetings/publish.html", page=page, form=form, labels=labels)
    return answer, _status(form)


@bp.post("/meetings/<uuid:meeting_id>/invite")
@requires(Permission.INVITATION_SEND)
def invite(meeting_id: uuid.UUID) -> Answer:
    """Invite everybody not invited yet, or the occupant of one seat."""
    invited = sending.invite(current_actor(), meeting_id, seat_id=_seat_asked())
    text = ngettext("%(num)d uitnodiging klaargezet.", "%(num)d uitnodigingen klaargezet.", invited)
    flash(text if invited else _("Iedereen was al uitgenodigd."), "ok")
    return redirect(url_for(".invitations", meeting_id=meeting_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/input")
@requires(Permission.INPUT_ASK)
def ask(meeting_id: uuid.UUID) -> Answer:
    """Ask everybody not asked yet, or one seat, for input before a deadline."""
    page = read_preparation(current_actor(), meeting_id)
    form = AskForm()
    form.offer(page.unasked)
    if form.validate_on_submit():
        try:
            day, at = form.to_deadline()
            count = sending.ask_input(
                current_actor(),
                meeting_id,
                day=day,
                at=at,
                seat_id=form.to_seat_id(),
                what=sending.What(form.what.data),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_asked_text(count), "ok")
            return redirect(url_for(".asked", meeting_id=meeting_id), 303)
    return render_template("meetings/asked.html", page=page, form=form, labels=labels), 422


def _asked_text(count: int) -> str:
    if not count:
        return str(_("Iedereen was al om inbreng gevraagd."))
    return str(
        ngettext(
            "%(num)d deelname om inbreng gevraagd.", "%(num)d deelnames om inbreng gevraagd.", count
        )
    )


def _seat_asked() -> uuid.UUID | None:
    """The one seat meant; NotVisible when it is no id at all."""
    return id_typed("seat") if request.form.get("seat") else None


def _status(form: BaseForm) -> int:
    return 422 if form.errors else 200
