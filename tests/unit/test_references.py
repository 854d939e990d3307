import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.references import (
    ALPHABET,
    CODE_LENGTH,
    is_reference,
    new_reference,
    normalise_reference,
)


def test_a_reference_is_its_prefix_and_five_characters_chosen_at_random():
    picks = iter([0, 1, 2, 3, 19])
    assert new_reference("MDA", lambda _: next(picks)) == "MDA-3467Y"


def test_no_character_of_a_code_looks_like_another_or_makes_words():
    assert set(ALPHABET).isdisjoint("0O1IL2Z5S8BUVGAE")
    assert len(set(ALPHABET)) == len(ALPHABET) == 20


def test_every_new_reference_is_one_and_stays_the_same_when_normalised():
    for _ in range(200):
        reference = new_reference("ZVH")
        assert is_reference(reference)
        assert normalise_reference(reference) == reference


@pytest.mark.parametrize("prefix", ["", "m", "mda", "MDA-", "1AB", "M", "ABCDEFGHI", "MDÄ"])
def test_a_prefix_that_is_no_prefix_is_refused(prefix):
    with pytest.raises(ValueError, match="prefix"):
        new_reference(prefix)


@pytest.mark.parametrize(
    "typed",
    [
        "mda-7k3qx",
        " MDA 7K3QX ",
        "mda7k3qx",
        "MDA\u20137K3QX",
        "MDA\u22127K3QX",
        "mda--7k3qx.",
        "\uff2d\uff24\uff21-7K3QX",
        "MDA_7K3QX",
    ],
)
def test_the_ways_people_type_a_reference_give_the_written_form(typed):
    assert normalise_reference(typed) == "MDA-7K3QX"


@pytest.mark.parametrize(
    "text", ["", "MDA-7K3Q", "MDA-7K3QXX", "MDA-7K3Q0", "mda-7k3qx", "MDA-0126", "MDA-7K3QX\n"]
)
def test_what_only_resembles_a_reference_is_none(text):
    assert not is_reference(text)


@given(st.text(max_size=200))
def test_normalising_never_fails_and_is_stable_for_references(text):
    normal = normalise_reference(text)
    if is_reference(normal):
        assert normalise_reference(normal) == normal


@given(st.from_regex(rf"[A-Z][A-Z0-9]{{1,7}}-[{ALPHABET}]{{{CODE_LENGTH}}}", fullmatch=True))
def test_leaving_out_the_dash_changes_nothing(reference):
    assert normalise_reference(reference.replace("-", "").lower()) == reference
