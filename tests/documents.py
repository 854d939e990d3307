"""Reads a PDF as a reader does; without poppler's tools the test that asks is skipped."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>')


@dataclass(frozen=True, slots=True)
class Word:
    """A word with where it begins and ends, in points from the left."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page; ``width`` in points."""

    width: float
    words: tuple[Word, ...]


def words_of(document: bytes) -> str:
    """All words of a PDF in order, white space made single."""
    return " ".join(_read("pdftotext", document, "-", "-").split())


def facts_of(document: bytes) -> dict[str, str]:
    """What the file says of itself."""
    lines = _read("pdfinfo", document, "-").splitlines()
    told = (line.partition(":") for line in lines)
    return {name: " ".join(value.split()) for name, _colon, value in told}


def pages_of(document: bytes) -> list[PdfPage]:
    """The words of every page, where they stand."""
    page, *pages = re.split(r"<page ", _read("pdftotext", document, "-bbox", "-", "-"))
    assert "<word" not in page
    return [
        PdfPage(
            float(re.search(r'width="([\d.]+)"', one)[1]),
            tuple(Word(float(left), float(right), text) for left, right, text in WORD.findall(one)),
        )
        for one in pages
    ]


def _read(tool: str, document: bytes, *arguments: str) -> str:
    found = shutil.which(tool)
    if found is None:
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(f"{tool} is not installed")
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([found, *arguments], input=document, capture_output=True, check=True)
    return done.stdout.decode()
