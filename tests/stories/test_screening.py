"""Spoedteam: a day's list of references, picked up, and an urgent one handed to a municipal team."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import CaseState, OrganisationKind, TableKind
from app.infra import clock
from app.models import Case, DailyCount, Handover, Screening, Task
from tests import builders
from tests.seats import all_of
from tests.statements import counted
from tests.tasks import rows


@pytest.fixture
def table(app):
    return builders.table("Spoedteam Deltaland", "SPO", kind=TableKind.SCREENING)


@pytest.fixture
def veilig_thuis():
    return builders.organisation("VT", OrganisationKind.VEILIG_THUIS, name="Veilig Thuis")


@pytest.fixture
def screener(client, table, veilig_thuis):
    return client.sign_in(builders.coordinator(veilig_thuis, table, "S. Screener").id)


def case_of(number: str) -> Case:
    (found,) = all_of(Case, Case.imported_number == number)
    return found


def test_screening(screener, new_client, table, veilig_thuis):
    team = builders.organisation("LOK", OrganisationKind.LOCAL_TEAM, name="Lokaal team Delta")
    member = builders.representative(team, table, "L. Teamlid")
    barred = builders.chair(veilig_thuis, table, "F. Familie")
    today = f"/screening/{table.id}/{clock.today().isoformat()}"
    assert screener.get("/screening").location.endswith(today)
    assert "Screening Spoedteam Deltaland" in screener.page("/cases").text
    for number, urgent in (("VT-101", True), ("VT-102", False), ("VT-103", False)):
        fields = {"number": number} | ({"urgent": "y"} if urgent else {})
        assert screener.fill(today, fields, action=today).status_code == 303
    again = screener.fill(today, {"number": "VT-102"}, action=today)
    assert again.status_code == 422
    assert "staat al op de lijst" in again.text
    assert len(all_of(Screening)) == 3
    page = screener.page(today)
    assert "3 regels · 1 spoed · 3 nog op te pakken" in page.text

    urgent, plain = case_of("VT-101"), case_of("VT-102")
    assert screener.send(f"/screening/lines/{urgent.id}/close").status_code == 422
    assert screener.send(f"/screening/lines/{urgent.id}/pick-up").status_code == 303
    assert screener.send(f"/screening/lines/{urgent.id}/pick-up").status_code == 422
    assert "Opgepakt door S. Screener" in screener.page(today).text
    assert screener.send(f"/screening/lines/{plain.id}/close").status_code == 303
    assert case_of("VT-102").state is CaseState.CLOSED

    fields = {"to": f"team:{team.id}", "reason": "Graag vandaag contact met het gezin."}
    assert screener.fill(f"/cases/{urgent.id}/handover", fields).status_code == 303
    assert "Aangeboden aan Lokaal team Delta" in screener.page(today).text
    holder = new_client().sign_in(member.id)
    (task_id,) = rows(select(Task.id).where(Task.person_id == member.id))
    assert "VT-101" not in holder.page(f"/tasks/{task_id}").text
    holder.fill(f"/tasks/{task_id}", action="/accept")
    holder.fill(f"/tasks/{task_id}", action=f"/handovers/{task_id}/accept")
    taken = case_of("VT-101")
    assert (taken.team_id, taken.state) == (team.id, CaseState.CLOSED)
    page = screener.page(today)
    assert "Overgenomen door Lokaal team Delta, " in page.text
    assert "1 nog op te pakken" in page.text
    (handover,) = all_of(Handover)
    assert handover.accepted_at == clock.now()

    builders.exclusion(barred, case_of("VT-103"), barred)
    theirs = new_client().sign_in(barred.id).page(today).text
    assert "VT-103" not in theirs
    assert "Gesloten regel" in theirs
    builders.exclusion(barred, case_of("VT-101"), barred)
    assert "1 spoed" in screener.page(today).text
    assert "1 spoed" not in new_client().sign_in(barred.id).page(today).text
    screener.fill(today, {"amount": "7"}, action="/chats")
    screener.fill(today, {"amount": "9"}, action="/chats")
    (count,) = all_of(DailyCount)
    assert (count.code, count.amount, count.table_id) == ("chats", 9, table.id)


def test_nobody_else_keeps_the_list_and_no_day_but_the_last_ones_takes_a_line(
    screener, new_client, table, veilig_thuis
):
    tomorrow = clock.today() + timedelta(days=1)
    path = f"/screening/{table.id}/{tomorrow.isoformat()}"
    assert screener.send(path, {"number": "VT-1"}).status_code == 422
    other = builders.table("MDA++ Elders", "ELD")
    stranger = new_client().sign_in(builders.chair(veilig_thuis, other).id)
    assert stranger.get("/screening").status_code == 404
    today = f"/screening/{table.id}/{clock.today().isoformat()}"
    for where in (today, f"/screening/{other.id}/{clock.today().isoformat()}", "/screening/x/y"):
        assert stranger.get(where).status_code == 404
    assert not all_of(Case)


def test_a_day_of_forty_lines_takes_few_statements(screener, table, veilig_thuis):
    by = builders.coordinator(veilig_thuis, table)
    path = f"/screening/{table.id}/{clock.today().isoformat()}"

    def listed(many: int) -> int:
        for _ in range(many):
            case = builders.case(table, veilig_thuis, imported_number=builders.reference("VT"))
            builders.save(
                Screening(
                    case_id=case.id, table_id=table.id, listed_on=clock.today(), is_urgent=False,
                    listed_by_id=by.id,
                )
            )  # fmt: skip
        with counted() as seen:
            screener.page(path)
        return len(seen)

    assert listed(1) == listed(39) <= 8
