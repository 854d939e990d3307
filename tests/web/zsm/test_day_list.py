"""The day list of a ZSM table: a line is in with one form, and what came of it is counted."""

from datetime import timedelta

import pytest

from app.domain.kinds import CaseState, DecisionKind, DiscussionKind, TableRoleName
from app.infra import clock
from app.models import (
    AgendaItem,
    Case,
    Decision,
    DecisionAddressee,
    Exclusion,
    ItemOutcome,
    Meeting,
)
from tests import builders
from tests.seats import all_of, change, recorded
from tests.statements import counted
from tests.zsm import zsm_world


@pytest.fixture
def world(app, frozen_clock):
    return zsm_world()


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


def typed(world, number="10-123456-26", **more) -> dict[str, str]:
    return {"number": number, "question": "Aanhouding na bedreiging.",
            "organisation": str(world.police.id), **more}  # fmt: skip


def yesterday(world, *, advised: int) -> Case:
    """So many cases with an advice on the list of the day before; gives the one that bars."""
    with builders.together():
        held = builders.meeting(world.table, starts_at=clock.now() - timedelta(days=1))
        cases = [builders.case(world.table, world.police) for _ in range(advised)]
        for case in cases:
            item = builders.item(held, case, closed_at=clock.now())
            builders.save(
                ItemOutcome(
                    item_id=item.id, case_id=case.id, table_id=world.table.id,
                    code="advice-given", recorded_by_id=world.coordinator.id,
                    recorded_at=clock.now(),
                )
            )  # fmt: skip
        builders.exclusion(world.coordinator, cases[0], world.coordinator)
    return cases[0]


def the(model, *where):
    (found,) = all_of(model, *where)
    return found


def test_the_first_line_makes_the_meeting_and_the_next_one_knows_who_brought_it_in(staff, world):
    assert "Daglijst ZSM" in staff.page("/").text
    page = staff.page(world.today)
    assert "Acuut gevaar?" in page.text
    assert 'href="/reports"' in page.html
    assert staff.fill(world.today, typed(world), action=world.today).status_code == 303
    meeting, case = the(Meeting), the(Case)
    assert (meeting.started_at, meeting.published_at) == (None, clock.now())
    assert (case.imported_number, case.state) == ("10-123456-26", CaseState.ON_AGENDA)
    page = staff.page(world.today)
    assert "Aanhouding na bedreiging." in page.text
    assert recorded(world.coordinator, "case", "read") == 1
    form = page.form(world.today)
    assert dict(form.fields)["organisation"] == str(world.police.id)
    again = staff.fill(world.today, typed(world), action=world.today)
    assert again.status_code == 422, "the same number stands on the list"
    staff.fill(
        world.today, typed(world, "10-999999-26", outcome="advice-given"), action=world.today
    )
    assert [one.id for one in all_of(Meeting)] == [meeting.id]
    first, second = sorted(all_of(AgendaItem), key=lambda one: one.position)
    assert first.ends_at == second.starts_at
    assert second.closed_at == clock.now()
    assert the(Meeting).started_at == clock.now(), "a first result begins it"


def test_advice_and_conditions_are_written_down_for_the_seats_and_counted(staff, world):
    staff.fill(world.today, typed(world), action=world.today)
    item = the(AgendaItem)
    seat = builders.seat(item, world.prosecution, world.prosecutor)
    line = f"/zsm/lines/{item.id}"
    words = {"outcome": "advice-given", "advice": "Geen taakstraf.", "condition": "Contactverbod."}
    assert staff.fill(line, words, action=line).status_code == 303
    made = {one.kind: one for one in all_of(Decision)}
    assert set(made) == {DecisionKind.ADVICE, DecisionKind.BY_PROSECUTOR}
    assert {one.seat_id for one in all_of(DecisionAddressee)} == {seat.id}
    assert the(Case).state is CaseState.DISCUSSED
    page = staff.page(world.today)
    assert "advies opgeschreven" in page.text
    assert "1 voorwaarde" in page.text
    assert "Contactverbod." in staff.page(line).text
    staff.send(f"{line}/outcome", {"outcome": "no-advice"})
    stands = {one.code: one.taken_back_at for one in all_of(ItemOutcome)}
    assert stands == {"advice-given": clock.now(), "no-advice": None}
    assert staff.send(f"{line}/outcome", {"outcome": "made-up"}).status_code == 303
    assert len(all_of(ItemOutcome)) == 2, "only what the kind knows"
    change(Meeting, adopted_at=clock.now())
    assert staff.send(line, words).status_code == 422


