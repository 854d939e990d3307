"""The safe text is proposed by leaving out what names somebody of the case."""

import pytest

from app.domain.leaks import findings, words_of
from app.domain.safe_text import MOST_SAFE, propose

WORDS = words_of(
    identities=[
        "Naam: Jo van Voorbeeld\nGeboren 3-2-1990\nKerkweg 12, 1234 AB Deltastad\n0612345678"
    ],
    texts=["Moeder Sanne"],
    codes=["MDA-7K3QX"],
    known=["Politie Deltaland"],
)


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("Plan delen", "Plan delen"),
        ("Bel Jo vandaag", "Bel … vandaag"),
        ("Afspraak met Jo van Voorbeeld, daarna bellen", "Afspraak met … van …, daarna bellen"),
        ("Rapport van Voorbeelds school", "Rapport van … school"),
        ("Bel 06 12 34 56 78 morgen", "Bel … morgen"),
        ("Geboren 3 februari 1990.", "Geboren …."),
        ("Ga langs Kerkweg 12", "Ga langs …"),
        ("Dossier MDA-7K3QX bijwerken", "Dossier … bijwerken"),
        ("Rooster van Politie Deltaland", "Rooster van Politie Deltaland"),
        ("Jo Voorbeeld", ""),
        ("Jo.", ""),
        ("", ""),
    ],
)
def test_names_and_numbers_are_left_out(typed, safe):
    proposed = propose(typed, WORDS)
    assert proposed == safe
    assert not findings(proposed, WORDS)


def test_a_long_text_ends_at_a_word():
    proposed = propose("Bel Jo " + "en overleg daarna " * 20, WORDS)
    assert len(proposed) <= MOST_SAFE
    assert proposed.startswith("Bel … en overleg")
    assert proposed.endswith("…")
    assert len(propose("x" * 400, WORDS)) <= MOST_SAFE
