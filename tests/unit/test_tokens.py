"""Measures the contrast of every colour pair the screens use, in the light and the dark theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words, 1.4.11 for borders and focus rings

PAIRS = [
    *[("ink", ground, TEXT) for ground in ("bg", "surface", "surface-2")],
    *[("ink-2", ground, TEXT) for ground in ("bg", "surface", "surface-2")],
    *[("link", ground, TEXT) for ground in ("surface", "bg")],
    *[("brand", ground, TEXT) for ground in ("surface", "brand-soft")],
    ("ink", "brand-soft", TEXT),
    *[("on-brand", ground, TEXT) for ground in ("brand", "brand-hover")],
    *[("on-bar", ground, TEXT) for ground in ("bar", "conf-bar")],
    ("on-bar-2", "bar", TEXT),
    *[("conf", ground, TEXT) for ground in ("conf-soft", "surface")],
    *[("ink", ground, TEXT) for ground in ("conf-soft", "warn-soft", "err-soft", "ok-soft")],
    ("on-conf", "conf", TEXT),
    *[(tone, f"{tone}-soft", TEXT) for tone in ("ok", "warn", "err")],
    *[(tone, "surface", TEXT) for tone in ("ok", "warn", "err")],
    *[("line-strong", ground, SHAPE) for ground in ("surface", "bg", "surface-2")],
    *[(tone, "bg", SHAPE) for tone in ("brand", "focus", "conf")],
    ("focus", "surface", SHAPE),
    *[("focus-halo", ground, SHAPE) for ground in ("bar", "conf-bar")],
    ("focus", "focus-halo", SHAPE),
]


def _themes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    blocks = re.findall(r"\{([^{}]*)\}", TOKENS.read_text(encoding="utf-8"))
    read = [dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", block)) for block in blocks]
    light, dark_by_system, dark_by_choice = read
    return light, dark_by_system, dark_by_choice


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_pair_has_enough_contrast(theme: int, front: str, ground: str, least: float) -> None:
    tokens = _themes()[theme]
    assert _contrast(tokens[front], tokens[ground]) >= least


def test_dark_is_the_same_by_system_and_by_choice() -> None:
    _, by_system, by_choice = _themes()
    assert by_system == by_choice


def test_both_themes_define_the_same_colours() -> None:
    light, dark, _ = _themes()
    assert light.keys() == dark.keys()
