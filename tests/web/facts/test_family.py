"""The family at a discussion: roles and counts, asked about each child, without names or accounts."""

from app.infra import clock
from app.models import AgendaItem, FamilyAttendance, Meeting
from tests import builders
from tests.minutes import extract_url, minutes_url
from tests.seats import all_of, change


def test_staff_record_roles_and_the_minutes_count_them(staff, world, new_client):
    child = builders.concerned(world.case, role="child", label="Kanariekind", position=2)
    path = f"/items/{world.item.id}/family"
    page = staff.page(path)
    assert "Kanariekind" in page.text
    assert "12 jaar" in page.text
    heard = {"role": "child", "part": "heard-before", "person": str(child.id)}
    assert staff.send(path, heard).status_code == 303
    for _ in range(2):
        staff.page(path)
        assert (
            staff.fill(path, {"role": "parent", "part": "present"}, action=path).status_code == 303
        )
    staff.page(path)
    assert staff.send(path, {"role": "parent"}).status_code == 422
    assert path in staff.page(f"/meetings/{world.meeting.id}/live?item={world.item.id}").links
    mistake = next(one for one in all_of(FamilyAttendance) if one.role == "parent")
    assert staff.send(f"{path}/{mistake.id}/remove").status_code == 303
    now = clock.now()
    change(AgendaItem, AgendaItem.id == world.item.id, opened_at=now, closed_at=now)
    change(Meeting, started_at=now, closed_at=now, adopted_at=now)
    police = new_client().sign_in(world.police.id)
    text = police.page(extract_url(world)).text
    assert "1 ouder aanwezig" in text
    assert "1 kind vooraf gehoord" in text
    assert "Kanariekind" not in text
    police.page(extract_url(world))
    assert "1 ouder aanwezig, 1 kind vooraf gehoord" in staff.page(minutes_url(world)).text
    assert staff.send(path, {"role": "parent", "part": "present"}).status_code == 422
    for who in (world.police, world.stranger):
        assert new_client().sign_in(who.id).get(path).status_code in {403, 404}
