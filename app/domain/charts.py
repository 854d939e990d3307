"""Where the bars and words of a chart stand; every chart carries the table of its own numbers.

Across lengths are shares of the width and down they are ``em``: a chart is as readable on a narrow
screen as on a wide one, and grows with its letters. A number that may not be told has no length:
it is an empty outline beside the words that are told instead. Never asks for a number itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Final

LINE: Final = 1.35
BAR: Final = 1.3
GAP: Final = 0.8
COLUMN: Final = 9.0
SWATCH: Final = 1.1
# How wide the empty outline of an untold number is, in percent.
UNTOLD: Final = 5.0
# Signs on a line, where the page is narrowest: 254 of 320 pixels, in letters of 14.
SIGNS: Final = 34
NARROWEST: Final = 254.0
SIGN_WIDTH: Final = 7.8
PATTERNS: Final = 6
_ID: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with its words; ``number`` is None where only ``told`` may be known of it."""

    label: str
    told: str
    number: float | None


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar; ``pattern`` says how it is filled, None leaves only the outline."""

    x: str
    y: str
    width: str
    height: str
    pattern: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; ``shift`` moves them off it, ``anchor`` is SVG's own word."""

    x: str
    y: str
    words: str
    shift: str = "0"
    anchor: str = "start"
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of the chart; the first of a row is what the row is about."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its words for who does not see it, and its table."""

    id: str
    title: str
    desc: str
    height: str
    rects: tuple[Rect, ...]
    texts: tuple[Text, ...]
    table: Table
    # The line columns stand on, as how far down it is.
    ground: str = ""

    @property
    def patterns(self) -> tuple[int, ...]:
        """Which fills it needs."""
        return tuple(sorted({one.pattern for one in self.rects if one.pattern is not None}))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a chart is called; ``headings`` are those of its table, ``full`` what the longest is.

    Without ``full`` the largest number is as long as there is room for.
    """

    id: str
    title: str
    headings: tuple[str, ...]
    full: float | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(self.id)


def bars(plan: Plan, amounts: Sequence[Amount]) -> Chart:
    """A bar under each label, its number behind it."""
    rows = [(one.label, [one]) for one in amounts]
    drawing = _Drawing.of(plan, amounts)
    for label, row in rows:
        drawing.group(label, row)
    return drawing.chart(_joined(amounts), ((one.label, one.told) for one in amounts))


def grouped(
    plan: Plan, names: Sequence[str], groups: Sequence[tuple[str, Sequence[Amount]]]
) -> Chart:
    """Under each label a bar for every name, so that they can be compared; a legend before it.

    The labels of the amounts are not looked at: ``names`` say what each is.
    """
    amounts = [replace(one, label=name) for _, row in groups for name, one in _named(names, row)]
    drawing = _Drawing.of(plan, amounts)
    for pattern, name in enumerate(names):
        drawing.swatch(pattern, name, "")
    drawing.skip(GAP)
    for label, row in groups:
        drawing.group(label, row)
    told = "; ".join(
        f"{label}: {', '.join(f'{name} {one.told}' for name, one in _named(names, row))}"
        for label, row in groups
    )
    return drawing.chart(told, ((label, *(one.told for one in row)) for label, row in groups))


def columns(plan: Plan, amounts: Sequence[Amount]) -> Chart:
    """A column for each stretch of time; of a label with a line break the rest stands below it."""
    drawing = _Drawing.of(plan, amounts)
    drawing.columns(amounts)
    flat = [replace(one, label=one.label.replace("\n", " ")) for one in amounts]
    made = drawing.chart(_joined(flat), ((one.label, one.told) for one in flat))
    return replace(made, ground=_em(LINE + COLUMN))


class _Drawing:
    """Puts bars and words under each other and remembers how far down it is."""

    def __init__(self, plan: Plan, most: float, room: float) -> None:
        self.plan = plan
        self.most = most
        self.room = room
        self.y = 0.0
        self.rects: list[Rect] = []
        self.texts: list[Text] = []

    @classmethod
    def of(cls, plan: Plan, amounts: Sequence[Amount]) -> _Drawing:
        """A drawing on which the largest number leaves room for the words behind it."""
        most = plan.full or max((one.number or 0 for one in amounts), default=0)
        signs = max((len(one.told) for one in amounts), default=0)
        room = 100 - min(60.0, (signs + 1) * SIGN_WIDTH / NARROWEST * 100)
        return cls(plan, float(most), room)

    def skip(self, length: float) -> None:
        """Leave that much open."""
        self.y += length

    def words(self, words: str, shift: float = 0, x: str = "0") -> None:
        """Words of any length, over as many lines as they need."""
        for line in wrap(words, SIGNS) or [""]:
            self.texts.append(Text(x, _em(self.y + 1), line, _em(shift) if shift else "0"))
            self.y += LINE

    def group(self, label: str, row: Sequence[Amount]) -> None:
        """A label with the bars under it."""
        self.words(label)
        self.skip(0.1)
        for pattern, one in enumerate(row):
            width = UNTOLD if one.number is None else self.length(one.number, self.room)
            fill = None if one.number is None else pattern
            self.rects.append(Rect("0", _em(self.y), _percent(width), _em(BAR), fill))
            self.texts.append(self.number(one.told, _percent(width)))
            self.y += BAR + 0.2
        self.y += GAP

    def number(self, told: str, x: str) -> Text:
        """What is told, behind its bar."""
        return Text(x, _em(self.y + BAR / 2 + 0.36), told, "0.5em", is_number=True)

    def swatch(self, pattern: int | None, label: str, told: str) -> None:
        """What a fill stands for, and how much it is."""
        self.rects.append(Rect("0", _em(self.y + 0.1), _em(1.6), _em(SWATCH), pattern))
        self.words(f"{label}: {told}" if told else label, 2.2)
        self.y += 0.3

    def columns(self, amounts: Sequence[Amount]) -> None:
        """Columns on one line, each under what it tells and over what it is."""
        step = 100 / max(len(amounts), 1)
        deepest = 1
        for place, one in enumerate(amounts):
            untold = one.number is None
            height = BAR if one.number is None else self.length(one.number, COLUMN)
            top = LINE + COLUMN - height
            left, middle = place * step + step * 0.15, _percent((place + 0.5) * step)
            self.rects.append(
                Rect(
                    _percent(left),
                    _em(top),
                    _percent(step * 0.7),
                    _em(height),
                    None if untold else 0,
                )
            )
            self.texts.append(
                Text(middle, _em(top - 0.35), one.told, "0", "middle", is_number=True)
            )
            lines = one.label.split("\n")
            deepest = max(deepest, len(lines))
            for number, line in enumerate(lines, start=1):
                down = LINE + COLUMN + number * LINE
                self.texts.append(Text(middle, _em(down), line, "0", "middle"))
        self.y = LINE + COLUMN + deepest * LINE + GAP

    def length(self, number: float, room: float) -> float:
        """How long a number is."""
        return min(1.0, max(0.0, number) / self.most) * room if self.most else 0.0

    def chart(self, desc: str, rows: Iterator[tuple[str, ...]]) -> Chart:
        """What was drawn."""
        table = Table(self.plan.headings, tuple(rows))
        drawn = tuple(self.rects), tuple(self.texts)
        return Chart(self.plan.id, self.plan.title, desc, _em(self.y), *drawn, table)


def _named(names: Sequence[str], row: Sequence[Amount]) -> Iterator[tuple[str, Amount]]:
    return zip(names, row, strict=True)


def _joined(amounts: Sequence[Amount]) -> str:
    return "; ".join(f"{one.label}: {one.told}" for one in amounts)


def _em(length: float) -> str:
    return f"{round(length, 2):g}em"


def _percent(share: float) -> str:
    return f"{round(share, 2):g}%"
