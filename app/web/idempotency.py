"""One record per submit: a form's key counts once, a repeat gets the first answer again.

The key is claimed before the view runs and released when the view did not succeed, so that a
corrected form may be sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, g, redirect, request
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from app.infra import clock
from app.infra.db import transaction
from app.models import SubmitKey
from app.web.sessions import hash_token

REDIRECT = 3
ABANDONED = timedelta(seconds=30)
_BY_ITSELF: Final = "__casustafel_counts_once__"
View = TypeVar("View", bound=Callable[..., Any])


def counts_once(view: View) -> View:
    """Declare that a view itself makes one record of one key, in the transaction of the record.

    A claim of another transaction would outlive a server that falls over, and keep the same line
    out for a while when it comes again.
    """
    setattr(view, _BY_ITSELF, True)
    return view


def install(app: Flask) -> None:
    """Claim before the view (after the guard), settle after it."""
    app.before_request(_claim)
    app.after_request(_settle)


def _claim() -> BaseResponse | None:
    key = request.form.get("submit_key") if request.method == "POST" else None
    actor = g.get("actor")
    view = current_app.view_functions.get(str(request.endpoint))
    if not key or actor is None or getattr(view, _BY_ITSELF, False):
        return None
    key_hash = hash_token(f"{actor.person_id}:{request.path}:{key}")
    try:
        with transaction() as session:
            session.execute(
                delete(SubmitKey).where(
                    SubmitKey.key_hash == key_hash,
                    SubmitKey.answer_url == "",
                    SubmitKey.used_at < clock.now() - ABANDONED,
                )
            )
            session.add(
                SubmitKey(key_hash=key_hash, person_id=actor.person_id, used_at=clock.now())
            )
    except IntegrityError:
        return redirect(_answer_of(key_hash) or request.path, code=303)
    g.submit_key_hash = key_hash
    return None


def _answer_of(key_hash: str) -> str | None:
    with transaction() as session:
        return session.scalar(select(SubmitKey.answer_url).where(SubmitKey.key_hash == key_hash))


def _settle(response: Response) -> Response:
    key_hash = g.pop("submit_key_hash", None)
    if key_hash is None:
        return response
    succeeded = response.status_code // 100 == REDIRECT
    with transaction() as session:
        if succeeded:
            session.execute(
                update(SubmitKey)
                .where(SubmitKey.key_hash == key_hash)
                .values(answer_url=response.headers.get("Location", ""))
            )
        else:
            session.execute(
                delete(SubmitKey).where(
                    SubmitKey.key_hash == key_hash,
                    or_(SubmitKey.answer_url == "", SubmitKey.answer_url.is_(None)),
                )
            )
    return response
