from datetime import UTC, datetime, timedelta

import pytest

from app.domain.throttle import (
    SECOND_FACTOR,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    SIGN_IN_PAIR,
    ThrottlePolicy,
    next_try_at,
    still_counts,
    wait_seconds,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ALL = (SECOND_FACTOR, SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, SIGN_IN_PAIR)


def test_the_first_tries_are_free_and_then_the_wait_doubles_to_its_cap():
    policy = ThrottlePolicy(free_tries=2, first_wait_seconds=10, cap_seconds=60)
    assert [wait_seconds(policy, failures) for failures in range(8)] == [
        0,
        0,
        0,
        10,
        20,
        40,
        60,
        60,
    ]


@pytest.mark.parametrize("policy", ALL)
def test_no_number_of_failures_locks_anybody_out_for_good(policy):
    waits = [wait_seconds(policy, failures) for failures in (*range(200), 10**9, 10**30)]
    assert waits == sorted(waits)
    assert max(waits) == policy.cap_seconds <= 15 * 60


@pytest.mark.parametrize("policy", ALL)
def test_no_account_takes_a_hundred_failures_without_waiting(policy):
    assert policy.free_tries < 100


def test_at_most_five_second_factors_are_tried_in_a_minute():
    tries, moment = 0, NOW
    while moment < NOW + timedelta(minutes=1):
        tries += 1
        moment = max(moment, next_try_at(SECOND_FACTOR, tries, moment))
    assert tries <= 6
    assert wait_seconds(SECOND_FACTOR, 5) >= 30


def test_the_next_try_counts_from_the_last_failure():
    assert next_try_at(SIGN_IN_PAIR, 5, NOW) == NOW + timedelta(seconds=15)
    assert next_try_at(SIGN_IN_PAIR, 1, NOW) == NOW


def test_failures_are_forgotten_after_a_day():
    assert still_counts(NOW, NOW + timedelta(hours=23, minutes=59))
    assert not still_counts(NOW, NOW + timedelta(hours=24))
