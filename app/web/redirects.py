"""Where a form may send its reader next: a path of this application, never an address elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for

LONGEST = 1000


def local_path(given: str | None) -> str | None:
    r"""Return the path when it lies inside this application, else None (``//evil``, ``\evil``)."""
    if not given or len(given) > LONGEST or not given.startswith("/") or given[1:2] == "/":
        return None
    if "\\" in given or not given.isprintable():
        return None
    parts = urlsplit(given)
    return None if parts.scheme or parts.netloc else given


def next_path() -> str | None:
    """The page asked for by ``next`` in the form or the address, when it is one of ours."""
    return local_path(request.form.get("next") or request.args.get("next"))


def next_or_home() -> str:
    """The page asked for, else the start page."""
    return next_path() or url_for("home.start")
