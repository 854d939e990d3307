"""Hashes and checks passwords (argon2id); never stores, logs or returns one.

A check against nothing costs as much as a real one, so that time does not tell whether an address
has an account.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.passwords import MAX_LENGTH, normalise_password

# RFC 9106, second recommended option: 64 MiB, three passes. ASVS 5.0, 11.4.2.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(normalise_password(password))


def is_password(stored: str | None, given: str) -> bool:
    """Say whether ``given`` is the password of this hash; equally slow without a hash."""
    usable = len(given) <= MAX_LENGTH * 4
    candidate = normalise_password(given) if usable else ""
    try:
        fits = _hasher.verify(stored or _nobodys(), candidate)
    except (VerificationError, InvalidHashError):
        return False
    return fits and usable and stored is not None


def is_outdated(stored: str) -> bool:
    """Say whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody at all")
