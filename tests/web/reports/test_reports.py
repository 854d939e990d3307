"""The published figures: one story on the page and in every file, and never more than is told."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.access import audit
from app.domain.kinds import ExportPurpose, Measure, MeasurementKind
from app.domain.report import WHOLE, Discussed, ReportScope, Span
from app.infra import clock
from app.infra.db import reading
from app.models import (
    AuditEvent,
    ClosedQuarter,
    FigureCell,
    Measurement,
    Person,
    Survey,
    SurveyTally,
)
from tests import builders
from tests.documents import facts_of, words_of
from tests.quarters import tell
from tests.seats import change
from tests.statements import counted
from tests.web.reports.conftest import YEAR, no_table

# The frame, the session and the log beside the seven of the report.
MOST = 8
CHOSEN = {"purpose": ExportPurpose.ACCOUNTABILITY.value}


def test_the_page_says_it_in_a_sentence_in_charts_and_in_tables(published, client, new_client):
    world = published.world
    page = client.sign_in(world.coordinator.id).page("/reports")
    assert published.asked == [None]
    for words in (
        "Er waren 48 overleggen.",
        "binnen 10 dagen besproken",
        "Bij 72 van de 100 besprekingen",
        "Het volgende kwartaal staat hier vanaf 15-04-2027.",
        "Waarom staat er soms een streepje?",
        "Hiervan is in deze periode niets geteld.",
    ):
        assert words in page.text
    # Every chart has its table; what is not told is a dash in both, and a bar of no length.
    assert page.html.count('role="img"') == 6
    assert page.html.count('class="untold"') == 5
    assert "71%" in page.text
    assert "Afwezig" in page.text
    # The filters stand in the address and hold ids alone.
    client.page(f"/reports?period=2026&table={world.table.id}&organisation={world.host.id}")
    assert published.asked[-1] == ReportScope(YEAR, world.table.id, world.host.id)
    client.page(f"/reports?table={world.table.id}")
    assert published.asked[-1] == ReportScope(YEAR, world.table.id)
    client.page("/reports?period=2026-Q3")
    assert published.asked[-1].span.first_on.month == 7
    for odd in ("period=2026-Q5", "period=nu", "table=1", "period=2026-Q4..2026-Q1"):
        client.page(f"/reports?{odd}", status=404)
    change(Person, Person.id == world.coordinator.id, language="en")
    english = new_client().sign_in(world.coordinator.id)
    assert "There were 48 meetings." in english.page("/reports").text
    assert client.get("/figures").headers["Location"].endswith("/reports")


def test_who_watches_over_no_table_gets_no_figures(published, client):
    client.sign_in(published.world.police.id)
    for address in ("/reports", "/reports/copy", "/reports/measurements", "/figures"):
        client.page(address, status=404)


def test_before_anything_is_counted_the_page_says_from_when(published, client):
    published.parts = ()
    page = client.sign_in(published.world.coordinator.id).page("/reports")
    assert "De eerste cijfers staan hier vanaf 15-04-2027." in page.text
    assert "Kopie maken" not in page.text


def test_every_file_asks_what_for_and_holds_what_the_page_holds(published, client):
    world = published.world
    address = f"/reports/copy?period=2026&table={world.table.id}"
    client.sign_in(world.coordinator.id)
    unsaid = client.fill(address, {})
    assert unsaid.status_code == 422
    assert "Kies waar de kopie voor is." in unsaid.text
    made = {
        kind: client.fill(address, CHOSEN | {"as_file": kind}).data
        for kind in ("csv", "xlsx", "pdf")
    }
    assert published.asked[-1] == ReportScope(YEAR, world.table.id)
    over = client.fill("/reports/copy?period=2025-Q4..2026-Q3", CHOSEN | {"as_file": "xlsx"})
    assert over.headers["Content-Disposition"].endswith("cijfers-2025-Q4-tm-2026-Q3.xlsx")
    assert load_workbook(io.BytesIO(over.data)).sheetnames == ["2025-Q4-2026-Q3 alle overleggen"]
    with reading() as session:
        taken = select(AuditEvent.id).where(
            AuditEvent.object_kind == "report", AuditEvent.event == audit.Event.COPY
        )
        assert len(session.scalars(taken).all()) == 4
    rows = list(csv.reader(io.StringIO(made["csv"].decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(made["xlsx"])).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [[str(one) for one in row] for row in cells] == rows
    assert rows[0] == ["Periode", "Overleg", "Organisatie", "Cijfer", "Wat", "Eenheid", "Getal"]
    told = {(row[0], row[2], row[4]): row[6] for row in cells}
    everybody = "alle organisaties"
    # Numbers are numbers, what is not told is a sign, and no name becomes a formula.
    assert told["2026", everybody, "Overleggen"] == 48
    assert told["3e kw. 2026", everybody, "Helft binnen (dagen)"] == "–"
    assert told["2026", "'=Gemeente Voorbeeldstad", "Zelf aanwezig"] == 101
    assert told["2026", everybody, "ZSM: Adviezen"] == 20
    words = words_of(made["pdf"])
    assert facts_of(made["pdf"])["Tagged"] == "yes"
    for expected in ("Er waren 48 overleggen.", "Gelijktijdigheid", "Per kwartaal", "72%"):
        assert expected in words


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_shows_the_same_and_says_what_is_wrong(published, app, tmp_path):
    runner = app.test_cli_runner()

    def said(*args: str) -> tuple[int, str]:
        done = runner.invoke(args=["report", *args])
        return done.exit_code, done.output

    code, output = said()
    assert code == 0
    assert "2026, alle overleggen, alle organisaties" in output
    assert "Er waren 48 overleggen." in output
    assert "Zelf aanwezig" in output
    assert "'=Gemeente Voorbeeldstad;Aanwezigheid;" in said("--format", "csv")[1]
    file = tmp_path / "cijfers.xlsx"
    assert said("--format", "xlsx", "--output", str(file)) == (0, "")
    assert load_workbook(file).active.max_row > 40
    assert "needs --output" in said("--format", "pdf")[1]
    assert "no quarter (2026-Q3) and no year (2026)" in said("--period", "zomer")[1]
    assert published.world.table.name in said("--table", "Nergens")[1]
    assert "there is no organisation 'niemand'" in said("--organisation", "niemand")[1]
    assert "published from 15-01-2027" in said("--period", "2026-Q4")[1]
    assert "Example: flask --app wsgi report --period 2026-Q3" in said("--help")[1]
    published.parts = ()
    assert "the first is published from 15-04-2027" in said()[1]


def test_two_measurements_stand_beside_each_other(published, client):
    world = published.world
    client.sign_in(world.coordinator.id)
    empty = client.page("/reports/measurements")
    assert "zodra de periode van de nulmeting is vastgelegd" in empty.text
    with builders.together():
        for number in range(1, 5):
            builders.save(
                ClosedQuarter(first_on=date(2026, 3 * number - 2, 1), closed_at=clock.now())
            )
        for kind, first, last in (
            (MeasurementKind.BASELINE, date(2026, 1, 1), date(2026, 4, 1)),
            (MeasurementKind.SECOND, date(2026, 7, 1), date(2026, 10, 1)),
        ):
            builders.save(
                Measurement(
                    table_id=world.table.id, kind=kind, first_on=first, last_on=last,
                    fixed_by_id=world.coordinator.id, fixed_at=clock.now(),
                )
            )  # fmt: skip
            asked(world, kind, answers=6 if kind is MeasurementKind.BASELINE else 4)
    page = client.page(f"/reports/measurements?table={world.table.id}")
    spans = [one.span for one in published.asked]
    assert {Span(date(2026, 1, 1), 2), Span(date(2026, 7, 1), 2)} <= set(spans)
    for words in (
        "1e kw. 2026 tot en met 2e kw. 2026",
        "Helft binnen (dagen) 10 10 0",
        "Verschil",
        "tegelijk",
    ):
        assert words in page.text
    assert "binnen 10 dagen besproken, bij de nulmeting binnen 10." in page.text
    # Five means, each from six answers; what four said is told by nothing.
    assert page.text.count(f"{'4,0'} –") == 5
    client.page(f"/reports/measurements?table={no_table()}", status=404)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_the_page_costs_does_not_grow_and_nobody_sees_another_table(app, client, new_client):
    world = builders.small_world()
    client.sign_in(world.coordinator.id)
    assert "De eerste cijfers staan hier vanaf" in client.page("/reports").text
    with builders.together():
        for quarter in range(4):
            counted_in(date(2025, 3 * quarter + 1, 1), world.table)
    tell(*(date(2025, 3 * quarter + 1, 1) for quarter in range(4)))
    with counted() as few:
        page = client.page("/reports")
    assert "Er waren 40 overleggen." in page.text
    with builders.together():
        for quarter in range(4):
            counted_in(date(2024, 3 * quarter + 1, 1), world.table, world.other_table)
    tell(*(date(2024, 3 * quarter + 1, 1) for quarter in range(4)))
    with counted() as many:
        client.page("/reports")
    assert len(few) == len(many) <= MOST
    client.page(f"/reports?table={world.other_table.id}", status=404)
    client.page("/reports?period=2023", status=404)
    said = app.test_cli_runner().invoke(args=["report", "--period", "2024"])
    assert said.exit_code == 0
    assert "Er waren 80 overleggen." in said.output
    quarter = app.test_cli_runner().invoke(args=["report", "--period", "2023-Q4"])
    assert "2023-Q4 is not counted" in quarter.output


def counted_in(quarter_on: date, *tables) -> None:
    """A quarter with ten meetings and thirty cases at each of the tables."""
    builders.save(ClosedQuarter(first_on=quarter_on, closed_at=clock.now()))
    for at in tables:
        for measure, category, number in (
            (Measure.MEETINGS, WHOLE, 10),
            (Measure.CASES, Discussed.NEW, 20),
            (Measure.CASES, Discussed.AGAIN, 10),
            (Measure.LEAD_DAYS, "12", 20),
        ):
            builders.save(
                FigureCell(
                    quarter_on=quarter_on, table_id=at.id, measure=measure, category=category,
                    number=number,
                )
            )  # fmt: skip


def asked(world, kind: MeasurementKind, *, answers: int) -> None:
    """Questions that are closed, each of which everybody answered with a 4."""
    survey = builders.save(
        Survey(
            table_id=world.table.id, kind=kind, opens_at=clock.now() - timedelta(days=9),
            closes_at=clock.now() - timedelta(days=1), asked_by_id=world.coordinator.id,
        )
    )  # fmt: skip
    for question in range(1, 6):
        for score in range(1, 6):
            number = answers if score == 4 else 0
            builders.save(
                SurveyTally(survey_id=survey.id, question=question, score=score, number=number)
            )
