"""Response headers of every answer: strict content policy, nothing cached, nothing framed."""

from __future__ import annotations

from flask import Flask, Response, request

from app.web.sessions import is_secure

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Same origin: a posted form of a timed-out session names the page it stood on.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
# These say themselves how long they may be kept: files of the house, and a subscription, which a
# calendar has to keep and ask about again.
KEPT_BY_OTHERS = ("static", "font_file", "calendar.feed")


def install(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if request.endpoint not in KEPT_BY_OTHERS:
            response.headers["Cache-Control"] = "no-store"
        if is_secure():
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return response
