"""Cases on screen: made, found, shown to their own staff alone, and closed."""

import uuid

import pytest
from sqlalchemy import func, select

from app.domain.kinds import CaseState
from app.domain.references import is_reference
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AuditEvent,
    Case,
    Disclosure,
)
from tests import builders
from tests.cases import rows


def test_a_new_case_gets_a_random_reference_and_appears_in_the_list(staff, world):
    answer = staff.fill(
        "/cases/new",
        {
            "table": str(world.table.id),
            "organisation": str(world.police_organisation.id),
            "question": "Wie doet wat?",
            "channel": "telefoon",
        },
    )
    assert answer.status_code == 303
    page = staff.page(answer.location)
    assert "Wie doet wat?" in page.text
    made = rows(select(Case).where(Case.channel == "telefoon"))[0]
    assert is_reference(made.reference)
    assert made.state is CaseState.ACCEPTED
    assert made.reference in staff.page("/cases").text


def test_an_empty_form_keeps_what_was_typed_and_saves_nothing(staff, world):
    before = len(rows(select(Case)))
    answer = staff.fill("/cases/new", {"question": "Half ingevuld"})
    assert answer.status_code == 422
    assert "Er is een probleem" in staff.last.text
    assert "Half ingevuld" in answer.text
    assert len(rows(select(Case))) == before


@pytest.mark.parametrize("field", ["table", "organisation"])
def test_a_foreign_choice_is_no_choice(staff, world, field):
    staff.page("/cases/new")
    given = {
        "table": str(world.table.id),
        "organisation": str(world.police_organisation.id),
        "question": "?",
        "channel": "telefoon",
    }
    answer = staff.send("/cases/new", {**given, field: str(uuid.uuid4())})
    assert answer.status_code == 422


def test_the_list_finds_by_reference_in_any_spelling(staff, world):
    code = world.case.reference.split("-")[1].lower()
    assert world.case.reference in looked_for(staff, f"mda {code}")
    assert world.case.reference not in looked_for(staff, "MDA-99999")
    for odd in ("MDA-99999", "%", "a\0b", "x" * 5000):
        assert "Wis filters" in looked_for(staff, odd)


def looked_for(staff, typed):
    """The list after looking for something, which the address does not tell."""
    answer = staff.fill("/cases", {"q": typed}, action="/cases")
    assert answer.location == f"/cases?search={uuid.UUID(answer.location[-36:])}"
    return staff.page(answer.location).text


@pytest.mark.parametrize(
    "query",
    ["search=%25", "search=a%00b", "table=x", "state=nope", "page=0", "page=99999999999999999999"],
)
def test_odd_filters_are_no_fault(staff, world, query):
    assert staff.get(f"/cases?{query}").status_code == 200


def test_another_table_s_case_is_as_absent_as_a_missing_one(staff, world):
    foreign = builders.case(world.other_table, world.host)
    hidden = staff.get(f"/cases/{foreign.id}")
    missing = staff.get(f"/cases/{uuid.uuid4()}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert foreign.reference not in staff.page("/cases").text


@pytest.mark.parametrize("who", ["police", "administrator", "stranger"])
def test_only_staff_of_the_table_see_the_case(client, world, who):
    client.sign_in(getattr(world, who).id)
    assert client.get(f"/cases/{world.case.id}").status_code == 404


def test_the_page_shows_texts_and_readers_but_no_names(staff, world):
    page = staff.page(f"/cases/{world.case.id}")
    assert "Kanarieaanleiding" in page.text
    assert "zichtbaar voor 2 organisaties: GGZ Delta, Politie" in page.text
    assert "alleen zichtbaar voor de bron" in page.text
    assert "Kanarienaam" not in page.text
    assert page.text.index("Acuut gevaar?") < page.text.index("Kanarieaanleiding")


def test_a_section_that_waits_for_its_source_counts_no_readers(staff, world):
    waiting = builders.disclosure(world.police_seat, world.sections["health"], world.coordinator)
    path = f"/cases/{world.case.id}"
    assert staff.page(path).text.count("alleen zichtbaar voor de bron") == 2
    with transaction() as session:
        session.get(Disclosure, waiting.id).source_decided_at = clock.now()
    assert staff.page(path).text.count("alleen zichtbaar voor de bron") == 1


def test_reading_the_page_is_recorded_per_section(staff, world):
    staff.page(f"/cases/{world.case.id}")
    with transaction() as session:
        count = session.scalar(
            select(func.count()).where(
                AuditEvent.case_id == world.case.id, AuditEvent.event == "read"
            )
        )
    assert count == 5


@pytest.mark.parametrize("more", [0, 30])
def test_the_pages_take_few_statements_whatever_the_rows(staff, world, count_statements, more):
    for number in range(more):
        builders.case(world.table, world.host)
        builders.concerned(world.case, label=f"Netwerk {number}", position=number + 2)
        builders.section(world.case, world.types["children"], world.host)
    staff.page("/cases")
    with count_statements() as seen:
        staff.page("/cases")
    assert len(seen) <= 8
    with count_statements() as seen:
        staff.page(f"/cases/{world.case.id}")
    assert len(seen) <= 12


def test_closing_says_first_what_stays_open_and_shuts_the_case(staff, world):
    case = builders.case(world.table, world.host, state=CaseState.IN_PROGRESS)
    assert "niets meer" in staff.page(f"/cases/{case.id}/close").text
    assert staff.send(f"/cases/{case.id}/state", {"to": "closed"}).status_code == 303
    assert staff.get(f"/cases/{case.id}/question").status_code == 422
    assert rows(select(Case).where(Case.id == case.id))[0].closed_at == clock.now()


@pytest.mark.parametrize("to", ["closed", "destroyed", "on-agenda", "nonsense", ""])
def test_no_state_is_skipped(staff, world, to):
    staff.page(f"/cases/{world.case.id}")
    assert staff.send(f"/cases/{world.case.id}/state", {"to": to}).status_code == 422
