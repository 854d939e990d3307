"""Being asked anew who is there, before what only the person behind the screen may do.

A proof counts for five minutes; a sign-in is one. What must never rest on an earlier proof (opening
a case in an emergency, a copy of the log) asks one of its own, made for it and used up by it.
Ways to prove are offered by the rooms that know how; the demo region has none and asks nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from flask import g, redirect, url_for
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import Actor, Permission, audit
from app.infra import clock
from app.infra.db import transaction
from app.models import WebSession
from app.web import sessions
from config import Mode

View = TypeVar("View", bound=Callable[..., Any])
FRESH_FOR: Final = timedelta(minutes=5)
_FRESH = "__casustafel_fresh__"
_OWN = "__casustafel_own_proof__"

# Whatever somebody sends with one of these asks a fresh proof; single pages say so with @fresh.
ASKED: Final = frozenset({
    Permission.EXPORT_MAKE,
    Permission.CHANGE_CONFIRM,
    Permission.EXCLUSION_MANAGE,
    Permission.RETENTION_CONFIRM,
    Permission.RETENTION_PREPARE,
    Permission.TERM_CONFIRM,
})  # fmt: skip


class NotProved(Exception):  # noqa: N818 - no fault: the person is sent to prove it
    """The proof of one's own was used, or is too old: to be made again."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to prove who is there: its name, and what it needs of this person and browser.

    ``offered`` gives what its part of the page shows, None to whoever does not have this way; it is
    asked once per page. ``template`` is included with that as ``way`` and ends in a form or a link.
    """

    name: str
    template: str
    offered: Callable[[Actor], object | None]


_ways: dict[str, Way] = {}


def offer(way: Way) -> None:
    """Add a way; a room does so once, while the application is put together."""
    _ways[way.name] = way


def ways_of(actor: Actor) -> list[tuple[Way, object]]:
    """The ways this person has, with what each shows."""
    found = ((way, way.offered(actor)) for way in _ways.values())
    return [(way, shows) for way, shows in found if shows is not None]


def fresh(view: View) -> View:
    """Declare that a page, and what is sent from it, asks a proof of at most five minutes."""
    setattr(view, _FRESH, True)
    return view


def own_proof(view: View) -> View:
    """Declare that what somebody sends here asks a proof of its own, which the view uses up."""
    setattr(view, _OWN, True)
    return view


def is_asked() -> bool:
    """Whether this installation has anything to prove with."""
    return sessions.settings().mode is not Mode.DEMO


def is_due(view: Callable[..., Any], permission: Permission, *, sends: bool) -> bool:
    """Whether a request must be sent to prove who is there first; ``sends`` for no mere reading."""
    if not is_asked():
        return False
    if hasattr(view, _FRESH) or (sends and permission in ASKED):
        return not is_fresh()
    return sends and hasattr(view, _OWN) and not has_own_proof()


def is_fresh() -> bool:
    """Whether somebody proved to be there at most five minutes ago, by signing in or anew."""
    return not is_asked() or _counts(g.known_session.proved_at)


def has_own_proof() -> bool:
    """Whether a proof was made since signing in, at most five minutes ago, and not used yet."""
    known = g.known_session
    return not is_asked() or (known.proof_is_unused and _counts(known.proved_at))


def _counts(proved_at: datetime | None) -> bool:
    now = clock.now()
    return proved_at is not None and proved_at <= now < proved_at + FRESH_FOR


def use_up() -> None:
    """Use the proof of one's own for one act; of two at once one has it. Raises NotProved."""
    if not is_asked():
        return
    with transaction() as session:
        used = session.execute(
            update(WebSession)
            .where(
                WebSession.id == g.known_session.id,
                WebSession.proof_is_unused,
                WebSession.proved_at > clock.now() - FRESH_FOR,
                WebSession.revoked_at.is_(None),
            )
            .values(proof_is_unused=False)
            .execution_options(synchronize_session=False)
        )
        if not used.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise NotProved


def note_proof(session: Session, actor: Actor, session_id: uuid.UUID | None, *, by: str) -> None:
    """Write down, in the current transaction, that the person of a session proved to be there.

    ``by`` names the way in the log.
    """
    session.execute(
        update(WebSession)
        .where(
            WebSession.id == session_id,
            WebSession.person_id == actor.person_id,
            WebSession.revoked_at.is_(None),
        )
        .values(proved_at=clock.now(), proof_is_unused=True)
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.SIGN_IN, object_kind=f"step-up-{by}", object_id=actor.person_id
        ),
    )


def to_prove(page: str) -> Response:
    """Send to the page that asks who is there, and from there back to ``page``."""
    return redirect(url_for("accounts.step_up", next=page), code=303)
