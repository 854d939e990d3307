"""The secret address at which one calendar entry is answered; it must never tell whose entry it is.

The address holds a keyed fingerprint of the entry's UID: only its recipient knows it, nothing is
stored, and a reply that lost its ORGANIZER (Exchange leaves it out) still says what it is about.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import Final

from app.infra import crypto
from config import ReplyStyle, Settings

TOKEN_LENGTH: Final = 26  # base32 characters, 130 bits
_TAG: Final = re.compile(rf"[+-]([a-z2-7]{{{TOKEN_LENGTH}}})")


class _Desk:
    """Where this process wants its answers; asking before that is a mistake in set-up."""

    settings: Settings | None = None


def set_up(settings: Settings) -> None:
    """Choose the reply address and its style; done with the set-up of the letters."""
    _Desk.settings = settings


def organiser_of(uid: str) -> str:
    """The ORGANIZER of an entry: calendars send their answers there."""
    local, _, domain = _settings().reply_to.rpartition("@")
    sign = "-" if _settings().reply_style is ReplyStyle.DASH else "+"
    return f"{local}{sign}{_token(uid)}@{domain}".lower()


def sender_of(uid: str) -> str:
    """The From of the mail about an entry: the ORGANIZER itself, unless relays refuse that."""
    if _settings().reply_style is ReplyStyle.FIXED:
        return _settings().mail_from
    return organiser_of(uid)


def token_of(address: str) -> str | None:
    """The token in an address of ours, in either style: entries outlive a change of setting."""
    local, _, domain = _settings().reply_to.lower().rpartition("@")
    given, _, at = address.lower().rpartition("@")
    if at != domain or not given.startswith(local):
        return None
    found = _TAG.fullmatch(given.removeprefix(local))
    return found[1] if found else None


def fits(uid: str, token: str) -> bool:
    """Whether this is the token of that entry; takes as long for a near miss as for a wild one."""
    return hmac.compare_digest(_token(uid).encode(), token.lower().encode())


def _token(uid: str) -> str:
    fingerprint = crypto.store().fingerprint(f"reply:{uid}")
    return base64.b32encode(fingerprint).decode("ascii").lower()[:TOKEN_LENGTH]


def _settings() -> Settings:
    if _Desk.settings is None:
        message = "no reply address: call reply_address.set_up() first"
        raise RuntimeError(message)
    return _Desk.settings
