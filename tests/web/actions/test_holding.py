"""What holders ask and pass on: more time, a colleague, an action of the whole organisation."""

from datetime import UTC, date, datetime
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, ActionState, TableRoleName
from app.features.actions import more_time, passing_on, service
from app.infra import wall
from app.infra.db import reading, transaction
from app.models import Action, ActionDisclosure, AuditEvent, TermRequest
from tests import builders
from tests.actions import FULL, SAFE, drain, events, later, stored
from tests.feeds import actor_of
from tests.racing import race

REASON = "De school antwoordt pas na de vakantie"


@pytest.fixture
def colleague(world):
    builders.role(world.police_colleague, world.table, TableRoleName.REPRESENTATIVE)
    return world.police_colleague


def requests(action):
    with reading() as session:
        return list(
            session.scalars(
                select(TermRequest)
                .where(TermRequest.action_id == action.id)
                .order_by(TermRequest.asked_at)
            )
        )


def asked(action) -> str:
    """The last request for more time, as a page that shows it sends it."""
    return str(requests(action)[-1].id)


def offered(page):
    return {
        tag["value"]
        for name, tag in page.tags
        if name == "input" and tag.get("name") == "colleague"
    }


def answering(world, act):
    with wall.acting_as(world.coordinator.id):
        act(actor_of(world.coordinator))


def ask(police, action, day="01-09-2026", **more):
    return police.fill(
        f"/my-actions/{action.id}/more-time", {"until_on": day, "remark": REASON} | more
    )


