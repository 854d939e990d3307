"""Whether what goes on by itself goes on: worker, messages, mailbox, seals and backups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from app.access.messages import delivered
from app.features.health.examined import Finding, fine, watch, wrong
from app.infra import clock, signs_of_life
from app.infra.db import reading
from app.infra.signs_of_life import Sign
from app.models import AuditSeal
from config import Settings

# The worker gives a sign each minute and seals each hour; a little more is no fault.
WORKER_WITHIN: Final = timedelta(minutes=5)
SEALED_WITHIN: Final = timedelta(hours=2)
BACKUP_WITHIN: Final = timedelta(hours=26)
READY_WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """When each last happened, None for never; and how many messages wait or did not arrive."""

    worker_at: datetime | None
    mailbox_at: datetime | None
    sealed_at: datetime | None
    data_backup_at: datetime | None
    key_backup_at: datetime | None
    messages: delivered.Delivered


def look() -> Work:
    """Three statements; numbers and moments, nothing of any message."""
    given = signs_of_life.last()
    with reading() as session:
        sealed_at = session.scalar(select(func.max(AuditSeal.sealed_at)))
        messages = delivered.delivered(session, now=clock.now())
    return Work(
        worker_at=given.get(Sign.WORKER),
        mailbox_at=given.get(Sign.MAILBOX),
        sealed_at=sealed_at,
        data_backup_at=given.get(Sign.DATA_BACKUP),
        key_backup_at=given.get(Sign.KEY_BACKUP),
        messages=messages,
    )


def findings(settings: Settings) -> Iterator[Finding]:
    """What of this needs somebody."""
    seen = look()
    yield _worker(seen)
    yield _messages(seen)
    if settings.imap_host is not None:
        yield _recent(
            "answers",
            seen.mailbox_at,
            WORKER_WITHIN,
            "Look at the line about the mailbox, and at the worker's log.",
        )
    yield _recent(
        "seals",
        seen.sealed_at,
        SEALED_WITHIN,
        f"The worker seals the access log each hour; can it write {settings.seal_folder}?",
    )
    for part, at, sign in (
        ("backup of the data", seen.data_backup_at, Sign.DATA_BACKUP),
        ("backup of the keys", seen.key_backup_at, Sign.KEY_BACKUP),
    ):
        todo = f"Let the script that makes it end with: flask --app wsgi backup-made {sign.value}"
        yield _recent(part, at, BACKUP_WITHIN, todo)


def is_late(at: datetime | None, within: timedelta) -> bool:
    """Whether it never happened, or too long ago."""
    return at is None or clock.now() - at > within


def _worker(seen: Work) -> Finding:
    if is_late(seen.worker_at, WORKER_WITHIN):
        return wrong(
            "worker",
            _ago(seen.worker_at),
            "Start it: flask --app wsgi worker. Until then no mail goes out.",
        )
    return fine("worker", _ago(seen.worker_at))


def _messages(seen: Work) -> Finding:
    of = seen.messages
    if of.oldest_ready_at is not None and clock.now() - of.oldest_ready_at > READY_WITHIN:
        return wrong(
            "messages",
            f"{of.waiting} wait, the oldest since {of.oldest_ready_at:%Y-%m-%d %H:%M} UTC",
            "Look at the lines about mail and worker.",
        )
    if of.given_up:
        return watch(
            "messages",
            f"{of.given_up} did not arrive",
            "An administrator sees them under Niet aangekomen berichten.",
        )
    return fine("messages", f"{of.waiting} on their way, all others arrived")


def _recent(part: str, at: datetime | None, within: timedelta, todo: str) -> Finding:
    if is_late(at, within):
        return watch(part, _ago(at), todo)
    return fine(part, _ago(at))


def _ago(at: datetime | None) -> str:
    if at is None:
        return "never yet"
    minutes = int((clock.now() - at).total_seconds() // 60)
    if minutes < 2 * 60:
        return f"{minutes} minutes ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 2 * 24 else f"{hours // 24} days ago"
