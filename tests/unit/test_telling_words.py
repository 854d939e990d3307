"""Titles in a calendar that would tell the family what somebody goes to."""

import pytest

from app.domain.telling_words import betrays


@pytest.mark.parametrize(
    "words",
    ["MDA-tafel", "mda++", "Overleg ZSM", "Huiselijk geweld", "Kindermishandeling", "VT-overleg",
     "Casusoverleg", "Veilig Thuis", "Véilig thuis", "Slachtofferoverleg", "Tafel DEL", "del"],
)  # fmt: skip
def test_what_tells_is_refused(words):
    assert betrays(words, prefix="DEL")


@pytest.mark.parametrize(
    "words", ["", "Overleg", "Werkoverleg dinsdag", "Regio-overleg Deltaland", "Team meeting"]
)
def test_plain_words_may_stand(words):
    assert not betrays(words, prefix="DEL")
