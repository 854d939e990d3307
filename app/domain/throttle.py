"""Says how long to wait after failed tries; it must never lock anybody out for good.

Waits are whole seconds, moments aware UTC. NIST SP 800-63B-4: at most 100 failures in a row per
account before back-off; security.md rows 30 and 44: five tries a minute, no malicious lock-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FORGET_AFTER = timedelta(hours=24)
# Doubling beyond this passes any cap; it keeps a huge counter from making a huge number.
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class ThrottlePolicy:
    """Free tries, then a wait that doubles from ``first_wait_seconds`` up to ``cap_seconds``."""

    free_tries: int
    first_wait_seconds: int
    cap_seconds: int


# One account from one address: the ordinary typing mistake, and the ordinary attack.
SIGN_IN_PAIR = ThrottlePolicy(free_tries=4, first_wait_seconds=15, cap_seconds=15 * 60)
# One account from anywhere: mild, because it also slows down its owner.
SIGN_IN_ACCOUNT = ThrottlePolicy(free_tries=20, first_wait_seconds=5, cap_seconds=60)
# One address: a whole police station may share it.
SIGN_IN_ADDRESS = ThrottlePolicy(free_tries=50, first_wait_seconds=5, cap_seconds=5 * 60)
# A guess at six digits is worth more than one at a password.
SECOND_FACTOR = ThrottlePolicy(free_tries=4, first_wait_seconds=30, cap_seconds=15 * 60)

# Nobody types the address of a subscription: unknown ones are old, or guessed.
UNKNOWN_FEED = ThrottlePolicy(free_tries=20, first_wait_seconds=10, cap_seconds=5 * 60)
# The code of a window in the room: read out and typed once, in the next five minutes.
PROJECTION_CODE = ThrottlePolicy(free_tries=5, first_wait_seconds=15, cap_seconds=5 * 60)


def wait_seconds(policy: ThrottlePolicy, failures: int) -> int:
    """Return how long to wait after this many failures in a row."""
    doublings = failures - policy.free_tries - 1
    if doublings < 0:
        return 0
    wait = policy.first_wait_seconds << min(doublings, _MOST_DOUBLINGS)
    return min(wait, policy.cap_seconds)


def next_try_at(policy: ThrottlePolicy, failures: int, last_failure_at: datetime) -> datetime:
    """Return the first moment at which a try is looked at again."""
    return last_failure_at + timedelta(seconds=wait_seconds(policy, failures))


def still_counts(last_failure_at: datetime, now: datetime) -> bool:
    """Say whether old failures still count; after a day the slate is clean."""
    return now - last_failure_at < FORGET_AFTER
