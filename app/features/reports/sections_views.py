"""What a report says in words, charts and tables: the one form its page and every file take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.domain import charts
from app.domain.charts import Amount, Chart, Plan, Table
from app.domain.report import WHOLE, Group, Line, Part, Span, Told, Unit, Worked
from app.web import report_words
from app.web.i18n import language

ALL_PERCENT = 100.0
MOST_DRAWN = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its table; ``more`` holds what is too much to draw."""

    chart: Chart
    more: Table | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One measure; without anything drawn nothing of it was counted."""

    id: str
    title: str
    about: str
    drawn: tuple[Drawn, ...]


def sections_of(parts: Sequence[Part]) -> tuple[Section, ...]:
    """The parts of a report, each with what there is to draw of it."""
    return tuple(
        Section(
            one.measure.value,
            str(report_words.TITLE[one.measure]),
            str(report_words.ABOUT[one.measure]),
            tuple(_drawn(one)),
        )
        for one in parts
    )


def text_of(told: Told, unit: Unit) -> str:
    """A number as it is read; days and minutes stand in the words of the line."""
    return f"{told.text}%" if unit is Unit.PERCENT and told.number is not None else told.text


def column_words(columns: Sequence[Span]) -> tuple[str, ...]:
    """Over each column its period; within a year the quarters need not say which."""
    whole = columns[-1]
    if len(columns) == 1:
        return (report_words.period(whole),)
    name = report_words.quarter_of_year if whole.is_year else report_words.quarter
    last = report_words.period(whole) if whole.is_year else str(_("Samen"))
    return (*(name(one.first_on) for one in columns[:-1]), last)


def _drawn(part: Part) -> Iterator[Drawn]:
    groups = [one for one in part.groups if one.lines]
    codes = {tuple(line.code for line in one.lines) for one in groups}
    if len(groups) > 1 and len(codes) == 1:
        yield _compared(part, groups)
        return
    for number, group in enumerate(groups, start=1):
        yield Drawn(_of_group(part, group, f"{part.measure.value}-{number}"))


def _of_group(part: Part, group: Group, name: str) -> Chart:
    """One group: over its quarters where one kind of line tells of it best, else line by line."""
    title = group.name.of(language()) if group.name else str(report_words.TITLE[part.measure])
    table = _table(part, [(_words(part, line), line) for line in group.lines])
    plan = Plan(name, title, table.headings)
    over = column_words(part.columns)
    lines = telling(group.lines)
    if len(part.columns) == 1 or (len(lines) > 1 and lines[0].unit is Unit.COUNT):
        made = charts.bars(plan, [_amount(line, -1, _words(part, line)) for line in lines])
    elif len(lines) == 1:
        full = ALL_PERCENT if lines[0].unit is Unit.PERCENT else None
        signs = [report_words.quarter_sign(one.first_on) for one in part.columns[:-1]]
        made = charts.columns(
            replace(plan, full=full, title=f"{title}: {_words(part, lines[0])}"),
            [_amount(lines[0], at, sign) for at, sign in enumerate(signs)],
        )
    else:
        names = [_words(part, line) for line in lines]
        rows = [(words, [_amount(line, at) for line in lines]) for at, words in enumerate(over)]
        made = charts.grouped(plan, names, rows)
    return replace(made, table=table)


def _compared(part: Part, groups: Sequence[Group]) -> Drawn:
    """Groups with the same lines, by name: their whole period drawn, its quarters in a table."""
    title = str(report_words.TITLE[part.measure])
    names = [one.name.of(language()) if one.name else "" for one in groups]
    lines = [_words(part, line) for line in groups[0].lines]
    table = Table(
        (_heading(part), *lines),
        tuple(
            (name, *(text_of(line.cells[-1], line.unit) for line in one.lines))
            for name, one in zip(names, groups, strict=True)
        ),
    )
    plan = Plan(f"{part.measure.value}-all", title, table.headings)
    told = [_few(one.lines) for one in groups]
    series = [_words(part, line) for line in told[0]]
    if len(series) == 1:
        full = ALL_PERCENT if told[0][0].unit is Unit.PERCENT else None
        rows = [_amount(one[0], -1, name) for name, one in zip(names, told, strict=True)]
        made = charts.bars(replace(plan, full=full, title=f"{title}: {series[0]}"), rows)
    else:
        made = charts.grouped(
            plan,
            series,
            [
                (name, [_amount(line, -1) for line in one])
                for name, one in zip(names, told, strict=True)
            ],
        )
    more = [
        (f"{name}: {_words(part, line).lower()}", line)
        for name, one in zip(names, groups, strict=True)
        for line in one.lines
    ]
    return Drawn(replace(made, table=table), _table(part, more) if len(part.columns) > 1 else None)


def telling(lines: Sequence[Line]) -> list[Line]:
    """The lines worth drawing: a share, else what was worked out, else the parts of the whole."""
    for worked in ({Worked.SHARE}, {Worked.MEDIAN, Worked.P90, Worked.MEAN}):
        found = [line for line in lines if line.code in worked]
        if found:
            return found
    return [line for line in lines if line.code != WHOLE] or list(lines)


def _few(lines: Sequence[Line]) -> list[Line]:
    """What is drawn of each of many groups: of many parts the whole and the first one."""
    found = telling(lines)
    whole = [line for line in lines if line.code == WHOLE]
    return found if len(found) <= MOST_DRAWN else [*whole, found[0]]


def _table(part: Part, rows: Sequence[tuple[str, Line]]) -> Table:
    return Table(
        (_heading(part), *column_words(part.columns)),
        tuple((words, *(text_of(one, line.unit) for one in line.cells)) for words, line in rows),
    )


def _heading(part: Part) -> str:
    by_name = len(part.groups) > 1 and report_words.is_by_organisation(part.measure)
    return str(_("Organisatie")) if by_name else str(_("Wat"))


def _words(part: Part, line: Line) -> str:
    return report_words.line_words(part.measure, line)


def _amount(line: Line, at: int, label: str = "") -> Amount:
    told = line.cells[at]
    return Amount(label, text_of(told, line.unit), told.number)