def test_a_known_number_comes_back_as_a_follow_up_of_the_same_case(staff, world):
    known = builders.case(
        world.table, world.police, imported_number="10-1-26", state=CaseState.IN_PROGRESS
    )
    answer = staff.fill(world.today, typed(world, "10-1-26", question=""), action=world.today)
    assert answer.status_code == 303
    item = the(AgendaItem)
    assert (item.case_id, item.discussion) == (known.id, DiscussionKind.FOLLOW_UP)
    # Whom it bars finds no case by its number: the new one bars that person as well.
    builders.exclusion(world.coordinator, known, world.coordinator)
    assert staff.fill(world.today, typed(world, "10-1-26"), action=world.today).status_code == 303
    assert "10-1-26" not in staff.page(world.today).text
    change(Exclusion, until_at=clock.now())
    # What a referrer asked and nobody discussed yet stands above the words of the day.
    builders.case(world.table, world.police, imported_number="10-3-26", question="Kan er hulp bij?")
    staff.fill(world.today, typed(world, "10-3-26", question="Aangehouden."), action=world.today)
    page = staff.page(world.today).text
    assert page.index("Kan er hulp bij?") < page.index("Aangehouden.")
    later = f"/zsm/{world.table.id}/{(clock.today() + timedelta(days=1)).isoformat()}"
    early = typed(world, "10-4-26", outcome="advice-given")
    assert staff.fill(later, early, action=later).status_code == 422, "its day has not come"
    missing = staff.fill(world.today, typed(world, "10-2-26", question=""), action=world.today)
    assert missing.status_code == 422


def test_only_staff_of_the_table_see_the_list_and_a_barred_case_is_a_closed_line(
    client, staff, world
):
    staff.fill(world.today, typed(world, outcome="advice-given"), action=world.today)
    case, item = the(Case), the(AgendaItem)
    builders.exclusion(world.coordinator, case, world.coordinator)
    hidden = yesterday(world, advised=6)
    page = staff.page(world.today)
    assert "Gesloten blok" in page.text
    assert "ZSM-adviezen" not in page.text, "a number that moves by the day tells of one case"
    for word in (case.reference, hidden.reference, "10-123456-26", "Aanhouding"):
        assert word not in page.html
    staff.page(f"/zsm/lines/{item.id}", status=404)
    assert staff.send(f"/zsm/lines/{item.id}/outcome", {"outcome": "no-advice"}).status_code == 404
    for other in (world.stranger, world.prosecutor):
        client.sign_in(other.id).page(world.today, status=404)
        client.page(f"/zsm/lines/{item.id}", status=404)


def test_a_day_far_off_takes_no_line_and_the_meeting_is_made_by_one_press(staff, world):
    far = f"/zsm/{world.table.id}/2027-01-04"
    assert "Nieuwe regel" not in staff.page(far).text
    assert staff.send(far, typed(world)).status_code == 404
    staff.page(f"/zsm/{world.table.id}/gisteren", status=404)
    mda = builders.table("MDA++ Deltaland", "MDA")
    builders.role(world.coordinator, mda, TableRoleName.CHAIR)
    staff.page(f"/zsm/{mda.id}/{clock.today().isoformat()}", status=404)
    assert staff.send(f"{world.today}/meeting").status_code == 303
    assert the(Meeting).table_id == world.table.id
    assert staff.page(f"/zsm/{world.table.id}").title.startswith("Daglijst")


def test_the_list_asks_as_much_for_twenty_lines_as_for_two(staff, world):
    def asked() -> int:
        with counted() as seen:
            staff.page(world.today)
        return len(seen)

    for number in range(2):
        staff.fill(world.today, typed(world, f"10-{number}"), action=world.today)
    few = asked()
    with builders.together():
        meeting = the(Meeting)
        for number in range(18):
            case = builders.case(world.table, world.police, imported_number=f"11-{number}")
            builders.save_all(
                AgendaItem(
                    meeting_id=meeting.id, case_id=case.id, kind="case", discussion="new",
                    position=number + 3, minutes=10, starts_at=meeting.starts_at,
                    ends_at=meeting.ends_at,
                )
            )  # fmt: skip
    assert "20 casussen op de lijst" in staff.page(world.today).text
    assert asked() == few
