"""The holder of a task: accepted by name, exactly the named fields, a case lead's overview."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.messages import notices
from app.access.seats.acquaintances import shown_of
from app.access.tasks import coming
from app.domain.kinds import AccountState, CaseState, DecisionKind, TaskKind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import (
    AuditEvent,
    Case,
    Meeting,
    Person,
    Recusal,
    Task,
    TaskSection,
)
from tests import builders
from tests.seats import change, later
from tests.tasks import CANARIES, accepted, given, rows, words_of

# --- Its holder -----------------------------------------------------------------------------------


def test_a_task_opens_what_it_names_once_accepted_and_nothing_else(holder, world):
    task = given(world, "reason", "children", opens_question=True)
    accepted(world, "safety")  # another task is read on its own page
    page = holder.page(f"/tasks/{task.id}")
    assert "Uw advies is nodig." in page.text
    assert world.case.reference not in page.html
    assert not words_of(world, holder, task)
    assert holder.fill(f"/tasks/{task.id}", action="/accept").status_code == 303
    assert words_of(world, holder, task) == {"reason", "children"}
    page = holder.page(f"/tasks/{task.id}")
    assert world.case.reference in page.text
    assert "Vraag aan het overleg" in page.text
    read = rows(select(AuditEvent.section_id).where(AuditEvent.ground == "task"))
    assert {world.sections["reason"].id, world.sections["children"].id} <= set(read)
    assert world.sections["safety"].id not in read


def test_before_its_papers_open_a_task_tells_that_it_was_given_and_when_it_opens(
    holder, world, mails
):
    change(Meeting, Meeting.id == world.meeting.id, published_at=None, opens_at=None)
    task = given(world, "reason", kind=TaskKind.GUEST, item_id=world.item.id)
    path = f"/tasks/{task.id}"
    assert "opent met de stukken" in holder.page("/").text
    assert "op zijn vroegst op" in holder.page(path).text
    assert holder.send(f"{path}/accept").status_code == 404
    opens_at = clock.now() + timedelta(minutes=10)
    change(Task, Task.id == task.id, granted_at=clock.now() - timedelta(days=1))
    values = {"published_at": clock.now(), "opens_at": opens_at}
    change(Meeting, Meeting.id == world.meeting.id, **values)
    with transaction() as session:
        coming.queue_told(session, session.get_one(Task, task.id))
        notices.queue_papers(session, session.get_one(Meeting, world.meeting.id))
    for page in (holder.page("/"), holder.page(path)):
        for secret in (world.case.reference, "Uw advies", *CANARIES.values()):
            assert secret not in page.html
    assert "Zij gaat open op" in holder.page(path).text
    outbox.drain()
    assert len(mails(recipient=world.police_colleague.email)) == 1
    later(minutes=10)
    outbox.drain()
    opened, _first = mails(recipient=world.police_colleague.email)
    assert "om haar te aanvaarden" in opened.text
    assert holder.fill(path, action="/accept").status_code == 303
    assert words_of(world, holder, task) == {"reason"}


def test_a_task_that_opens_later_may_be_refused_at_once(holder, world):
    change(Meeting, Meeting.id == world.meeting.id, published_at=None, opens_at=None)
    task = given(world, "reason", kind=TaskKind.GUEST, item_id=world.item.id)
    assert holder.fill(f"/tasks/{task.id}", action="/give-back").status_code == 303
    holder.page(f"/tasks/{task.id}", status=404)
    assert "Uw taken" not in holder.page("/").text


def test_where_an_identity_is_named_it_is_asked_first_whom_one_knows(holder, world):
    task = accepted(world, "identity", "reason")
    assert not words_of(world, holder, task), "nothing before the names were asked for"
    assert words_of(world, holder, task, names=True) == {"identity"}
    said = {"answer": "nobody", "shown": shown_of(world.sections["identity"]).mark}
    answer = holder.send(f"/tasks/{task.id}/acquaintances", said)
    assert answer.status_code == 303
    assert words_of(world, holder, task) == {"identity", "reason"}
    holder.send(f"/names/hide?task={task.id}")
    assert words_of(world, holder, task) == {"reason"}


def test_whoever_knows_somebody_steps_back_at_once(holder, world):
    task = accepted(world, "identity", "reason")
    words_of(world, holder, task, names=True)
    answer = holder.send(f"/tasks/{task.id}/acquaintances", {"answer": "somebody"})
    assert answer.status_code == 303
    holder.page(f"/tasks/{task.id}", status=404)
    assert "Uw taken" not in holder.page("/").text
    assert rows(select(Recusal.person_id)) == [world.police_colleague.id]
    assert all(rows(select(Task.ended_at)))


def test_nobody_answers_without_having_looked(holder, world):
    task = accepted(world, "identity", "reason")
    answer = holder.send(f"/tasks/{task.id}/acquaintances", {"answer": "nobody"})
    assert answer.status_code == 422
    open_already = accepted(world, "reason")
    answer = holder.send(f"/tasks/{open_already.id}/acquaintances", {"answer": "nobody"})
    assert answer.status_code == 422


def test_a_section_under_secrecy_waits_for_its_source(holder, world):
    task = given(world, "health", "reason")
    assert "Gezondheid" not in holder.page(f"/tasks/{task.id}").text
    holder.fill(f"/tasks/{task.id}", action="/accept")
    assert words_of(world, holder, task) == {"reason"}
    change(
        TaskSection, TaskSection.section_id == world.sections["health"].id,
        source_decided_at=clock.now(), source_decided_by_id=world.care.id,
    )  # fmt: skip
    assert words_of(world, holder, task) == {"reason", "health"}


def test_what_is_written_before_the_names_are_shown_is_recorded(holder, world):
    task = accepted(world, "identity")
    words_of(world, holder, task, names=True)
    revealed = rows(select(AuditEvent.object_kind).where(AuditEvent.event == "reveal-identity"))
    assert sorted(revealed) == ["section", "task"]


def test_a_task_ends_by_its_holder_by_staff_and_by_time(holder, world, frozen_clock, new_client):
    back, ended, outlived = (accepted(world, "reason") for _ in range(3))
    assert holder.fill(f"/tasks/{back.id}", action="/give-back").status_code == 303
    staff = new_client().sign_in(world.coordinator.id)
    answer = staff.fill(f"/cases/{world.case.id}", action=f"{ended.id}/end")
    assert answer.status_code == 303
    frozen_clock.moment = outlived.until_at - timedelta(microseconds=1)
    assert words_of(world, holder.sign_in(world.police_colleague.id), outlived) == {"reason"}
    frozen_clock.moment = outlived.until_at
    holder.sign_in(world.police_colleague.id)
    for task in (back, ended, outlived):
        holder.page(f"/tasks/{task.id}", status=404)
        assert holder.send(f"/tasks/{task.id}/accept").status_code == 404
    assert (
        "Niemand heeft een taak"
        in staff.sign_in(world.chair.id).page(f"/cases/{world.case.id}").text
    )


@pytest.mark.parametrize("act", ["", "/accept", "/acquaintances", "/give-back", "/take-over"])
def test_a_task_is_of_its_holder_alone(new_client, world, act):
    task = accepted(world, "reason")
    for who in (world.police, world.coordinator, world.stranger, world.administrator):
        client = new_client().sign_in(who.id)
        if act:
            assert client.send(f"/tasks/{task.id}{act}").status_code in {403, 404}
        else:
            assert client.get(f"/tasks/{task.id}").status_code in {403, 404}
    assert rows(select(Task.ended_at)) == [None]


def test_the_start_page_lists_tasks_until_they_end(holder, world, count_statements):
    assert "Uw taken" not in holder.page("/").text
    waiting, lead = given(world, "reason"), accepted(world, kind=TaskKind.CASE_LEAD)
    with count_statements() as sent:
        page = holder.page("/")
    assert len(sent) <= 8
    assert {f"/tasks/{waiting.id}", f"/tasks/{lead.id}"} <= set(page.links)
    assert "wacht op u" in page.text
    assert world.case.reference not in page.html
    change(Task, ended_at=clock.now())
    assert "Uw taken" not in holder.page("/").text


# --- Case lead ------------------------------------------------------------------------------------


@pytest.fixture
def led(world):
    """A plan, an agreement about safety and another, an action, and a shelter nobody is told of."""
    with builders.together():
        plan = builders.section_type(world.table, "plan", "Plan", 7, is_plan=True)
        builders.section(world.case, plan, world.host, "Kanarieplan")
        builders.decision(
            world.item, world.chair, "Kanarieafspraak", kind=DecisionKind.SAFETY_AGREEMENT
        )
        builders.decision(world.item, world.chair, "Gewoon besluit")
        builders.action(
            world.item, world.care_organisation, world.care, world.chair, safe="Neutraal",
            full="Kanarieactie",
        )  # fmt: skip
        shelter = builders.organisation("OPV", name="Opvang Noord")
        who = builders.person(shelter, "V. Veilig")
        builders.seat(world.item, shelter, who, is_staff_only=True)
        builders.action(world.item, shelter, who, world.chair, safe="Opvangactie")
    return world


def test_a_case_lead_sees_plan_agreements_actions_and_contacts_but_no_sections(holder, led):
    change(Person, Person.id == led.care.id, phone="06 1234 5678")
    for who, kind in ((led.stranger, TaskKind.ACCESS_REVIEW), (led.chair, TaskKind.SECRETARY)):
        builders.task(who, led.case, led.chair, kind=kind, accepted_at=clock.now())
    task = given(led, kind=TaskKind.CASE_LEAD)
    assert "Kanarie" not in holder.page(f"/tasks/{task.id}").text
    holder.fill(f"/tasks/{task.id}", action="/accept")
    page = holder.page(f"/tasks/{task.id}")
    for words in (
        "Kanarieplan",
        "Kanarieafspraak",
        "Kanarieactie",
        "M. de Graaf",
        "A. Yilmaz",
        "T. Mulder",
        "Opvangactie",
    ):
        assert words in page.text
    assert "06 1234 5678" in page.text
    assert f"mailto:{led.care.email}" in page.links
    for words in ("Gewoon besluit", "V. Veilig", "Opvang Noord", "S. Vreemd"):
        assert words not in page.text
    assert page.text.count("C. Jansen, ") == 1, "only the line of a print names the reader so"
    assert not words_of(led, holder, task)
    kinds = rows(select(AuditEvent.object_kind).where(AuditEvent.ground == "task"))
    assert {"decision", "action", "section", "task"} <= set(kinds)


def test_a_case_lead_reads_the_action_of_whom_the_case_bars_but_not_who_that_is(holder, led):
    """Excluded, recused and blocked people hold actions on; that they are barred is not told."""
    with builders.together():
        barred = [builders.person(led.care_organisation, f"Z. Geweerd{one}") for one in range(3)]
        builders.exclusion(barred[0], led.case, led.chair)
        builders.recusal(barred[1], led.case)
        for one in barred:
            builders.action(led.item, led.care_organisation, one, led.chair, safe="Hunactie")
    change(Person, Person.id == barred[2].id, state=AccountState.BLOCKED)
    task = accepted(led, kind=TaskKind.CASE_LEAD)
    page = holder.page(f"/tasks/{task.id}")
    assert page.text.count("Hunactie") == len(barred)
    assert "Geweerd" not in page.html
    assert not [one for one in barred if one.email in page.html]


def test_the_lead_goes_over_when_the_next_accepts_by_name_and_ends_with_the_case(
    holder, new_client, led
):
    first = accepted(led, kind=TaskKind.CASE_LEAD)
    second = builders.task(led.care, led.case, led.chair, kind=TaskKind.CASE_LEAD)
    assert "Kanarieplan" in holder.page(f"/tasks/{first.id}").text
    successor = new_client().sign_in(led.care.id)
    successor.fill(f"/tasks/{second.id}", action="/accept")
    assert "Kanarieplan" in successor.page(f"/tasks/{second.id}").text
    holder.page(f"/tasks/{first.id}", status=404)
    change(Case, Case.id == led.case.id, closed_at=clock.now(), state=CaseState.CLOSED)
    successor.page(f"/tasks/{second.id}", status=404)


def test_a_case_lead_without_a_case_in_hand_reads_no_covered_row(led):
    """Refused, ended, and accepted by somebody excluded: nothing of the lead opens."""
    from app.access import load_actor
    from app.access.tasks import holding
    from app.access.tasks.case_lead import read
    from app.domain.errors import NotVisible

    task = accepted(led, kind=TaskKind.CASE_LEAD)
    with transaction() as session:
        actor = load_actor(session, led.police_colleague.id, now=clock.now())
        own = holding.load_own(session, actor, task.id)
    builders.exclusion(led.police_colleague, led.case, led.chair)
    with transaction() as session:
        content = read(session, actor, own)
        assert (content.agreements, content.actions) == ((), ())
        with pytest.raises(NotVisible):
            holding.load_own(session, actor, task.id)
