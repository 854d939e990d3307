"""Five questions to chain partners about working together, and what may be told of the answers.

Below five answers nothing is told, not even how many there were; nor how many, where fewer than
five of those asked did not answer: of few who were asked, then nothing at all. A mean near the end
of the scale is told as that: all of the few who answered might have said the same. Whose answer is
whose is known nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.domain.kind_document import Words

QUESTIONS: Final = (
    Words(
        "Wij spreken elkaar vroeg genoeg over een casus.",
        "We talk to each other about a case early enough.",
    ),
    Words(
        "De organisaties die nodig zijn, zitten tegelijk aan tafel.",
        "The organisations that are needed are at the table at the same time.",
    ),
    Words(
        "Na een overleg weet ik wat er is afgesproken en wie wat doet.",
        "After a meeting I know what was agreed and who does what.",
    ),
    Words("Wat wordt afgesproken, gebeurt ook.", "What is agreed does get done."),
    Words(
        "Ik krijg de informatie die ik nodig heb, en niet meer dan dat.",
        "I get the information I need, and no more than that.",
    ),
)
SCORES: Final = range(1, 6)
LEAST_ANSWERS: Final = 5
# Of fewer, the number would follow from that of those asked.
LEAST_ASKED: Final = 2 * LEAST_ANSWERS - 1
# Means beyond these are told as no more than "at most" or "at least" that.
LOWEST_TOLD: Final = Decimal("1.5")
HIGHEST_TOLD: Final = Decimal("4.5")
_TENTH: Final = Decimal("0.1")
# Of so few a tenth would tell whoever knows one answer what the others were.
_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Results:
    """How many answered, and the mean score of each question, from 1.5 to 4.5.

    No means: nothing can be told. No number: almost everybody answered.
    """

    answers: int | None
    means: tuple[Decimal, ...] = ()


def results_of(tally: Mapping[tuple[int, int], int], *, asked: int) -> Results:
    """What is told of how often each question (from 1) got each score; so many were asked."""
    per_question = [
        {score: tally.get((number, score), 0) for score in SCORES}
        for number in range(1, len(QUESTIONS) + 1)
    ]
    answers = min(sum(scores.values()) for scores in per_question)
    if answers < LEAST_ANSWERS:
        return Results(None)
    few_are_silent = 0 < asked - answers < LEAST_ANSWERS
    if few_are_silent and asked < LEAST_ASKED:
        return Results(None)
    told = None if few_are_silent else answers
    return Results(told, tuple(_mean(scores) for scores in per_question))


def _mean(scores: Mapping[int, int]) -> Decimal:
    """In tenths; of few answers in halves."""
    total, answers = sum(score * number for score, number in scores.items()), sum(scores.values())
    mean = Decimal(total) / answers
    if answers < _FEW:
        told = (mean * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2
    else:
        told = mean.quantize(_TENTH, ROUND_HALF_UP)
    return min(max(told, LOWEST_TOLD), HIGHEST_TOLD)
