"""A table at work in which every confidential field holds a word of its own."""

from tests.canaries.building import build
from tests.canaries.world import (
    CLOSED,
    CLOSES,
    DISCLOSED,
    MOMENTS,
    OPENS,
    PUBLISHED,
    REFERENCES,
    STARTS,
    Canaries,
    name_word,
    word,
    words_in,
)

__all__ = [
    "CLOSED",
    "CLOSES",
    "DISCLOSED",
    "MOMENTS",
    "OPENS",
    "PUBLISHED",
    "REFERENCES",
    "STARTS",
    "Canaries",
    "build",
    "name_word",
    "word",
    "words_in",
]
