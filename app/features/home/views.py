"""The start page of every role, and the page of keys."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.access import Permission
from app.features.home.office import office_home
from app.features.home.partner import partner_home
from app.features.home.staff import staff_home
from app.web import labels
from app.web.guard import current_actor, requires

bp = Blueprint("home", __name__)

WORDS = {"kinds": labels.POWERFUL_CHANGE_KIND, "task_kinds": labels.TASK_KIND}


@bp.get("/")
@requires(Permission.HOME_READ)
def start() -> str:
    """What waits for this person, and nothing else."""
    actor = current_actor()
    if actor.is_administrator:
        return render_template("home/office.html", page=office_home(actor))
    if actor.is_staff:
        return render_template("home/staff.html", page=staff_home(actor), **WORDS)
    return render_template("home/partner.html", page=partner_home(actor), **WORDS)


@bp.get("/keys")
@requires(Permission.HOME_READ)
def keys() -> str:
    """Every key the pages listen to; none works outside its own part of a page."""
    return render_template("home/keys.html")
