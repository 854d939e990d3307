"""Organisations named in a text: whole words only, codes as they are written."""

import pytest

from app.domain.named import names_organisation


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Bel met ggz delta.", True),
        ("GGZ Delta's advies", True),
        ("Afstemmen met GGZ", True),
        ("Afstemmen met ggz", False),
        ("GGZDeltaland", False),
        ("GGZ Deltaland", True),
        ("", False),
    ],
)
def test_a_name_in_any_case_and_a_code_as_written(text: str, *, is_named: bool):
    assert names_organisation([text], "GGZ Delta", "GGZ") is is_named


def test_what_is_short_or_empty_names_nobody():
    assert not names_organisation(["Om de OM te bellen"], "", "OM")
    assert not names_organisation(["a+b"], "a.b", "")
