"""Reminders by the schedule: neutral mail asked again before it leaves, a ladder, pauses, settings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AccountState, ActionState, ContactPart, TableKind, TableRoleName
from app.features.chasing import rounds
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    Action,
    ActionEvent,
    ActionNotice,
    ActionPause,
    AuditEvent,
    CaseTable,
    FollowUp,
    MailLog,
    OrganisationContact,
    Person,
)
from tests import builders
from tests.actions import FULL, SAFE, drain, verified_at
from tests.seats import change

# Of actions due on Monday 22 June 2026: the day itself, and three and ten working days later.
ON_THE_DAY, DEPUTY, CHAIR = (
    datetime(2026, *day, 6, 0, tzinfo=UTC) for day in ((6, 22), (6, 25), (7, 6))
)


def make_round(at: datetime, *, minutes: int = 0) -> None:
    """A round, and minutes later what it queued."""
    clock._current.moment = at
    rounds.make()
    if minutes:
        clock._current.moment = at.replace(minute=minutes)
        drain()


def state(who: Person, value: AccountState) -> None:
    with transaction() as session:
        session.execute(update(Person).where(Person.id == who.id).values(state=value))


def log_of(kind: str) -> int:
    with reading() as session:
        return len(
            session.scalars(select(AuditEvent.id).where(AuditEvent.object_kind == kind)).all()
        )


def test_one_mail_a_day_counts_and_tells_nothing(world, action, mails):
    second = builders.action(
        world.item, world.police_organisation, world.police, world.chair, safe="Nog een"
    )
    third = builders.action(
        world.second_item, world.care_organisation, world.care, world.chair, safe="Zorg"
    )
    moved = builders.action(world.item, world.police_organisation, world.police, world.chair)
    make_round(ON_THE_DAY)
    with transaction() as session:
        session.get_one(Action, third.id).state = ActionState.DONE
        session.get_one(Action, moved.id).due_on = date(2026, 7, 22)
    make_round(ON_THE_DAY.replace(minute=15), minutes=18)
    [mail] = mails()
    assert (mail.to, mail.subject) == (world.police.email, "2 acties vragen uw aandacht")
    assert "https://casustafel.test/my-actions" in mail.text
    whole = mail.text + mail.html + mail.subject
    assert f"https://casustafel.test/my-actions/{second.id}?state=started" in mail.text
    for word in (SAFE, FULL, "Nog een", world.case.reference, "MDA", "Politie"):
        assert word not in whole
    assert log_of("action-reminder") == 4
    with reading() as session:
        assert session.get_one(Action, action.id).reminded_at == ON_THE_DAY


def test_two_mails_held_up_become_one(world, action, mails):
    """The mail server was away for two days."""
    make_round(ON_THE_DAY)
    second = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=date(2026, 6, 23), safe="Nog een",
    )  # fmt: skip
    make_round(ON_THE_DAY + timedelta(days=1))
    clock._current.moment = ON_THE_DAY + timedelta(days=1, hours=13)
    drain()
    assert mails() == ()
    clock._current.moment = ON_THE_DAY + timedelta(days=2, minutes=3)
    drain()
    [mail] = mails()
    assert mail.subject == "2 acties vragen uw aandacht"
    assert second.id


def test_who_had_a_mail_today_hears_the_rest_tomorrow(world, action, mails):
    soon = ON_THE_DAY + timedelta(hours=1)
    second = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        reminded_at=soon - timedelta(hours=48),
    )  # fmt: skip
    make_round(ON_THE_DAY, minutes=3)
    make_round(soon, minutes=3)
    assert notices() == [(action.id, "on-the-day", 0)]
    make_round(ON_THE_DAY + timedelta(days=1), minutes=3)
    assert notices() == [(action.id, "on-the-day", 0), (second.id, "after", 1)]
    assert [mail.subject for mail in mails()] == ["1 actie vraagt uw aandacht"] * 2


def test_a_table_that_tells_later_in_the_morning_has_its_turn_every_day(world, action, mails):
    """One action a day at the first table; the other may tell from nine, and its mail goes too."""
    verified_at(world.other_table, world.coordinator)
    with transaction() as session:
        session.execute(update(FollowUp).values(quiet_until=9 * 60, on_the_day=True))
    at_nine = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        table_id=world.other_table.id,
    )  # fmt: skip
    make_round(ON_THE_DAY, minutes=3)
    make_round(ON_THE_DAY + timedelta(hours=1), minutes=3)
    assert notices() == [(action.id, "on-the-day", 0), (at_nine.id, "on-the-day", 0)]
    assert len(mails()) == 2


def test_what_the_holder_before_said_by_telephone_answers_nothing_for_the_next(world, action):
    builders.save(
        ActionEvent(
            action_id=action.id, at=clock.now(), recorded_by_id=world.coordinator.id,
            said_by_id=world.police.id, said_at=clock.now(),
        )
    )  # fmt: skip
    make_round(ON_THE_DAY)
    assert notices() == []
    builders.save(
        ActionEvent(
            action_id=action.id, at=clock.now(), recorded_by_id=world.coordinator.id,
            new_organisation_id=world.police_organisation.id, new_person_id=world.police.id,
        )
    )  # fmt: skip
    make_round(ON_THE_DAY + timedelta(hours=1))
    assert notices() == [(action.id, "on-the-day", 0)]


def moved(action, by, due_on: date) -> None:
    """Its term is another from now on."""
    builders.save(
        ActionEvent(action_id=action.id, at=clock.now(), recorded_by_id=by.id, new_due_on=due_on)
    )
    with transaction() as session:
        session.get_one(Action, action.id).due_on = due_on


def spoken(action, by, of) -> None:
    """A remark by telephone."""
    builders.save(
        ActionEvent(
            action_id=action.id, at=clock.now(), recorded_by_id=by.id, said_by_id=of.id,
            said_at=clock.now(),
        )
    )  # fmt: skip


def test_a_term_moved_away_and_back_has_its_reminders_again(world, mails):
    """Due on one day again, at a later hour: what was told of the term before it does not count."""
    due_at = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
    by_hour = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=due_at.date(), due_at=due_at,
    )  # fmt: skip
    first = due_at - timedelta(days=3)
    make_round(first)
    for hours, due_on in ((1, date(2026, 7, 22)), (2, due_at.date())):
        clock._current.moment = first + timedelta(hours=hours)
        moved(by_hour, world.chair, due_on)
    with transaction() as session:
        session.get_one(Action, by_hour.id).due_at = due_at + timedelta(hours=8)
    drain()
    assert mails() == (), "what was queued was about the term before"
    make_round(first + timedelta(hours=8), minutes=1)
    assert notices() == [(by_hour.id, "before", 3)] * 2
    assert len(mails()) == 1


def test_an_answer_by_telephone_is_enough_until_the_term_is_over(world, action):
    """After it the schedule goes on; a late answer is enough until there is another term."""
    spoken(action, world.coordinator, world.police)
    make_round(datetime(2026, 6, 17, 6, 0, tzinfo=UTC))
    make_round(ON_THE_DAY)
    assert notices() == []
    make_round(ON_THE_DAY + timedelta(days=1))
    assert notices() == [(action.id, "after", 1)]
    spoken(action, world.coordinator, world.police)
    make_round(CHAIR)
    assert notices() == [(action.id, "after", 1)]
    moved(action, world.chair, date(2026, 7, 22))
    make_round(datetime(2026, 7, 22, 6, 0, tzinfo=UTC))
    assert notices() == [(action.id, "after", 1), (action.id, "on-the-day", 0)]


def notices() -> list[tuple]:
    with reading() as session:
        rows = session.scalars(select(ActionNotice).order_by(ActionNotice.told_at, ActionNotice.id))
        return [(row.action_id, row.step.value, row.days) for row in rows]


def test_a_schedule_that_changed_tells_nothing_again(world, action):
    make_round(datetime(2026, 6, 29, 6, 0, tzinfo=UTC))
    before = notices()
    assert (action.id, "after", 5) in before
    verified_at(world.table, world.coordinator)
    with transaction() as session:
        session.execute(update(FollowUp).values(days_after="2,4", deputy_after=2))
    make_round(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    assert notices() == [*before, (action.id, "chair", 7)]


def test_what_changed_before_it_left_is_not_told(world, action, mails):
    make_round(ON_THE_DAY)
    builders.exclusion(world.police, world.case, world.chair)
    make_round(ON_THE_DAY.replace(minute=15), minutes=18)
    assert mails() == ()


def test_a_mail_that_was_held_up_waits_for_the_next_morning(world, action, mails):
    make_round(ON_THE_DAY)
    clock._current.moment = ON_THE_DAY.replace(hour=21)
    drain()
    assert mails() == ()
    second = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=date(2026, 6, 23), safe="Nog een",
    )  # fmt: skip
    make_round(ON_THE_DAY.replace(day=23), minutes=3)
    [mail] = mails()
    assert mail.subject == "2 acties vragen uw aandacht"
    with reading() as session:
        assert len(set(session.scalars(select(ActionNotice.mail_id)))) == 1
    assert second.id


def begun_anew() -> None:
    """As a worker that was killed, or was slow, leaves the mail of Monday."""
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.unique_key.like("%:2026-06-22:480"))
            .values(done_at=None, leased_until=None)
        )


def test_a_morning_whose_own_mail_left_has_another_for_what_was_held_up(world, action, mails):
    """A slow worker looks at Monday's mail in the evening by its clock: Tuesday's is gone by then."""
    make_round(ON_THE_DAY)
    with transaction() as session:
        session.execute(update(OutboxRow).values(leased_until=ON_THE_DAY + timedelta(days=9)))
    second = builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=date(2026, 6, 23), safe="Nog een",
    )  # fmt: skip
    tuesday = ON_THE_DAY + timedelta(days=1)
    make_round(tuesday, minutes=3)
    [mail] = mails()
    assert str(second.id) in mail.text
    for _ in range(2):
        # The second time after it was killed before it could note that it was done.
        clock._current.moment = ON_THE_DAY.replace(hour=19)
        begun_anew()
        drain()
        with reading() as session:
            assert not session.scalars(select(OutboxRow).where(OutboxRow.reason != "")).all()
    assert len(mails()) == 1
    make_round(tuesday.replace(minute=15), minutes=18)
    late, first = mails()
    assert (first.subject, late.subject) == ("1 actie vraagt uw aandacht",) * 2
    assert str(action.id) in late.text
    assert str(second.id) not in late.text
    # Not before 48 hours after that mail, whenever it was written down.
    make_round(tuesday + timedelta(days=1), minutes=3)
    assert len(mails()) == 2
    make_round(tuesday + timedelta(days=2), minutes=3)
    newest, *before = mails(recipient=world.police.email)
    assert (newest.subject, len(before)) == ("2 acties vragen uw aandacht", 2)


def test_a_worker_killed_while_it_held_a_mail_up_sends_it_once(action, mails):
    make_round(ON_THE_DAY)
    clock._current.moment = ON_THE_DAY.replace(hour=21)
    drain()
    begun_anew()
    clock._current.moment = ON_THE_DAY + timedelta(days=1, minutes=3)
    drain()
    assert len(mails()) == 1
    with reading() as session:
        assert {one.value for one in session.scalars(select(MailLog.state))} == {"sent"}


def test_a_mail_to_who_moved_meanwhile_stays_unsent(world, action, ladder, mails):
    """Of the own action, and on the ladder."""
    lead, _barred = ladder
    make_round(DEPUTY)
    with reading() as session:
        told = set(session.scalars(select(ActionNotice.person_id)))
    assert told == {world.police.id, lead.id}
    for who in (world.police, lead):
        change(Person, Person.id == who.id, organisation_id=world.care_organisation.id)
    make_round(DEPUTY.replace(minute=15), minutes=18)
    assert mails(recipient=world.police.email) == mails(recipient=lead.email) == ()


@pytest.fixture
def ladder(world, action):
    """A team lead and a deputy of the police; the contact is somebody the case bars."""
    lead, barred = (builders.person(world.police_organisation) for _ in range(2))
    builders.role(world.police_colleague, world.table, TableRoleName.REPRESENTATIVE)
    builders.exclusion(barred, world.case, world.chair)
    for who, part in ((lead, ContactPart.TEAM_LEAD), (barred, ContactPart.CONTACT)):
        builders.save(
            OrganisationContact(
                organisation_id=world.police_organisation.id, person_id=who.id, part=part,
                from_at=builders.LONG_AGO,
            )
        )  # fmt: skip
    return lead, barred


def test_who_was_told_on_the_ladder_reads_the_safe_text_and_nothing_else(
    world, action, ladder, mails, new_client
):
    lead, barred = ladder
    reader = new_client()
    assert SAFE not in reader.sign_in(lead.id).page("/organisation-actions").text
    make_round(DEPUTY, minutes=3)
    [mail] = mails(recipient=lead.email)
    assert "/organisation-actions" in mail.text
    assert mails(recipient=world.police_colleague.email) == ()
    page = reader.sign_in(lead.id).page("/organisation-actions")
    for word in (SAFE, world.police.name, "MDA++ Deltaland", "22-06-2026", "te laat"):
        assert word in page.text
    for word in (FULL, world.case.reference):
        assert word not in page.html
    assert log_of("chased-action") == 1
    assert log_of("action-escalation") == 1
    make_round(CHAIR, minutes=3)
    assert mails(recipient=barred.email) == ()
    [mail] = mails(recipient=world.chair.email)
    assert "https://casustafel.test/actions" in mail.text
    # Its holder reads of the own reminders alone: a rung that was missed tells who is barred.
    own = reader.sign_in(world.police.id).page(f"/my-actions/{action.id}").text
    _plan, _heading, sent = own.partition("Verstuurd")
    assert "voorzitter van het overleg" not in sent
    assert "teamleider of vervanger" not in sent
    for who in (barred, world.police_colleague, world.care):
        assert SAFE not in reader.sign_in(who.id).page("/organisation-actions").text
    with transaction() as session:
        session.get_one(Action, action.id).state = ActionState.DONE
    assert SAFE not in reader.sign_in(lead.id).page("/organisation-actions").text


@pytest.mark.parametrize("named", ["deputy", "lead"])
def test_the_day_one_is_told_does_not_say_that_another_is_barred(world, action, named):
    """With the only deputy, or the team lead before it, barred: the contact keeps its own day."""
    deputy, contact = world.police_colleague, builders.person(world.police_organisation)
    builders.role(deputy, world.table, TableRoleName.REPRESENTATIVE)
    contacts = {ContactPart.CONTACT: contact}
    barred = deputy
    if named == "lead":
        barred = contacts[ContactPart.TEAM_LEAD] = builders.person(world.police_organisation)
    for part, who in contacts.items():
        builders.save(
            OrganisationContact(
                organisation_id=world.police_organisation.id, person_id=who.id, part=part,
                from_at=builders.LONG_AGO,
            )
        )  # fmt: skip
    builders.exclusion(barred, world.case, world.chair)
    make_round(DEPUTY)
    assert [step for _id, step, _days in notices()] == ["after"]
    make_round(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
    with reading() as session:
        rung = select(ActionNotice.person_id).where(ActionNotice.step == "contact")
        assert session.scalars(rung).all() == [contact.id]


def test_what_comes_is_seen_beforehand_by_parts_not_by_names(action, ladder, staff, police, world):
    lead, _barred = ladder
    page = staff.page(f"/actions/{action.id}")
    for words in (
        "actiehouder 3 werkdagen voor de termijn 17-06-2026",
        "teamleider of vervanger 3 werkdagen na de termijn 25-06-2026",
        "contactpersoon van de organisatie 7 werkdagen na de termijn · er gaat geen bericht 01-07-2026",
    ):
        assert words in page.text
    own = police.page(f"/my-actions/{action.id}").text
    assert "u 3 werkdagen voor de termijn 17-06-2026" in own
    assert "voorzitter van het overleg 10 werkdagen na de termijn 06-07-2026" in own
    assert "niemand bekend" not in own
    assert lead.name not in own + page.text
    staff.fill(f"/actions/{action.id}/pause", {"until_on": "26-06-2026", "reason": "Wacht."})
    page = staff.page(f"/actions/{action.id}")
    assert "actiehouder 1 werkdag na de termijn 26-06-2026" in page.text
    assert "Vanaf 26-06-2026 gaan de herinneringen vanzelf weer door." in page.text
    assert staff.fill(f"/actions/{action.id}", action="/resume").status_code == 303
    assert "17-06-2026" in staff.page(f"/actions/{action.id}").text
    spoken = {"state": "started", "remark": "Bezig.", "said_by": str(world.police.id)}
    assert staff.fill(f"/actions/{action.id}/state", spoken).status_code == 303
    assert "telefonisch geantwoord" in staff.page(f"/actions/{action.id}").text


def test_an_hour_waits_for_no_morning(world, mails):
    """Due at six on Sunday evening: told in the morning of that day, and again at six the day after."""
    due_at = datetime(2026, 6, 21, 16, 0, tzinfo=UTC)
    builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        due_on=date(2026, 6, 21), due_at=due_at, safe=SAFE,
    )  # fmt: skip
    make_round(datetime(2026, 6, 21, 6, 0, tzinfo=UTC), minutes=1)
    make_round(datetime(2026, 6, 22, 16, 0, tzinfo=UTC), minutes=1)
    assert [mail.to for mail in mails()] == [world.police.email] * 2
    assert "Daarvan is er 1 te laat." in mails()[0].text


def test_a_pause_has_a_reason_and_ends_by_itself(world, action, staff, new_client):
    path = f"/actions/{action.id}"
    for fields, words in (
        ({"until_on": "12-06-2026"}, "reden"),
        ({"until_on": "01-06-2026", "reason": "Vakantie."}, "moet komen"),
        ({"until_on": "01-12-2026", "reason": "Vakantie."}, "van 1 tot en met 60"),
    ):
        assert words in staff.fill(f"{path}/pause", fields).text
    for day in ("12-06-2026", "26-06-2026"):
        answer = staff.fill(f"{path}/pause", {"until_on": day, "reason": "Wacht op school."})
        assert answer.status_code == 303
    with reading() as session:
        rows = session.scalars(select(ActionPause).order_by(ActionPause.until_on)).all()
    assert [row.ended_at is None for row in rows] == [False, True]
    make_round(ON_THE_DAY)
    make_round(DEPUTY)
    with reading() as session:
        assert session.scalars(select(ActionNotice)).all() == []
    make_round(datetime(2026, 6, 26, 6, 0, tzinfo=UTC))
    with reading() as session:
        told = session.scalars(select(ActionNotice).order_by(ActionNotice.step)).all()
        assert session.get_one(ActionPause, rows[1].id).ended_at is not None
    assert {(one.person_id, one.step.value, one.days) for one in told} == {
        (world.police.id, "after", 1),
        (world.chair.id, "chair", 3),
    }
    assert new_client().sign_in(world.stranger.id).get(f"{path}/pause").status_code == 404


def test_a_table_sets_its_own_schedule_within_limits(world, staff, new_client):
    path = f"/chasing/{world.table.id}"
    page = staff.page(path)
    assert "Een actie met termijn 15-06-2026 wordt herinnerd op:" in page.text
    assert "10-06-2026, 08.00" in page.text
    assert "GGZ Delta geen teamleider of vervanger · geen contactpersoon" in page.text
    for fields, words in (
        ({"days_before": "1,2,3,4,5,6"}, "hoogstens vijf momenten"),
        ({"days_after": "0"}, "getallen van 1 tot en met 60"),
        ({"deputy_after": "9"}, "Elke volgende stap ligt later"),
        ({"quiet_from": "9.00"}, "De stilte begint tussen"),
    ):
        answer = staff.fill(path, fields)
        assert (answer.status_code, words in answer.text) == (422, True)
    answer = staff.send(path, {**first_form(staff, path), "days_before": "5", "look": "1"})
    assert (answer.status_code, "08-06-2026, 08.00" in answer.text) == (200, True)
    answer = staff.fill(path, {"days_before": "5, 2", "contact_after": "", "verifies": "y"})
    assert answer.status_code == 303
    with reading() as session:
        row = session.get_one(FollowUp, world.table.id)
    assert (row.days_before, row.contact_after, row.verifies) == ("2,5", None, True)
    assert row.verifies_from == clock.now()
    assert (row.version, log_of("follow-up")) == (1, 1)
    old = staff.send(path, {**first_form(staff, path), "version": "0"})
    assert old.status_code == 409
    assert new_client().sign_in(world.stranger.id).get(path).status_code == 404
    assert "eigen schema" in staff.page("/chasing").text
    change(CaseTable, CaseTable.id == world.table.id, kind=TableKind.ACTION)
    assert "13-06-2026, 08.00" in staff.page(path).text, (
        "a Saturday, as nobody is woken where no hour was set"
    )


def first_form(client, path: str) -> dict[str, str]:
    form = client.page(path).form()
    return {name: values[0] for name, values in form.filled({}).items() if name != "csrf_token"}


def test_an_administrator_names_whom_to_tell(world, new_client):
    path = f"/admin/organisations/{world.police_organisation.id}/contacts"
    administrator = new_client().sign_in(world.administrator.id)
    fields = {"person": str(world.police.id), "part": "contact", "table": str(world.table.id)}
    wrong = administrator.fill(path, {**fields, "until_on": "01-01-2026"})
    assert wrong.status_code == 422
    assert administrator.fill(path, fields).status_code == 303
    page = administrator.page(path)
    assert "A. Yilmaz Contactpersoon van de organisatie MDA++ Deltaland 01-06-2026" in page.text
    with reading() as session:
        [row] = session.scalars(select(OrganisationContact)).all()
    assert administrator.send(f"{path}/{row.id}/end").status_code == 303
    assert "afgelopen" in administrator.page(path).text
    assert log_of("organisation-contact") == 2
    other = f"/admin/organisations/{world.care_organisation.id}/contacts/{row.id}/end"
    assert administrator.send(other).status_code == 404


def test_whoever_is_blocked_or_moved_hears_nothing(world, action, mails):
    make_round(ON_THE_DAY)
    state(world.police, AccountState.BLOCKED)
    make_round(ON_THE_DAY.replace(minute=15), minutes=18)
    assert mails() == ()
