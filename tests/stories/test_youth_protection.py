"""Jeugdbeschermingstafel: a written request, an independent chair, the family heard, an outcome."""

from sqlalchemy import select

from app.domain.kinds import FamilyPart, FamilyRole, TableKind
from app.models import Case, FamilyAttendance, ItemOutcome, PersonConcerned
from tests import builders, plan_tables, referring


def test_youth_protection(new_client, app):
    region = plan_tables.region(TableKind.YOUTH_PROTECTION)
    own_chair = builders.chair(region.safety, region.table, "E. Eigen")
    referrer = new_client().sign_in(region.referrer.id)
    staff = new_client().sign_in(region.coordinator.id)
    path = referring.sent(
        referrer, region.table, matter={"question": "Verzoek tot onderzoek naar een maatregel."}
    )
    case = plan_tables.accepted(staff, path, meeting=str(region.meeting.id))
    plan = f"/cases/{case.id}/plan"
    page = staff.page(plan)
    assert "Verzoek tot onderzoek naar een maatregel." in page.text
    assert page.text.index("Acuut gevaar?") < page.text.index("Verzoek tot onderzoek")
    assert "Onafhankelijk voorzitter" in page.text
    assert "E. Eigen" in page.text
    assert "V. Voorzitter" not in page.text.partition("Verzoek tot")[0]
    assert new_client().sign_in(own_chair.id).get(plan).status_code == 200

    item_id = plan_tables.item_of(case)
    family = f"/items/{item_id}/family"

    def spoken_with_the_family() -> None:
        for role, part in (("parent", "present"), ("child", "heard-before")):
            answer = staff.fill(family, {"role": role, "part": part}, action=family)
            assert answer.status_code == 303, staff.last.text

    plan_tables.discussed(
        staff, region.meeting, case, "investigation", during=spoken_with_the_family
    )
    there = {(one.role, one.part) for one in referring.rows(select(FamilyAttendance))}
    assert there == {
        (FamilyRole.PARENT, FamilyPart.PRESENT), (FamilyRole.CHILD, FamilyPart.HEARD_BEFORE),
    }  # fmt: skip
    assert [one.code for one in referring.rows(select(ItemOutcome))] == ["investigation"]
    assert "onderzoek" in staff.page(plan).text.partition("Uitkomst")[2]
    text = referrer.page(path).text
    assert "Wij bespreken dit." in text
    assert case.reference not in text
    assert (
        len(referring.rows(select(PersonConcerned).where(PersonConcerned.case_id == case.id))) == 1
    )
    assert referring.rows(select(Case.table_id).where(Case.id == case.id)) == [region.table.id]
