"""What a signed-in person changes about the own account; never about anybody else's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration import factors
from app.access.administration.accounts import revoke_sessions
from app.access.administration.ways_in import tell_of_way
from app.access.meetings import room_windows
from app.access.messages.feeds import OwnFeed, own_feed
from app.domain.errors import NotVisible, Reason, Refusal
from app.features.accounts import hashing, links, throttling
from app.features.accounts.recovery import count_left, replace_codes
from app.features.accounts.sign_in import burn_code
from app.features.accounts.throttling import Counted
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Person, WebSession

# What stands in a User-Agent, and the name people know; the first that fits.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class OwnRecovery:
    """Whether the second factor was set up, and how many recovery codes are left."""

    enrolled: bool
    codes_left: int


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which the person is signed in."""

    session_id: uuid.UUID
    browser: str
    system: str
    address: str
    since: datetime
    last_seen: datetime
    is_this: bool


def prefer_language(actor: Actor, language: str) -> None:
    """Store the language of pages and mails."""
    with transaction() as session:
        session.execute(
            update(Person).where(Person.id == actor.person_id).values(language=language)
        )


def prefer_theme(actor: Actor, theme: str) -> None:
    """Store light, dark, or as the device asks."""
    with transaction() as session:
        session.execute(update(Person).where(Person.id == actor.person_id).values(theme=theme))


def change_password(actor: Actor, current: str, new: str) -> None:
    """Set another password; every other session ends at once.

    Raises Refusal PASSWORD_WRONG or TOO_MANY_TRIES, and WeakPasswordError.
    """
    counted = _counted_password(actor, current)
    links.refuse_weak(new, (actor.name, actor.email, actor.organisation_name))
    hashed = hashing.hash_password(new)
    with transaction() as session:
        throttling.forgive(session, counted)
        session.execute(
            update(Person).where(Person.id == actor.person_id).values(password_hash=hashed)
        )
        revoke_sessions(session, actor.person_id, reason="password", but=actor.session_id)
        tell_of_way(session, actor.person_id, by=actor.person_id)
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.CHANGE,
                object_kind="person-password",
                object_id=actor.person_id,
            ),
        )


def _counted_password(actor: Actor, password: str) -> tuple[Counted, ...]:
    """The try of a right password, to be forgiven; Refusal PASSWORD_WRONG, TOO_MANY_TRIES."""
    counted = throttling.for_sign_in(actor.email, actor.address)
    throttling.count_try(counted)
    with reading() as session:
        stored = session.scalar(select(Person.password_hash).where(Person.id == actor.person_id))
    if not hashing.is_password(stored, password):
        with transaction() as session:
            wrong = audit.Entry(
                event=audit.Event.SIGN_IN_FAILED,
                object_kind="person",
                object_id=actor.person_id,
                outcome="refused",
            )
            audit.record(session, actor, wrong)
        raise Refusal(Reason.PASSWORD_WRONG, "current_password")
    return counted


def own_recovery(actor: Actor) -> OwnRecovery:
    """What the actor has to fall back on without the app."""
    with reading() as session:
        enrolled = factors.has_factor(session, actor.person_id)
        return OwnRecovery(enrolled, count_left(session, actor.person_id))


def own_subscription(actor: Actor) -> OwnFeed | None:
    """The live calendar subscription of the actor: since when, and when it was last fetched."""
    with reading() as session:
        return own_feed(session, actor)


def types_both(actor: Actor) -> bool:
    """Whether the actor has a password and an app with codes to prove by."""
    with reading() as session:
        person = session.get_one(Person, actor.person_id)
        return factors.has_app(person) and person.password_hash is not None


def prove(actor: Actor, password: str, code: str, *, note: Callable[[Session], None]) -> None:
    """Prove both factors again; ``note`` keeps that it was done, in the transaction of the last.

    Refusal PASSWORD_WRONG, CODE_WRONG or TOO_MANY_TRIES.
    """
    counted = _counted_password(actor, password)
    burn_code(actor.person_id, code, address=actor.address, recovery=False)
    with transaction() as session:
        throttling.forgive(session, counted)
        note(session)


def renew_recovery_codes(actor: Actor) -> tuple[str, ...]:
    """Ten new codes; the old ones end at once. The caller asked for a proof of its own."""
    with transaction() as session:
        codes = replace_codes(session, actor.person_id)
        tell_of_way(session, actor.person_id, by=actor.person_id, letter="recovery_codes")
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.CHANGE, object_kind="recovery-codes", object_id=actor.person_id
            ),
        )
    return codes


def own_sessions(
    actor: Actor, *, seen_after: datetime, lingered_after: datetime
) -> tuple[OwnSession, ...]:
    """The live sessions of the actor, last used first; ``seen_after`` is the idle limit (UTC).

    ``lingered_after`` is that of a session that lies on the worksheet of a running meeting.
    """
    now = clock.now()
    with reading() as session:
        rows = session.scalars(
            select(WebSession)
            .where(
                WebSession.person_id == actor.person_id,
                WebSession.stage == "full",
                WebSession.revoked_at.is_(None),
                WebSession.absolute_until > now,
                or_(
                    WebSession.last_seen_at > seen_after,
                    and_(
                        WebSession.idle_seconds.is_not(None),
                        WebSession.last_seen_at > lingered_after,
                    ),
                ),
            )
            .order_by(WebSession.last_seen_at.desc())
        ).all()
        return tuple(
            OwnSession(
                row.id,
                _first_named(row.agent, BROWSERS),
                _first_named(row.agent, SYSTEMS),
                row.address,
                row.created_at,
                row.last_seen_at,
                row.id == actor.session_id,
            )
            for row in rows
        )


def _first_named(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for part, name in names if part in agent), "")


def end_session(actor: Actor, session_id: uuid.UUID) -> None:
    """Sign another browser of the actor out at once; NotVisible for a session of others."""
    with transaction() as session:
        found = session.execute(
            update(WebSession)
            .where(
                WebSession.id == session_id,
                WebSession.person_id == actor.person_id,
                WebSession.revoked_at.is_(None),
            )
            .values(revoked_at=clock.now(), ended_reason="revoked")
        )
        if not found.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise NotVisible
        _record_sign_out(session, actor, session_id)


def end_other_sessions(actor: Actor) -> None:
    """Sign every other browser of the actor out."""
    with transaction() as session:
        revoke_sessions(session, actor.person_id, reason="revoked", but=actor.session_id)
        _record_sign_out(session, actor, None)


def sign_out(actor: Actor, *, window: str = "") -> None:
    """End the session of this request, and the window in the room this browser shows, if own."""
    with transaction() as session:
        if window:
            room_windows.end_here(session, actor, room_windows.hash_token(window))
        session.execute(
            update(WebSession)
            .where(WebSession.id == actor.session_id, WebSession.revoked_at.is_(None))
            .values(revoked_at=clock.now(), ended_reason="signed-out")
        )
        _record_sign_out(session, actor, actor.session_id)


def _record_sign_out(session: Session, actor: Actor, session_id: uuid.UUID | None) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(event=audit.Event.SIGN_OUT, object_kind="web-session", object_id=session_id),
    )
