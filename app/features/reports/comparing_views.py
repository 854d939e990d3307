"""Two measurements beside each other in words, charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain import charts
from app.domain.charts import Amount, Plan, Table
from app.domain.kinds import Measure, MeasurementKind
from app.domain.report import Choice, Group, Line, Part, Report, Told, Unit, Worked
from app.domain.survey import QUESTIONS, SCORES
from app.features.reports.comparing import Comparison
from app.features.reports.sections_views import ALL_PERCENT, Drawn, Section, telling, text_of
from app.web import report_words, survey_words
from app.web.i18n import language
from app.web.survey_words import MEASUREMENT

UNTOLD = Told(None)
BOTH = tuple(MeasurementKind)


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """Both measurements of a table; ``periods`` the name of each with its quarters."""

    tables: tuple[Choice, ...]
    table: Choice | None
    periods: tuple[tuple[str, str], ...]
    headline: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """One line with what both measurements tell of it."""

    words: str
    line: Line
    told: tuple[Told, Told]


def compared(found: Comparison) -> ComparedPage:
    """What is compared, in the reader's language."""
    return ComparedPage(
        found.tables,
        found.table,
        tuple(
            (str(MEASUREMENT[kind]), report_words.period(found.reports[kind].scope.span))
            for kind in BOTH
            if kind in found.reports
        ),
        _headline(found),
        (*_measures(found), *_questions(found)),
    )


def _measures(found: Comparison) -> list[Section]:
    if not found.reports:
        return []
    parts = {kind: _by_measure(one) for kind, one in found.reports.items()}
    measures = dict.fromkeys(one for kind in BOTH for one in parts.get(kind, {}))
    return [_section(one, [parts.get(kind, {}).get(one) for kind in BOTH]) for one in measures]


def _by_measure(report: Report) -> dict[Measure, Part]:
    return {one.measure: one for one in report.parts}


def _section(measure: Measure, both: Sequence[Part | None]) -> Section:
    pairs = _pairs(measure, both)
    title, about = str(report_words.TITLE[measure]), str(report_words.ABOUT[measure])
    if not pairs:
        return Section(measure.value, title, about, ())
    names = [str(MEASUREMENT[kind]) for kind in BOTH]
    codes = {one.code for one in telling([pair.line for pair in pairs])}
    drawn = [pair for pair in pairs if pair.line.code in codes]
    full = ALL_PERCENT if all(one.line.unit is Unit.PERCENT for one in drawn) else None
    table = Table(
        (str(_("Wat")), *names, str(_("Verschil"))),
        tuple(
            (one.words, *(text_of(told, one.line.unit) for told in one.told), _difference(one))
            for one in pairs
        ),
    )
    made = charts.grouped(
        Plan(f"{measure.value}-both", title, table.headings[:-1], full),
        names,
        [(one.words, [_amount(told, one.line.unit) for told in one.told]) for one in drawn],
    )
    return Section(measure.value, title, about, (Drawn(replace(made, table=table)),))


def _difference(pair: _Pair) -> str:
    """The second less the first; only of two numbers that are told as they are."""
    first, second = pair.told
    if first.number is None or second.number is None or first.sign or second.sign:
        return UNTOLD.text
    number = f"{second.number - first.number:+d}" if second.number != first.number else "0"
    if pair.line.unit is Unit.PERCENT:
        return str(_("%(number)s procentpunt", number=number))
    return number


def _headline(found: Comparison) -> str:
    """Whether organisations speak sooner, and more often with everybody there, where told."""
    if len(found.reports) < len(BOTH):
        return ""
    days = _both(found, Measure.LEAD_DAYS, Worked.MEDIAN)
    share = _both(found, Measure.ALL_PRESENT, Worked.SHARE)
    sentences = []
    if days:
        sentences.append(
            ngettext(
                "De helft van de aangemelde casussen is bij de tweede meting binnen %(num)d dag "
                "besproken, bij de nulmeting binnen %(before)d.",
                "De helft van de aangemelde casussen is bij de tweede meting binnen %(num)d dagen "
                "besproken, bij de nulmeting binnen %(before)d.",
                days[1],
                before=days[0],
            )
        )
    if share:
        sentences.append(
            _(
                "Bij %(now)s van de 100 besprekingen waren bij de tweede meting alle uitgenodigde "
                "organisaties aanwezig, bij de nulmeting bij %(before)s.",
                before=share[0],
                now=share[1],
            )
        )
    return " ".join(sentences)


def _both(found: Comparison, measure: Measure, code: str) -> tuple[int, int] | None:
    """What both measurements tell of one line as it is; None where either does not."""
    told = []
    for kind in BOTH:
        part = _by_measure(found.reports[kind]).get(measure)
        groups = part.groups if part and len(part.groups) == 1 else ()
        lines = [line for group in groups for line in group.lines if line.code == code]
        told += [line.cells[-1] for line in lines]
    numbers = [one.number for one in told if one.number is not None and not one.sign]
    return (numbers[0], numbers[1]) if len(numbers) == len(BOTH) else None


def _pairs(measure: Measure, both: Sequence[Part | None]) -> list[_Pair]:
    """Lines of either by group and code, in the order they have there."""
    cells: list[dict[tuple[str, str], tuple[str, Line]]] = [
        {
            (_name(group), line.code): (_label(measure, group, line), line)
            for group in (part.groups if part else ())
            for line in group.lines
        }
        for part in both
    ]
    first, second = cells
    return [
        _Pair(words, line, (_told(first, key, line), _told(second, key, line)))
        for key, (words, line) in ({**second, **first}).items()
    ]


def _told(cells: dict[tuple[str, str], tuple[str, Line]], key: tuple[str, str], like: Line) -> Told:
    """What is told of a line; of one the other measurement alone has there was none."""
    if key in cells:
        return cells[key][1].cells[-1]
    return Told(0) if cells and like.unit is Unit.COUNT else UNTOLD


def _name(group: Group) -> str:
    return group.name.of(language()) if group.name else ""


def _label(measure: Measure, group: Group, line: Line) -> str:
    words = report_words.line_words(measure, line)
    return f"{_name(group)}: {words[:1].lower()}{words[1:]}" if group.name else words


def _amount(told: Told, unit: Unit) -> Amount:
    return Amount("", text_of(told, unit), told.number)


def _questions(found: Comparison) -> list[Section]:
    """The five means beside each other; below five answers nothing of them is told."""
    if not found.asked:
        return []
    names = [str(MEASUREMENT[kind]) for kind in BOTH]
    rows = [(one.of(language()), _means(found, at)) for at, one in enumerate(QUESTIONS)]
    plan = Plan(
        "questions-both",
        str(_("Vijf vragen aan de ketenpartners")),
        (str(_("Vraag")), *names),
        float(SCORES[-1]),
    )
    about = _("Gemiddelde, van 1 (helemaal niet mee eens) tot 5 (helemaal mee eens).")
    more = _("Bij minder dan vijf antwoorden, of zolang antwoorden nog kan, staat er een streepje.")
    made = charts.grouped(plan, names, rows)
    return [Section("questions", plan.title, f"{about} {more}", (Drawn(made),))]


def _means(found: Comparison, at: int) -> list[Amount]:
    return [_mean(found, kind, at) for kind in BOTH]


def _mean(found: Comparison, kind: MeasurementKind, at: int) -> Amount:
    asked = found.asked.get(kind)
    results = asked.results if asked else None
    if results is None or not results.means:
        return Amount("", UNTOLD.text, None)
    mean = results.means[at]
    return Amount("", survey_words.mean(mean), float(mean))
