"""Languages: Dutch by default, English complete; the person's own choice wins over the cookie."""

from __future__ import annotations

from flask import Flask, g, request
from flask_babel import Babel, get_locale

LANGUAGES = ("nl", "en")
COOKIE = "language"


def install(app: Flask) -> None:
    """Set Flask-Babel up; the source strings are Dutch."""
    Babel(
        app,
        locale_selector=select_language,
        timezone_selector=lambda: "Europe/Amsterdam",
        default_locale="nl",
        default_translation_directories="translations",
    )


def select_language() -> str:
    """The language of this answer."""
    actor = g.get("actor")
    if actor is not None and actor.language in LANGUAGES:
        return str(actor.language)
    chosen = request.cookies.get(COOKIE, "") if request else ""
    return chosen if chosen in LANGUAGES else "nl"


def language() -> str:
    """The two letters of the current language."""
    locale = get_locale()
    return str(locale.language) if locale else "nl"


def in_language(nl: str, en: str) -> str:
    """The text of the current language; Dutch when the English is empty."""
    return en if language() == "en" and en else nl
