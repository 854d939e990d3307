"""A case is offered to another table or a team: nothing moves before one of them accepts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.referrals.handovers import Proposal
from app.domain.errors import Refusal
from app.domain.kinds import CaseState, Channel, OrganisationKind, ReferralState, TaskKind
from app.features.handovers import proposing
from app.infra import clock, outbox
from app.models import (
    AgendaItem,
    AuditEvent,
    Case,
    CaseClock,
    Handover,
    Person,
    Referral,
    Section,
    Task,
    TaskSection,
)
from tests import builders
from tests.seats import actor_of, all_of, change, later
from tests.tasks import CANARIES, rows, words_of

REASON = "Dit past beter bij uw overleg."


def path_of(world) -> str:
    return f"/cases/{world.case.id}/handover"


def fields(world, to, *names: str) -> dict:
    return {
        "to": to, "reason": REASON, "opens_question": "y",
        "sections": [str(world.sections[one].id) for one in names],
    }  # fmt: skip


def offered_to(who) -> Task:
    (task,) = all_of(Task, Task.person_id == who.id, Task.kind == TaskKind.HANDOVER)
    return task


def open_up(client, task: Task) -> None:
    client.fill(f"/tasks/{task.id}", action="/accept")


def test_a_case_moves_only_when_the_other_table_accepts(staff, new_client, world, mails):
    builders.scheme(world.other_table)
    colleague = builders.coordinator(world.host, world.other_table, "K. Collega")
    obvious = f'selected value="table:{world.other_table.id}"'
    assert obvious in staff.page(path_of(world)).html, "there is but one"
    barred = builders.coordinator(world.host, world.other_table, "V. Familie")
    builders.exclusion(barred, world.case, world.chair)
    referral = builders.save(
        Referral(
            case_id=world.case.id, table_id=world.table.id, person_id=world.care.id,
            organisation_id=world.care_organisation.id, state=ReferralState.SENT,
            channel=Channel.FORM, started_at=clock.now(), changed_at=clock.now(),
        )
    )  # fmt: skip
    change(Section, Section.id == world.sections["children"].id, no_passing_on=True)
    page = staff.page(path_of(world))
    assert "Kinderen" not in page.text
    assert "1 rubriek staat er niet bij" in page.text
    assert "pas aannemen als die bron" in page.text
    to = f"table:{world.other_table.id}"
    kept = fields(world, to, "children")
    assert staff.send(path_of(world), kept).status_code == 422, "its source forbids it"
    past_the_form = Proposal(
        reason=REASON,
        to_table_id=world.other_table.id,
        section_ids=[world.sections["children"].id],
    )
    with pytest.raises(Refusal):
        proposing.propose(actor_of(world.coordinator), world.case.id, past_the_form)
    assert staff.fill(path_of(world), fields(world, to, "reason")).status_code == 303
    assert {one.person_id for one in all_of(Task)} == {world.stranger.id, colleague.id}
    assert staff.get(path_of(world)).status_code == 422, "one at a time"
    outbox.drain(most=100)
    (mail,) = mails(recipient=colleague.email)
    assert world.case.reference not in mail.text + mail.subject
    assert not mails(recipient=barred.email)
    assert "wacht op antwoord" in staff.page(f"/cases/{world.case.id}").text

    receiver = new_client().sign_in(world.stranger.id)
    task = offered_to(world.stranger)
    assert "ZSM Deltaland" in receiver.page("/handovers").text
    before = receiver.page(f"/tasks/{task.id}").text
    assert REASON in before
    assert not any(word in before for word in CANARIES.values())
    assert receiver.send(f"/handovers/{task.id}/accept").status_code == 422, "not read yet"
    open_up(receiver, task)
    assert words_of(world, receiver, task) == {"reason"}
    receiver.page(f"/cases/{world.case.id}", status=404)
    later(minutes=5)
    answer = receiver.fill(f"/tasks/{task.id}", action="/accept")
    assert answer.status_code == 422, "whoever accepts reads all of it"
    assert "Een bron staat nog niet toe" in answer.text
    receiver.page(f"/cases/{world.case.id}", status=404)
    change(Section, Section.id == world.sections["children"].id, no_passing_on=False)
    answer = receiver.fill(f"/tasks/{task.id}", action="/accept")
    assert answer.location.endswith(f"/cases/{world.case.id}")
    assert "MDA++ Deltaland" in receiver.page(f"/cases/{world.case.id}").text

    (case,) = all_of(Case, Case.id == world.case.id)
    assert (case.table_id, case.state) == (world.other_table.id, CaseState.ACCEPTED)
    (one,) = all_of(Handover)
    assert (one.accepted_by_id, one.accepted_at) == (world.stranger.id, clock.now())
    assert one.proposed_at == clock.now() - timedelta(minutes=5)
    (followed,) = all_of(Referral, Referral.id == referral.id)
    assert (followed.state, followed.table_id) == (ReferralState.ACCEPTED, world.other_table.id)
    outbox.drain(most=100)
    told = [one for one in mails(recipient=world.care.email) if not one.calendar_method]
    assert len(told) == 1, "the referrer hears once that something changed"
    assert all(one.table_id == world.other_table.id for one in all_of(CaseClock))
    assert rows(select(AgendaItem.removed_at).where(AgendaItem.id == world.item.id))[0]
    assert not all_of(Task, Task.ended_at.is_(None))
    assert "transfer" in rows(select(AuditEvent.event).where(AuditEvent.object_kind == "task"))
    staff.page(f"/cases/{world.case.id}", status=404)
    gone = staff.page("/handovers").text
    assert "S. Vreemd" in gone
    assert world.case.reference not in gone
    late = new_client().sign_in(colleague.id)
    answer = late.send(f"/handovers/{offered_to(colleague).id}/accept")
    assert answer.status_code == 422
    assert "wacht niet meer" in answer.text


def test_a_team_takes_the_case_and_the_table_is_done_with_it(staff, new_client, world, team, mails):
    judged_at = clock.now() - timedelta(days=40)
    builders.save(
        Referral(
            case_id=world.case.id, table_id=world.table.id, person_id=world.police.id,
            organisation_id=world.care_organisation.id, state=ReferralState.ACCEPTED,
            channel=Channel.FORM, started_at=judged_at, changed_at=judged_at,
            decided_at=judged_at, decided_by_id=world.chair.id,
        )
    )  # fmt: skip
    to = f"team:{team.organisation_id}"
    assert staff.fill(path_of(world), fields(world, to, "reason", "safety")).status_code == 303
    member = new_client().sign_in(team.id)
    task = offered_to(team)
    assert "Overdracht" in member.page("/").text
    open_up(member, task)
    answer = member.fill(f"/tasks/{task.id}", action="/accept", follow_redirects=True)
    assert "Uw team heeft de casus overgenomen" in answer.text
    (case,) = all_of(Case, Case.id == world.case.id)
    assert (case.team_id, case.state, case.closed_at, case.table_id) == (
        team.organisation_id, CaseState.CLOSED, clock.now(), world.table.id,
    )  # fmt: skip
    (referral,) = all_of(Referral)
    assert (referral.decided_at, referral.decided_by_id) == (judged_at, world.chair.id)
    assert (referral.team_id, referral.passed_on_at) == (None, None), "what it hears, it has heard"
    outbox.drain(most=100)
    assert not [one for one in mails(recipient=world.police.email) if not one.calendar_method]
    assert words_of(world, member, task) == {"reason", "safety"}
    change(Section, Section.id == world.sections["safety"].id, no_passing_on=True)
    assert words_of(world, member, task) == {"reason"}, "its source forbids it from now on"
    assert "Lokaal team" in staff.page(f"/cases/{world.case.id}").text
    gone = staff.page("/handovers").text
    assert gone.count("naar Lokaal team") == 1, "it did not come to this table"
    assert "Naar u gekomen" not in gone
    later(days=9)
    member.sign_in(team.id).page(f"/tasks/{task.id}", status=404)


def test_what_is_refused_comes_back_visibly_and_what_is_withdrawn_goes(
    staff, new_client, world, mails
):
    to = f"table:{world.other_table.id}"
    shelter = builders.organisation("BLW", OrganisationKind.OTHER, name="Blijf Deltaland")
    builders.seat(world.item, shelter, is_staff_only=True)
    naming = {**fields(world, to, "reason"), "reason": "Blijf Deltaland vangt moeder op."}
    answer = staff.fill(path_of(world), naming)
    assert answer.status_code == 422
    assert "niet mogen weten dat zij meedoet" in answer.text
    staff.fill(path_of(world), fields(world, to, "reason"))
    receiver = new_client().sign_in(world.stranger.id)
    task = offered_to(world.stranger)
    assert receiver.send(f"/tasks/{task.id}/give-back").status_code == 422
    assert receiver.fill(f"/handovers/{task.id}/refuse", {"reason": ""}).status_code == 422
    receiver.fill(f"/handovers/{task.id}/refuse", {"reason": "Wij missen de hulpverlening."})
    outbox.drain(most=100)
    assert [one.subject for one in mails(recipient=world.chair.email)] == [
        "Er is antwoord op een overdracht"
    ]
    for page in (f"/cases/{world.case.id}", "/handovers"):
        text = staff.page(page).text
        assert "teruggekomen" in text
        assert "Wij missen de hulpverlening." in text, page
    assert "1 overdracht te laat of teruggekomen" in staff.page("/").text
    (case,) = all_of(Case, Case.id == world.case.id)
    assert (case.table_id, case.state) == (world.table.id, CaseState.ACCEPTED)

    later(minutes=1)
    staff.fill(path_of(world), fields(world, to, "reason"))
    assert "teruggekomen" not in staff.page("/handovers").text
    (again,) = all_of(Task, Task.kind == TaskKind.HANDOVER, Task.ended_at.is_(None))
    assert staff.fill("/handovers", action="/withdraw").status_code == 303
    receiver.page(f"/tasks/{again.id}", status=404)
    assert receiver.send(f"/handovers/{again.id}/accept").status_code == 422
    assert all_of(Handover, Handover.withdrawn_at.is_not(None))


def test_where_nobody_is_left_the_refusal_tells_nothing(staff, world):
    empty = builders.table("Leeg Deltaland", "LEEG")
    builders.exclusion(world.stranger, world.case, world.chair)
    said = []
    for table in (world.other_table, empty):
        answer = staff.fill(path_of(world), fields(world, f"table:{table.id}", "reason"))
        assert answer.status_code == 422
        said.append("Daar kan deze overdracht nu niet naartoe" in answer.text)
    assert said == [True, True]
    assert not all_of(Handover)
    assert not all_of(Task)


def test_a_late_handover_is_told_to_both_sides_every_working_day(staff, new_client, world, mails):
    builders.coordinator(world.host, world.other_table, "K. Collega")
    named = fields(world, f"table:{world.other_table.id}", "reason", "health")
    assert staff.fill(path_of(world), named).status_code == 303
    outbox.drain(most=100)
    receiver = new_client().sign_in(world.stranger.id)
    source = new_client().sign_in(world.care.id)
    asked = source.page("/my-disclosures")
    assert asked.html.count('value="allow"') == 1, "for all who may accept at once"
    assert world.other_table.name in asked.text
    health = world.sections["health"].id
    decision = f"/my-disclosures/tasks/{offered_to(world.stranger).id}/{health}"
    answer = source.send(decision, {"decision": "allow", "basis": "consent"})
    assert answer.status_code == 303
    assert "Er wacht geen besluit" in source.page("/my-disclosures").text
    newcomer = builders.coordinator(world.host, world.other_table, "N. Nieuw")
    late = "Een overdracht wacht nog op antwoord"

    def told(who: Person) -> int:
        return sum(one.subject == late for one in mails(recipient=who.email))

    later(days=3)
    outbox.drain(most=100)
    assert (told(world.coordinator), told(world.stranger)) == (1, 1)
    assert offered_to(newcomer), "whoever came to serve the table meanwhile is asked as well"
    said = all_of(TaskSection, TaskSection.section_id == health)
    assert [one.source_basis for one in said] == ["consent"] * 3
    for client, who in ((staff, world.coordinator), (receiver, world.stranger)):
        assert "te laat" in client.sign_in(who.id).page("/handovers").text
    later(days=1)
    outbox.drain(most=100)
    assert (told(world.coordinator), told(world.stranger)) == (2, 2)
    receiver.sign_in(world.stranger.id).fill(
        f"/handovers/{offered_to(world.stranger).id}/refuse", {"reason": "Nee, niet bij ons."}
    )
    later(days=3)
    outbox.drain(most=100)
    assert told(world.coordinator) == 2
    assert not all_of(Handover, Handover.told_at.is_(None))


def test_when_the_last_receiver_steps_back_the_sender_hears_at_once(staff, world, mails):
    staff.fill(path_of(world), fields(world, f"table:{world.other_table.id}", "identity"))
    outbox.drain(most=100)
    task = offered_to(world.stranger)
    change(Task, Task.id == task.id, accepted_at=clock.now())
    other = staff.application.test_client()
    other.sign_in(world.stranger.id).send(f"/tasks/{task.id}/acquaintances", {"answer": "somebody"})
    outbox.drain(most=100)
    (one,) = all_of(Handover)
    assert one.told_at == clock.now()
    subjects = [one.subject for one in mails(recipient=world.coordinator.email)]
    assert "Een overdracht wacht nog op antwoord" in subjects
    late = [one for one in mails(recipient=world.stranger.email) if "wacht nog" in one.subject]
    assert not late
    assert not mails(recipient=world.administrator.email)
    for one in (world.chair, world.coordinator):
        builders.recusal(one, world.case)
    later(days=1)
    outbox.drain(most=100)
    (alone,) = mails(recipient=world.administrator.email)
    assert world.case.reference not in alone.text
