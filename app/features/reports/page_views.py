"""The words over a report: what it is about, its numbers in a sentence, what is not told yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.kinds import Measure
from app.domain.report import WHOLE, Report, Worked
from app.features.reports.sections_views import Section, sections_of
from app.web import formats, report_words
from app.web.i18n import language


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What stands on the page and in every file of it."""

    scope: str
    headline: str
    notice: str
    sections: tuple[Section, ...]


def page_of(report: Report) -> ReportPage:
    """A report in the reader's language."""
    return ReportPage(
        scope_words(report), _headline(report), notice_of(report), sections_of(report.parts)
    )


def scope_words(report: Report) -> str:
    """The period, the table and the organisation it is about."""
    return ", ".join(
        (report_words.period(report.scope.span), table_words(report), organisation_words(report))
    )


def table_words(report: Report) -> str:
    """The table it is about, or all of them."""
    names = {one.id: one.name for one in report.tables}
    chosen = report.scope.table_id
    return names.get(chosen, "") if chosen else str(_("alle overleggen"))


def organisation_words(report: Report) -> str:
    """The organisation it is about, or all of them."""
    names = {one.id: one.name for one in report.organisations}
    chosen = report.scope.organisation_id
    return names.get(chosen, "") if chosen else str(_("alle organisaties"))


def notice_of(report: Report) -> str:
    """Until when is counted, and from when more is."""
    day = formats.date_short(report.next_on, language())
    if not report.parts:
        return str(
            _(
                "Er is nog geen kwartaal geteld. De eerste cijfers staan hier vanaf %(day)s.",
                day=day,
            )
        )
    return str(
        _(
            "Alleen kwartalen die voorbij en geteld zijn staan hier; zij veranderen niet meer. "
            "Het volgende kwartaal staat hier vanaf %(day)s.",
            day=day,
        )
    )


def _headline(report: Report) -> str:
    return " ".join(_sentences(report))


def _sentences(report: Report) -> Iterator[str]:
    """What the figures come to, as far as it may be told."""
    cells = {
        (part.measure, line.code): line.cells[-1]
        for part in report.parts
        if len(part.groups) == 1
        for line in part.groups[0].lines
    }
    found = {key: told.number for key, told in cells.items() if not told.sign}
    meetings = found.get((Measure.MEETINGS, WHOLE))
    if meetings:
        yield ngettext("Er was %(num)d overleg.", "Er waren %(num)d overleggen.", meetings)
    days = found.get((Measure.LEAD_DAYS, Worked.MEDIAN))
    if days is not None:
        yield ngettext(
            "De helft van de aangemelde casussen is binnen %(num)d dag besproken.",
            "De helft van de aangemelde casussen is binnen %(num)d dagen besproken.",
            days,
        )
    share = found.get((Measure.ALL_PRESENT, Worked.SHARE))
    if share is not None:
        yield str(
            _(
                "Bij %(share)s van de 100 besprekingen waren alle uitgenodigde organisaties "
                "aanwezig.",
                share=share,
            )
        )
