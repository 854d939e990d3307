"""What somebody who is gone left open is handed over by staff, line by line, in one act."""

import pytest

from app.domain.kinds import (
    ActionState,
    TableRoleName,
    TaskKind,
)
from app.infra import outbox
from app.models import Action, ActionEvent, AuditEvent, InputRequest, Task, TaskSection
from tests import builders
from tests.people import path as person_path
from tests.seats import all_of, change, live_hold

WAITS = "Er is iets over te nemen"


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def left_open(world):
    """The police hold a seat with a question, an action, an information request and lead a case."""
    action = builders.action(world.item, world.police_organisation, world.police, world.chair)
    request = builders.input_request(world.police_seat, world.coordinator)
    asking = builders.task(
        world.police, world.case, world.coordinator, sections=[world.sections["safety"]]
    )
    lead = builders.task(world.police, world.case, world.coordinator, kind=TaskKind.CASE_LEAD)
    return {"action": action, "request": request, "asking": asking, "lead": lead}


@pytest.fixture
def other(world):
    return builders.representative(world.police_organisation, world.table, "B. Ander")


@pytest.fixture
def standing(world):
    who = builders.person(world.police_organisation, "Z. Vervanger")
    builders.role(who, world.table, TableRoleName.DEPUTY)
    return who


def leave(new_client, world, act="/leave"):
    typed = {"organisation": str(world.host.id)} if act == "/move" else {}
    boss = new_client().sign_in(world.administrator.id)
    assert boss.fill(person_path(world.police, act), typed).status_code == 303


def page_of(world):
    return f"/takeovers/{world.police.id}"


def chosen_in(page):
    return {name[3:]: value for name, value in page.form().fields if name.startswith("to-")}


@pytest.mark.parametrize("act", ["/leave", "/move", "/block"])
def test_everything_open_shows_with_a_proposal_once_somebody_is_gone(  # noqa: PLR0917 - fixtures
    new_client, world, left_open, other, standing, act
):
    chair = new_client().sign_in(world.chair.id)
    assert chair.get(page_of(world)).status_code == 404
    assert "Overnemen" not in chair.page("/").text
    leave(new_client, world, act)
    assert "1 persoon is er niet meer en liet iets open" in chair.page("/").text
    assert "A. Yilmaz" in chair.page("/takeovers").text
    page = chair.page(page_of(world))
    seat, action, asking, lead = (
        str(one.id)
        for one in (world.police_seat, left_open["action"], left_open["asking"], left_open["lead"])
    )
    assert chosen_in(page) == {
        seat: str(standing.id),
        action: str(other.id),
        asking: str(standing.id),
        lead: str(standing.id),
    }
    assert "inbreng gevraagd" in page.text
    assert "Z. Vervanger (vaste vervanger)" in page.text
    assert "Kanarie" not in page.html


def test_one_act_hands_everything_over_each_in_its_own_way(  # noqa: PLR0917 - these are fixtures
    new_client, world, left_open, other, standing, mails
):
    leave(new_client, world)
    chair = new_client().sign_in(world.chair.id)
    assert chair.fill(page_of(world)).status_code == 303
    assert live_hold(world.police_seat).person_id == standing.id
    (action,) = all_of(Action, Action.id == left_open["action"].id)
    assert (action.person_id, action.organisation_id, action.state) == (
        other.id, world.police_organisation.id, ActionState.OPEN,
    )  # fmt: skip
    assert [one.new_person_id for one in all_of(ActionEvent)] == [other.id]
    (request,) = all_of(InputRequest, InputRequest.id == left_open["request"].id)
    assert request.withdrawn_at is None, "the question stays with the seat"
    old = all_of(Task, Task.person_id == world.police.id)
    assert all(one.ended_at for one in old)
    new = {one.kind: one for one in all_of(Task, Task.person_id == standing.id)}
    assert new.keys() == {TaskKind.INFORMATION_REQUEST, TaskKind.CASE_LEAD}
    asking = new[TaskKind.INFORMATION_REQUEST]
    assert (asking.accepted_at, asking.until_at) == (None, left_open["asking"].until_at)
    named = all_of(TaskSection, TaskSection.task_id == asking.id)
    assert [one.section_id for one in named] == [world.sections["safety"].id]
    lines = all_of(AuditEvent, AuditEvent.event == "transfer")
    assert {one.object_id for one in lines} >= {world.police_seat.id, action.id}
    assert chair.get(page_of(world)).status_code == 404
    assert "Overnemen" not in chair.page("/").text
    while outbox.drain():
        pass
    assert [one.subject for one in mails(recipient=other.email)] == ["U hebt 1 actie"]
    theirs = new_client().sign_in(standing.id)
    theirs.page(f"/my-meetings/{world.meeting.id}")
    assert "Kanarieveiligheid" not in theirs.last.html, "confidentiality is accepted first, by name"


