import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.totp import (
    accepted_step,
    code_at,
    hash_recovery_code,
    is_recovery_code,
    new_recovery_codes,
    new_secret,
    normalise_code,
    normalise_recovery_code,
    otpauth_uri,
    step_at,
)

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 12, 1, 12, 0, 15, tzinfo=UTC)
STEP = step_at(NOW)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_appendix_b(seconds, code):
    assert code_at(RFC_SECRET, seconds // 30, digits=8) == code


@given(st.binary(min_size=14, max_size=32), st.integers(0, 2**33))
def test_codes_equal_those_of_pyotp(key, seconds):
    secret = base64.b32encode(key).decode().rstrip("=")
    assert code_at(secret, seconds // 30) == pyotp.TOTP(secret).at(seconds)


@pytest.mark.parametrize(
    ("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_of_drift_is_allowed_and_the_step_comes_back(drift, accepted):
    step = accepted_step(RFC_SECRET, code_at(RFC_SECRET, STEP + drift), now=NOW, last_step=None)
    assert step == (STEP + drift if accepted else None)


def test_a_code_is_accepted_once_and_an_older_one_not_after_it():
    code = code_at(RFC_SECRET, STEP)
    first = accepted_step(RFC_SECRET, code, now=NOW, last_step=None)
    assert accepted_step(RFC_SECRET, code, now=NOW, last_step=first) is None
    later = NOW + timedelta(seconds=20)
    assert accepted_step(RFC_SECRET, code, now=later, last_step=first) is None
    older = code_at(RFC_SECRET, STEP - 1)
    assert accepted_step(RFC_SECRET, older, now=NOW, last_step=first) is None
    newer = code_at(RFC_SECRET, STEP + 1)
    assert accepted_step(RFC_SECRET, newer, now=NOW, last_step=first) == STEP + 1


def same_code_always(secret, step):
    return "123456"


def test_a_code_that_fits_two_steps_burns_both(monkeypatch):
    monkeypatch.setattr("app.domain.totp.code_at", same_code_always)
    assert accepted_step(RFC_SECRET, "123456", now=NOW, last_step=None) == STEP + 1


@pytest.mark.parametrize(
    "code", ["", "0", "1234567", "abcdef", "\u0661\u0662", "12345\x00", "\ud800", "9" * 100_000]
)
def test_nonsense_is_refused_without_an_error(code):
    assert accepted_step(RFC_SECRET, code, now=NOW, last_step=None) is None


def test_spaces_and_dashes_between_the_digits_do_not_matter():
    code = code_at(RFC_SECRET, STEP)
    typed = f" {code[:3]} {code[3:]}\n"
    assert normalise_code(typed) == code
    assert accepted_step(RFC_SECRET, typed, now=NOW, last_step=None) == STEP


def test_a_naive_clock_is_refused():
    with pytest.raises(ValueError, match="zone"):
        step_at(NOW.replace(tzinfo=None))


def test_new_secrets_differ_and_hold_160_bits():
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_the_address_behind_the_qr_code_is_read_by_pyotp():
    uri = otpauth_uri(RFC_SECRET, account="a&b@deltaland.example", issuer="Casus:tafel & co")
    parsed = pyotp.parse_uri(uri)
    assert parsed.secret == RFC_SECRET
    assert (parsed.name, parsed.issuer) == ("a&b@deltaland.example", "Casustafel & co")
    assert parse_qs(urlsplit(uri).query)["issuer"] == ["Casustafel & co"]


def test_recovery_codes_are_ten_different_readable_codes():
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(is_recovery_code(code) and len(code) == 14 for code in codes)
    assert len(new_recovery_codes(3)) == 3


def test_a_recovery_code_is_known_however_it_is_typed_and_only_with_its_salt():
    (code,) = new_recovery_codes(1)
    typed = f" {code.lower().replace('-', ' ')} "
    assert normalise_recovery_code(typed) == code.replace("-", "")
    assert hash_recovery_code(typed, salt=b"one") == hash_recovery_code(code, salt=b"one")
    assert hash_recovery_code(code, salt=b"one") != hash_recovery_code(code, salt=b"two")
    assert code.replace("-", "") not in hash_recovery_code(code, salt=b"one").upper()


@pytest.mark.parametrize("text", ["", "123456", "\ud800", "7K3Q-X4TN-9HW", "0000-0000-0000"])
def test_what_is_no_recovery_code(text):
    assert not is_recovery_code(text)
    assert hash_recovery_code(text, salt=b"one")
