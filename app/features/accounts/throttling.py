"""What a try at signing in counts against; the counting itself is `app.access.throttling`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.access.throttling import Counted, count_try, forgive
from app.domain import throttle

__all__ = [
    "Counted",
    "Note",
    "count_try",
    "for_passkey",
    "for_recovery",
    "for_second_factor",
    "for_sign_in",
    "forgive",
]

Note = Callable[[Session], None]


def for_sign_in(email: str, address: str) -> tuple[Counted, ...]:
    """What a password try counts against; an unknown address counts alike."""
    return (
        Counted(throttle.SIGN_IN_PAIR, f"pair:{email}:{address}"),
        Counted(throttle.SIGN_IN_ACCOUNT, f"account:{email}"),
        # A success of one colleague does not forgive whoever else sits behind the address.
        Counted(throttle.SIGN_IN_ADDRESS, f"address:{address}", forgiven=False),
    )


def for_second_factor(person_key: str) -> tuple[Counted, ...]:
    """What a one-time code counts against, from whatever address."""
    return (Counted(throttle.SECOND_FACTOR, f"code:{person_key}"),)


def for_recovery(email: str, address: str) -> tuple[Counted, ...]:
    """What asking for a recovery mail counts against; an unknown address counts alike."""
    return (
        Counted(throttle.SECOND_FACTOR, f"recovery:{email}", forgiven=False),
        Counted(throttle.SIGN_IN_ADDRESS, f"recovery-address:{address}", forgiven=False),
    )


def for_passkey(address: str) -> tuple[Counted, ...]:
    """What a try with a key alone counts against: it names nobody before it is checked."""
    return (Counted(throttle.SIGN_IN_ADDRESS, f"address:{address}", forgiven=False),)
