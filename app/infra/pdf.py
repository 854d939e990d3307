"""Makes tagged PDF documents (PDF/UA-1, readable by a screen reader); never keeps one anywhere.

Typst sets the page. What is said goes in as data and is never read as markup. The file says of
itself its title, its language, the program that set it and the day given with it: no author, no
path, no moment of its making.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any, Final

import typst

from app.domain.charts import Chart
from config import ROOT

TEMPLATE: Final = ROOT / "templates" / "pdf" / "document.typ"
FONT_FOLDER: Final = str(files("fontpkg_atkinson_hyperlegible") / "files")
ACCESSIBLE: Final = "ua-1"
ARCHIVED: Final = "a-2a"
NO_GLYPH: Final = "could not be displayed"
REPLACED: Final = "\ufffd"
# What stands between the margins of a sheet, in letters.
_LONGEST_CHART: Final = 72
# Emoji, Chinese and whatever lies further; then all but what Latin texts are written with.
_RARE: Final = re.compile("[\u2e80-\ufffc\U00010000-\U0010ffff]")
_FOREIGN: Final = re.compile("[^\x00-\u024f\u2010-\u203a\u20ac\ufffd]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 2 for a chapter, 3 for a part of one."""

    text: str
    level: int = 2
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; line breaks are kept."""

    text: str
    kind: str = field(default="words", init=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What somebody wrote, set apart from our own words."""

    text: str
    kind: str = field(default="quoted", init=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with their values; ``headings`` are the words over the two columns."""

    headings: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; every row is as long as ``headings``, and so are the relative ``widths``."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    kind: str = field(default="rows", init=False)


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short texts."""

    items: tuple[str, ...]
    kind: str = field(default="list", init=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A number to look the document up by; ``alternative`` stands in the file letter for letter."""

    text: str
    alternative: str
    kind: str = field(default="proof", init=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart; who does not see it hears its title and every number. Its table is for ``Rows``."""

    chart: Chart
    kind: str = field(default="drawn", init=False)


def fits_a_sheet(chart: Chart) -> bool:
    """Whether a chart is no longer than a sheet: it would run off it, and no drawing is broken."""
    return float(chart.height.removesuffix("em")) <= _LONGEST_CHART


Block = Heading | Words | Quoted | Facts | Rows | Points | Proof | Drawn


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in a PDF; ``foot`` stands under every page, ``language`` is "nl" or "en".

    ``watermark`` lies faintly behind every page. ``kept_on``: the day from which it may be kept for
    good; only then it is PDF/A-2a besides, which asks for a date.
    """

    title: str
    language: str
    foot: str
    blocks: Sequence[Block]
    watermark: str = ""
    kept_on: date | None = None


def render(document: Document) -> bytes:
    """The document as PDF/UA-1, and as PDF/A-2a once it is to be kept."""
    standards: list[typst.PDFStandard] = [ACCESSIBLE]
    if document.kept_on is not None:
        standards.append(ARCHIVED)
    return _compiled(
        {
            "title": document.title,
            "language": document.language,
            "kept_on": document.kept_on.isoformat() if document.kept_on else None,
            "documents": [_words(document)],
        },
        standards,
    )


def render_stack(title: str, language: str, documents: Sequence[str]) -> bytes:
    """Documents put down with ``as_text`` behind each other, each on a sheet of its own."""
    given = {"title": title, "language": language, "kept_on": None}
    return _compiled({**given, "documents": [json.loads(one) for one in documents]}, [ACCESSIBLE])


def as_text(document: Document) -> str:
    """The words of a document, to be kept sealed until they are printed."""
    return json.dumps(_words(document), ensure_ascii=False)


def _words(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "language": document.language,
        "foot": document.foot,
        "watermark": document.watermark,
        "blocks": [asdict(one) for one in document.blocks],
    }


def _compiled(given: Mapping[str, Any], standards: list[typst.PDFStandard]) -> bytes:
    """Set it; a standard allows no sign that no font has, so those become a mark, ever more."""
    data = json.dumps(given, ensure_ascii=False)
    for unknown in (_RARE, _FOREIGN):
        try:
            return _set(data, standards)
        except typst.TypstError as error:
            if NO_GLYPH not in str(error):
                raise
            data = unknown.sub(REPLACED, data)
    return _set(data, standards)


def _set(data: str, standards: list[typst.PDFStandard]) -> bytes:
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        font_paths=[FONT_FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=standards,
    )
