"""Hands out the letters from the installed font package; never any other file of the machine."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from flask import Flask, Response, abort, send_file

from app.web.guard import public

FONT_URL: Final = "/assets/fonts/"
FONT_FOLDER: Final = files("fontpkg_atkinson_hyperlegible") / "files"
FONT_FILES: Final = frozenset(
    f"AtkinsonHyperlegible-{cut}.ttf" for cut in ("Regular", "Italic", "Bold", "BoldItalic")
)
A_YEAR: Final = 365 * 24 * 3600  # seconds; a new version of the package has the same file names


@public
def font_file(name: str) -> Response:
    """Answer with one of the four cuts; 404 for every other name."""
    if name not in FONT_FILES:
        abort(404)
    answer = send_file(str(FONT_FOLDER / name), mimetype="font/ttf", max_age=A_YEAR)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def register_assets(app: Flask) -> None:
    """Add the route of the letters; the endpoint is public, since sign-in pages need it."""
    app.add_url_rule(f"{FONT_URL}<name>", endpoint="font_file", view_func=font_file)
