"""Turns what people type (a little Markdown) into safe HTML; the only door for marked-up text.

Two walls: the Markdown reader knows no raw HTML, and its answer passes an allow-list of nine tags.
The strict content policy of the pages is the third.
"""

from __future__ import annotations

from typing import Final

from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt

# Headings, images, tables and code stay as typed: they would break a page's outline or layout.
_RULES: Final = (
    "autolink",
    "balance_pairs",
    "blockquote",
    "emphasis",
    "entity",
    "escape",
    "link",
    "list",
    "newline",
)
_TAGS: Final = frozenset({"a", "blockquote", "br", "em", "li", "ol", "p", "strong", "ul"})
_PROTOCOLS: Final = frozenset({"http", "https", "mailto"})

_markdown: Final = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_RULES))


def render_markdown(text: str) -> str:
    """Return safe HTML of paragraphs, lists, quotes, emphasis and links, as a plain `str`.

    Whatever else is written shows as text. The caller bounds the length.
    """
    return _cleaner().clean(_markdown.render(text))


def _cleaner() -> Cleaner:
    # One per call: a Cleaner keeps state while it works and may not be shared between threads.
    return Cleaner(tags=_TAGS, attributes=_is_allowed, protocols=_PROTOCOLS, strip=True)


def _is_allowed(tag: str, name: str, value: str) -> bool:
    # No links without a protocol: "//elsewhere" leaves the site and "/sign-out" does something.
    is_whole = value.lower().startswith(("http://", "https://", "mailto:"))
    return (tag, name) == ("a", "href") and is_whole
