"""A report as a file: what stands on its page and nothing more, in no cell a formula."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.domain.charts import Table
from app.domain.report import Part, Report, Told, Unit
from app.features.reports import periods
from app.features.reports.forms import ReportFile
from app.features.reports.page_views import (
    ReportPage,
    organisation_words,
    page_of,
    table_words,
)
from app.features.reports.sections_views import Section
from app.infra import clock, pdf
from app.infra.pdf import Block, Document, Drawn, Heading, Rows, Words, fits_a_sheet
from app.infra.sheets import CellValue, write_csv, write_xlsx
from app.web import formats, report_words
from app.web.i18n import language

MIMETYPES = {
    ReportFile.PDF: "application/pdf",
    ReportFile.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFile.CSV: "text/csv",
}
_LABEL_WIDTH = 4


def made(report: Report, as_file: ReportFile) -> bytes:
    """The report as one of the files, in the reader's language."""
    if as_file is ReportFile.PDF:
        return pdf.render(_document(page_of(report)))
    if as_file is ReportFile.CSV:
        return write_csv(headings(), lines_of(report))
    return write_xlsx(headings(), lines_of(report), _sheet_name(report))


def _sheet_name(report: Report) -> str:
    """The period, and the table where it is about one."""
    period = periods.written(report.scope.span).replace(periods.BETWEEN, "-")
    return f"{period} {table_words(report)}"


def headings() -> tuple[str, ...]:
    """Over the columns of a spreadsheet."""
    return (
        str(_("Periode")),
        str(_("Overleg")),
        str(_("Organisatie")),
        str(_("Cijfer")),
        str(_("Wat")),
        str(_("Eenheid")),
        str(_("Getal")),
    )


def lines_of(report: Report) -> Iterator[tuple[CellValue, ...]]:
    """One line for each number of the page; one that is not told is a sign, not a number."""
    where = table_words(report)
    for part in report.parts:
        title = str(report_words.TITLE[part.measure])
        for who, words, unit, at, told in _cells(part):
            period = report_words.period(part.columns[at])
            number: CellValue = told.text if told.number is None or told.sign else told.number
            organisation = who or organisation_words(report)
            yield period, where, organisation, title, words, str(report_words.UNIT[unit]), number


def _cells(part: Part) -> Iterator[tuple[str, str, Unit, int, Told]]:
    by_organisation = report_words.is_by_organisation(part.measure)
    for group in part.groups:
        name = group.name.of(language()) if group.name else ""
        for line in group.lines:
            words = report_words.line_words(part.measure, line)
            if name and not by_organisation:
                words = f"{name}: {words}"
            for at, told in enumerate(line.cells):
                yield (name if by_organisation else ""), words, line.unit, at, told


def _document(page: ReportPage) -> Document:
    day = formats.date_short(clock.today(), language())
    return Document(
        str(_("Cijfers: %(scope)s", scope=page.scope)),
        language(),
        str(_("Casustafel, gemaakt op %(day)s", day=day)),
        list(_blocks(page)),
    )


def _blocks(page: ReportPage) -> Iterator[Block]:
    if page.headline:
        yield Words(page.headline)
    yield Words(page.notice)
    yield Words(report_words.untold())
    for section in page.sections:
        yield Heading(section.title)
        yield Words(section.about)
        yield from _drawn(section)


def _drawn(section: Section) -> Iterator[Block]:
    if not section.drawn:
        yield Words(report_words.nothing())
    for one in section.drawn:
        if len(section.drawn) > 1:
            yield Heading(one.chart.title, 3)
        if fits_a_sheet(one.chart):
            yield Drawn(one.chart)
        yield _rows(one.chart.table)
        if one.more is not None:
            yield Heading(str(_("Per kwartaal")), 3)
            yield _rows(one.more)


def _rows(table: Table) -> Rows:
    return Rows(table.headings, table.rows, (_LABEL_WIDTH, *(1 for _one in table.headings[1:])))
