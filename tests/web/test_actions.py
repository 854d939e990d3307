"""Actions as their holders and the staff of a table meet them, page by page."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AccountState, ActionState
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import Action, ActionEvent, AuditEvent, MailLog, Person
from tests import builders

SAFE, FULL = "Aangiften op een rij zetten", "Kanarieactie over moeder"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def action(world):
    return builders.action(
        world.item, world.police_organisation, world.police, world.chair, safe=SAFE, full=FULL
    )


@pytest.fixture
def police(world, action, client):
    return client.sign_in(world.police.id)


@pytest.fixture
def staff(world, action, new_client):
    return new_client().sign_in(world.coordinator.id)


def stored(action) -> Action:
    with reading() as session:
        return session.get_one(Action, action.id)


def events(action) -> list[ActionEvent]:
    with reading() as session:
        return list(
            session.scalars(
                select(ActionEvent)
                .where(ActionEvent.action_id == action.id)
                .order_by(ActionEvent.at)
            )
        )


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def drain() -> None:
    while outbox.drain():
        pass


# The holder


def test_the_holder_reports_and_may_take_it_back_for_half_a_minute(police, action):
    answer = police.fill(f"/my-actions/{action.id}", {"state": "done"})
    assert answer.status_code == 303
    assert stored(action).state is ActionState.DONE
    assert stored(action).finished_at is not None
    page = police.page(answer.location)
    assert "Bewaard. U hebt geen openstaande acties meer." in page.text
    later(seconds=20)
    police.fill(answer.location, action="/undo")
    assert stored(action).state is ActionState.OPEN
    assert stored(action).finished_at is None
    assert [one.state for one in events(action)] == [ActionState.DONE, ActionState.OPEN]


def test_after_half_a_minute_the_button_is_gone_and_the_post_says_so(police, action):
    location = police.fill(f"/my-actions/{action.id}", {"state": "started"}).location
    later(seconds=31)
    assert "Ongedaan maken" not in police.page(location).text
    answer = police.send(f"/my-actions/{action.id}/undo", follow_redirects=True)
    assert "De termijn is verstreken." in answer.text
    assert stored(action).state is ActionState.STARTED


def test_a_mail_link_preselects_and_changes_nothing(police, action):
    page = police.page(f"/my-actions/{action.id}?state=not-possible")
    assert ("state", "not-possible") in page.form().fields
    assert stored(action).state is ActionState.OPEN
    assert ("state", "nonsense") not in police.page(
        f"/my-actions/{action.id}?state=nonsense"
    ).form().fields


@pytest.mark.parametrize("state", ["not-possible", "not-done"])
def test_what_did_not_happen_needs_a_reason(police, action, state):
    answer = police.fill(f"/my-actions/{action.id}", {"state": state})
    assert answer.status_code == 422
    assert "Schrijf de reden op." in answer.text
    assert stored(action).state is ActionState.OPEN
    answer = police.fill(
        f"/my-actions/{action.id}", {"state": state, "remark": "De school is dicht"}
    )
    assert answer.status_code == 303
    assert "De school is dicht" in police.page(f"/my-actions/{action.id}").text


def test_an_empty_report_asks_for_a_choice(police, action):
    answer = police.fill(f"/my-actions/{action.id}")
    assert answer.status_code == 422
    assert "Kies hoe het ermee staat." in answer.text


@pytest.mark.parametrize("state", ["lapsed", "open", "x", "\0"])
def test_a_state_that_is_not_offered_is_refused(police, action, state):
    police.page(f"/my-actions/{action.id}")
    version = str(stored(action).version)
    answer = police.send(f"/my-actions/{action.id}", {"state": state, "version": version})
    assert answer.status_code == 422
    assert stored(action).state is ActionState.OPEN


def test_two_at_once_see_each_other_and_lose_nothing(police, staff, action):
    mine = {"state": "not-done", "remark": "Mijn tekst", "version": str(stored(action).version)}
    police.page(f"/my-actions/{action.id}")
    staff.fill(f"/actions/{action.id}/change", {"due_on": "30-06-2026"})
    answer = police.send(f"/my-actions/{action.id}", mine)
    assert answer.status_code == 409
    assert "uiterlijk 30-06-2026" in answer.text, "theirs"
    assert "Mijn tekst" in answer.text, "mine"
    assert stored(action).state is ActionState.OPEN
    again = police.last.form()
    assert police.send(f"/my-actions/{action.id}", again.filled({})).status_code == 303
    assert stored(action).state is ActionState.NOT_DONE


def test_a_remark_alone_moves_nothing(police, action):
    police.fill(f"/my-actions/{action.id}", {"state": "started"})
    later(minutes=5)
    answer = police.fill(
        f"/my-actions/{action.id}", {"state": "started", "remark": "Klaar op vrijdag"}
    )
    assert answer.status_code == 303
    assert [one.state for one in events(action)] == [ActionState.STARTED, None]
    answer = police.fill(f"/my-actions/{action.id}", {"state": "started"})
    assert answer.status_code == 422


def test_the_full_text_opens_to_the_seated_only(world, action, police, new_client):
    assert FULL in police.page(f"/my-actions/{action.id}").text
    elsewhere = builders.action(
        world.second_item,
        world.police_organisation,
        world.police,
        world.chair,
        safe="Neutraal",
        full=FULL,
    )
    page = police.page(f"/my-actions/{elsewhere.id}")
    assert "Neutraal" in page.text
    assert FULL not in page.text
    assert FULL not in police.page("/my-actions").text


def test_reading_the_full_text_is_recorded(world, police, action):
    police.page(f"/my-actions/{action.id}")
    with reading() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.object_id == action.id)).one()
    assert (row.event, row.ground, row.person_id) == ("read", "seat", world.police.id)


def test_a_foreign_action_and_a_missing_one_answer_alike(world, action, new_client):
    other = new_client().sign_in(world.care.id)
    pages = [other.get(f"/my-actions/{one}") for one in (action.id, UNKNOWN)]
    assert [page.status_code for page in pages] == [404, 404]
    for path in ("undo", "confirm"):
        assert other.send(f"/my-actions/{action.id}/{path}").status_code == 404


def test_an_action_of_the_whole_organisation_shows_to_its_representatives(world, client):
    shared = builders.action(
        world.item, world.police_organisation, None, world.chair, safe="Voor allen"
    )
    assert "Voor allen" in client.sign_in(world.police.id).page("/my-actions").text
    assert (
        client.sign_in(world.police_colleague.id).get(f"/my-actions/{shared.id}").status_code == 404
    )


def test_the_recused_lose_the_action_and_its_trace(world, police, action):
    builders.recusal(world.police, world.case)
    assert police.get(f"/my-actions/{action.id}").status_code == 404
    assert SAFE not in police.page("/my-actions").text


def test_finished_actions_have_a_tab_of_their_own(police, action):
    police.fill(f"/my-actions/{action.id}", {"state": "done"})
    later(minutes=1)
    assert SAFE not in police.page("/my-actions").text
    assert SAFE in police.page("/my-actions?finished=1").text


# The staff


def test_the_board_shows_safe_texts_of_the_tables_served(world, action, staff, new_client):
    page = staff.page("/actions")
    assert SAFE in page.text
    assert world.case.reference in page.text
    assert FULL not in page.text
    assert SAFE not in new_client().sign_in(world.stranger.id).page("/actions").text
    assert new_client().sign_in(world.police.id).get("/actions").status_code == 404
    assert new_client().sign_in(world.administrator.id).get("/actions").status_code == 404


def test_overdue_actions_come_first_and_can_be_filtered(world, staff, action):
    late = builders.action(
        world.second_item,
        world.care_organisation,
        world.care,
        world.chair,
        safe="Te late actie",
        due_on=date(2026, 5, 29),
    )
    page = staff.page("/actions")
    assert page.text.index("Te late actie") < page.text.index(SAFE)
    assert "te laat" in page.text
    assert SAFE not in staff.page("/actions?overdue=y").text
    assert (
        "Te late actie"
        not in staff.page(f"/actions?organisation={world.police_organisation.id}").text
    )
    assert SAFE in staff.page(f"/actions?table={world.table.id}&state=open").text
    assert "Geen actie past" in staff.page("/actions?state=done").text
    assert late.id


@pytest.mark.parametrize(
    "query", [f"table={UNKNOWN}", "organisation=x", "state=%00", "state=klaar"]
)
def test_a_filter_nobody_offered_is_named(staff, query):
    answer = staff.get(f"/actions?{query}")
    assert answer.status_code == 422
    assert "Ongeldige keuze." in answer.text


@pytest.mark.parametrize("number", ["0", "-1", str(10**21), "x", "9999"])
def test_no_page_number_breaks_the_board(staff, number):
    assert staff.get(f"/actions?page={number}").status_code == 200


def test_a_board_of_many_is_paged(world, staff):
    for number in range(52):
        builders.action(
            world.item,
            world.police_organisation,
            world.police,
            world.chair,
            safe=f"Actie nr {number}",
        )
    page = staff.page("/actions")
    assert "53 gevonden" in page.text
    assert "Pagina 1 van 2" in page.text
    assert "Pagina 2 van 2" in staff.page("/actions?page=2").text


def test_staff_read_both_texts_and_that_is_recorded(world, staff, action):
    page = staff.page(f"/actions/{action.id}")
    assert FULL in page.text
    assert "Acuut gevaar?" in page.text
    assert FULL not in page.title
    with reading() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.object_id == action.id)).one()
    assert (row.event, row.ground, row.person_id) == ("read", "staff", world.coordinator.id)


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
    assert "Klopt dit?" in police.page("/my-actions").text
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


def test_the_excluded_are_not_offered_as_holder(world, staff, action):
    builders.exclusion(world.care, world.case, world.chair)
    assert "T. Mulder" not in staff.page(f"/actions/{action.id}/change").text


def test_a_foreign_action_is_not_found_by_other_staff(world, action, new_client):
    other = new_client().sign_in(world.stranger.id)
    for path in ("", "/state", "/change"):
        assert other.get(f"/actions/{action.id}{path}").status_code == 404


# Reminders


def remind(staff, action, **fields):
    return staff.fill(f"/actions/reminders?action={action.id}", fields or None)


def test_a_reminder_is_checked_first_and_neutral(world, staff, action, mails):
    page = staff.page(f"/actions/reminders?action={action.id}")
    assert "Politie, A. Yilmaz" in page.text
    assert "nog niet herinnerd" in page.text
    assert mails() == ()
    answer = remind(staff, action)
    assert answer.status_code == 303
    assert "Aan 1 actie herinnerd." in staff.page(answer.location).text
    drain()
    [mail] = mails()
    assert (mail.to, mail.subject) == (world.police.email, "U hebt 1 actie")
    assert f"https://casustafel.test/my-actions/{action.id}?state=done" in mail.text
    whole = mail.text + mail.html + mail.subject
    for word in (SAFE, FULL, world.case.reference, "MDA", world.coordinator.name, "Politie"):
        assert word not in whole
    with reading() as session:
        assert session.scalars(select(MailLog.kind)).all() == ["actions.remind"]
        [event] = session.scalars(select(ActionEvent)).all()
    assert event.is_reminder


def test_within_48_hours_it_is_skipped_unless_ticked(staff, action, mails):
    remind(staff, action)
    later(hours=47)
    staff.sign_in(staff_id(staff))
    answer = remind(staff, action)
    assert answer.status_code == 422, "nothing was chosen"
    answer = remind(staff, action, again=str(action.id))
    assert answer.status_code == 303
    drain()
    assert len(mails()) == 2


def staff_id(_client):
    with reading() as session:
        return session.scalars(select(Person.id).where(Person.name == "N. de Wit")).one()


def test_who_was_quicker_is_not_reminded_twice(world, staff, action, mails, new_client):
    staff.page(f"/actions/reminders?action={action.id}")
    fields = staff.last.form().filled({})
    remind(new_client().sign_in(world.chair.id), action)
    answer = staff.send(f"/actions/reminders?action={action.id}", fields)
    assert answer.status_code == 422
    drain()
    assert len(mails()) == 1


def test_a_reminder_does_not_make_an_open_form_stale(police, staff, action):
    version = str(stored(action).version)
    remind(staff, action)
    police.page(f"/my-actions/{action.id}")
    answer = police.send(f"/my-actions/{action.id}", {"state": "done", "version": version})
    assert answer.status_code == 303


def test_several_actions_of_one_person_are_one_mail(world, staff, action, mails):
    second = builders.action(
        world.second_item, world.police_organisation, world.police, world.chair
    )
    staff.fill(f"/actions/reminders?action={action.id}&action={second.id}")
    drain()
    [mail] = mails()
    assert mail.subject == "U hebt 2 acties"
    assert "?state=" not in mail.text


def test_without_a_choice_all_overdue_actions_are_offered(world, staff, action):
    builders.action(
        world.item,
        world.care_organisation,
        world.care,
        world.chair,
        safe="Te laat dus",
        due_on=date(2026, 5, 1),
    )
    page = staff.page("/actions/reminders")
    assert "Te laat dus" in page.text
    assert SAFE not in page.text


GONE = {
    "done meanwhile": lambda w: update(Action).where(Action.case_id == w.case.id).values(state=ActionState.DONE),
    "blocked": lambda w: update(Person).where(Person.id == w.police.id).values(state=AccountState.BLOCKED),
    "given to another": lambda w: update(Action).values(person_id=w.care.id, organisation_id=w.care_organisation.id),
}  # fmt: skip


@pytest.mark.parametrize("how", GONE)
def test_a_reminder_that_lost_its_ground_is_not_sent(world, staff, action, mails, how):
    remind(staff, action)
    with transaction() as session:
        session.execute(GONE[how](world))
    drain()
    assert mails() == ()


def test_an_english_reader_gets_an_english_mail_without_content(world, staff, action, mails):
    with transaction() as session:
        session.execute(update(Person).where(Person.id == world.police.id).values(language="en"))
    remind(staff, action)
    drain()
    [mail] = mails()
    assert SAFE not in mail.text


# Budgets


@pytest.fixture(params=[1, 50])
def many(world, request):
    for number in range(request.param):
        made = builders.action(
            world.item, world.police_organisation, world.police, world.chair, safe=f"Actie {number}"
        )
    return SimpleNamespace(count=request.param, last=made)


def test_the_board_costs_the_same_for_one_and_fifty(world, many, client, count_statements):
    client.sign_in(world.coordinator.id)
    with count_statements() as seen:
        page = client.page("/actions")
    assert page.text.count("Actie ") >= many.count
    assert len(seen) <= 6, "\n".join(seen)


def test_the_own_list_costs_the_same_for_one_and_fifty(world, many, client, count_statements):
    client.sign_in(world.police.id)
    with count_statements() as seen:
        client.page("/my-actions")
    assert len(seen) <= 6, "\n".join(seen)
