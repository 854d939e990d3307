"""The lead of a case is handed over by name, and there is never more than one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from app.domain.kinds import TaskKind
from app.features.tasks import service
from app.infra import clock, outbox, wall
from app.models import Task
from tests import builders
from tests.seats import actor_of
from tests.tasks import rows


def accepted_leads(case) -> set:
    return set(
        rows(
            select(Task.person_id).where(
                Task.case_id == case.id,
                Task.kind == TaskKind.CASE_LEAD,
                Task.accepted_at.is_not(None),
                Task.ended_at.is_(None),
            )
        )
    )


def test_a_lead_asks_a_successor_and_keeps_it_until_that_one_accepts(
    new_client, world, lead, mails
):
    old = new_client().sign_in(world.police_colleague.id)
    page = old.page("/led-cases")
    assert "Uw casussen als casusregisseur" in page.text
    assert world.case.reference in page.text
    path = f"/led-cases/{lead.id}/successor"
    fields = {"person": str(world.care.id), "reason": "Ik ga met verlof."}
    assert old.fill(path, fields, action="/successor").status_code == 303
    assert "T. Mulder" in old.page(path).text
    assert accepted_leads(world.case) == {world.police_colleague.id}
    # Somebody else is asked instead: the first one is asked no more.
    fields = {**fields, "person": str(world.police.id)}
    assert old.fill(path, fields, action="/successor").status_code == 303
    (waiting,) = rows(select(Task.id).where(Task.accepted_at.is_(None), Task.ended_at.is_(None)))
    outbox.drain(most=100)
    (mail,) = mails(recipient=world.police.email)
    assert "verlof" not in mail.text
    new_client().sign_in(world.police.id).fill(f"/tasks/{waiting}", action="/accept")
    assert accepted_leads(world.case) == {world.police.id}
    outbox.drain(most=100)
    (mail,) = mails(recipient=world.police_colleague.email)
    assert world.case.reference not in mail.text + mail.subject
    old.page(path, status=404)
    assert world.case.reference not in old.page("/led-cases").text
    line = new_client().sign_in(world.coordinator.id).page(f"/cases/{world.case.id}/line").text
    assert "Casusregie geëindigd" in line
    assert line.count("Gevraagd als casusregisseur") == 3


def test_a_lead_takes_the_question_back_and_nobody_else_asks_it(new_client, world, lead):
    old = new_client().sign_in(world.police_colleague.id)
    path = f"/led-cases/{lead.id}/successor"
    old.fill(path, {"person": str(world.care.id), "reason": "Verlof."})
    (waiting,) = rows(select(Task.id).where(Task.accepted_at.is_(None)))
    assert old.fill(path, action="/keep").status_code == 303
    new_client().sign_in(world.care.id).page(f"/tasks/{waiting}", status=404)
    assert accepted_leads(world.case) == {world.police_colleague.id}
    builders.exclusion(world.care, world.case, world.chair)
    assert "T. Mulder" not in old.page(path).text
    for wrong in (world.care.id, world.police_colleague.id, world.administrator.id):
        answer = old.send(path, {"person": str(wrong), "reason": "Verlof."})
        assert answer.status_code == 422
    for who in (world.care, world.stranger, world.coordinator):
        new_client().sign_in(who.id).page(path, status=404)


def test_of_two_who_accept_at_once_one_leads(world, app):
    people = (world.police, world.care)
    given = [
        builders.task(one, world.case, world.coordinator, kind=TaskKind.CASE_LEAD) for one in people
    ]
    actors, start = [actor_of(one) for one in people], Barrier(2, timeout=60)

    def accept(number: int) -> None:
        with app.app_context(), wall.acting_as(people[number].id):
            start.wait()
            service.accept(actors[number], given[number].id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, range(2)))
    assert len(accepted_leads(world.case)) == 1
    accepted = rows(select(Task.accepted_at).where(Task.accepted_at.is_not(None)))
    assert len(accepted) == 2
    assert max(accepted) <= clock.now()
