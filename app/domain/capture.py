"""Reads a line typed while people talk: what it is, whose it is, by when; it must never guess.

``/b`` agreement, ``/a`` action, ``/n`` note, ``/m`` explained aloud; ``@`` names who is at the
item, ``>`` a date. What is no such sign stays text; a backslash in front keeps a sign as text.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.capture_dates import DateQuestion, read_date
from app.domain.leak_spellings import fold

USUAL_TERM: Final = timedelta(weeks=1)
_MARK: Final = re.compile(r"\s*/(\w)(?:\s+|$)")
_AFTER: Final = ",.;:!?)"
_PIECE: Final = re.compile(r"\S+")


class LineKind(StrEnum):
    """What a line becomes; the value is the sign in front of it."""

    DECISION = "b"
    ACTION = "a"
    NOTE = "n"
    ORAL_MARK = "m"


class Question(StrEnum):
    """What has to be asked before the line can be saved."""

    TEXT_MISSING = "text-missing"
    KIND_UNKNOWN = "kind-unknown"
    OWNER_MISSING = "owner-missing"
    OWNER_AMBIGUOUS = "owner-ambiguous"
    OWNER_UNKNOWN = "owner-unknown"
    ONE_OWNER = "one-owner"
    DATE_PAST = "date-past"
    DATE_IMPOSSIBLE = "date-impossible"
    NO_NEXT_MEETING = "no-next-meeting"
    ONE_DATE = "one-date"
    ORAL_WITH_TEXT = "oral-with-text"


OF_DATE: Final = {
    DateQuestion.PAST: Question.DATE_PAST,
    DateQuestion.IMPOSSIBLE: Question.DATE_IMPOSSIBLE,
    DateQuestion.NO_NEXT_MEETING: Question.NO_NEXT_MEETING,
}
ABOUT_OWNER: Final = frozenset(
    {
        Question.OWNER_MISSING,
        Question.OWNER_AMBIGUOUS,
        Question.OWNER_UNKNOWN,
        Question.ONE_OWNER,
    }
)
ABOUT_DATE: Final = frozenset({*OF_DATE.values(), Question.ONE_DATE})
WITH_ONE_OWNER: Final = frozenset({LineKind.ACTION, LineKind.ORAL_MARK})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A seat at the item, with the organisation and whoever sits there."""

    seat_id: uuid.UUID
    code: str
    organisation: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A line as it was read; nothing may be saved while it has questions.

    ``candidates`` are the seats one of the questions is about. ``due_on`` is of an action only,
    ``due_at`` where it is due at an hour of that day.
    """

    kind: LineKind
    text: str
    owners: tuple[Candidate, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    due_on: date | None = None
    due_at: datetime | None = None
    due_is_usual: bool = False
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a line is read against; without ``now`` no line is due in hours."""

    today: date
    now: datetime | None = None
    seats: tuple[Candidate, ...]
    next_meeting: date | None = None
    usual_kind: LineKind = LineKind.ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered to the questions of a line; they go before what it says."""

    seat_id: uuid.UUID | None = None
    due_on: date | None = None


NO_ANSWERS: Final = Answers()


def read_line(line: str, around: Around, answers: Answers = NO_ANSWERS) -> Captured:
    """Read a line as typed, with what was answered about it before."""
    kind, rest, asked = _kind_of(line, around.usual_kind)
    words = _Words(rest, kind, around)
    text = words.text
    owners, candidates, about_owner = _owners(words.named, kind, around.seats)
    if answers.seat_id is not None:
        owners, candidates, about_owner = _answered(answers.seat_id, around.seats)
    due_on, is_usual, about_date = _due(words.dates, kind, around.today, answers.due_on)
    if kind is LineKind.ORAL_MARK:
        asked += [Question.ORAL_WITH_TEXT] if text else []
    elif not text:
        asked.append(Question.TEXT_MISSING)
    return Captured(
        kind=kind,
        text="" if kind is LineKind.ORAL_MARK else text,
        owners=owners,
        candidates=candidates,
        due_on=due_on,
        due_at=words.due_at if due_on and answers.due_on is None else None,
        due_is_usual=is_usual,
        questions=tuple(dict.fromkeys([*asked, *about_owner, *about_date])),
    )


def _kind_of(line: str, usual: LineKind) -> tuple[LineKind, str, list[Question]]:
    mark = _MARK.match(line)
    if mark is None:
        return usual, line, []
    letter = mark[1].casefold()
    if letter not in set(LineKind):
        return usual, line, [Question.KIND_UNKNOWN]
    return LineKind(letter), line[mark.end() :], []


class _Words:
    """The words of a line set apart: who was named, which dates, and the text that is left."""

    def __init__(self, rest: str, kind: LineKind, around: Around) -> None:
        self.named: list[str] = []
        self.dates: list[date | Question] = []
        self.due_at: datetime | None = None
        kept = [word for word in _PIECE.findall(rest) if not self._takes(word, kind, around)]
        self.text = " ".join(_plain(word) for word in kept)

    def _takes(self, word: str, kind: LineKind, around: Around) -> bool:
        sign, said = word[0], word[1:].rstrip(_AFTER)
        if sign == "@" and said[:1].isalnum():
            self.named.append(said)
            return True
        if sign != ">" or kind is not LineKind.ACTION:
            return False
        found = read_date(
            said, today=around.today, next_meeting=around.next_meeting, now=around.now
        )
        if found is None:
            return False
        self.due_at = self.due_at or found.at
        self.dates.append(OF_DATE[found.question] if found.question else found.day or around.today)
        return True


def _plain(word: str) -> str:
    """A sign behind a backslash is text, and so is a backslash before anything else."""
    return word[1:] if word[:1] == "\\" and word[1:2] in {"@", ">", "/"} else word


def _owners(
    named: Sequence[str], kind: LineKind, seats: tuple[Candidate, ...]
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], list[Question]]:
    """Whom the names mean; where it is not one seat each, all that could be meant."""
    owners: dict[uuid.UUID, Candidate] = {}
    for name in named:
        found = meant_by(name, seats)
        if len(found) != 1:
            asked = Question.OWNER_AMBIGUOUS if found else Question.OWNER_UNKNOWN
            return (), found or seats, [asked]
        owners[found[0].seat_id] = found[0]
    if kind in WITH_ONE_OWNER and len(owners) != 1:
        asked = Question.ONE_OWNER if owners else Question.OWNER_MISSING
        return (), tuple(owners.values()) or seats, [asked]
    return tuple(owners.values()), (), []


def _answered(
    seat_id: uuid.UUID, seats: tuple[Candidate, ...]
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], list[Question]]:
    """The seat that was chosen, if it still is at the item."""
    found = tuple(one for one in seats if one.seat_id == seat_id)
    return (found, (), []) if found else ((), seats, [Question.OWNER_UNKNOWN])


def _due(
    dates: Sequence[date | Question], kind: LineKind, today: date, answered: date | None
) -> tuple[date | None, bool, list[Question]]:
    if kind is not LineKind.ACTION:
        return None, False, []
    if answered is not None:
        return (answered, False, []) if answered >= today else (None, False, [Question.DATE_PAST])
    if len(dates) > 1:
        return None, False, [Question.ONE_DATE]
    for one in dates:
        return (None, False, [one]) if isinstance(one, Question) else (one, False, [])
    return today + USUAL_TERM, True, []


def meant_by(name: str, seats: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The seats a name behind @ may mean: called exactly so, else beginning so."""
    said = _folded(name)
    if not said:
        return ()
    keys = keys_of(seats)
    exact = tuple(one for one in seats if said in keys[one.seat_id])
    begins = (one for one in seats if any(key.startswith(said) for key in keys[one.seat_id]))
    return exact or tuple(begins)


