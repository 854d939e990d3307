"""Tasks through the browser: given by staff, accepted by name, exactly the named fields, ended."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access.disclosure import section_binding
from app.domain.kinds import (
    CaseState,
    DecisionKind,
    RetentionClass,
    TaskKind,
)
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope, Sealed, TextDestroyedError
from app.infra.db import transaction
from app.models import (
    Action,
    AgendaItem,
    AuditEvent,
    Case,
    Disclosure,
    Meeting,
    Recusal,
    SeatHold,
    Section,
    SectionType,
    Task,
    TaskSection,
)
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def holder(client, world):
    """A colleague without a seat, and no representative of anything."""
    return client.sign_in(world.police_colleague.id)


def rows(statement):
    with transaction() as session:
        return session.scalars(statement).all()


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def given(world, *names: str, kind=TaskKind.INFORMATION_REQUEST, **more) -> Task:
    return builders.task(
        world.police_colleague, world.case, world.coordinator, kind=kind,
        sections=[world.sections[one] for one in names], **more,
    )  # fmt: skip


def accepted(world, *names: str, **more) -> Task:
    return given(world, *names, accepted_at=clock.now(), **more)


def words_of(world, client, task: Task, *, names: bool = False) -> set[str]:
    if names:
        client.send(f"/names/show?task={task.id}", {})
    text = client.page(f"/tasks/{task.id}").text
    return {name for name, word in CANARIES.items() if word in text}


CANARIES = {
    "identity": "Kanarienaam", "reason": "Kanarieaanleiding", "safety": "Kanarieveiligheid",
    "children": "Kanariekinderen", "health": "Kanariegezondheid",
}  # fmt: skip


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


def test_where_an_identity_is_named_it_is_asked_first_whom_one_knows(holder, world):
    task = accepted(world, "identity", "reason")
    assert not words_of(world, holder, task), "nothing before the names were asked for"
    assert words_of(world, holder, task, names=True) == {"identity"}
    said = {"answer": "nobody", "shown": str(world.sections["identity"].id)}
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


# --- Staff ----------------------------------------------------------------------------------------


def filled(world, **more) -> dict:
    return {
        "kind": "information-request", "person": str(world.police_colleague.id),
        "reason": "Wat weet u van de school?", "sections": [str(world.sections["children"].id)],
        "until": "12-06-2026", **more,
    }  # fmt: skip


def test_staff_give_a_task_and_its_holder_is_told_in_neutral_words(staff, world, mails):
    answer = staff.fill(f"/cases/{world.case.id}/tasks/new", filled(world))
    assert answer.status_code == 303
    page = staff.page(f"/cases/{world.case.id}")
    for words in ("C. Jansen", "Informatieverzoek", "nog niet aanvaard", "Kinderen", "12-06-2026"):
        assert words in page.text
    outbox.drain(most=100)
    (mail,) = mails(recipient=world.police_colleague.email)
    for secret in (world.case.reference, "school", "Kinderen", "Informatieverzoek"):
        assert secret not in mail.text + mail.subject
    assert f"/tasks/{rows(select(Task.id))[0]}" in mail.text


def test_nobody_is_told_of_a_task_that_ended_meanwhile(staff, world, mails):
    staff.fill(f"/cases/{world.case.id}/tasks/new", filled(world))
    change(Task, ended_at=clock.now())
    outbox.drain(most=100)
    assert not mails(recipient=world.police_colleague.email)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"until": ""}, "Vul"),
        ({"until": "01-06-2025"}, "nog moet komen"),
        ({"until": "01-06-2027"}, "half jaar"),
        ({"kind": "secretary"}, "Vul"),
        ({"kind": "guest"}, ""),
        ({"kind": "access-review"}, ""),
        ({"reason": ""}, "waarvoor"),
    ],
)
def test_what_does_not_fit_is_refused(staff, world, changed, words):
    staff.page(f"/cases/{world.case.id}/tasks/new")
    answer = staff.send(f"/cases/{world.case.id}/tasks/new", filled(world, **changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert not rows(select(Task))


def test_nobody_outside_and_nothing_of_another_case_can_be_named(staff, world):
    path = f"/cases/{world.case.id}/tasks/new"
    elsewhere = builders.section(world.second_case, world.types["safety"], world.host, "Elders")
    builders.exclusion(world.police_colleague, world.case, world.chair)
    assert "C. Jansen" not in staff.page(path).text
    for wrong in (
        {},
        {"person": str(world.administrator.id)},
        {"person": str(world.care.id), "sections": [str(elsewhere.id)]},
    ):
        assert staff.send(path, filled(world, **wrong)).status_code == 422
    stranger = staff.sign_in(world.stranger.id)
    assert stranger.get(path).status_code == 404
    assert not rows(select(Task))


def test_a_secretary_writes_along_at_one_item_as_long_as_its_papers_are_open(
    staff, new_client, world
):
    fields = filled(world, kind="secretary", item=str(world.item.id))
    assert staff.fill(f"/cases/{world.case.id}/tasks/new", fields).status_code == 303
    (task,) = rows(select(Task))
    assert task.item_id == world.item.id
    holder = new_client().sign_in(world.police_colleague.id)
    holder.fill(f"/tasks/{task.id}", action="/accept")
    assert words_of(world, holder, task) == {"children"}
    change(Meeting, cancelled_at=clock.now())
    holder.page(f"/tasks/{task.id}", status=404)


def test_nothing_is_given_at_a_case_that_ended(staff, world):
    change(Case, state=CaseState.CLOSED, closed_at=clock.now())
    assert staff.get(f"/cases/{world.case.id}/tasks/new").status_code == 422


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
    change_phone(led)
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
    for words in ("Gewoon besluit", "V. Veilig", "Opvang Noord", "S. Vreemd", "C. Jansen, "):
        assert words not in page.text
    assert not words_of(led, holder, task)
    kinds = rows(select(AuditEvent.object_kind).where(AuditEvent.ground == "task"))
    assert {"decision", "action", "section", "task"} <= set(kinds)


def change_phone(world) -> None:
    from app.models import Person

    change(Person, Person.id == world.care.id, phone="06 1234 5678")


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


# --- To another table -----------------------------------------------------------------------------


@pytest.fixture
def offered(world):
    """The case offered to the chair of the other table, with one field named."""
    return builders.task(
        world.stranger, world.case, world.coordinator, kind=TaskKind.HANDOVER,
        sections=[world.sections["reason"]], to_table_id=world.other_table.id,
    )  # fmt: skip


def test_a_case_is_offered_to_somebody_who_serves_another_table(staff, world):
    path = f"/cases/{world.case.id}/transfer"
    fields = filled(world, person=f"{world.other_table.id}:{world.stranger.id}")
    del fields["kind"]
    assert staff.fill(path, fields).status_code == 303
    (task,) = rows(select(Task))
    assert (task.kind, task.to_table_id) == (TaskKind.HANDOVER, world.other_table.id)
    assert "ZSM Deltaland" in staff.page(f"/cases/{world.case.id}").text
    for wrong in (str(world.stranger.id), f"{world.table.id}:{world.stranger.id}"):
        assert staff.send(path, {**fields, "person": wrong}).status_code == 422


def test_taking_over_moves_the_case_and_closes_what_was_not_used(
    client, new_client, world, offered
):
    types = builders.scheme(world.other_table)
    builders.action(world.item, world.police_organisation, world.police, world.chair)
    receiver = client.sign_in(world.stranger.id)
    receiver.fill(f"/tasks/{offered.id}", action="/accept")
    assert words_of(world, receiver, offered) == {"reason"}
    receiver.page(f"/cases/{world.case.id}", status=404)
    lead = accepted(world, kind=TaskKind.CASE_LEAD)
    answer = receiver.fill(f"/tasks/{offered.id}", action="/take-over")
    assert answer.location.endswith(f"/cases/{world.case.id}")
    page = receiver.page(f"/cases/{world.case.id}")
    assert all(word in page.text for word in list(CANARIES.values())[1:])
    new_client().sign_in(world.coordinator.id).page(f"/cases/{world.case.id}", status=404)
    new_client().sign_in(world.police_colleague.id).page(f"/tasks/{lead.id}", status=404)
    receiver.page(f"/tasks/{offered.id}", status=404)
    new_client().sign_in(world.police.id).page(f"/my-meetings/{world.meeting.id}", status=404)
    with transaction() as session:
        item = session.get_one(AgendaItem, world.item.id)
        second = session.get_one(AgendaItem, world.second_item.id)
        assert item.removed_at is not None
        assert second.starts_at == item.starts_at, "the rest of the agenda closes up"
        seats = (world.police_seat.id, world.care_seat.id)
        holds = session.scalars(select(SeatHold).where(SeatHold.seat_id.in_(seats))).all()
        assert holds
        assert all(one.until_at for one in holds)
        live = select(Disclosure).where(Disclosure.withdrawn_at.is_(None))
        assert not session.scalars(live.where(Disclosure.seat_id.in_(seats))).all()
        assert session.scalars(select(Action.table_id)).all() == [world.other_table.id]
        case = session.get_one(Case, world.case.id)
        assert (case.table_id, case.state) == (world.other_table.id, CaseState.ACCEPTED)
        used = session.scalars(
            select(SectionType.table_id)
            .join(Section, Section.section_type_id == SectionType.id)
            .where(Section.case_id == case.id)
        )
        assert set(used) == {types["reason"].table_id}
    assert "transfer" in rows(select(AuditEvent.event).where(AuditEvent.object_kind == "task"))


def test_a_section_is_sealed_anew_under_the_class_of_its_new_heading(client, world, offered):
    """A class destroyed there takes what stands under it there, and nothing else."""
    there = {
        code: builders.section_type(world.other_table, code, code, place, retention=retention)
        for place, (code, retention) in enumerate(
            (
                ("reason", RetentionClass.DECISIONS),
                ("safety", RetentionClass.SUMMARY),
                ("identity", RetentionClass.SUMMARY),
            )
        )
    }
    change(Task, accepted_at=clock.now())
    client.sign_in(world.stranger.id).send(f"/tasks/{offered.id}/take-over")
    moved = {code: rows(select(Section).where(Section.id == one.id))[0]
             for code, one in world.sections.items()}  # fmt: skip
    assert moved["reason"].section_type_id == there["reason"].id
    assert moved["safety"].section_type_id == there["safety"].id
    # What is screened stays screened: that heading there holds no names.
    assert moved["identity"].section_type_id == world.types["identity"].id
    crypto.store().destroy(KeyScope.of_case(world.case.id, RetentionClass.SUMMARY))
    texts = {code: Sealed(one.text_ct, section_binding(one.id)) for code, one in moved.items()}
    assert crypto.unseal(texts["reason"]) == CANARIES["reason"]
    assert crypto.unseal(texts["identity"]) == CANARIES["identity"]
    with pytest.raises(TextDestroyedError):
        crypto.unseal(texts["safety"])


def test_the_old_table_keeps_the_minutes_of_what_was_discussed(client, new_client, world, offered):
    builders.decision(world.item, world.chair, "Zo spraken wij af")
    now = clock.now()
    change(AgendaItem, AgendaItem.id == world.item.id, opened_at=now, closed_at=now)
    change(Meeting, Meeting.id == world.meeting.id, started_at=now, closed_at=now)
    change(Task, accepted_at=now)
    assert (
        client.sign_in(world.stranger.id).send(f"/tasks/{offered.id}/take-over").status_code == 303
    )
    chair = new_client().sign_in(world.chair.id)
    chair.page(f"/cases/{world.case.id}", status=404)
    assert "Zo spraken wij af" in chair.page(f"/meetings/{world.meeting.id}/minutes").text


def test_a_case_is_not_taken_over_while_it_is_discussed_nor_before_its_fields_are_open(
    client, world, offered
):
    receiver = client.sign_in(world.stranger.id)
    assert receiver.send(f"/tasks/{offered.id}/take-over").status_code == 422
    change(Task, accepted_at=clock.now())
    change(Meeting, Meeting.id == world.meeting.id, started_at=clock.now())
    change(AgendaItem, AgendaItem.id == world.item.id, opened_at=clock.now())
    assert receiver.send(f"/tasks/{offered.id}/take-over").status_code == 422
    assert rows(select(Case.table_id).where(Case.id == world.case.id)) == [world.table.id]


def test_whoever_no_longer_serves_the_other_table_takes_nothing_over(client, world, offered):
    from app.models import TableRole

    change(Task, accepted_at=clock.now())
    change(TableRole, TableRole.person_id == world.stranger.id, until_at=clock.now())
    receiver = client.sign_in(world.stranger.id)
    assert receiver.send(f"/tasks/{offered.id}/take-over").status_code == 404
    assert receiver.send(f"/tasks/{uuid.uuid4()}/take-over").status_code == 404


def test_refusing_leaves_the_case_where_it_is(client, world, offered):
    receiver = client.sign_in(world.stranger.id)
    assert receiver.fill(f"/tasks/{offered.id}", action="/give-back").status_code == 303
    receiver.page(f"/tasks/{offered.id}", status=404)
    assert rows(select(Case.table_id).where(Case.id == world.case.id)) == [world.table.id]
