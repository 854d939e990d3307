"""Reminding holders of their actions: checked first, neutral, and not twice in two days."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AccountState, ActionState
from app.features.actions import reminding
from app.infra.db import reading, transaction
from app.models import Action, ActionEvent, MailLog, Person
from tests import builders
from tests.actions import FULL, SAFE, drain, later, stored
from tests.feeds import actor_of
from tests.racing import race


def remind(staff, action, **fields):
    return staff.fill(f"/actions/reminders?action={action.id}", fields or None)


def test_a_reminder_is_checked_first_and_neutral(world, staff, action, mails):
    page = staff.page(f"/actions/reminders?action={action.id}")
    assert "Politie, A. Yilmaz" in page.text
    assert "nog niet herinnerd" in page.text
    assert mails() == ()
    answer = remind(staff, action)
    assert answer.status_code == 303
    assert "1 verstuurd." in staff.page(answer.location).text
    drain()
    [mail] = mails()
    assert (mail.to, mail.subject) == (world.police.email, "1 actie vraagt uw aandacht")
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
    said = staff.page(answer.location).text
    assert "0 verstuurd. Overgeslagen: Politie, termijn 22-06-2026 (vandaag al herinnerd)." in said
    drain()
    assert len(mails()) == 1


def test_of_two_who_remind_at_once_one_does(app, world, action, mails):
    people = [actor_of(one) for one in (world.chair, world.coordinator)]
    every = [action.id]
    for number in range(1, 4):
        every += [
            builders.action(world.item, world.police_organisation, world.police, world.chair).id
            for _ in range(4)
        ]
        turns = (every, every[::-1])
        acts = [partial(reminding.remind, *one) for one in zip(people, turns, strict=True)]
        assert race(app, *zip(people, acts, strict=True)) == [True, True]
        with reading() as session:
            told = session.scalars(select(ActionEvent.action_id)).all()
        assert sorted(told) == sorted(every), "each once, whatever order they were ticked in"
        drain()
        assert len(mails()) == number


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
    assert mail.subject == "2 acties vragen uw aandacht"
    for one in (action, second):
        assert f"https://casustafel.test/my-actions/{one.id}?state=done" in mail.text
        assert f"https://casustafel.test/my-actions/{one.id}?state=not-possible" in mail.html


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


def test_what_does_not_fit_is_said_and_comes_the_next_time(world, staff, mails):
    with builders.together():
        for number in range(52):
            builders.action(
                world.item, world.care_organisation, world.care, world.chair,
                safe=f"Te laat {number:02}.", due_on=date(2026, 3, 1) + timedelta(days=number),
            )  # fmt: skip
    page = staff.page("/actions/reminders")
    assert "dit zijn de eerste 50" in page.text
    assert "Te laat 50." not in page.text
    staff.fill("/actions/reminders", {})
    page = staff.page("/actions/reminders")
    assert "Te laat 50." in page.text
    assert "Te laat 51." in page.text


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