def keys_of(seats: Sequence[Candidate]) -> dict[uuid.UUID, tuple[str, ...]]:
    """Per seat what it may be called: code, organisation, person, and the words of the names.

    Of several seats of one organisation each has its number too: ``pol2``.
    """
    seen: Counter[str] = Counter()
    keys = {}
    for one in seats:
        seen[one.code] += 1
        called = [one.code, f"{one.code}{one.person}", *_parts(one.organisation)]
        called += [*_parts(one.person), f"{one.code}{seen[one.code]}"]
        keys[one.seat_id] = tuple(dict.fromkeys(filter(None, map(_folded, called))))
    return keys


def sign_of(seat: Candidate, seats: tuple[Candidate, ...]) -> str:
    """The shortest readable word behind @ that means this seat and no other."""
    number = [one.seat_id for one in seats if one.code == seat.code].index(seat.seat_id) + 1
    person = seat.person.replace(" ", "")
    ways: Iterator[str] = iter((seat.code, person, f"{seat.code}{person}", f"{seat.code}{number}"))
    return next((way for way in ways if meant_by(way, seats) == (seat,)), seat.code)


def _parts(name: str) -> Iterator[str]:
    """A name whole and from each of its words on: "de Vries" may be called Vries."""
    words = name.split()
    for start in range(len(words)):
        yield "".join(words[start:])


def _folded(text: str) -> str:
    return "".join(one for one in fold(text) if one.isalnum())
