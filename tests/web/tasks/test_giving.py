"""Staff give tasks at a case, and what a case takes along to another table."""

import uuid

import pytest
from sqlalchemy import select

from app.access.disclosure import section_binding
from app.domain.kinds import CaseState, RetentionClass, TaskKind
from app.features.cases.service import move_case
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
    SeatHold,
    Section,
    SectionType,
    TableRole,
    Task,
)
from tests import builders
from tests.seats import actor_of, change
from tests.tasks import CANARIES, accepted, rows, words_of

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


def test_what_was_given_ends_with_the_case_but_reviewing_an_answer_about_it(client, world):
    change(Case, Case.id == world.case.id, state=CaseState.IN_PROGRESS)
    asked, review, guest = (
        accepted(world, "reason", kind=kind)
        for kind in (TaskKind.INFORMATION_REQUEST, TaskKind.ACCESS_REVIEW, TaskKind.GUEST)
    )
    holder = client.sign_in(world.police_colleague.id)
    assert words_of(world, holder, asked) == {"reason"}
    move_case(actor_of(world.coordinator), world.case.id, CaseState.CLOSED)
    ended = {one.id: one.ended_at for one in rows(select(Task))}
    assert ended == {asked.id: clock.now(), guest.id: clock.now(), review.id: None}
    holder.page(f"/tasks/{asked.id}", status=404)


def test_nothing_is_given_at_a_case_that_ended(staff, world):
    change(Case, state=CaseState.CLOSED, closed_at=clock.now())
    assert staff.get(f"/cases/{world.case.id}/tasks/new").status_code == 422


# --- To another table -----------------------------------------------------------------------------


@pytest.fixture
def offered(world):
    """The case offered to the chair of the other table, with one field named."""
    handover = builders.handover(world.case, world.coordinator, to_table=world.other_table)
    return builders.offer(
        world.stranger, handover, world.case, world.coordinator, sections=[world.sections["reason"]]
    )


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
    receiver.page(f"/tasks/{offered.id}")
    answer = receiver.send(f"/handovers/{offered.id}/accept")
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
    client.sign_in(world.stranger.id).send(f"/handovers/{offered.id}/accept")
    moved = {code: rows(select(Section).where(Section.id == one.id))[0]
             for code, one in world.sections.items()}  # fmt: skip
    assert moved["reason"].section_type_id == there["reason"].id
    assert moved["safety"].section_type_id == there["safety"].id
    assert (moved["reason"].words_version, moved["reason"].version) == (1, 2), "the same words"
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
        client.sign_in(world.stranger.id).send(f"/handovers/{offered.id}/accept").status_code == 303
    )
    chair = new_client().sign_in(world.chair.id)
    chair.page(f"/cases/{world.case.id}", status=404)
    assert "Zo spraken wij af" in chair.page(f"/meetings/{world.meeting.id}/minutes").text


def test_a_case_is_not_taken_over_while_it_is_discussed_nor_before_its_fields_are_open(
    client, world, offered
):
    receiver = client.sign_in(world.stranger.id)
    assert receiver.send(f"/handovers/{offered.id}/accept").status_code == 422
    change(Task, accepted_at=clock.now())
    change(Meeting, Meeting.id == world.meeting.id, started_at=clock.now())
    change(AgendaItem, AgendaItem.id == world.item.id, opened_at=clock.now())
    assert receiver.send(f"/handovers/{offered.id}/accept").status_code == 422
    assert rows(select(Case.table_id).where(Case.id == world.case.id)) == [world.table.id]


def test_whoever_no_longer_serves_the_other_table_takes_nothing_over(client, world, offered):
    change(Task, accepted_at=clock.now())
    change(TableRole, TableRole.person_id == world.stranger.id, until_at=clock.now())
    receiver = client.sign_in(world.stranger.id)
    assert receiver.send(f"/handovers/{offered.id}/accept").status_code == 404
    assert receiver.send(f"/handovers/{uuid.uuid4()}/accept").status_code == 404
