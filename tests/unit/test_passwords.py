import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passwords import MAX_LENGTH, PasswordFault, find_fault, normalise_password

OWN = ("Josephine van Akkeren", "j.akkeren@stichting-hemelwater.example", "Stichting Hemelwater")


@pytest.mark.parametrize(
    "password",
    [
        "kwartel schuift bruisend door mos",
        "Ziltige-Trompet-Knarst-7",
        "x9#Kq!w2Lp&v7Rz",
        "ж сегодня дождь идёт",
        "\U0001f9a4\U0001f40c\U0001f9ed\U0001f9f6\U0001faa8\U0001f9c5\U0001f6f6\U0001fad6\U0001f9a9\U0001f9ad\U0001fab6\U0001f578\U0001f9ff\U0001f9f2\U0001f6d6",
        "een lantaarn vol gesmolten krekels",
        "politie kwartel schuift bruisend",
        "a" * 10 + "kwartel schuift bruisend",
    ],
)
def test_long_and_unguessable_is_good_whatever_it_is_made_of(password):
    assert find_fault(password, own_words=OWN) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.TOO_SHORT),
        ("x9#Kq!w2Lp&v7R", PasswordFault.TOO_SHORT),
        ("x" * 257, PasswordFault.TOO_LONG),
        ("x" * 1_000_000, PasswordFault.TOO_LONG),
        ("kwartel\x00schuift bruisend", PasswordFault.UNUSABLE_CHARACTER),
        ("kwartel\ud800schuift bruisend", PasswordFault.UNUSABLE_CHARACTER),
        ("837465019283746501", PasswordFault.ONLY_DIGITS),
        ("06-83 74 65 01 - 2026", PasswordFault.ONLY_DIGITS),
        ("Politie-Veiligthuis", PasswordFault.CONTEXT_WORDS),
        ("casustafel mda++ zsm", PasswordFault.CONTEXT_WORDS),
        ("P0l1t1e.V3iligThuis!", PasswordFault.CONTEXT_WORDS),
        ("Pólitie-Véilig-Thuis", PasswordFault.CONTEXT_WORDS),
        ("JosephineAkkeren!!", PasswordFault.CONTEXT_WORDS),
        ("StichtingHemelwater1", PasswordFault.CONTEXT_WORDS),
        ("j.akkeren@stichting-hemelwater", PasswordFault.CONTEXT_WORDS),
        ("Herfst2026Herfst2026", PasswordFault.SEASON_AND_YEAR),
        ("zomer 2025 winter 2026", PasswordFault.SEASON_AND_YEAR),
        ("wachtwoordwelkom", PasswordFault.COMMON_WORDS),
        ("P@ssw0rdW3lkom123", PasswordFault.COMMON_WORDS),
        ("correcthorsebatterystaple", PasswordFault.COMMON_WORDS),
        ("qwertyuiopasdfghjkl", PasswordFault.SEQUENCE),
        ("1qaz2wsx3edc4rfv", PasswordFault.SEQUENCE),
        ("abcdefghijklmnop", PasswordFault.SEQUENCE),
        ("zyxwvutsrqponmlk", PasswordFault.SEQUENCE),
        ("xxxxxxxxxxxxxxxxxx", PasswordFault.REPETITION),
        ("krekelkrekelkrekel", PasswordFault.REPETITION),
        ("krab krab krab krab", PasswordFault.REPETITION),
        ("gnugnugnugnugnugnu", PasswordFault.REPETITION),
    ],
)
def test_what_is_guessed_first_is_refused_with_its_reason(password, fault):
    assert find_fault(password, own_words=OWN) is fault


@pytest.mark.parametrize(
    ("length", "good"),
    [(14, False), (15, True), (64, True), (128, True), (256, True), (257, False)],
)
def test_length_is_counted_in_characters(length, good):
    varied = "".join(chr(0x100 + 7 * place % 1000) for place in range(length))
    assert (find_fault(varied) is None) is good


def test_length_counts_letters_not_how_the_keyboard_sent_their_accents():
    apart = "e\u0301" * 14
    assert len(apart) == 28
    assert find_fault(apart) is PasswordFault.TOO_SHORT


def test_both_ways_to_type_an_accent_give_the_same_password():
    assert normalise_password("cafe\u0301") == normalise_password("caf\u00e9")


@given(st.text(max_size=300))
def test_any_text_gets_an_answer_and_normalising_twice_changes_nothing(text):
    fault = find_fault(text, own_words=[text])
    assert fault is None or isinstance(fault, PasswordFault)
    assert normalise_password(normalise_password(text)) == normalise_password(text)


@pytest.mark.parametrize("piece", ["a", "1", "aA1!", "politie", "\ufdfa", "2026", "e\u0301"])
def test_no_text_is_slow(piece):
    began = time.perf_counter()
    find_fault((piece * MAX_LENGTH)[:MAX_LENGTH], own_words=[piece * MAX_LENGTH])
    find_fault(piece * 50_000)
    assert time.perf_counter() - began < 0.5
