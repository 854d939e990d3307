"""Cases through the browser: list, page, persons, sections, exclusion; names stay screened."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from app.domain.kinds import CaseState, ConcernedRole
from app.domain.references import is_reference
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AuditEvent,
    Case,
    Declaration,
    Disclosure,
    Exclusion,
    ExclusionReason,
    PersonConcerned,
    Recusal,
    SeatHold,
    Section,
    Task,
)
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


def rows(statement):
    with transaction() as session:
        return session.scalars(statement).all()


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
    assert world.case.reference in staff.page(f"/cases?q=mda {code}").text
    assert world.case.reference not in staff.page("/cases?q=MDA-99999").text
    assert "Wis filters" in staff.page("/cases?q=MDA-99999").text


@pytest.mark.parametrize(
    "query", ["q=%25", "q=a%00b", "table=x", "state=nope", "page=0", "page=99999999999999999999"]
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


def test_names_show_after_a_recorded_act_and_end_after_five_minutes(staff, world, frozen_clock):
    path = f"/cases/{world.case.id}"
    staff.page(path)
    answer = staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert answer.location == path
    assert "Kanarienaam" in staff.page(path).text
    with transaction() as session:
        kinds = session.scalars(
            select(AuditEvent.object_kind).where(AuditEvent.event == "reveal-identity")
        ).all()
    assert {"case", "section"} <= set(kinds)
    frozen_clock.advance(timedelta(minutes=5))
    assert "Kanarienaam" not in staff.page(path).text


def test_names_hide_at_once(staff, world):
    path = f"/cases/{world.case.id}"
    staff.page(path)
    staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert "Kanarienaam" in staff.page(path).text
    staff.send(f"/names/hide?case={world.case.id}", {"next": path})
    assert "Kanarienaam" not in staff.page(path).text


def test_names_of_a_foreign_case_cannot_be_asked_for(client, world):
    client.sign_in(world.stranger.id)
    client.page("/cases")
    assert client.send(f"/names/show?case={world.case.id}").status_code == 404


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


def test_a_person_concerned_has_an_identity_section_of_its_own(staff, world):
    answer = staff.fill(
        f"/cases/{world.case.id}/persons/new",
        {"role": "child", "label": "Kind 1", "identity": "Naam: K. Verzonnen"},
    )
    assert answer.status_code == 303
    made = rows(select(PersonConcerned).where(PersonConcerned.role == ConcernedRole.CHILD))[0]
    own = rows(select(Section).where(Section.person_concerned_id == made.id))
    assert [one.section_type_id for one in own] == [world.types["identity"].id]
    page = staff.page(answer.location)
    assert "Kind 1" in page.text
    assert "Verzonnen" not in page.text


def test_changing_a_person_leaves_the_identity_alone(staff, world):
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    assert "Kanarienaam" not in staff.page(path).text
    assert staff.fill(path, {"role": "network", "label": "Oma"}).status_code == 303
    assert "Oma" in staff.page(f"/cases/{world.case.id}").text


def test_a_person_about_whom_something_was_shared_stays(staff, world):
    builders.disclosure(world.police_seat, world.sections["identity"], world.coordinator)
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    staff.page(path)
    answer = staff.send(f"{path}/remove")
    assert answer.status_code == 422
    assert "al informatie gedeeld" in answer.text


def test_a_person_whose_name_was_looked_at_stays(staff, world):
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    staff.page(path)
    answer = staff.send(f"{path}/remove")
    assert answer.status_code == 422, "the police said whether they know this person"


def test_a_person_typed_by_mistake_goes_with_its_identity(staff, world):
    with transaction() as session:
        session.execute(delete(Declaration))
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    staff.page(path)
    assert staff.send(f"{path}/remove").status_code == 303
    assert not rows(select(Section).where(Section.person_concerned_id == world.concerned.id))
    assert staff.get(path).status_code == 404


def test_a_new_section_is_open_to_nobody_yet(staff, world):
    answer = staff.fill(
        f"/cases/{world.case.id}/sections/new",
        {
            "kind": str(world.types["children"].id),
            "source": str(world.host.id),
            "text": "Een nieuwe rubriek",
        },
    )
    assert answer.status_code == 303
    assert "Een nieuwe rubriek" in staff.page(answer.location).text


def test_editing_a_disclosed_section_shows_its_readers_and_asks(staff, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['reason'].id}"
    assert "zichtbaar voor 2 organisaties: GGZ Delta, Politie" in staff.page(path).text
    refused = staff.fill(path, {"text": "Veranderd"})
    assert refused.status_code == 422
    assert "Bevestig" in refused.text
    assert staff.fill(path, {"text": "Veranderd", "confirmed": "y"}).status_code == 303
    assert "Veranderd" in staff.page(f"/cases/{world.case.id}").text


@pytest.mark.parametrize("change", [{"text": "Nieuw"}, {"regime": "wpg"}])
def test_only_the_source_frees_a_section_and_what_it_did_not_see_asks_it_again(
    staff, world, change
):
    given = builders.disclosure(
        world.police_seat,
        world.sections["health"],
        world.coordinator,
        source_decided_at=clock.now(),
    )
    path = f"/cases/{world.case.id}/sections/{world.sections['health'].id}"
    refused = staff.fill(path, {"regime": "avg", "confirmed": "y"})
    assert refused.status_code == 422
    assert "Alleen de bronorganisatie" in refused.text
    with transaction() as session:
        assert session.get(Disclosure, given.id).source_decided_at is not None
    assert staff.fill(path, change | {"confirmed": "y"}).status_code == 303
    with transaction() as session:
        assert session.get(Disclosure, given.id).source_decided_at is None


def test_a_stale_edit_shows_both_versions(staff, new_client, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['children'].id}"
    mine = staff.page(path).form().filled({"text": "Mijn tekst"})
    other = new_client().sign_in(world.chair.id)
    assert other.fill(path, {"text": "Hun tekst"}).status_code == 303
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "Hun tekst" in answer.text
    assert "Mijn tekst" in answer.text
    again = staff.last.form("")
    assert again is not None


def test_a_stale_question_shows_both_versions(staff, new_client, world):
    path = f"/cases/{world.case.id}/question"
    mine = staff.page(path).form().filled({"question": "Mijn vraag"})
    other = new_client().sign_in(world.chair.id)
    assert other.fill(path, {"question": "Hun vraag"}).status_code == 303
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "Hun vraag" in answer.text
    assert "Mijn vraag" in answer.text


def test_an_identity_section_opens_only_while_names_are_shown(staff, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['identity'].id}"
    assert staff.get(path).status_code == 404
    staff.page(f"/cases/{world.case.id}")
    staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert "Kanarienaam" in staff.page(path).text
    revealed = select(AuditEvent.section_id).where(AuditEvent.event == "reveal-identity")
    assert world.sections["identity"].id in rows(revealed)


def test_a_late_change_of_names_shows_them_only_after_asking_and_keeps_what_was_typed(
    staff, new_client, world, frozen_clock
):
    path = f"/cases/{world.case.id}/sections/{world.sections['identity'].id}"
    show = f"/names/show?case={world.case.id}"
    staff.page(f"/cases/{world.case.id}")
    staff.send(show)
    mine = staff.page(path).form().filled({"text": "Mijn naam"})
    other = new_client().sign_in(world.chair.id)
    other.send(show)
    assert other.fill(path, {"text": "Hun naam"}).status_code == 303
    frozen_clock.advance(timedelta(minutes=6))
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "gewijzigd door een ander" in answer.text
    assert "Hun naam" not in answer.text
    assert "Mijn naam" in answer.text
    assert "U ziet persoonsgegevens" not in answer.text
    revealed = select(AuditEvent.object_id).where(
        AuditEvent.event == "reveal-identity", AuditEvent.person_id == world.coordinator.id
    )
    before = len(rows(revealed))
    answer = staff.send(path, staff.last.form().filled({}) | {"names": "show"})
    assert answer.status_code == 409
    assert "Hun naam" in answer.text
    assert "Mijn naam" in answer.text
    assert world.sections["identity"].id in rows(revealed)[before:]
    assert staff.send(path, staff.last.form().filled({})).status_code == 303


def test_a_section_of_another_case_is_not_found_under_this_one(staff, world):
    path = f"/cases/{world.second_case.id}/sections/{world.sections['reason'].id}"
    assert staff.get(path).status_code == 404


def test_excluding_ends_every_seat_at_the_case_and_the_reason_stays_with_staff(staff, world):
    answer = staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.police.id), "reason": "Kanariereden"},
    )
    assert answer.status_code == 303
    assert "Kanariereden" in staff.page(answer.location).text
    held = rows(select(SeatHold).where(SeatHold.person_id == world.police.id))
    assert all(hold.until_at for hold in held)
    with transaction() as session:
        stored = session.scalars(select(ExclusionReason)).one()
        assert b"Kanariereden" not in stored.text_ct


def test_an_excluded_coordinator_sees_the_case_nowhere(staff, new_client, world):
    staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.chair.id), "reason": "familie"},
    )
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(f"/cases/{world.case.id}").status_code == 404
    assert world.case.reference not in chair.page("/cases").text


def test_whoever_may_come_near_a_case_can_be_excluded_and_loses_its_tasks(staff, new_client, world):
    elsewhere = builders.organisation("ELD", name="Elders")
    officer = builders.person(elsewhere, "F. Gegevens", is_privacy_officer=True)
    guest = builders.person(elsewhere, "G. Gast")
    task = builders.task(guest, world.case, world.chair)
    path = f"/cases/{world.case.id}/exclusions/new"
    for who in (officer, guest):
        assert staff.fill(path, {"person": str(who.id), "reason": "Familie"}).status_code == 303
    assert rows(select(Task.ended_at).where(Task.id == task.id)) != [None]
    assert new_client().sign_in(guest.id).get(f"/tasks/{task.id}").status_code == 404


def test_the_last_of_the_staff_cannot_be_excluded(staff, world):
    path = f"/cases/{world.case.id}/exclusions/new"
    staff.fill(path, {"person": str(world.chair.id), "reason": "familie"})
    answer = staff.fill(path, {"person": str(world.coordinator.id), "reason": "buren"})
    assert answer.status_code == 422
    assert "vervanger" in answer.text


def test_an_exclusion_can_end(staff, new_client, world):
    staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.chair.id), "reason": "familie"},
    )
    made = rows(select(Exclusion))[0]
    staff.page(f"/cases/{world.case.id}")
    staff.send(f"/cases/{world.case.id}/exclusions/{made.id}/end")
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(f"/cases/{world.case.id}").status_code == 200


@pytest.mark.parametrize("until", ["31-02-2026", "1-1-2020", "morgen"])
def test_an_impossible_end_is_refused(staff, world, until):
    answer = staff.fill(
        f"/cases/{world.case.id}/exclusions/new",
        {"person": str(world.police.id), "reason": "familie", "until": until},
    )
    assert answer.status_code == 422
    assert not rows(select(Exclusion))


def test_lifting_a_recusal(staff, world):
    made = builders.save(Recusal(person_id=world.police.id, case_id=world.case.id, at=clock.now()))
    assert "privé bekend" in staff.page(f"/cases/{world.case.id}").text
    staff.send(f"/cases/{world.case.id}/recusals/{made.id}/lift")
    assert rows(select(Recusal))[0].lifted_by_id == world.coordinator.id


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


def test_a_megabyte_of_text_is_refused_politely(staff, world):
    answer = staff.fill(f"/cases/{world.case.id}/question", {"question": "x" * 1_000_000})
    assert answer.status_code == 422
    assert "hoogstens" in answer.text
