"""Every Dutch sentence on screen has its English; no guess is left, no placeholder is lost."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "app/translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")

Message = str | tuple[str, ...]


def extracted(root: Path) -> dict[Message, str]:
    """Every sentence in code and templates, with the first place it stands."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    methods = [
        (pattern, mapping["method"])
        for mapping in mappings["tool"]["babel"]["mappings"]
        for pattern in mapping["pattern"]
    ]
    options = {pattern: {"silent": "false"} for pattern, method in methods if method == "jinja2"}
    found: dict[Message, str] = {}
    for folder in ("app", "templates"):
        here = [
            (pattern.removeprefix(f"{folder}/"), method)
            for pattern, method in methods
            if pattern.startswith(f"{folder}/")
        ]
        inner = {key.removeprefix(f"{folder}/"): value for key, value in options.items()}
        for path, line, message, _comments, _context in extract_from_dir(
            root / folder, here, inner, keywords=KEYWORDS
        ):
            found.setdefault(message, f"{folder}/{path}:{line}")
    return found


def gaps(sentences: dict[Message, str], catalogue: Catalog) -> list[str]:
    return [
        f"{place}: {problem}: {message!r}"
        for message, place in sentences.items()
        for problem in _problems(message, catalogue)
    ]


def _problems(message: Message, catalogue: Catalog) -> list[str]:
    entry = catalogue.get(message if isinstance(message, str) else message[0])
    if entry is None:
        return ["not in the catalogue"]
    strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
    if not all(strings):
        return ["untranslated"]
    if entry.fuzzy:
        return ["only a guess (fuzzy)"]
    sources = [message] if isinstance(message, str) else list(message)
    wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
    given = {name for string in strings for name in PLACEHOLDER.findall(string)}
    return [] if wanted == given else [f"placeholders {sorted(wanted ^ given)} differ"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated(path: Path):
    with path.open("rb") as file:
        found = gaps(extracted(ROOT), read_po(file))
    assert not found, f"{len(found)} sentences (`make messages` gathers them):\n" + "\n".join(found)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_no_sentence_is_left_over(path: Path):
    known = {message if isinstance(message, str) else message[0] for message in extracted(ROOT)}
    with path.open("rb") as file:
        catalogue = read_po(file)
    ids = {
        entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id
    }
    assert not ids - known, f"nothing says these any more (`make messages`): {sorted(ids - known)}"


def test_there_is_an_english_catalogue():
    assert "en" in [path.parts[-3] for path in CATALOGUES]


def test_a_gap_is_found(tmp_path: Path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "app").mkdir()
    page = "{{ _('Overleg sluiten') }} {{ _('Dag %(name)s', name=1) }} {{ _('Ja') }} {{ _('Nee') }}"
    (tmp_path / "templates/page.html").write_text(page, encoding="utf-8")
    (tmp_path / "app/forms.py").write_text("x = _l('Bewaren')", encoding="utf-8")
    catalogue = Catalog()
    catalogue.add("Overleg sluiten", "")
    catalogue.add("Dag %(name)s", "Hello")
    catalogue.add("Ja", "Yes", flags=["fuzzy"])
    catalogue.add("Nee", "No")
    found = " | ".join(gaps(extracted(tmp_path), catalogue))
    assert "untranslated: 'Overleg sluiten'" in found
    assert "placeholders" in found
    assert "fuzzy" in found
    assert "not in the catalogue: 'Bewaren'" in found
    assert "'Nee'" not in found
