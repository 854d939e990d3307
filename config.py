"""Settings of one installation, read once from the environment; never holds a default secret.

Outside demo and test the application refuses to start while anything needed is missing, and the
message names every missing setting at once.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

LEAST_SECRET = 32
# What RFC 5321 leaves of 64 characters beside a sign and the 26 of a token.
LONGEST_REPLY_NAME = 37
IMAP_SECURITIES = ("tls", "starttls", "none")
ROOT = Path(__file__).resolve().parent


class Mode(StrEnum):
    """How the application runs; only production holds real people."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class ReplyStyle(StrEnum):
    """Where the secret of a reply address stands: behind a plus, a dash, or not in the From."""

    PLUS = "plus"
    DASH = "dash"
    FIXED = "fixed"


class SettingsError(RuntimeError):
    """The environment does not describe an installation that may start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation can set. Times are seconds unless the name says otherwise."""

    mode: Mode
    secret_key: str
    database_url: str
    key_store_url: str
    key_file: Path
    base_url: str
    mail_from: str
    mail_folder: Path | None
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_security: str = "starttls"
    send_delay_seconds: int = 30
    reply_style: ReplyStyle = ReplyStyle.PLUS
    reply_address: str | None = None
    imap_host: str | None = None
    imap_port: int = 993
    imap_user: str = ""
    imap_password: str = ""
    imap_security: str = "tls"
    imap_folder: str = "INBOX"
    imap_done_folder: str = "Verwerkt"
    authserv_id: str | None = None
    instance: Path = ROOT / "instance"
    seals: Path | None = None
    key_backup_days: int = 30
    idle_seconds: int = 15 * 60
    worksheet_idle_seconds: int = 60 * 60
    absolute_seconds: int = 8 * 3600
    trusted_proxies: int = 0
    alarm_cases_per_hour: int = 20

    @property
    def reply_to(self) -> str:
        """The mailbox that answers to invitations arrive in, without a token."""
        return self.reply_address or self.mail_from

    @property
    def seal_folder(self) -> Path:
        """Where the hourly seals of the access log are written."""
        return self.seals or self.instance / "seals"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; raises SettingsError naming everything that is missing or unsafe."""
        mode = _mode(environ)
        if mode is Mode.PRODUCTION:
            _refuse_incomplete(environ)
        instance = Path(environ.get("CASUSTAFEL_INSTANCE", str(ROOT / "instance")))
        return cls(
            mode=mode,
            secret_key=_secret_key(environ, instance, mode),
            database_url=environ.get(
                "CASUSTAFEL_DATABASE_URL", f"sqlite:///{instance / 'casustafel-demo.db'}"
            ),
            key_store_url=environ.get(
                "CASUSTAFEL_KEY_STORE_URL", f"sqlite:///{instance / 'keys-demo.db'}"
            ),
            key_file=Path(environ.get("CASUSTAFEL_KEY_FILE", str(instance / "demo.key"))),
            base_url=environ.get("CASUSTAFEL_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
            mail_from=environ.get("CASUSTAFEL_MAIL_FROM", "overleg@casustafel.example"),
            mail_folder=None if environ.get("CASUSTAFEL_SMTP_HOST") else instance / "mail",
            smtp_host=environ.get("CASUSTAFEL_SMTP_HOST"),
            smtp_port=int(environ.get("CASUSTAFEL_SMTP_PORT", "587")),
            smtp_user=environ.get("CASUSTAFEL_SMTP_USER"),
            smtp_password=environ.get("CASUSTAFEL_SMTP_PASSWORD"),
            smtp_security=environ.get("CASUSTAFEL_SMTP_SECURITY", "starttls"),
            reply_style=_reply_style(environ),
            reply_address=_reply_address(environ),
            imap_host=environ.get("CASUSTAFEL_IMAP_HOST"),
            imap_port=int(environ.get("CASUSTAFEL_IMAP_PORT", "993")),
            imap_user=environ.get("CASUSTAFEL_IMAP_USER", ""),
            imap_password=environ.get("CASUSTAFEL_IMAP_PASSWORD", ""),
            imap_security=_imap_security(environ),
            imap_folder=environ.get("CASUSTAFEL_IMAP_FOLDER", "INBOX"),
            imap_done_folder=environ.get("CASUSTAFEL_IMAP_DONE_FOLDER", "Verwerkt"),
            authserv_id=environ.get("CASUSTAFEL_AUTHSERV_ID"),
            send_delay_seconds=int(environ.get("CASUSTAFEL_SEND_DELAY_SECONDS", "30")),
            instance=instance,
            seals=Path(folder) if (folder := environ.get("CASUSTAFEL_SEAL_FOLDER")) else None,
            key_backup_days=int(environ.get("CASUSTAFEL_KEY_BACKUP_DAYS", "30")),
            trusted_proxies=int(environ.get("CASUSTAFEL_TRUSTED_PROXIES", "0")),
            alarm_cases_per_hour=int(environ.get("CASUSTAFEL_ALARM_CASES_PER_HOUR", "20")),
        )


REQUIRED = (
    "CASUSTAFEL_SECRET_KEY",
    "CASUSTAFEL_DATABASE_URL",
    "CASUSTAFEL_KEY_STORE_URL",
    "CASUSTAFEL_KEY_FILE",
    "CASUSTAFEL_BASE_URL",
    "CASUSTAFEL_MAIL_FROM",
    "CASUSTAFEL_SMTP_HOST",
)


def _mode(environ: Mapping[str, str]) -> Mode:
    try:
        return Mode(environ.get("CASUSTAFEL_MODE", Mode.PRODUCTION))
    except ValueError:
        message = f"CASUSTAFEL_MODE is one of {', '.join(Mode)}"
        raise SettingsError(message) from None


def _reply_style(environ: Mapping[str, str]) -> ReplyStyle:
    try:
        return ReplyStyle(environ.get("CASUSTAFEL_REPLY_STYLE", ReplyStyle.PLUS))
    except ValueError:
        message = f"CASUSTAFEL_REPLY_STYLE is one of {', '.join(ReplyStyle)}"
        raise SettingsError(message) from None


def _imap_security(environ: Mapping[str, str]) -> str:
    chosen = environ.get("CASUSTAFEL_IMAP_SECURITY", "tls")
    if chosen not in IMAP_SECURITIES:
        message = f"CASUSTAFEL_IMAP_SECURITY is one of {', '.join(IMAP_SECURITIES)}"
        raise SettingsError(message)
    return chosen


def _reply_address(environ: Mapping[str, str]) -> str | None:
    """The mailbox of answers if it is not the sender's; its name must leave room for a token."""
    used = environ.get("CASUSTAFEL_REPLY_ADDRESS") or environ.get("CASUSTAFEL_MAIL_FROM", "")
    if len(used.rpartition("@")[0]) > LONGEST_REPLY_NAME:
        message = (
            "CASUSTAFEL_REPLY_ADDRESS (or CASUSTAFEL_MAIL_FROM) has more than "
            f"{LONGEST_REPLY_NAME} characters before the @"
        )
        raise SettingsError(message)
    return environ.get("CASUSTAFEL_REPLY_ADDRESS") or None


def _refuse_incomplete(environ: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED if not environ.get(name)]
    problems = [f"{name} is not set" for name in missing]
    if (
        "CASUSTAFEL_SECRET_KEY" not in missing
        and len(environ["CASUSTAFEL_SECRET_KEY"]) < LEAST_SECRET
    ):
        problems.append("CASUSTAFEL_SECRET_KEY is too short")
    if "CASUSTAFEL_KEY_FILE" not in missing and not Path(environ["CASUSTAFEL_KEY_FILE"]).is_file():
        problems.append("CASUSTAFEL_KEY_FILE names no file")
    if "CASUSTAFEL_BASE_URL" not in missing and not environ["CASUSTAFEL_BASE_URL"].startswith(
        "https://"
    ):
        problems.append("CASUSTAFEL_BASE_URL does not start with https://")
    if problems:
        raise SettingsError("Casustafel does not start: " + "; ".join(problems) + ".")


def _secret_key(environ: Mapping[str, str], instance: Path, mode: Mode) -> str:
    """The signing secret; demo and test make their own once, readable by the owner only."""
    given = environ.get("CASUSTAFEL_SECRET_KEY")
    if given or mode is Mode.PRODUCTION:
        return given or ""
    path = instance / "demo-secret"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")
