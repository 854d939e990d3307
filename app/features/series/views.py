"""The pages of the room for series: look at the days first, plan them after that."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Refusal
from app.features.series import (  # noqa: F401 - one hangs its pages on bp
    closure_views,
    previews,
    queries,
    service,
)
from app.features.series.blueprint import bp
from app.features.series.forms import (
    SAVE,
    ChangeSeriesForm,
    EndForm,
    ExtendForm,
    NewSeriesForm,
    RhythmForm,
)
from app.features.series.pages import Preview
from app.web import labels
from app.web.answers import Answer, id_typed, page_number, undone_text
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires
from app.web.place_words import warn_at_table


@bp.get("/series")
@requires(Permission.MEETING_CREATE)
def listing() -> Answer:
    """The series of the tables served."""
    page = queries.list_series(current_actor())
    return render_template("series/listing.html", page=page, labels=labels)


@bp.route("/series/new", methods=["GET", "POST"])
@requires(Permission.MEETING_CREATE)
def new() -> Answer:
    """Plan a series, after looking at its days."""
    form = NewSeriesForm(table=request.args.get("table", ""))
    form.offer_tables(queries.tables_served(current_actor()))
    form.room.offer(queries.rooms_to_book())
    preview: Preview | None = None
    if form.validate_on_submit():
        try:
            if _was_seen(form):
                made = service.plan_series(current_actor(), form.to_table_id(), form.to_typed())
                return redirect(url_for(".show", series_id=made), 303)
            preview = previews.preview_new(current_actor(), form.to_table_id(), form.to_typed())
            warn_at_table(form.to_table_id(), form)
        except Refusal as refusal:
            form.refuse(refusal)
    return _rhythm_page("series/new.html", form, preview)


@bp.get("/series/<uuid:series_id>")
@requires(Permission.MEETING_CREATE)
def show(series_id: uuid.UUID) -> Answer:
    """One series with its coming meetings."""
    number = page_number()
    page = queries.read_series(current_actor(), series_id, number=number)
    form = ExtendForm()
    return render_template("series/show.html", page=page, form=form, preview=None, labels=labels)


@bp.route("/series/<uuid:series_id>/change", methods=["GET", "POST"])
@requires(Permission.MEETING_CREATE)
def change(series_id: uuid.UUID) -> Answer:
    """Another hour, place or rhythm from a day on, after looking at what that does."""
    view, typed = queries.read_typed(current_actor(), series_id)
    form = ChangeSeriesForm(from_on=request.args.get("from", ""))
    form.stands = typed
    form.room.offer(queries.rooms_to_book(typed.room_id))
    if not form.is_submitted():
        form.show(typed)
    preview: Preview | None = None
    if form.validate_on_submit():
        from_on = form.from_on.parsed
        try:
            if _was_seen(form):
                goes_on = service.change_series(
                    current_actor(),
                    series_id,
                    form.to_typed(),
                    from_on=from_on,
                    with_deadlines=form.deadlines.data,
                )
                flash(_("De reeks is gewijzigd."), "ok")
                return redirect(url_for(".show", series_id=goes_on), 303)
            preview = previews.preview_change(
                current_actor(), series_id, form.to_typed(), from_on=from_on
            )
            form.deadlines.data = True
            warn_at_table(view.table_id, form)
        except Refusal as refusal:
            form.refuse(refusal)
    return _rhythm_page("series/change.html", form, preview, series=view)


@bp.post("/series/<uuid:series_id>/extend")
@requires(Permission.MEETING_CREATE)
def extend(series_id: uuid.UUID) -> Answer:
    """Plan on to a later day, after looking at the days."""
    form = ExtendForm()
    preview: Preview | None = None
    if form.validate_on_submit():
        try:
            if _was_seen(form):
                goes_on = service.extend_series(current_actor(), series_id, form.to_day())
                flash(_("De reeks is verlengd."), "ok")
                return redirect(url_for(".show", series_id=goes_on), 303)
            preview = previews.preview_extension(current_actor(), series_id, form.to_day())
            form.seen.data = form.mark()
        except Refusal as refusal:
            form.refuse(refusal)
    page = queries.read_series(current_actor(), series_id)
    answer = render_template(
        "series/show.html", page=page, form=form, preview=preview, labels=labels
    )
    return answer, 422 if form.errors else 200


@bp.route("/series/<uuid:series_id>/end", methods=["GET", "POST"])
@requires(Permission.MEETING_CREATE)
def end(series_id: uuid.UUID) -> Answer:
    """End a series, after looking at what that takes away."""
    view, _typed = queries.read_typed(current_actor(), series_id)
    form = EndForm(from_on=request.args.get("from", ""))
    if not form.is_submitted():
        # The page of one meeting leads here with its day in the address.
        form.from_on.validate(form)
    if form.validate_on_submit() and _was_seen(form):
        try:
            count = service.end_series(current_actor(), series_id, from_on=form.from_on.parsed)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            text = ngettext(
                "%(num)d overleg is afgezegd.", "%(num)d overleggen zijn afgezegd.", count
            )
            flash(text, "ok")
            return redirect(url_for(".show", series_id=series_id), 303)
    asked = getattr(form.from_on, "parsed", None)
    form.seen.data = form.mark()
    preview = previews.preview_end(current_actor(), series_id, from_on=asked)
    page = render_template(
        "series/end.html", form=form, series=view, preview=preview, labels=labels
    )
    return page, 422 if form.errors else 200


@bp.post("/series/<uuid:series_id>/undo")
@requires(Permission.MEETING_CREATE)
def undo(series_id: uuid.UUID) -> Answer:
    """Take the last own act on a series back; says so when that is too late."""
    try:
        undone = service.undo(current_actor(), series_id, id_typed("step"))
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
        return redirect(url_for(".show", series_id=series_id), 303)
    flash(undone_text(more=undone.is_more_waiting), "ok")
    if undone.series_id is None:
        return redirect(url_for(".listing"), 303)
    return redirect(url_for(".show", series_id=undone.series_id), 303)


def _was_seen(form: RhythmForm | EndForm | ExtendForm) -> bool:
    """Whether saving was asked for with exactly what was shown before."""
    return request.form.get("act") == SAVE and form.seen.data == form.mark()


def _rhythm_page(
    template: str, form: RhythmForm, preview: Preview | None, **more: object
) -> Answer:
    """The form, with the days under it once they were asked for."""
    if preview is not None:
        form.seen.data = form.mark()
    page = render_template(template, form=form, preview=preview, labels=labels, **more)
    return page, 422 if form.errors else 200
