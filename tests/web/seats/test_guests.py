"""A guest of one item: invited by mail, reads what the task names, and is gone with it."""

from datetime import timedelta

import pytest

from app import access
from app.access import scopes
from app.access.messages import notices
from app.access.seats.newcomers import Newcomer
from app.access.tasks import guests
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, TableRoleName, TaskKind
from app.domain.local_time import to_local
from app.features.meetings import items
from app.features.meetings import service as meetings
from app.features.seats import placing
from app.features.tables import roles as tables
from app.features.tasks import giving, service
from app.infra import calendar_queue, clock, outbox, wall
from app.infra.db import reading, transaction
from app.models import Meeting, Organisation, Person, PlanningStep, Task
from tests import builders
from tests.seats import actor_of, all_of, change


@pytest.fixture
def school(world):
    return builders.organisation("SCH", mail_domains="school.example")


@pytest.fixture
def guest(staff, world, school, mails) -> Person:
    typed = {
        "name": "J. Juf", "email": "j.juf@school.example", "organisation": str(school.id),
        "reason": "Kent de kinderen", "sections": [str(world.sections["children"].id)],
    }  # fmt: skip
    assert staff.fill(f"/items/{world.item.id}/guests/new", typed).status_code == 303
    (who,) = all_of(Person, Person.email == typed["email"])
    assert (who.state, who.ends_at) == (AccountState.INVITED, world.meeting.closes_at)
    outbox.drain()
    (mail,) = mails(recipient=who.email)
    for words in ("/welcome/", "als gast", "persoonlijk", "tweede stap", "eindigt uiterlijk op"):
        assert words in mail.text
    change(Person, Person.id == who.id, state=AccountState.ACTIVE)
    return who


def seen(who) -> set:
    actor = actor_of(who)
    with reading() as session:
        found = scopes.visible_sections(actor, now=clock.now())
        return {row.Section.id for row in session.execute(found)}


def test_a_guest_reads_what_the_task_names_once_accepted_until_the_papers_close(
    guest, world, staff, new_client
):
    (task,) = all_of(Task)
    assert (task.kind, task.item_id) == (TaskKind.GUEST, world.item.id)
    assert not seen(guest)
    listed = staff.page(f"/items/{world.item.id}/seats")
    assert "J. Juf" in listed.text
    assert "nog niet aanvaard" in listed.text
    awaited = new_client().sign_in(guest.id).page(f"/tasks/{task.id}").text
    assert f"{to_local(world.item.starts_at):%H.%M}" in awaited
    assert world.meeting.place in awaited
    change(Task, Task.id == task.id, accepted_at=clock.now())
    assert seen(guest) == {world.sections["children"].id}
    clock._current.moment = world.meeting.closes_at
    with pytest.raises(NotVisible):
        actor_of(guest)


def test_who_has_no_account_yet_when_the_papers_open_gets_a_fresh_link(guest, world, mails):
    change(Person, Person.id == guest.id, state=AccountState.INVITED)
    change(Task, granted_at=world.meeting.opens_at - timedelta(days=1))
    with transaction() as session:
        notices.queue_papers(session, session.get_one(Meeting, world.meeting.id))
    outbox.drain()
    first, second = mails(recipient=guest.email)
    assert "/welcome/" in second.text
    assert first.text != second.text


def test_the_account_ends_with_the_task(guest, world):
    (task,) = all_of(Task)
    giving.end(actor_of(world.coordinator), world.case.id, task.id)
    with pytest.raises(NotVisible):
        actor_of(guest)


def test_the_account_of_a_guest_at_two_meetings_ends_with_the_last_task(guest, world):
    """Whichever meeting moves, and whichever task ends first."""
    (first,) = all_of(Task)
    later_on = first.until_at + timedelta(days=30)
    second = builders.task(
        guest, world.case, world.coordinator, kind=TaskKind.GUEST, until_at=later_on
    )
    earlier = first.until_at - timedelta(days=1)
    with transaction() as session:
        guests.move_end(session, session.get_one(Meeting, world.meeting.id), earlier)
    assert all_of(Task, Task.id == first.id)[0].until_at == earlier
    assert all_of(Person, Person.id == guest.id)[0].ends_at == later_on
    giving.end(actor_of(world.coordinator), world.case.id, second.id)
    assert all_of(Person, Person.id == guest.id)[0].ends_at == earlier
    service.give_back(actor_of(guest), first.id)
    with pytest.raises(NotVisible):
        actor_of(guest)


def test_a_guest_takes_over_no_seat_and_no_role(guest, world):
    """Neither while the account goes on nor once it ended, and it is not made lasting by it."""
    change(Person, Person.id == guest.id, organisation_id=world.police_organisation.id)
    end = guest.ends_at
    for ends_at in (end, clock.now()):
        change(Person, Person.id == guest.id, ends_at=ends_at)
        offered = actor_of(world.police)
        with wall.acting_as(world.police.id), reading() as session:
            found = access.possible_occupants(
                session, offered, organisation_id=world.police_organisation.id,
                table_id=world.table.id, case_id=world.case.id,
            )  # fmt: skip
        assert guest.id not in {one.id for one in found}
        new = Newcomer(name=guest.name, email=guest.email, is_outside=True)
        with pytest.raises(Refusal) as refused:
            placing.place(actor_of(world.coordinator), world.police_seat.id, new)
        assert refused.value.reason is Reason.GUEST_ACCOUNT
    with pytest.raises(Refusal) as refused:
        tables.give_role(
            actor_of(world.administrator), world.table.id,
            tables.NewRole(person_id=guest.id, role=TableRoleName.REPRESENTATIVE),
        )  # fmt: skip
    assert refused.value.reason is Reason.GUEST_ACCOUNT
    assert all_of(Person, Person.id == guest.id)[0].ends_at == ends_at


def test_the_account_stops_with_its_item_or_meeting_and_comes_back_with_it(
    guest, world, monkeypatch
):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    coordinator = actor_of(world.coordinator)
    meetings.cancel_meeting(coordinator, world.meeting.id)
    with pytest.raises(NotVisible):
        actor_of(guest)
    clock._current.advance(timedelta(seconds=5))
    (step,) = all_of(PlanningStep)
    meetings.undo(coordinator, world.meeting.id, step.id)
    assert actor_of(guest)
    items.remove_item(coordinator, world.item.id)
    with pytest.raises(NotVisible):
        actor_of(guest)


def test_a_guest_is_invited_knowingly_and_by_staff(staff, world, school, police, new_client):
    path = f"/items/{world.item.id}/guests/new"
    typed = {
        "name": "J. Juf", "email": "j.juf@elders.example", "organisation": str(school.id),
        "reason": "Kent de kinderen",
    }  # fmt: skip
    staff.page(path)
    assert "past niet bij de maildomeinen" in staff.send(path, typed).text
    assert staff.send(path, {**typed, "sections": str(world.item.id)}).status_code == 422
    assert staff.send(path, {**typed, "organisation": ""}).status_code == 422
    assert not all_of(Task)
    police.page(path, status=404)
    new_client().sign_in(world.stranger.id).page(path, status=404)
    assert all_of(Organisation, Organisation.id == school.id)