def test_more_time_is_asked_told_and_granted(world, action, police, staff, mails):
    was = stored(action).due_on
    for fields, words in (
        ({"remark": ""}, "Schrijf de reden op."),
        ({"day": "01-01-2020"}, "Kies een datum die nog moet komen."),
        ({"day": f"{was:%d-%m-%Y}"}, "Kies een dag na de termijn die nu geldt."),
    ):
        answer = ask(police, action, **fields)
        assert answer.status_code == 422
        assert words in answer.text
    answer = ask(police, action)
    assert answer.status_code == 303
    page = police.page(answer.location)
    assert "Gevraagd is meer tijd, tot 01-09-2026" in page.text
    assert "Vraag om meer tijd" not in page.text, "one at a time"
    assert ask(police, action).status_code == 422
    assert stored(action).due_on == was
    drain()
    told = sorted(mails(), key=lambda mail: mail.to)
    assert {mail.to for mail in told} == {world.chair.email, world.coordinator.email}
    assert {mail.subject for mail in told} == {"Er wacht een vraag over een termijn"}
    assert f"https://casustafel.test/actions/{action.id}" in told[0].text
    for word in (SAFE, FULL, REASON, world.case.reference, world.police.name, "MDA", "Politie"):
        assert word not in "".join(mail.text + mail.html + mail.subject for mail in told)
    page = staff.page(f"/actions/{action.id}")
    assert "Vraagt om meer tijd, tot 01-09-2026" in page.text
    assert REASON in page.text
    with transaction() as session:
        session.get_one(Action, action.id).due_at = datetime(2026, 6, 22, 13, 30, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        answering(
            world, lambda actor: more_time.grant(actor, action.id, asked(action), until_on=was)
        )
    assert refused.value.reason is Reason.TERM_NOT_LATER
    key, day = asked(action), date(2026, 9, 1)
    answering(world, lambda actor: more_time.grant(actor, action.id, key, until_on=day))
    assert stored(action).due_on == date(2026, 9, 1)
    assert stored(action).due_at == datetime(2026, 9, 1, 13, 30, tzinfo=UTC), "the hour stays"
    drain()
    answered = [mail for mail in mails() if mail.to == world.police.email]
    assert [mail.subject for mail in answered] == ["Er is een antwoord over een termijn"]
    assert "verleend tot 01-09-2026" in police.page(f"/my-actions/{action.id}").text


def test_a_refusal_says_why_and_what_waits_ends_with_the_action(
    world, action, police, staff, mails
):
    ask(police, action)
    with pytest.raises(Refusal):
        answering(world, lambda actor: more_time.refuse(actor, action.id, asked(action), reason=""))
    why = "Voor de zitting van juli is dit nodig"
    answering(world, lambda actor: more_time.refuse(actor, action.id, asked(action), reason=why))
    drain()
    assert [mail.to for mail in mails()].count(world.police.email) == 1
    elsewhere = police.page(f"/my-actions/{action.id}")
    assert "niet verleend" in elsewhere.text
    assert why in elsewhere.text
    later(minutes=1)
    ask(police, action, day="02-09-2026")
    answer = police.fill(f"/my-actions/{action.id}", action="/more-time/withdraw")
    assert answer.status_code == 303
    with pytest.raises(NotVisible):
        answering(
            world, lambda actor: more_time.refuse(actor, action.id, asked(action), reason=why)
        )
    later(minutes=1)
    ask(police, action, day="03-09-2026")
    police.fill(f"/my-actions/{action.id}", {"state": "done"}, action=str(action.id))
    was = date(2026, 9, 3)
    with pytest.raises(NotVisible):
        answering(world, lambda actor: more_time.grant(actor, action.id, "", until_on=was))
    found = requests(action)
    assert [one.answered_by_id for one in found] == [world.coordinator.id, None, None]
    assert all(one.answered_at and not one.granted_until_on for one in found)
    told = len(mails())
    drain()
    assert len(mails()) == told, "nothing is asked any more"


@pytest.mark.parametrize("answer", ["grant", "refuse"])
def test_an_old_page_answers_no_newer_request(world, action, police, staff, answer):
    ask(police, action)
    path = f"/actions/{action.id}/more-time"
    fields = {"answer": answer, "remark": "Is goed."}
    old = staff.page(path).form().filled(fields)
    police.fill(f"/my-actions/{action.id}", action="/more-time/withdraw")
    later(minutes=1)
    ask(police, action, day="15-09-2026")
    late = staff.send(path, old)
    assert late.status_code == 409
    assert "intussen" in late.text
    assert [one.answered_by_id for one in requests(action)] == [None, None]
    assert stored(action).due_on == date(2026, 6, 22)
    assert staff.fill(path, fields).status_code == 303
    assert requests(action)[-1].answered_by_id == world.coordinator.id


def test_a_colleague_takes_over_and_reads_no_more_than_its_own(
    world, action, colleague, new_client, mails
):
    police = new_client().sign_in(world.police.id)
    barred = builders.representative(world.police_organisation, world.table, "B. Neef")
    builders.exclusion(barred, world.case, world.chair)
    known = builders.representative(world.police_organisation, world.table, "K. Buur")
    builders.recusal(known, world.case)
    builders.representative(world.care_organisation, world.table, "V. Vreemd")
    builders.role(
        builders.person(
            world.police_organisation, "W. Weg", state=AccountState.BLOCKED
        ), world.table, TableRoleName.REPRESENTATIVE,
    )  # fmt: skip
    builders.action_disclosure(action, world.police, world.chair)
    ask(police, action)
    path = f"/my-actions/{action.id}/hand-over"
    assert offered(police.page(path)) == {str(colleague.id)}
    for wrong in (barred, world.care, world.police):
        version = str(stored(action).version)
        answer = police.send(path, {"colleague": str(wrong.id), "version": version})
        assert answer.status_code == 422
    answer = police.fill(path, {"colleague": str(colleague.id), "remark": "Jij kent de school"})
    assert answer.status_code == 303
    page = police.page(answer.location)
    assert SAFE not in page.text
    assert police.get(f"/my-actions/{action.id}").status_code == 404
    assert stored(action).person_id == colleague.id
    assert stored(action).organisation_id == world.police_organisation.id
    with reading() as session:
        [given] = session.scalars(select(ActionDisclosure)).all()
        logged = session.scalars(
            select(AuditEvent.event).where(AuditEvent.object_id == action.id)
        ).all()
    assert given.withdrawn_at is not None
    assert "transfer" in logged
    assert [one.answered_at is not None for one in requests(action)] == [True]
    drain()
    [mail] = [mail for mail in mails() if mail.to == colleague.email]
    assert mail.subject == "U hebt 1 actie"
    assert f"/my-actions/{action.id}" in mail.text
    for word in (SAFE, FULL, world.case.reference, world.police.name, "Politie"):
        assert word not in mail.text + mail.html + mail.subject
    theirs = new_client().sign_in(colleague.id).page(f"/my-actions/{action.id}")
    assert SAFE in theirs.text
    assert "Actiehouder gewijzigd in C. Jansen" in theirs.text
    for hidden in (FULL, REASON, "Jij kent de school"):
        assert hidden not in theirs.text
    staff = new_client().sign_in(world.coordinator.id).page(f"/actions/{action.id}")
    assert "Actiehouder gewijzigd in C. Jansen" in staff.text
    assert "Jij kent de school" in staff.text
    staff = new_client().sign_in(world.coordinator.id)
    care = f"{world.care_organisation.id}/{world.care.id}"
    assert staff.fill(f"/actions/{action.id}/change", {"holder": care}).status_code == 303
    builders.action_disclosure(action, world.care, world.chair)
    # What was said in the organisation before is not for the next one, who reads the full text.
    next_one = new_client().sign_in(world.care.id).page(f"/my-actions/{action.id}").text
    assert FULL in next_one
    for hidden in (colleague.name, world.police.name, "Jij kent", REASON, "meer tijd tot 01-09"):
        assert hidden not in next_one


def test_who_is_alone_is_told_so_and_a_finished_action_stays(world, action, police):
    page = police.page(f"/my-actions/{action.id}/hand-over")
    assert "Er is geen collega aan wie u deze actie kunt overdragen." in page.text
    police.fill(f"/my-actions/{action.id}", {"state": "done"})
    assert "hand-over" not in police.page(f"/my-actions/{action.id}").html
    version = str(stored(action).version)
    more = {"until_on": "01-09-2026", "remark": REASON, "version": version}
    assert police.send(f"/my-actions/{action.id}/more-time", more).status_code == 422
    assert requests(action) == []


def test_what_is_of_the_whole_organisation_is_taken_on_by_one(world, police, colleague, new_client):
    shared = builders.action(world.item, world.police_organisation, None, world.chair, safe=SAFE)
    other = new_client().sign_in(colleague.id)
    assert "van uw hele organisatie" in other.page("/my-actions").text
    answer = police.fill("/my-actions", action=f"/{shared.id}/take-on")
    assert answer.status_code == 303
    assert "U bent nu de actiehouder." in police.page(answer.location).text
    assert stored(shared).person_id == world.police.id
    assert [one.new_person_id for one in events(shared)] == [world.police.id]
    assert other.send(f"/my-actions/{shared.id}/take-on").status_code == 404
    assert police.send(f"/my-actions/{shared.id}/take-on", follow_redirects=True).status_code == 200
    assert len(events(shared)) == 1, "who holds it already takes nothing on"


def test_of_two_at_once_one_holds_an_action_and_one_act_of_the_holder_is_done(
    app, world, colleague
):
    people = {one.id: actor_of(one) for one in (world.police, colleague)}
    for _ in range(3):
        key = builders.action(world.item, world.police_organisation, None, world.chair).id
        won = race(app, *((one, partial(passing_on.take_on, one, key)) for one in people.values()))
        assert sorted(won) == [False, True]
        taken = stored(SimpleNamespace(id=key))
        holder = people[taken.person_id]
        [to] = [one for one in people if one != taken.person_id]
        done = service.Report(state=ActionState.DONE, remark="", version=taken.version)
        won = race(
            app,
            (
                holder,
                partial(passing_on.hand_over, holder, key, to, remark="", version=taken.version),
            ),
            (holder, partial(service.report, holder, key, done)),
        )
        assert sorted(won) == [False, True]
        now = stored(taken)
        assert (now.person_id == taken.person_id) == (now.state is ActionState.DONE)
        assert len(events(taken)) == 2
