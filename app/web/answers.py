"""What a view gives back, and the small things every list reads from an address."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

Answer = str | Response | tuple[str, int]
# Further than any list goes; a bigger number would only make the database count.
HIGHEST_PAGE = 10_000


def page_number() -> int:
    """Which page of a list is asked for; anything odd is the first or the last there can be."""
    return min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
