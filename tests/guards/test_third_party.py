"""The repository holds our own work only: no borrowed asset, no registry, no machine's path."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A live meeting asks for a capture line, a clock, a room screen and pages that follow it.
OWN_JAVASCRIPT_BYTES = 30000

# Patterns are written so that this file does not match itself.
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|jsdelivr|unpkg|cdnjs|debian|ubuntu)\.(?:org|com|net)\b"
    r"|--(?:extra-)?index-(?:url)|\"resolved\": *\"h(?:ttp)"
)
MACHINE_PATH = re.compile(r"(?<![\w.$}<-])/(?:work|root|tmp|farm|home/\w+|Users/\w+)(?:/|\b(?!\w))")
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|link|source|audio|video|object|embed|use|form)\b[^>]*?
        \b(?:src|srcset|href|data|action)=["']?(?:https?:)?//"""
    r"""|@import\s+(?:url\()?["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//"""
    r"""|\b(?:from|import|fetch|Worker|EventSource|WebSocket)\s*\(?\s*["'](?:https?:|wss?:)?//""",
    re.VERBOSE,
)
BANNER = re.compile(
    r"@licen[cs]e|(?:^|\W)/\*!|\bsourceMappingURL=|\bjQuery\b|\bcopyright\b", re.IGNORECASE
)
OWN_STATIC = {".css", ".js", ".svg", ".txt", ".ico", ".webmanifest"}
FOREIGN_FILES = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".whl", ".gz", ".zip", ".jar", ".wasm"}
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".xlsx", ".pdf", ".ico"}


def tracked(root: Path) -> list[Path]:
    """Every file git keeps or would keep; ignored files are nobody's business."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def problems(root: Path) -> Iterator[str]:
    for file in tracked(root):
        path = file.relative_to(root).as_posix()
        yield from _misplaced(path, file)
        if file.suffix in PICTURES:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            for message in _in_line(path, line):
                yield f"{path}:{number}: {message}: {line.strip()[:80]}"


def _misplaced(path: str, file: Path) -> Iterator[str]:
    if "node_modules" in path or file.suffix in FOREIGN_FILES:
        yield f"{path}: somebody else's file; install it from a locked package instead"
    if path.startswith("static/") and file.suffix not in OWN_STATIC:
        yield f"{path}: static/ holds our own {', '.join(sorted(OWN_STATIC))} only"
    if ".min." in file.name:
        yield f"{path}: a minified file is not source; write it out or install a package"


def _in_line(path: str, line: str) -> Iterator[str]:
    if REGISTRY.search(line):
        yield "address of a package registry; leave it to the machine's own settings"
    if MACHINE_PATH.search(line):
        yield "path of one machine; make it relative to the project"
    if path.startswith(("static/", "templates/")):
        if ELSEWHERE.search(line):
            yield "loads something from elsewhere; serve it from static/"
        if BANNER.search(line):
            yield "looks like somebody else's work; install it from a locked package"


PLANTED = [
    ("static/font.woff2", "x", "somebody else's file"),
    ("static/vendor/lib.min.js", "x", "minified"),
    ("static/photo.png", "x", "static/ holds our own"),
    ("static/a.js", "/*" + "! lib v1 */", "somebody else's work"),
    ("static/a.css", "@import url(https://fonts.example/x.css);", "from elsewhere"),
    ("static/a.css", "a { background: url('//img.example/x.svg') }", "from elsewhere"),
    ("static/a.js", 'import x from "https://cdn.example/x.js";', "from elsewhere"),
    ("templates/a.html", '<script src="https://cdn.example/x.js"></script>', "from elsewhere"),
    ("templates/a.html", '<link rel="stylesheet" href="//cdn.example/x.css">', "from elsewhere"),
    ("requirements.txt", "--index-" + "url x", "package registry"),
    ("README.md", "see registry." + "npmjs" + ".org", "package registry"),
    ("docs/a.md", "cd /" + "work/main", "path of one machine"),
    ("app/a.py", 'OPEN = "/' + 'tmp/x"', "path of one machine"),
]


@pytest.mark.parametrize(("path", "text", "message"), PLANTED)
def test_a_planted_foreigner_is_found(tmp_path: Path, path: str, text: str, message: str):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert [one for one in problems(tmp_path) if message in one and path in one]


def test_only_our_own_work_is_kept():
    found = list(problems(ROOT))
    assert not found, "\n" + "\n".join(found)


def test_our_javascript_stays_small():
    sizes = {file.name: file.stat().st_size for file in tracked(ROOT) if file.suffix == ".js"}
    assert sum(sizes.values()) <= OWN_JAVASCRIPT_BYTES, sizes
