import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import TextTooLong, clean_line, clean_text


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("een\r\ntwee\rdrie\u2028vier", "een\ntwee\ndrie\nvier"),
        ("nul\x00 bel\x07 esc\x1b del\x7f c1\x9b", "nul bel esc del c1"),
        ("  rand \n regel  \n\n", "rand\n regel"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufeffbegin", "begin"),
        ("omge\u202ekeerd\u2066", "omgekeerd"),
        ("half\ud800je", "halfje"),
        ("kolom\tkolom", "kolom\tkolom"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
    ],
)
def test_text_keeps_its_meaning_and_loses_what_cannot_be_seen(typed, clean):
    assert clean_text(typed, limit=100) == clean


def test_a_line_is_one_line():
    assert clean_line(" Bcc:\r\n  x \t y\u00a0z ", limit=100) == "Bcc: x y z"


def test_the_limit_counts_characters_after_cleaning():
    assert clean_text("a\r\nb\x00", limit=3) == "a\nb"
    assert clean_text("e\u0301" * 5, limit=5) == "\u00e9" * 5
    assert clean_text("abcd") == clean_line("abcd") == "abcd"
    with pytest.raises(TextTooLong) as caught:
        clean_line("abcd", limit=3)
    assert (caught.value.length, caught.value.limit) == (4, 3)


@given(st.text())
def test_cleaning_twice_changes_nothing_and_the_result_can_be_stored(text):
    for clean in (clean_text, clean_line):
        once = clean(text, limit=10_000)
        assert clean(once, limit=10_000) == once
        assert unicodedata.is_normalized("NFC", once)
        once.encode("utf-8")
        assert not {character for character in once if unicodedata.category(character) == "Cc"} - {
            "\n",
            "\t",
        }


@pytest.mark.parametrize("piece", [" ", "a", "\r", "\n ", "\x00", "e\u0301"])
def test_a_megabyte_is_refused_or_cleaned_quickly(piece):
    began = time.perf_counter()
    with suppress(TextTooLong):
        clean_text(piece * 1_000_000, limit=20_000)
    assert time.perf_counter() - began < 2
