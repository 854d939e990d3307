"""What the documents name as evidence is there; whether it convinces is for its reader."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = ROOT / "docs/evidence.md"
THREATS = ROOT / "docs/security.md"
ALL_THREATS = range(1, 57)
NAMED = re.compile(r"`(tests/[\w./-]+\.py)(?:::(\w+))?`")


def missing(text: str) -> list[str]:
    """The named tests that are not in the repository."""
    lost = []
    for path, name in NAMED.findall(text):
        file = ROOT / path
        if not file.is_file() or (name and f"\ndef {name}(" not in file.read_text("utf-8")):
            lost.append(f"{path}::{name}" if name else path)
    return lost


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if "**" in " ".join(row)]


def test_every_named_test_is_there() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert not missing(page.read_text("utf-8")), page.name


def test_a_lost_test_is_noticed() -> None:
    planted = "`tests/guards/test_evidence.py::test_gone` and `tests/gone.py`"
    assert missing(planted) == ["tests/guards/test_evidence.py::test_gone", "tests/gone.py"]


def test_every_threat_is_answered_once() -> None:
    assert [int(row[0]) for row in rows(THREATS.read_text("utf-8"))] == list(ALL_THREATS)


@pytest.mark.parametrize("page", [EVIDENCE, THREATS], ids=lambda page: page.stem)
def test_what_is_said_to_be_shown_names_what_shows_it(page: Path) -> None:
    for row in rows(page.read_text("utf-8")):
        judged = row[-2]
        assert re.match(r"\*\*(shown|in part|not shown|not built)\*\*", judged), row[0]
        if judged.startswith(("**shown**", "**in part**")):
            assert "`" in row[-1] or "`" in judged, row[0]
