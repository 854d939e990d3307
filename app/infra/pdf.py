"""Makes tagged PDF documents (PDF/UA-1, readable by a screen reader); never keeps one anywhere.

Typst sets the page. What is said goes in as data and is never read as markup, and the file holds
no date, author or path of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Final

import typst

from config import ROOT

TEMPLATE: Final = ROOT / "templates" / "pdf" / "document.typ"
FONT_FOLDER: Final = str(files("fontpkg_atkinson_hyperlegible") / "files")
STANDARD: Final = "ua-1"


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


Block = Heading | Words | Quoted | Facts | Rows


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in a PDF; ``foot`` stands under every page, ``language`` is "nl" or "en"."""

    title: str
    language: str
    foot: str
    blocks: Sequence[Block]


def render(document: Document) -> bytes:
    """The document as PDF/UA-1."""
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        font_paths=[FONT_FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(asdict(document), ensure_ascii=False)},
        pdf_standards=STANDARD,
    )
