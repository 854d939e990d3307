"""``flask --app wsgi report --period 2026``: what is published, on the command line.

The same numbers as on the page, in Dutch; who runs the installation sees no small one either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from flask_babel import force_locale

from app.domain.charts import Table
from app.domain.report import Report, Span
from app.features.reports import files_views, periods, queries
from app.features.reports.forms import ReportFile
from app.features.reports.page_views import ReportPage, page_of, scope_words
from app.features.reports.queries import UnknownError
from app.web import report_words

TABLE: Final = "table"
EXAMPLE: Final = "flask --app wsgi report --period 2026-Q3 --format xlsx --output cijfers.xlsx"


@click.command("report", epilog=f"Example: {EXAMPLE}")
@click.option("--period", help="A quarter (2026-Q3) or a year (2026); without it the latest.")
@click.option("--table", "table_name", help="One table, by its name; without it the region.")
@click.option("--organisation", "code", help="One organisation, by its code (POL).")
@click.option(
    "--format",
    "as_file",
    type=click.Choice([TABLE, *(one.value for one in reversed(ReportFile))]),
    default=TABLE,
    show_default=True,
    help="How the numbers come.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write; needed for xlsx and pdf.",
)
def report(
    *,
    period: str | None,
    table_name: str | None,
    code: str | None,
    as_file: str,
    output: Path | None,
) -> None:
    """Show what is published of the figures of the region: whole quarters that were counted.

    A dash stands for a number of 1 to 4, or one that would give such a number away.
    """
    if output is None and as_file in (ReportFile.XLSX, ReportFile.PDF):
        raise click.UsageError(f"--format {as_file} needs --output FILE")
    with force_locale("nl"):
        found = _found(_span(period), table_name, code)
        made = (
            _printed(found).encode()
            if as_file == TABLE
            else files_views.made(found, ReportFile(as_file))
        )
    if output is None:
        click.echo(made, nl=False)
        return
    try:
        output.write_bytes(made)
    except OSError as error:
        raise click.ClickException(f"{output} could not be written: {error.strerror}") from None


def _span(period: str | None) -> Span | None:
    span = periods.read(period) if period else None
    if period and span is None:
        raise click.BadParameter(f"{period} is no quarter (2026-Q3) and no year (2026)")
    return span


def _found(span: Span | None, table_name: str | None, code: str | None) -> Report:
    try:
        found = queries.of_region(span, table_name, code)
    except UnknownError as unknown:
        known = f"; there is: {', '.join(unknown.known)}" if unknown.known else ""
        raise click.ClickException(f"there is no {unknown.what} {unknown.typed!r}{known}") from None
    except queries.NotCountedError as wait:
        said = f"{periods.written(wait.span)} is not counted"
        if wait.from_on is not None:
            said += f" yet: it is published from {wait.from_on:%d-%m-%Y}"
        raise click.ClickException(said) from None
    if not found.parts:
        raise click.ClickException(
            f"no quarter is counted yet: the first is published from {found.next_on:%d-%m-%Y}"
        )
    return found


def _printed(found: Report) -> str:
    return "\n".join((scope_words(found), "", *_lines(page_of(found)))) + "\n"


def _lines(page: ReportPage) -> Iterator[str]:
    yield page.headline or page.notice
    for section in page.sections:
        yield ""
        yield section.title
        if not section.drawn:
            yield f"  {report_words.nothing()}"
        for one in section.drawn:
            if len(section.drawn) > 1:
                yield f"  {one.chart.title}"
            for table in (one.chart.table, one.more):
                if table is not None:
                    yield from _columns(table)


def _columns(table: Table) -> Iterator[str]:
    rows: Sequence[tuple[str, ...]] = (table.headings, *table.rows)
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.headings))]
    for row in rows:
        told = (words.rjust(width) for words, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((f"  {row[0].ljust(widths[0])}", *told)).rstrip()


GROUPS = (report,)
