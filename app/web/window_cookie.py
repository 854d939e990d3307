"""The cookie of a window in the room: of its own, beside the session of whoever is signed in."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from app.web.sessions import cookie_name, is_secure


def token_of_window() -> str:
    """The token of the window that asks; empty when it has none."""
    return request.cookies.get(_name(), "")


def give_cookie(answer: Response, token: str) -> None:
    """Hand a window its token; gone when the browser closes."""
    answer.set_cookie(_name(), token, secure=is_secure(), httponly=True, samesite="Strict")


def take_cookie(answer: Response) -> None:
    """Take the token back."""
    answer.delete_cookie(_name(), secure=is_secure(), httponly=True, samesite="Strict")


def _name() -> str:
    return f"{cookie_name()}-projection"
