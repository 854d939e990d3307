"""What a visitor needs to post by hand, without filling in a form."""

from flask import Flask

from app.web import guard
from tests.pages import Page


def declared_public(app: Flask, endpoint: str) -> bool:
    return guard.rule_of(app, endpoint) == "public"


def csrf_of(client) -> str:
    """A valid token of this visitor, from the sign-in page or any page behind it."""
    client.page("/sessions")
    return client.token()


def token_of(client) -> str:
    """The same of a visitor that does not look at its pages."""
    for path in ("/sessions", "/sign-in"):
        for form in Page(client.get(path).text).forms:
            for name, value in form.fields:
                if name == "csrf_token":
                    return value
    raise AssertionError("no token")


def same_page(client) -> dict[str, str]:
    return {"Referer": f"{client.base_url}/"}
