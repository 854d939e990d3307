"""The board of actions: as a list, by state, by day; what is late; and the views somebody keeps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.records import saved_views
from app.domain.board import Filters, Sort, read_query
from app.domain.errors import NotVisible
from app.features.actions import months, queries
from app.features.actions.blueprint import bp
from app.features.actions.board_forms import FilterForm, id_in
from app.infra.db import transaction
from app.web import board_words, labels
from app.web.answers import Answer, page_number
from app.web.guard import current_actor, requires


def _address(pairs: Mapping[str, Any]) -> str:
    return url_for("actions.board", **pairs)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``code`` is of the answer, nothing is narrowed where it is odd."""

    form: FilterForm
    choices: queries.Choices
    filters: Filters
    code: int

    @property
    def household(self) -> str:
        """The case whose household it is narrowed to."""
        one = self.filters.household_of
        return self.choices.names.get(one, str(_("onbekend"))) if one else ""

    @property
    def case(self) -> str:
        """The case it is narrowed to."""
        one = self.filters.case_id
        return self.choices.names.get(one, str(_("onbekend"))) if one else ""

    @property
    def views(self) -> list[tuple[uuid.UUID, str, str]]:
        """The views kept, by what they are called: id, name and address."""
        named = [
            (one.id, board_words.name_of(one.filters, self.choices.names), one.filters)
            for one in self.choices.views
        ]
        return [
            (view_id, name, _address(filters.pairs()))
            for view_id, name, filters in sorted(named, key=lambda one: (one[1], str(one[0])))
        ]

    @property
    def is_kept(self) -> bool:
        """The reader keeps this view already."""
        return self.filters in [one.filters for one in self.choices.views]

    @property
    def is_narrowed(self) -> bool:
        """Anything is asked for but the order."""
        return bool(self.filters.pairs().keys() - {"sort"})

    def order(self, column: str) -> dict[str, object]:
        """A heading of the list: where it leads, and how the list is sorted by it now."""
        is_by = self.filters.sort is Sort(column)
        down = is_by and self.filters.descending
        pairs = self.filters.pairs() | {"sort": column if not is_by or down else f"-{column}"}
        return {
            "url": _address(pairs),
            "sort": ("descending" if down else "ascending") if is_by else "",
        }


def _asked() -> Asked:
    choices = queries.board_choices(
        current_actor(),
        organisation_id=id_in(request.args.get("organisation", "")),
        case_ids=[id_in(request.args.get(name, "")) for name in ("household", "case")],
    )
    form = FilterForm(request.args)
    form.offer(choices)
    valid = form.validate()
    return Asked(form, choices, form.to_filters() if valid else Filters(), 200 if valid else 422)


@bp.get("/actions")
@requires(Permission.ACTION_FOLLOW)
def board() -> Answer:
    """All actions of the tables served, narrowed and sorted by the address."""
    asked = _asked()
    page = queries.board_page(current_actor(), asked.filters, number=page_number())
    chosen = "all" in request.args
    return render_template(
        "actions/board.html", page=page, asked=asked, form=asked.form, labels=labels, chosen=chosen
    ), asked.code


@bp.get("/actions/columns")
@requires(Permission.ACTION_FOLLOW)
def columns() -> Answer:
    """The same by state, the first few of each."""
    asked = _asked()
    page = queries.board_columns(current_actor(), asked.filters)
    return render_template(
        "actions/columns.html", columns=page, asked=asked, form=asked.form, labels=labels
    ), asked.code


@bp.get("/actions/calendar")
@requires(Permission.ACTION_FOLLOW)
def calendar() -> Answer:
    """The same by the day they are due, one month at a time."""
    asked = _asked()
    first_on = months.month_in(request.args.get("month", ""))
    page = months.month_page(current_actor(), asked.filters, first_on)
    return render_template(
        "actions/calendar.html", page=page, asked=asked, form=asked.form, labels=labels
    ), asked.code


@bp.get("/actions/late")
@requires(Permission.ACTION_FOLLOW)
def late() -> Answer:
    """How many are late, per table and organisation; each leads to those on the board."""
    return render_template("actions/late.html", rows=queries.late_counts(current_actor()))


@bp.post("/actions/views")
@requires(Permission.ACTION_FOLLOW)
def keep_view() -> Answer:
    """Keep a view; it names itself."""
    try:
        filters = read_query(request.form.get("query", ""))
    except ValueError:
        raise NotVisible from None
    with transaction() as session:
        kept = saved_views.keep(session, current_actor(), filters)
    if kept:
        flash(_("Deze weergave is bewaard."), "ok")
    else:
        flash(_("U hebt al 20 weergaven bewaard. Verwijder er eerst één."), "warn")
    return redirect(_address(filters.pairs()), 303)


@bp.post("/actions/views/<uuid:kept_id>/remove")
@requires(Permission.ACTION_FOLLOW)
def remove_view(kept_id: uuid.UUID) -> Answer:
    """Keep it no longer."""
    with transaction() as session:
        saved_views.remove(session, current_actor(), kept_id)
    flash(_("De weergave is verwijderd."), "ok")
    return redirect(url_for(".board"), 303)
