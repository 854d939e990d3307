"""One action as staff follow it: what was said by telephone, another term or holder."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.kinds import ActionState
from app.infra.db import reading
from app.models import AuditEvent
from tests import builders
from tests.actions import FULL, SAFE, UNKNOWN, events, later, stored


def test_staff_read_both_texts_and_that_is_recorded(world, staff, action):
    page = staff.page(f"/actions/{action.id}")
    assert FULL in page.text
    assert "Acuut gevaar?" in page.text
    assert FULL not in page.title
    with reading() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.object_id == action.id)).one()
    assert (row.event, row.ground, row.person_id) == ("read", "staff", world.coordinator.id)


def test_an_action_leads_to_its_case_and_meeting_and_a_case_to_its_actions(world, staff, action):
    elsewhere = world.second_item
    builders.action(
        elsewhere, world.police_organisation, world.police, world.chair, safe="Van elders"
    )
    page = staff.page(f"/actions/{action.id}")
    assert {f"/cases/{world.case.id}", f"/meetings/{world.meeting.id}"} <= set(page.links)
    case = staff.page(f"/cases/{world.case.id}")
    board = staff.page(next(one for one in case.links if "/actions?" in one))
    assert SAFE in board.text
    assert "Van elders" not in board.text
    assert f"casus {world.case.reference}" in board.text
    columns = staff.page(next(one for one in board.links if one.startswith("/actions/columns")))
    assert "Van elders" not in columns.text


def test_a_state_by_telephone_is_confirmed_by_the_holder(world, action, staff, police):
    answer = staff.fill(
        f"/actions/{action.id}/state",
        {
            "state": "not-possible",
            "remark": "Verhuisd",
            "said_on": "01-06-2026",
            "said_time": "9.15",
        },
    )
    assert answer.status_code == 303
    [event] = events(action)
    assert (event.said_by_id, event.recorded_by_id) == (world.police.id, world.coordinator.id)
    assert event.said_at.isoformat() == "2026-06-01T07:15:00+00:00"
    assert "nog niet bevestigd" in staff.page(f"/actions/{action.id}").text
    with reading() as session:
        behalf = session.scalars(
            select(AuditEvent.on_behalf_of_id).where(AuditEvent.event == "change")
        ).all()
    assert world.police.id in behalf
    text = police.page("/my-actions").text
    assert "Klopt dit?" in text
    assert "Verhuisd" in text
    with reading() as session:
        read = select(AuditEvent.object_id).where(
            AuditEvent.event == "read", AuditEvent.person_id == world.police.id
        )
        assert session.scalars(read).all() == [action.id]
    police.fill("/my-actions", action="/confirm")
    assert "Klopt dit?" not in police.page("/my-actions").text
    assert events(action)[0].confirmed_at is not None
    assert police.send(f"/my-actions/{action.id}/confirm").status_code == 404


def test_the_holder_may_correct_what_was_noted(action, staff, police):
    staff.fill(f"/actions/{action.id}/state", {"state": "done"})
    later(minutes=5)
    police.fill(f"/my-actions/{action.id}", {"state": "started"}, action=str(action.id))
    assert stored(action).state is ActionState.STARTED
    assert "Klopt dit?" not in police.page("/my-actions").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"said_on": "02-06-2026"}, "Kies een moment dat al is geweest."),
        ({"said_on": "31-02-2026"}, "Deze datum bestaat niet"),
        ({"said_time": "25.00"}, "Schrijf de tijd als 13.10."),
        ({"said_on": "29-03-2026", "said_time": "2.30"}, "Dit uur bestaat niet"),
        ({"remark": "x" * 2001}, "Gebruik hoogstens 2000 tekens."),
    ],
)
def test_faults_of_a_telephone_note_are_named_and_typed_text_stays(staff, action, fields, sentence):
    answer = staff.fill(
        f"/actions/{action.id}/state", {"state": "done", "remark": "Getypt", **fields}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert events(action) == []


def test_somebody_else_s_words_cannot_be_noted(world, staff, action):
    staff.page(f"/actions/{action.id}/state")
    fields = staff.last.form().filled({"state": "done", "said_by": str(world.care.id)})
    assert staff.send(f"/actions/{action.id}/state", fields).status_code == 422
    assert events(action) == []


def test_term_and_holder_change_and_the_history_says_so(world, staff, action, new_client):
    care = f"{world.care_organisation.id}/{world.care.id}"
    answer = staff.fill(f"/actions/{action.id}/change", {"due_on": "30 juni 2026", "holder": care})
    assert answer.status_code == 303
    changed = stored(action)
    assert (changed.due_on, changed.person_id) == (date(2026, 6, 30), world.care.id)
    text = staff.page(f"/actions/{action.id}").text
    assert "Termijn gewijzigd in 30-06-2026" in text
    assert "Actiehouder gewijzigd in GGZ Delta, T. Mulder" in text
    assert new_client().sign_in(world.police.id).get(f"/my-actions/{action.id}").status_code == 404
    assert SAFE in new_client().sign_in(world.care.id).page("/my-actions").text


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("due_on", "31-05-2026", 422),
        ("due_on", "morgen", 422),
        ("holder", f"{UNKNOWN}/", 422),
        ("holder", "x", 422),
    ],
)
def test_an_impossible_change_is_refused(staff, action, field, value, status):
    staff.page(f"/actions/{action.id}/change")
    fields = staff.last.form().filled({field: value})
    assert staff.send(f"/actions/{action.id}/change", fields).status_code == status
    assert stored(action).due_on == date(2026, 6, 22)


def test_an_action_lapses_with_a_reason_and_its_holder_is_told(world, staff, action, police):
    path = f"/actions/{action.id}/lapse"
    assert staff.fill(path).status_code == 422
    assert staff.fill(path, {"remark": "Moeder is verhuisd"}).status_code == 303
    assert stored(action).state is ActionState.LAPSED
    assert stored(action).finished_at is not None
    page = staff.page(f"/actions/{action.id}")
    assert "Moeder is verhuisd" in page.text
    assert "nog niet gezien" in page.text
    assert f"/actions/{action.id}/lapse" not in page.links
    assert "vervallen" in police.page("/").text
    listed = police.page("/my-actions").text
    assert "Deze actie is vervallen" in listed
    assert "Moeder is verhuisd" not in listed, "the reason is for whom the full text opens"
    assert "Moeder is verhuisd" in police.page(f"/my-actions/{action.id}").text
    police.fill("/my-actions", action="/confirm")
    assert "Deze actie is vervallen" not in police.page("/my-actions").text
    assert SAFE not in police.page("/").text
    with reading() as session:
        acts = session.execute(
            select(AuditEvent.event, AuditEvent.person_id, AuditEvent.ground).where(
                AuditEvent.object_id == action.id, AuditEvent.event == "change"
            )
        ).all()
    assert ("change", world.coordinator.id, "staff") in [tuple(one) for one in acts]
    assert staff.fill(path, {"remark": "Nog eens"}).status_code == 422


def test_a_finished_action_does_not_lapse_and_a_late_press_says_so(staff, police, action):
    path = f"/actions/{action.id}/lapse"
    mine = staff.page(path).form().filled({"remark": "Hoeft niet meer"})
    police.fill(f"/my-actions/{action.id}", {"state": "done"})
    assert staff.send(path, mine).status_code == 409
    assert staff.send(path, staff.last.form().filled({})).status_code == 422
    assert stored(action).state is ActionState.DONE


def test_the_excluded_are_not_offered_as_holder(world, staff, action):
    builders.exclusion(world.care, world.case, world.chair)
    assert "T. Mulder" not in staff.page(f"/actions/{action.id}/change").text


def test_a_foreign_action_is_not_found_by_other_staff(world, action, new_client):
    other = new_client().sign_in(world.stranger.id)
    for path in ("", "/state", "/change"):
        assert other.get(f"/actions/{action.id}{path}").status_code == 404
