"""The list of questions that wait: who, what kind, since when; a reminder, and not twice."""

from datetime import timedelta

from app.infra import clock, outbox
from app.models import AuditEvent, InputRequest
from tests import builders
from tests.seats import all_of, change, later


def test_who_did_not_answer_is_reminded_once_in_two_days(staff, world, mails, count_statements):
    at = clock.now() + timedelta(days=3)
    known = builders.input_request(
        world.police_seat, world.coordinator, asks_known=True, deadline_at=at
    )
    builders.input_request(world.care_seat, world.coordinator, deadline_at=at)
    with count_statements() as sent:
        page = staff.page("/input-waiting")
    assert len(sent) <= 8
    assert page.text.index("bekend bij u?") >= 0
    assert "Politie" in page.text
    assert "inbreng · sinds" in page.text
    assert "Kanarie" not in page.html
    for path in (
        f"/input-waiting?meeting={world.meeting.id}",
        f"/input-waiting?table={world.table.id}",
    ):
        assert "GGZ Delta" in staff.page(path).text
    assert "Politie" not in staff.page(f"/input-waiting?table={world.other_table.id}").text
    chosen = {"chosen": [str(known.id)]}
    assert staff.fill("/input-waiting", chosen).status_code == 303
    while outbox.drain():
        pass
    (mail,) = mails(recipient=world.police.email)
    assert world.case.reference not in mail.text
    assert f"/my-input/{known.id}" in mail.text
    assert not mails(recipient=world.care.email)
    later(minutes=5)
    assert staff.fill("/input-waiting", chosen).status_code == 303
    assert "1 overgeslagen" in staff.page("/input-waiting").text
    while outbox.drain():
        pass
    assert len(mails(recipient=world.police.email)) == 1
    assert len(all_of(AuditEvent, AuditEvent.object_kind == "input-reminder")) == 1
    assert staff.fill("/input-waiting", {"chosen": []}).status_code == 422


def test_what_was_answered_or_is_too_late_is_not_reminded_of(staff, world, mails, new_client):
    request = builders.input_request(
        world.police_seat, world.coordinator, deadline_at=clock.now() + timedelta(days=3)
    )
    assert staff.fill("/input-waiting", {"chosen": [str(request.id)]}).status_code == 303
    change(InputRequest, answered_at=clock.now())
    while outbox.drain():
        pass
    assert not mails(recipient=world.police.email)
    change(InputRequest, answered_at=None, deadline_at=clock.now())
    assert "uiterste tijd voorbij" in staff.page("/input-waiting").text
    stranger = new_client().sign_in(world.stranger.id)
    assert "Politie" not in stranger.page("/input-waiting").text
    stranger.send("/input-waiting", {"chosen": [str(request.id)]})
    assert all_of(InputRequest)[0].reminded_at
    assert new_client().sign_in(world.police.id).get("/input-waiting").status_code in {403, 404}
