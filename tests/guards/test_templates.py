"""What a strict content policy and a reader without eyes ask of every template."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.relative_to(ROOT).parts]
SYMBOLS = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons.svg").read_text("utf-8")))

FORBIDDEN = {
    r"\sstyle\s*=": "a style attribute is refused by the content policy; add a class",
    r"<style\b": "inline CSS is refused by the content policy; use static/css",
    r"<script(?![^>]*\bsrc=)": "inline script is refused by the content policy; use static/js",
    r"\son[a-z]+\s*=\s*[\"']": "an event attribute is refused by the content policy; use static/js",
    r"\|\s*safe\b": "nothing typed by people is trusted; only infra/html.py makes safe HTML",
}
ICON_NAMES = re.compile(r"""\bicon\(\s*["']([a-z-]+)["']""")


def test_there_are_templates_to_look_at():
    assert PAGES
    assert len(SYMBOLS) > 30


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_keeps_to_the_content_policy(path: Path):
    text = path.read_text(encoding="utf-8")
    found = [why for pattern, why in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found, f"{path.relative_to(ROOT)}: {'; '.join(found)}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_icon_asked_for_is_drawn(path: Path):
    missing = set(ICON_NAMES.findall(path.read_text(encoding="utf-8"))) - SYMBOLS
    assert not missing, f"{path.relative_to(ROOT)}: draw {sorted(missing)} in static/icons.svg"


@pytest.mark.parametrize(
    "line",
    ['<p style="x">', "<style>", "<script>x()</script>", '<a onclick="x()">', "{{ x | safe }}"],
)
def test_a_planted_fault_is_found(line: str):
    assert any(re.search(pattern, line) for pattern in FORBIDDEN)
