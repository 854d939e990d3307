"""A visitor's browser without the browser: it checks every page it fetches and keeps CSRF on."""

import contextvars
import uuid
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import has_app_context
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.infra import clock
from app.infra.db import db, transaction
from app.models import WebSession
from app.web import sessions
from tests.pages import Page, faults

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": ("no-referrer", "same-origin", "strict-origin"),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": ("default-src", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"),
    "Cache-Control": "no-store",
}  # fmt: skip


class CheckingClient(FlaskClient):
    """`fill` sends a form as a browser would; `send` posts with the token of the last page."""

    base_url: str = "https://casustafel.test"
    checking: bool = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base_url = self.application.config["SETTINGS"].base_url
        self.last = None
        self.last_path = "/"

    @property
    def last(self) -> Page | None:
        """The last page; read when somebody asks: of thousands most are never asked for."""
        if isinstance(self._last, str):
            self._last = Page(self._last)
        return self._last

    @last.setter
    def last(self, page: Page | str | None) -> None:
        self._last = page

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request, in a context of its own: nothing of the test leaks into it."""
        kwargs.setdefault("base_url", self.base_url)
        if has_app_context():
            # On SQLite a test's own open transaction would hold up the request.
            db.session.rollback()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            self._look_at(response)
        return response

    def page(self, path: str, *, status: int = 200) -> Page:
        """Fetch a page and read it; redirects are followed."""
        response = self.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code}, not {status}"
        if self.last is not None and self.last.html == response.text:
            return self.last
        return Page(response.text)

    def fill(
        self, path: str, fields: dict[str, Any] | None = None, *, action: str | None = None,
        follow_redirects: bool = False,
    ) -> TestResponse:  # fmt: skip
        """Fetch ``path``, change fields of its form (the one whose action ends in ``action``), send.

        Fields the page does not have are refused: a browser could not send them either.
        """
        form = self.page(path).form(action)
        unknown = set(fields or {}) - form.names
        assert not unknown, f"{path} has no fields {sorted(unknown)}, only {sorted(form.names)}"
        target = urljoin(self.last_path, form.action) if form.action else self.last_path
        return self.post(
            target,
            data=form.filled(fields or {}),
            headers=self._from_page(),
            follow_redirects=follow_redirects,
        )

    def send(
        self, path: str, fields: dict[str, Any] | None = None, *, follow_redirects: bool = False
    ) -> TestResponse:
        """Post fields of one's own choosing, with the CSRF token of the last page (or the home)."""
        return self.post(
            path,
            data={"csrf_token": self.token(), **(fields or {})},
            headers=self._from_page(),
            follow_redirects=follow_redirects,
        )

    def token(self) -> str:
        """A valid CSRF token of this visitor."""
        for form in self._last_page().forms:
            for name, value in form.fields:
                if name == "csrf_token":
                    return value
        raise AssertionError(f"no form with a csrf_token on {self.last_path}")

    def sign_in(self, person_id: uuid.UUID, **more: Any) -> "CheckingClient":
        """A full session for this person, made directly; the sign-in pages have tests of their own."""
        with self.application.app_context(), transaction() as session:
            token = sessions.start(
                session,
                person_id,
                stage=sessions.STAGE_FULL,
                address="127.0.0.1",
                agent="test",
                **more,
            )
            name = sessions.cookie_name()
        self.set_cookie(name, token, domain=urlsplit(self.base_url).hostname or "localhost")
        self.last = None
        return self

    def prove(self) -> "CheckingClient":
        """As if this person had just proved to be there; the page that asks it has own tests."""
        with self.application.app_context(), transaction() as session:
            name = sessions.cookie_name()
            held = self.get_cookie(name, domain=urlsplit(self.base_url).hostname or "localhost")
            assert held is not None, "nobody is signed in"
            session.execute(
                update(WebSession)
                .where(WebSession.token_hash == sessions.hash_token(held.value))
                .values(proved_at=clock.now(), proof_is_unused=True)
            )
        return self

    def _last_page(self) -> Page:
        if self.last is None or not any("csrf_token" in form.names for form in self.last.forms):
            self.page("/")
        assert self.last is not None
        return self.last

    def _from_page(self) -> dict[str, str]:
        return {"Referer": urljoin(self.base_url, self.last_path)}

    def _look_at(self, response: TestResponse) -> None:
        self.last = response.text
        self.last_path = response.request.full_path.rstrip("?")
        if self.checking:
            missing = faults(self.last) + _missing_headers(response)
            where = f"{response.request.method} {self.last_path} ({response.status_code})"
            assert not missing, f"{where} needs: " + "; ".join(missing)


def _missing_headers(response: TestResponse) -> list[str]:
    found = []
    for name, wanted in HEADERS.items():
        given = response.headers.get(name, "")
        if name == "Referrer-Policy":
            if given not in wanted:
                found.append(f"Referrer-Policy one of {wanted}, not {given!r}")
            continue
        parts = (wanted,) if isinstance(wanted, str) else wanted
        found += [f"{name} with {part!r}, not {given!r}" for part in parts if part not in given]
    if "'unsafe-" in response.headers.get("Content-Security-Policy", ""):
        found.append("a Content-Security-Policy without 'unsafe-…'")
    return found
