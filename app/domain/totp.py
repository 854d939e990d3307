"""Checks one-time codes (RFC 6238) and makes recovery codes; it must never accept a code twice.

``accepted_step`` returns the step to store; the caller stores it with a condition
(``last_step IS NULL OR last_step < :step``) and treats an update of no row as a refusal, so that
one code sent twice at the same time wins once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from app.domain.references import ALPHABET

STEP_SECONDS = 30
DIGITS = 6
WINDOW_STEPS = 1
SECRET_BYTES = 20

_CODE_GAPS = re.compile(r"[\s-]+")
# Twelve of twenty characters give 51 bits, hence scrypt below.
_RECOVERY_GROUP = 4
_RECOVERY_GROUPS = 3
_RECOVERY_LENGTH = _RECOVERY_GROUP * _RECOVERY_GROUPS
_RECOVERY = re.compile(rf"[{ALPHABET}]{{{_RECOVERY_LENGTH}}}")
_LONGEST_INPUT = 40


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base32 (RFC 4226 §4)."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def normalise_code(text: str) -> str:
    """Drop the spaces and dashes people type between the digits."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST_INPUT])
    return _CODE_GAPS.sub("", folded)


def step_at(moment: datetime) -> int:
    """Return the number of the 30-second step this moment lies in.

    :raises ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        message = "a moment must carry its zone"
        raise ValueError(message)
    return int(moment.timestamp() // STEP_SECONDS)


def code_at(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """Return the code of one step (RFC 4226 §5.3 with HMAC-SHA-1).

    :raises ValueError: the secret is not base32.
    """
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def accepted_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Return the step this code belongs to, or None when it is wrong or was used before.

    One step of clock drift either way; only steps after ``last_step`` count (RFC 6238 §5.2).
    Should a code fit two steps, the later is returned, so that it cannot be sent again.
    """
    given = normalise_code(code).encode("utf-8", "replace")
    current = step_at(now)
    accepted = None
    for step in range(max(0, current - WINDOW_STEPS), current + WINDOW_STEPS + 1):
        fits = hmac.compare_digest(code_at(secret, step).encode(), given)
        if fits and (last_step is None or step > last_step):
            accepted = step
    return accepted


def otpauth_uri(secret: str, *, account: str, issuer: str) -> str:
    """Return the address behind the QR code (Google Authenticator key URI format)."""
    label = quote(f"{issuer.replace(':', '')}:{account}", safe="@:")
    query = urlencode({"secret": secret, "issuer": issuer.replace(":", "")}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def new_recovery_codes(count: int = 10) -> tuple[str, ...]:
    """Return different codes such as ``7K3Q-X4TN-9HWM``, shown once and stored as hashes only."""
    codes: set[str] = set()
    while len(codes) < count:
        plain = "".join(secrets.choice(ALPHABET) for _ in range(_RECOVERY_LENGTH))
        starts = range(0, _RECOVERY_LENGTH, _RECOVERY_GROUP)
        codes.add("-".join(plain[at : at + _RECOVERY_GROUP] for at in starts))
    return tuple(codes)


def normalise_recovery_code(text: str) -> str:
    """Drop spaces and dashes and make capitals; never raises."""
    return normalise_code(text).upper()


def is_recovery_code(text: str) -> bool:
    """Say whether this is written as a recovery code, so that one field can take both kinds."""
    return _RECOVERY.fullmatch(normalise_recovery_code(text)) is not None


def hash_recovery_code(code: str, *, salt: bytes) -> str:
    """Return the hash to store or look up, in hex; the same salt for all codes of one person.

    Deterministic, so that one conditional DELETE or UPDATE finds and burns the code. Scrypt
    because a code has fewer than 112 bits (ASVS 5.0, 6.5.2).
    """
    plain = normalise_recovery_code(code).encode("utf-8", "replace")
    return hashlib.scrypt(plain, salt=salt, n=2**14, r=8, p=1, dklen=32).hex()
