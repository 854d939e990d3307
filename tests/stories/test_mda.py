"""MDA++: from a referral to an end by criteria, with a case lead, phases and a review on the way."""

from datetime import timedelta

from sqlalchemy import select

from app.domain.kinds import CaseState, TableKind
from app.infra import clock
from app.models import Case, CaseClock, ItemOutcome, Task
from tests import plan_tables, referring


def written(staff, region, page: str, **texts: str) -> None:
    for code, text in texts.items():
        path = f"{page}/texts/{region.types[code].id}"
        fields = {"text": text, "source": str(region.care.id)}
        assert staff.fill(path, fields).status_code == 303


def test_mda(new_client, app, frozen_clock):
    region = plan_tables.region(TableKind.MDA)
    plan_tables.discussed_within_weeks(TableKind.MDA, region.chair)
    referrer = new_client().sign_in(region.referrer.id)
    staff = new_client().sign_in(region.coordinator.id)
    path = referring.sent(referrer, region.table)
    case = plan_tables.accepted(staff, path, meeting=str(region.meeting.id))
    assert case.state is CaseState.ON_AGENDA
    plan = f"/cases/{case.id}/plan"
    assert "Kanarievraag" in staff.page(plan).text
    written(staff, region, plan, weighing="Weging: hoog risico", plan="Rust en hulp thuis")
    written(staff, region, plan, exit="Drie maanden geen geweld")
    written(staff, region, plan, exit="Kinderen slapen door")
    assert "0 van 2 behaald" in staff.page(plan).text
    staff.fill(f"{plan}/phase", {"phase": "direct-safety"})
    staff.fill(
        f"{plan}/review",
        {"due_on": f"{clock.today() + timedelta(weeks=6):%d-%m-%Y}", "every_weeks": "6"},
    )

    fields = {
        "kind": "case-lead",
        "person": str(region.carer.id),
        "reason": "Wilt u de regie voeren?",
    }
    assert staff.fill(f"/cases/{case.id}/tasks/new", fields).status_code == 303
    (task_id,) = referring.rows(select(Task.id).where(Task.person_id == region.carer.id))
    lead = new_client().sign_in(region.carer.id)
    assert lead.get(f"/tasks/{task_id}/plan").status_code == 404
    lead.fill(f"/tasks/{task_id}", action="/accept")
    text = lead.page(f"/tasks/{task_id}/plan").text
    assert "directe veiligheid" in text
    assert "Kinderen slapen door" in text
    assert "hoog risico" not in text

    running = select(CaseClock.code).where(CaseClock.met_at.is_(None))
    assert "first" in referring.rows(running)
    plan_tables.discussed(staff, region.meeting, case, "plan-agreed")
    assert "first" not in referring.rows(running)
    assert [one.code for one in referring.rows(select(ItemOutcome))] == ["plan-agreed"]
    assert "Uitkomst" in staff.page(plan).text
    staff.fill(f"{plan}/phase", {"phase": "stable-safety"})
    frozen_clock.advance(timedelta(weeks=6))
    staff.sign_in(region.coordinator.id)
    assert "1 casus om te evalueren" in staff.page("/").text
    staff.send(f"{plan}/reviewed")
    for phase in ("direct-safety", "recovery"):
        frozen_clock.advance(timedelta(minutes=1))
        staff.fill(f"{plan}/phase", {"phase": phase})

    close = f"/cases/{case.id}/close"
    assert _state(case) is CaseState.DISCUSSED
    staff.send(f"/cases/{case.id}/state", {"to": "in-progress"})
    assert staff.fill(close).status_code == 422
    marks = [
        value for form in staff.page(plan).forms for name, value in form.fields if name == "section"
    ]
    for section in marks:
        staff.send(f"{plan}/met", {"section": section})
    assert "Alle afsluitcriteria zijn behaald" in staff.page(plan).text
    assert staff.fill(close).status_code == 303
    assert _state(case) is CaseState.CLOSED
    assert new_client().sign_in(region.carer.id).get(f"/tasks/{task_id}/plan").status_code == 404
    text = new_client().sign_in(region.referrer.id).page(path).text
    assert case.reference not in text
    assert "Wij bespreken dit." in text


def _state(case: Case) -> CaseState:
    return referring.rows(select(Case.state).where(Case.id == case.id))[0]
