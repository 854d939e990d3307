"""The plan of a case: phases, criteria to end by, reviews; for staff, and for the case lead."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.kinds import CaseState, TaskKind
from app.features.plans import service
from app.infra import clock, outbox, wall
from app.infra.db import transaction
from app.models import AuditEvent, Case, CaseReview, ExitMark, PhaseChange
from tests import builders
from tests.cases import rows
from tests.seats import actor_of


@pytest.fixture
def plan(world):
    return f"/cases/{world.case.id}/plan"


def written(staff, world, plan, code, text):
    path = f"{plan}/texts/{world.types[code].id}"
    answer = staff.fill(path, {"text": text, "source": str(world.care_organisation.id)})
    assert answer.status_code == 303
    return staff.page(plan)


def marked(page):
    """The criteria as the buttons of the page name them."""
    pairs = (pair for form in page.forms for pair in form.fields)
    return [value for name, value in pairs if name == "section"]


def test_staff_write_the_plan_and_mark_what_is_met(staff, world, plan):
    for code, text in (("weighing", "Kanarieweging"), ("plan", "Kanarieplan")):
        assert text in written(staff, world, plan, code, text).text
    written(staff, world, plan, "exit", "Kanariecriterium een")
    page = written(staff, world, plan, "exit", "Kanariecriterium twee")
    assert "0 van 2 behaald" in page.text
    assert page.text.index("Acuut gevaar?") < page.text.index("Kanariecriterium")
    assert "Bron: GGZ Delta" in page.text
    first, second = marked(page)
    staff.send(f"{plan}/met", {"section": first})
    page = staff.page(plan)
    assert "1 van 2 behaald" in page.text
    assert "vastgelegd door N. de Wit" in page.text
    assert "Alle afsluitcriteria" not in page.text
    staff.send(f"{plan}/met", {"section": second})
    staff.send(f"{plan}/met", {"section": second})
    assert "Alle afsluitcriteria zijn behaald" in staff.page(plan).text
    staff.send(f"{plan}/unmet", {"section": first})
    assert "1 van 2 behaald" in staff.page(plan).text
    assert len(rows(select(ExitMark))) == 1
    other = {"section": str(world.sections["reason"].id)}
    assert staff.send(f"{plan}/met", other).status_code == 404
    with transaction() as session:
        events = session.scalars(
            select(AuditEvent.event).where(AuditEvent.object_kind == "section", AuditEvent.event != "read")
        ).all()  # fmt: skip
    assert sorted(events) == ["add"] * 4 + ["authorisation-change"] * 2 + ["change"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_who_mark_a_criterion_at_once_mark_it_once(app, staff, world, plan):
    (criterion,) = marked(written(staff, world, plan, "exit", "Kanariecriterium"))
    people, start = (world.coordinator, world.chair), Barrier(2, timeout=60)
    actors = [actor_of(one) for one in people]

    def mark(number: int) -> None:
        with app.app_context(), wall.acting_as(people[number].id):
            start.wait()
            service.mark(actors[number], world.case.id, uuid.UUID(criterion), is_met=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(mark, range(2)))
    assert len(rows(select(ExitMark))) == 1


def test_a_phase_may_go_back_and_a_review_follows_its_rhythm(staff, world, plan, frozen_clock):
    for phase in ("direct-safety", "recovery", "stable-safety"):
        frozen_clock.advance(timedelta(minutes=1))
        assert staff.fill(f"{plan}/phase", {"phase": phase}).status_code == 303
    assert staff.fill(f"{plan}/phase", {"phase": "stable-safety"}).status_code == 422
    text = staff.page(plan).text.partition("Wijzig fase")[2]
    assert text.index("stabiele veiligheid") < text.index("herstel") < text.index("directe veil")
    assert len(rows(select(PhaseChange))) == 3
    today = clock.today()
    assert (
        staff.fill(f"{plan}/review", {"due_on": f"{today - timedelta(1):%d-%m-%Y}"}).status_code
        == 422
    )
    assert (
        staff.fill(
            f"{plan}/review", {"due_on": f"{today:%d-%m-%Y}", "every_weeks": "6"}
        ).status_code
        == 303
    )
    assert "nu evalueren" in staff.page(plan).text
    staff.send(f"{plan}/reviewed")
    assert rows(select(CaseReview))[0].due_on == today + timedelta(weeks=6)
    assert "daarna om de 6 weken" in staff.page(plan).text


def test_the_lead_sees_plan_criteria_phase_and_review_but_no_weighing(
    staff, new_client, world, plan
):
    for code in ("weighing", "plan", "exit"):
        written(staff, world, plan, code, f"Kanarie {code}")
    staff.send(f"{plan}/met", {"section": marked(staff.page(plan))[0]})
    staff.fill(f"{plan}/phase", {"phase": "recovery"})
    given = {"kind": TaskKind.CASE_LEAD, "accepted_at": clock.now()}
    task = builders.task(world.police_colleague, world.case, world.coordinator, **given)
    lead = new_client().sign_in(world.police_colleague.id)
    assert f"/tasks/{task.id}/plan" in lead.page(f"/tasks/{task.id}").links
    page = lead.page(f"/tasks/{task.id}/plan")
    for words in ("Kanarie plan", "Kanarie exit", "1 van 1 behaald", "herstel"):
        assert words in page.text
    assert "Weging" not in page.text
    assert "Kanarie weighing" not in page.text
    assert marked(page) == []
    assert not any(link.startswith("/cases") for link in page.links)
    assert "casusregisseur: C. Jansen, Politie" in staff.page(plan).text
    section = {"section": marked(staff.page(plan))[0]}
    for path in (f"{plan}/met", f"{plan}/unmet", f"{plan}/reviewed"):
        assert lead.send(path, section).status_code == 404
    assert lead.get(plan).status_code == 404
    for who in (world.police, world.stranger, world.administrator):
        other = new_client().sign_in(who.id)
        assert other.get(plan).status_code == 404
        assert other.get(f"/tasks/{task.id}/plan").status_code == 404


@pytest.mark.parametrize("more", [0, 12])
def test_the_page_takes_few_statements_whatever_the_criteria(
    staff, world, plan, count_statements, more
):
    for number in range(more):
        builders.section(world.case, world.types["exit"], world.host, f"Criterium {number}")
    staff.page(plan)
    with count_statements() as seen:
        staff.page(plan)
    assert len(seen) <= 20, "\n".join(seen)


def test_a_case_closes_by_its_criteria_or_with_a_reason(staff, world):
    with transaction() as session:
        session.get_one(Case, world.case.id).state = CaseState.IN_PROGRESS
    criterion = builders.section(world.case, world.types["exit"], world.host, "Geen geweld meer")
    close = f"/cases/{world.case.id}/close"
    assert "1 afsluitcriterium is nog niet behaald" in staff.page(close).text
    assert staff.send(f"/cases/{world.case.id}/state", {"to": "closed"}).status_code == 422
    assert staff.fill(close, {"reason": " "}).status_code == 422
    assert rows(select(Case.state).where(Case.id == world.case.id)) == [CaseState.IN_PROGRESS]
    staff.send(f"/cases/{world.case.id}/plan/met", {"section": str(criterion.id)})
    assert "Alle afsluitcriteria zijn behaald" in staff.page(close).text
    staff.send(f"/cases/{world.case.id}/plan/unmet", {"section": str(criterion.id)})
    assert staff.fill(close, {"reason": "Het gezin is verhuisd."}).status_code == 303
    assert rows(select(Case.state).where(Case.id == world.case.id)) == [CaseState.CLOSED]
    sealed = rows(select(AuditEvent.sealed_reason).where(AuditEvent.sealed_reason.is_not(None)))
    assert len(sealed) == 1
    assert b"verhuisd" not in sealed[0]
    assert (
        staff.send(f"/cases/{world.case.id}/plan/met", {"section": str(criterion.id)}).status_code
        == 422
    )


def test_on_its_day_staff_are_reminded_of_a_review(staff, world, plan, frozen_clock, mails):
    builders.exclusion(world.chair, world.case, world.coordinator)
    day = clock.today() + timedelta(days=5)
    staff.fill(f"{plan}/review", {"due_on": f"{day - timedelta(1):%d-%m-%Y}"})
    staff.fill(f"{plan}/review", {"due_on": f"{day:%d-%m-%Y}"})
    assert "om te evalueren" not in staff.page("/").text
    frozen_clock.advance(timedelta(days=4, hours=2))
    outbox.drain()
    assert not mails()
    frozen_clock.advance(timedelta(days=1))
    while outbox.drain():
        pass
    (mail,) = mails()
    assert world.coordinator.email in mail.to
    assert world.case.reference not in mail.text
    staff.sign_in(world.coordinator.id)
    assert "1 casus om te evalueren" in staff.page("/").text
    assert world.case.reference in staff.page("/reviews").text
    chair = staff.sign_in(world.chair.id)
    assert "om te evalueren" not in chair.page("/").text
    assert world.case.reference not in chair.page("/reviews").text
