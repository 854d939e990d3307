"""``flask --app wsgi doctor``: looks at every part of an installation, changes nothing.

What does not answer is a finding, never a fault of the examination; what depends on it is left out.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.features.health import work
from app.features.health.examined import Finding, fine, watch, wrong
from app.infra import clock, crypto, imap, mail
from app.infra.db import db
from config import ROOT, Mode, Settings

_GIB: Final = 1024**3
# Below this share or this many bytes the disk is about to be full.
_LITTLE_SHARE: Final = 0.05
_LITTLE_BYTES: Final = 2 * _GIB
_NONE_BYTES: Final = _GIB // 4
# What the clocks of two machines may differ, in seconds.
_APART: Final = 2.0
_SEEN_BY_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def examine(settings: Settings) -> Iterator[Finding]:
    """Each part in the order in which to mend them."""
    yield _settings(settings)
    database = _database(db.engine)
    yield database
    if database.todo:
        yield watch("the rest", "not looked at", "Mend the database first, then run this again.")
        return
    migrations = _migrations(db.engine)
    yield migrations
    yield from _roles(db.engine)
    yield _clock(db.engine)
    yield from _keys(settings)
    yield _mail(settings)
    yield _mailbox(settings)
    if not migrations.todo:
        yield from work.findings(settings)
    yield _disk(settings)


def _settings(settings: Settings) -> Finding:
    if settings.mode is not Mode.PRODUCTION:
        return watch(
            "settings",
            f"mode {settings.mode.value}: for invented people only",
            "For a real region set CASUSTAFEL_MODE=production.",
        )
    return fine("settings", f"complete, at {settings.base_url}")


def _database(engine: Engine) -> Finding:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return wrong(
            "database",
            f"does not answer ({type(error).__name__})",
            "Check CASUSTAFEL_DATABASE_URL, and that the server runs and lets this machine in.",
        )
    return fine("database", f"{engine.dialect.name} answers")


def _migrations(engine: Engine) -> Finding:
    known = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
    with engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    if found == known:
        return fine("migrations", f"at {', '.join(sorted(found))}")
    if not found:
        return wrong("migrations", "no tables yet", "Run: flask --app wsgi db upgrade")
    return wrong(
        "migrations",
        f"the tables are at {', '.join(sorted(found))}, the program at {', '.join(sorted(known))}",
        "Make a backup, stop web server and worker, then run: flask --app wsgi db upgrade",
    )


def _roles(engine: Engine) -> Iterator[Finding]:
    """On PostgreSQL the application must not be one that sees past the wall."""
    if engine.dialect.name != "postgresql":
        return
    asked = text(
        "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class c"
        " WHERE c.relowner = r.oid AND c.relname = 'case')"
        " FROM pg_roles r WHERE rolname = current_user"
    )
    with engine.connect() as connection:
        sees_past = bool(connection.scalar(asked))
    if sees_past:
        yield wrong(
            "database role",
            "is superuser, passes row security, or owns the tables",
            "Let CASUSTAFEL_DATABASE_URL name casustafel_app (docs/operations.md, PostgreSQL).",
        )
    else:
        yield fine("database role", "kept in by the second wall")


def _clock(engine: Engine) -> Finding:
    if engine.dialect.name != "postgresql":
        return fine("clock", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC, of this machine alone")
    with engine.connect() as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    apart = abs((theirs - clock.now()).total_seconds())
    if apart > _APART:
        return wrong(
            "clock",
            f"{apart:.0f} seconds apart from the clock of the database",
            "Have both machines follow the same time server (NTP): windows go by both clocks.",
        )
    return fine("clock", "the same as that of the database")


def _keys(settings: Settings) -> Iterator[Finding]:
    mode = settings.key_file.stat().st_mode
    if mode & _SEEN_BY_OTHERS:
        yield wrong(
            "key file",
            "others on this machine may read it",
            f"Run: chmod 600 {settings.key_file}",
        )
    else:
        yield fine("key file", "read by its owner alone")
    try:
        number = crypto.store().count()
    except SQLAlchemyError as error:
        yield wrong(
            "key store",
            f"does not answer ({type(error).__name__})",
            "Check CASUSTAFEL_KEY_STORE_URL; without the key store no text can be read.",
        )
    except crypto.WrongKeyFileError:
        yield wrong(
            "key store",
            "the key file does not fit it",
            "Put the key file back that these keys were made with; never make a new one.",
        )
    else:
        yield fine("key store", f"{number} keys, the key file fits")


def _mail(settings: Settings) -> Finding:
    transport = mail.transport_of(settings)
    if transport is None:
        folder = settings.mail_folder or settings.instance
        return watch(
            "mail", f"goes to files in {folder}", "For real mail set CASUSTAFEL_SMTP_HOST."
        )
    try:
        transport.reach()
    except mail.DeliveryFailed as failed:
        return wrong(
            "mail",
            f"{transport.host}:{transport.port}: {failed}",
            "Check CASUSTAFEL_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD; nothing is lost:"
            " messages wait for a day.",
        )
    return fine("mail", f"{transport.host}:{transport.port} takes messages")


def _mailbox(settings: Settings) -> Finding:
    mailbox = imap.mailbox_of(settings)
    if mailbox is None:
        return watch(
            "mailbox",
            "answers to invitations are not fetched",
            "Set CASUSTAFEL_IMAP_HOST, or pass them on with: flask --app wsgi mailbox receive",
        )
    try:
        waiting = imap.waiting(mailbox)
    except imap.MailboxUnreachable as error:
        return wrong(
            "mailbox",
            f"{mailbox.host}:{mailbox.port}: {error}",
            "Check CASUSTAFEL_IMAP_HOST, _PORT, _SECURITY, _USER and _PASSWORD.",
        )
    return fine("mailbox", f"{mailbox.host}:{mailbox.port}, {waiting} to be read")


def _disk(settings: Settings) -> Finding:
    folders = {settings.instance, settings.seal_folder}
    found = [_space(one) for one in folders if one.exists()]
    if not found:
        return wrong(
            "disk",
            f"{settings.instance} is not there",
            "Make the folder of CASUSTAFEL_INSTANCE, owned by the account that runs this.",
        )
    folder, free, share = min(found, key=lambda one: one[1])
    says = f"{free / _GIB:.1f} GiB free at {folder}"
    todo = "Free or add disk space: what cannot be recorded is refused, reading included."
    if free < _NONE_BYTES:
        return wrong("disk", says, todo)
    if free < _LITTLE_BYTES or share < _LITTLE_SHARE:
        return watch("disk", says, todo)
    return fine("disk", says)


def _space(folder: Path) -> tuple[Path, int, float]:
    usage = shutil.disk_usage(folder)
    return folder, usage.free, usage.free / usage.total