def test_only_what_is_chosen_goes_and_by_whom_may_take_it(new_client, world, left_open, other):
    leave(new_client, world)
    chair = new_client().sign_in(world.chair.id)
    name = f"to-{left_open['action'].id}"
    nothing = {f"to-{one}": "" for one in chosen_in(chair.page(page_of(world)))}
    assert chair.fill(page_of(world), nothing).status_code == 422
    for odd in (str(world.care.id), str(world.police.id), str(world.administrator.id), "x"):
        assert chair.fill(page_of(world), {**nothing, name: odd}).status_code == 422
    mixed = {f"to-{world.police_seat.id}": str(other.id), name: str(world.care.id)}
    assert chair.fill(page_of(world), {**nothing, **mixed}).status_code == 422
    assert live_hold(world.police_seat) is None, "all of it or none"
    assert chair.fill(page_of(world), {**nothing, name: str(other.id)}).status_code == 303
    assert live_hold(world.police_seat) is None
    assert name[3:] not in chosen_in(chair.page(page_of(world)))


def test_what_is_kept_from_staff_is_no_line_no_number_and_no_mail(
    new_client, world, left_open, other, mails
):
    builders.exclusion(world.coordinator, world.case, world.chair)
    leave(new_client, world)
    while outbox.drain():
        pass
    kept_out = new_client().sign_in(world.coordinator.id)
    assert kept_out.get(page_of(world)).status_code == 404
    assert "Er is niets over te nemen" in kept_out.page("/takeovers").text
    assert "Overnemen" not in kept_out.page("/").text
    told = {who.email: [m.subject for m in mails(recipient=who.email)] for who in (
        world.chair, world.coordinator, world.stranger,
    )}  # fmt: skip
    assert told[world.chair.email].count(WAITS) == 1
    assert WAITS not in told[world.coordinator.email] + told[world.stranger.email]
    (mail,) = (one for one in mails(recipient=world.chair.email) if one.subject == WAITS)
    for secret in (world.case.reference, world.police.name, world.table.name, "Kanarie"):
        assert secret not in mail.text
    name = f"to-{left_open['action'].id}"
    assert kept_out.send(page_of(world), {name: str(other.id)}).status_code == 404


def test_nobody_but_the_staff_of_the_table_takes_part(new_client, world, left_open, other):
    leave(new_client, world)
    for who, status in (
        (world.stranger, 404), (world.administrator, 404), (other, 404), (world.care, 404),
    ):  # fmt: skip
        visitor = new_client().sign_in(who.id)
        assert visitor.get(page_of(world)).status_code == status
    outside = new_client().sign_in(world.stranger.id)
    outside.page("/takeovers")
    name = f"to-{left_open['action'].id}"
    assert outside.send(page_of(world), {name: str(other.id)}).status_code == 404


def test_whom_the_case_bars_is_not_listed_and_who_sits_there_takes_no_second_seat(
    new_client, world, left_open, other, standing
):
    builders.exclusion(other, world.case, world.chair)
    second = builders.seat(world.item, world.police_organisation, standing)
    leave(new_client, world)
    page = new_client().sign_in(world.chair.id).page(page_of(world))
    assert "B. Ander" not in page.text
    assert chosen_in(page)[str(world.police_seat.id)] == "", "a colleague, but not proposed"
    assert "Geen collega kan dit overnemen" in page.text, "the action has no holder left"
    assert live_hold(second).person_id == standing.id


def test_what_was_settled_meanwhile_is_left_as_it_is(new_client, world, left_open, other):
    leave(new_client, world)
    chair, helper = (new_client().sign_in(one.id) for one in (world.chair, world.coordinator))
    chair.page(page_of(world))
    form = chair.page(page_of(world)).form().filled({})
    change(Action, Action.id == left_open["action"].id, state=ActionState.LAPSED)
    answer = chair.post(page_of(world), data=form, headers={"Referer": "https://casustafel.test/"})
    assert answer.status_code == 303
    (action,) = all_of(Action, Action.id == left_open["action"].id)
    assert action.person_id == world.police.id
    assert live_hold(world.police_seat).person_id == other.id
    assert helper.get(page_of(world)).status_code == 404


def test_a_seat_that_staff_filled_already_is_not_taken_away(new_client, world, left_open, other):
    leave(new_client, world)
    builders.hold(world.police_seat, world.police_colleague)
    page = new_client().sign_in(world.chair.id).page(page_of(world))
    assert str(world.police_seat.id) not in chosen_in(page)


def test_answered_or_over_is_nothing_to_take_over(new_client, world):
    builders.action(
        world.item, world.police_organisation, world.police, world.chair, state=ActionState.DONE
    )
    leave(new_client, world)
    chair = new_client().sign_in(world.chair.id)
    change(
        type(world.meeting),
        type(world.meeting).id == world.meeting.id,
        closed_at=world.meeting.ends_at,
    )
    assert chair.get(page_of(world)).status_code == 404
