"""Server-side sessions: a random id in the cookie, only its hash in the database.

A session is refused at once when it is revoked, idle or past its absolute end, when the account is
no longer active, or when the person moved to another organisation.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Request, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access.actor import Actor, load_session
from app.access.administration.providers import ByProvider
from app.domain.kinds import SignInMethod
from app.infra import clock
from app.infra.db import transaction
from app.models import WebSession
from config import Settings

STAGE_PASSWORD = "password"  # noqa: S105 - the name of a stage
STAGE_ENROL = "enrol"
STAGE_FULL = "full"
TOUCH_AFTER = timedelta(seconds=60)
# Whoever came by a provider is asked for there again, at most this often (security.md).
ASK_PROVIDER_AFTER = timedelta(minutes=60)


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def cookie_name() -> str:
    """``__Host-`` wherever the application is served over https."""
    return "__Host-casustafel" if is_secure() else "casustafel"


def is_secure() -> bool:
    """Whether the public address is https."""
    return settings().base_url.startswith("https://")


def hash_token(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session row as found: live, or timed out (its owner may get typed text back).

    ``idle_seconds`` is how long it may be idle; ``lingers`` where that is longer than usual.
    ``ask_provider``: nothing opens before the provider it came by says the person is still there.
    """

    id: uuid.UUID
    person_id: uuid.UUID
    stage: str
    live: bool
    timed_out: bool
    needs_touch: bool
    ends_at: datetime
    absolute_until: datetime
    idle_seconds: int
    lingers: bool
    proved_at: datetime | None
    proof_is_unused: bool
    ask_provider: bool


def start(
    session: Session,
    person_id: uuid.UUID,
    *,
    stage: str,
    address: str,
    agent: str,
    by: ByProvider | None = None,
    after: uuid.UUID | None = None,
    method: SignInMethod = SignInMethod.PASSWORD,
) -> str:
    """Make a session row in the current transaction; gives the token for the cookie.

    ``by`` is the provider it comes from; ``after`` the session of the step before, whose provider
    it then keeps.
    """
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    by = by or (_provider_of(session, after) if after else None)
    session.add(
        WebSession(
            token_hash=hash_token(token),
            person_id=person_id,
            stage=stage,
            created_at=moment,
            last_seen_at=moment,
            absolute_until=moment + timedelta(seconds=settings().absolute_seconds),
            address=address[:45],
            agent=agent[:200],
            proved_at=moment if stage == STAGE_FULL else None,
            method=SignInMethod.PROVIDER if by else method,
            identity_id=by.identity_id if by else None,
            provider_session=by.session if by else "",
            provider_asked_at=by.asked_at if by else None,
        )
    )
    return token


def _provider_of(session: Session, session_id: uuid.UUID) -> ByProvider | None:
    row = session.scalars(select(WebSession).where(WebSession.id == session_id)).one_or_none()
    if row is None or row.identity_id is None or row.provider_asked_at is None:
        return None
    return ByProvider(row.identity_id, row.provider_session, row.provider_asked_at)


def find(session: Session, token: str, *, address: str) -> tuple[KnownSession, Actor | None] | None:
    """The session of a cookie token, whatever its state, and its actor; None if it is unknown.

    The actor is there only while the session is live and complete, and the person active.
    """
    found = load_session(session, hash_token(token), now=clock.now(), address=address)
    if found is None:
        return None
    row, actor = found
    known = _known(row)
    return known, actor if known.live and known.stage == STAGE_FULL else None


def _known(row: WebSession) -> KnownSession:
    moment = clock.now()
    idle = row.idle_seconds or settings().idle_seconds
    idle_until = row.last_seen_at + timedelta(seconds=idle)
    ends_at = min(idle_until, row.absolute_until)
    in_time = row.last_seen_at <= moment + TOUCH_AFTER and moment < ends_at
    return KnownSession(
        id=row.id,
        person_id=row.person_id,
        stage=row.stage,
        live=row.revoked_at is None and in_time,
        timed_out=row.revoked_at is None and not in_time and row.stage == STAGE_FULL,
        needs_touch=moment - row.last_seen_at >= TOUCH_AFTER,
        ends_at=ends_at,
        absolute_until=row.absolute_until,
        idle_seconds=idle,
        lingers=row.idle_seconds is not None,
        proved_at=row.proved_at,
        proof_is_unused=row.proof_is_unused,
        ask_provider=_is_due(row, moment),
    )


def _is_due(row: WebSession, moment: datetime) -> bool:
    """Whether the provider of a session has not been asked for an hour."""
    if row.identity_id is None or row.stage != STAGE_FULL:
        return False
    asked_at = row.provider_asked_at
    return asked_at is None or not asked_at <= moment < asked_at + ASK_PROVIDER_AFTER


def seconds_left(known: KnownSession) -> int:
    """Seconds until the session ends, counted from the touch of this request if there was one."""
    ends_at = _from_now(known) if known.needs_touch else known.ends_at
    return max(1, int((ends_at - clock.now()).total_seconds()))


def _from_now(known: KnownSession) -> datetime:
    idle_until = clock.now() + timedelta(seconds=known.idle_seconds)
    return min(idle_until, known.absolute_until)


def touch(session_id: uuid.UUID) -> None:
    """Note activity; done at most once a minute."""
    _note(session_id, last_seen_at=clock.now())


def linger(known: KnownSession) -> KnownSession:
    """The worksheet of a running meeting lies open while people talk: it may be idle longer."""
    if known.lingers:
        return known
    return _with_idle(known, settings().worksheet_idle_seconds)


def linger_no_more(known: KnownSession) -> KnownSession:
    """On any other page the usual time counts again."""
    return _with_idle(known, None) if known.lingers else known


def _with_idle(known: KnownSession, idle: int | None) -> KnownSession:
    _note(known.id, last_seen_at=clock.now(), idle_seconds=idle)
    now_idle = idle or settings().idle_seconds
    changed = replace(known, idle_seconds=now_idle, lingers=idle is not None, needs_touch=False)
    return replace(changed, ends_at=_from_now(changed))


def _note(session_id: uuid.UUID, **values: datetime | int | None) -> None:
    with transaction() as session:
        session.execute(
            update(WebSession)
            .where(WebSession.id == session_id, WebSession.revoked_at.is_(None))
            .values(**values)
        )


def revoke(session: Session, session_id: uuid.UUID, *, reason: str) -> None:
    """End one session in the current transaction."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.revoked_at.is_(None))
        .values(revoked_at=clock.now(), ended_reason=reason)
    )


def token_of(request: Request) -> str | None:
    """The session token of the request's cookie."""
    return request.cookies.get(cookie_name())


def give_cookie(response: Response, token: str) -> None:
    """Hand the session token to the browser; a session cookie, gone when the browser closes."""
    response.set_cookie(
        cookie_name(), token, secure=is_secure(), httponly=True, samesite="Lax", path="/"
    )


def take_cookie(response: Response) -> None:
    """Take the session token back and have the browser forget what it holds."""
    response.delete_cookie(
        cookie_name(), secure=is_secure(), httponly=True, samesite="Lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
