"""Cases of one household: linked by whoever coordinates both, without a trace to anybody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.access.disclosure import section_binding
from app.domain.kinds import Regime, TableRoleName
from app.features.case_life import household
from app.infra import clock, crypto, wall
from app.infra.crypto import Sealed
from app.models import HouseholdCase, IdentityMark, PersonConcerned, Section
from tests import builders
from tests.seats import actor_of, all_of, recorded
from tests.tasks import rows


@pytest.fixture
def elsewhere(world):
    """A case at the other table, which the coordinator serves as well, with somebody in it."""
    with builders.together():
        builders.role(world.coordinator, world.other_table, TableRoleName.COORDINATOR)
        types = builders.scheme(world.other_table)
        case = builders.case(world.other_table, world.care_organisation)
        someone = builders.concerned(case, label="Kind 1")
        builders.section(
            case, types["identity"], world.care_organisation, "Kanariekind", about=someone,
            regime=Regime.MEDICAL,
        )  # fmt: skip
    item = builders.item(builders.meeting(world.other_table), case)
    builders.action(
        item, world.care_organisation, world.care, world.coordinator, safe="Belafspraak maken"
    )
    return case


def link(staff, case, reference: str):
    return staff.fill(f"/cases/{case.id}/household", {"reference": reference}, action="/household")


def test_a_coordinator_of_both_tables_sees_what_is_to_be_done_together(
    client, new_client, world, elsewhere
):
    staff = client.sign_in(world.coordinator.id)
    now = clock.now()
    for more in (
        {"safe": "Buurt bezoeken", "due_on": clock.today(), "due_at": now - timedelta(minutes=1)},
        {"safe": "Toch niet afgesproken", "taken_back_at": now},
    ):
        builders.action(world.item, world.police_organisation, world.police, world.chair, **more)
    path = f"/cases/{world.case.id}/household"
    assert "Buurt bezoeken" not in staff.page(path).text
    assert link(staff, world.case, elsewhere.reference.lower()).status_code == 303
    page = staff.page(path)
    for words in ("Belafspraak maken", "Buurt bezoeken", elsewhere.reference):
        assert words in page.text
    assert page.text.count("te laat") == 1, "due by the hour"
    assert "Toch niet afgesproken" not in page.text
    # Of the two tables the chair serves one: not a word, not a count.
    new_client().sign_in(world.chair.id).page(path, status=404)
    helper = builders.coordinator(world.host, world.table, "E. Ander")
    other = new_client().sign_in(helper.id)
    page = other.page(path)
    for words in ("Belafspraak", "Buurt", elsewhere.reference, "Ontkoppel"):
        assert words not in page.text
    builders.exclusion(world.coordinator, elsewhere, world.stranger)
    assert elsewhere.reference not in staff.page(path).text
    # Nor does an attempt to unlink tell that something is linked, and it leaves the link alone.
    for one in (other, staff):
        assert one.send(f"{path}/leave").status_code == 404
    assert not [one for one in all_of(HouseholdCase) if one.ended_at]


def test_unknown_barred_and_elsewhere_answer_alike(client, new_client, world, elsewhere):
    staff = client.sign_in(world.coordinator.id)
    barred = builders.case(world.table, world.host)
    builders.exclusion(world.coordinator, barred, world.chair)
    other = builders.table("Actie-overleg Deltaland", "ACT")
    unserved = builders.case(other, world.host)
    said = set()
    for one in ("MDA-ZZZZZ", barred.reference, unserved.reference, world.case.reference):
        assert link(staff, world.case, one).status_code == 422
        said.add(staff.last.text)
    assert len(said) == 1
    assert not rows(select(HouseholdCase))
    # A chair of both coordinates neither.
    new_client().sign_in(world.stranger.id).page(f"/cases/{elsewhere.id}/household", status=404)


def test_three_cases_become_one_household_and_one_leaves_it(client, world, elsewhere):
    staff = client.sign_in(world.coordinator.id)
    third = builders.case(world.other_table, world.host)
    link(staff, world.case, elsewhere.reference)
    link(staff, world.second_case, third.reference)
    assert link(staff, third, world.case.reference).status_code == 303
    assert len({one.household_id for one in all_of(HouseholdCase)}) == 1
    page = staff.page(f"/cases/{world.second_case.id}/household")
    assert elsewhere.reference in page.text
    assert staff.fill(f"/cases/{third.id}/household", action="/leave").status_code == 303
    assert third.reference not in staff.page(f"/cases/{world.case.id}/household").text
    assert world.second_case.reference in staff.page(f"/cases/{world.case.id}/household").text


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_who_link_at_once_make_one_household(app, world, elsewhere):
    helper = builders.coordinator(world.host, world.table, "E. Ander")
    builders.role(helper, world.other_table, TableRoleName.COORDINATOR)
    people, start = (world.coordinator, helper), Barrier(2, timeout=60)
    ways = ((world.case, elsewhere), (elsewhere, world.case))
    actors = [actor_of(one) for one in people]

    def act(number: int) -> None:
        one, other = ways[number]
        with app.app_context(), wall.acting_as(people[number].id):
            start.wait()
            household.link(actors[number], one.id, other.reference)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, range(2)))
    linked = all_of(HouseholdCase)
    assert {one.case_id for one in linked} == {world.case.id, elsewhere.id}
    assert len(linked) == 2
    assert len({one.household_id for one in linked}) == 1


def test_a_person_comes_along_with_the_source_of_the_identity(client, world, elsewhere):
    staff = client.sign_in(world.coordinator.id)
    path = f"/cases/{world.case.id}/household/people"
    link(staff, world.case, elsewhere.reference)
    builders.save(
        IdentityMark(
            person_concerned_id=all_of(PersonConcerned, PersonConcerned.case_id == elsewhere.id)[0].id,
            case_id=elsewhere.id, mark="m" * 64, made_at=clock.now(),
        )
    )  # fmt: skip
    (someone,) = all_of(PersonConcerned, PersonConcerned.case_id == elsewhere.id)
    page = staff.page(path)
    assert "Kind 1" in page.text
    assert "Kanariekind" not in page.text
    assert staff.send(path, {"persons": [str(world.concerned.id)]}).status_code == 422
    assert staff.fill(path, {"persons": [str(someone.id)]}).status_code == 303
    copied = max(
        all_of(PersonConcerned, PersonConcerned.case_id == world.case.id),
        key=lambda one: one.position,
    )
    (identity,) = all_of(Section, Section.person_concerned_id == copied.id)
    assert identity.source_organisation_id == world.care_organisation.id
    assert identity.regime is Regime.MEDICAL
    assert crypto.unseal(Sealed(identity.text_ct, section_binding(identity.id))) == "Kanariekind"
    assert len(all_of(IdentityMark, IdentityMark.case_id == world.case.id)) == 1
    assert recorded(world.coordinator, "person", "add") == 1
    assert recorded(world.coordinator, "person", "copy-print-export") == 1
