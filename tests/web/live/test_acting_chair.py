"""One meeting handed over: who may, to whom, until when, who hears of it, and that nothing opens."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AnnouncementKind
from app.domain.local_time import to_local
from app.features.series.service import plan_series
from app.infra import calendar_queue, clock, outbox
from app.infra.db import transaction
from app.models import ActingChair, Announcement, AuditEvent, Meeting, TableRole
from tests import builders
from tests.live import every, live_url, stored
from tests.seats import actor_of
from tests.series import meetings_of, typed

ANNOUNCED = "Een wijziging in rollen, accounts of instellingen"


def chair_url(world) -> str:
    return f"/meetings/{world.meeting.id}/chair"


def give(visitor, world, who, **more):
    typed = {"person": str(who.id), "until_day": "15-6-2026", **more}
    return visitor.fill(chair_url(world), typed, action="/chair")


def log_roles(kind: str) -> list[str]:
    with transaction() as session:
        return list(session.scalars(select(AuditEvent.role).where(AuditEvent.object_kind == kind)))


@pytest.fixture
def deputy(world):
    """A second chair of the same table."""
    return builders.chair(world.host, world.table, "V. Vervanger")


def test_a_chair_hands_one_meeting_over_at_once_and_the_staff_hear_of_it(
    world, client, new_client, deputy, mails
):
    client.sign_in(world.chair.id)
    assert give(client, world, deputy).status_code == 303
    (row,) = every(ActingChair)
    assert (row.person_id, row.appointed_by_id) == (deputy.id, world.chair.id)
    assert row.from_at == clock.now() < row.until_at
    (told,) = every(Announcement)
    assert (told.kind, told.meeting_id) == (AnnouncementKind.ACTING_CHAIR, world.meeting.id)

    outbox.drain()
    for who in (deputy, world.coordinator):
        assert [mail.subject for mail in mails(recipient=who.email)] == [ANNOUNCED]
        visitor = new_client().sign_in(who.id)
        assert "Waarnemend voorzitter : V. Vervanger" in visitor.page("/changes").text
        assert (
            "Waarnemend voorzitter: V. Vervanger"
            in visitor.page(f"/meetings/{world.meeting.id}").text
        )
    assert not mails(recipient=world.chair.email)
    assert not mails(recipient=world.stranger.email)
    stranger = new_client().sign_in(world.stranger.id)
    assert "V. Vervanger" not in stranger.page("/changes").text


def test_the_log_names_the_acting_chair_until_it_is_taken_back(world, new_client):
    chair = new_client().sign_in(world.chair.id)
    helper = new_client().sign_in(world.coordinator.id)
    assert give(chair, world, world.coordinator).status_code == 303
    assert helper.send(f"/meetings/{world.meeting.id}/start").status_code == 303
    assert log_roles("start") == ["acting-chair"]
    helper.page("/readers", status=404)
    assert "Te bevestigen" not in helper.page("/changes").text
    assert log_roles("acting-chair") == ["chair"]

    assert chair.send(chair_url(world) + "/end").status_code == 303
    assert helper.send(f"/items/{world.item.id}/open").status_code == 303
    assert set(log_roles("item")) == {"coordinator"}
    kinds = [row.kind for row in every(Announcement)]
    assert sorted(kinds) == [AnnouncementKind.ACTING_CHAIR, AnnouncementKind.ACTING_CHAIR_ENDED]
    assert "V. Vervanger" not in chair.page(f"/meetings/{world.meeting.id}").text


def test_it_ends_by_itself_and_a_second_hand_over_ends_the_first(world, client, deputy):
    client.sign_in(world.chair.id)
    give(client, world, deputy)
    give(client, world, world.coordinator, until_time="9.00")
    first, second = sorted(every(ActingChair), key=lambda row: row.ended_at is None)
    assert (first.person_id, first.ended_at) == (deputy.id, clock.now())
    assert second.person_id == world.coordinator.id
    show = f"/meetings/{world.meeting.id}"
    assert "Waarnemend voorzitter: N. de Wit" in client.page(show).text
    with transaction() as session:
        session.get_one(ActingChair, second.id).until_at = clock.now()
    assert "Waarnemend voorzitter" not in client.page(show).text
    assert give(client, world, deputy, until_day="1-1-2026").status_code == 422
    assert len(every(ActingChair)) == 2


def test_a_plan_that_is_taken_back_takes_the_handing_over_of_its_meetings_along(
    world, client, monkeypatch
):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    series_id = plan_series(actor_of(world.chair), world.table.id, typed())
    made, *_others = meetings_of(series_id)
    client.sign_in(world.chair.id)
    fields = {"person": str(world.coordinator.id), "until_day": "1-6-2027"}
    assert client.fill(f"/meetings/{made.id}/chair", fields, action="/chair").status_code == 303
    page = client.fill(f"/series/{series_id}", action="/undo", follow_redirects=True)
    assert "Ongedaan gemaakt." in page.text
    assert not every(ActingChair)
    assert not every(Announcement)


def test_the_end_moves_with_the_meeting_and_back(world, client, monkeypatch):
    """By the clock on the wall: over a change of the hour it stays the last minute of a day."""
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    client.sign_in(world.chair.id)
    give(client, world, world.coordinator)
    (row,) = every(ActingChair)
    starts_on = to_local(stored(Meeting, world.meeting.id).starts_at).date()
    days = date(2026, 11, 16) - starts_on
    answer = client.fill(
        f"/meetings/{world.meeting.id}/times", {"day": "16-11-2026"}, follow_redirects=True
    )
    assert "16 november" in answer.text
    (moved,) = every(ActingChair)
    before, after = to_local(row.until_at), to_local(moved.until_at)
    assert after.date() - before.date() == days
    assert after.time() == before.time()
    assert after.utcoffset() != before.utcoffset()
    client.fill(f"/meetings/{world.meeting.id}", action="/undo")
    (back,) = every(ActingChair)
    assert back.until_at == row.until_at


def test_only_staff_of_the_table_are_eligible_and_a_coordinator_takes_it_himself(
    world, new_client, deputy
):
    chair = new_client().sign_in(world.chair.id)
    chair.page(chair_url(world))
    for who in (world.stranger, world.police, world.administrator):
        values = {"person": str(who.id), "until_day": "15-6-2026", "submit_key": "x" * 24}
        assert chair.send(chair_url(world), values).status_code == 422
        visitor = new_client().sign_in(who.id)
        visitor.page(chair_url(world), status=404)
        assert visitor.send(chair_url(world) + "/end").status_code == 404

    helper = new_client().sign_in(world.coordinator.id)
    page = helper.page(chair_url(world))
    assert "Zelf voorzitten" in page.text
    assert "V. Vervanger" not in page.text
    values = {"person": str(deputy.id), "until_day": "15-6-2026", "submit_key": "y" * 24}
    assert helper.send(chair_url(world), values).status_code == 422
    assert not every(ActingChair)
    assert give(helper, world, world.coordinator).status_code == 303
    assert give(chair, world, deputy).status_code == 303
    assert helper.send(chair_url(world) + "/end").status_code == 403


def test_who_no_longer_serves_the_table_no_longer_acts_and_a_barred_case_stays_shut(
    world, new_client
):
    chair = new_client().sign_in(world.chair.id)
    builders.exclusion(world.coordinator, world.case, world.chair)
    give(chair, world, world.coordinator)
    helper = new_client().sign_in(world.coordinator.id)
    assert world.case.reference not in helper.page(live_url(world)).text
    helper.page(live_url(world, world.item), status=404)
    with transaction() as session:
        ended = update(TableRole).where(TableRole.person_id == world.coordinator.id)
        session.execute(ended.values(until_at=clock.now()))
    helper.page(live_url(world), status=404)
    assert "Waarnemend" not in chair.page(f"/meetings/{world.meeting.id}").text
