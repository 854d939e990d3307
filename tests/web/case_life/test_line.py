"""The line of time of a case: all of it for staff, the own part for everybody else."""

from datetime import timedelta

import pytest

from app.domain.kinds import Channel, Phase, ReferralState, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import (
    AgendaItem,
    Case,
    CaseClock,
    ExclusionOrder,
    Handover,
    ItemOutcome,
    Meeting,
    NewFact,
    PhaseChange,
    Referral,
    ReferralQuestion,
)
from tests import builders
from tests.referring import asked_back
from tests.seats import change
from tests.statements import counted
from tests.triage import refer


def sealed(case, text: str = "Kanariefeit.") -> bytes:
    scope = KeyScope.of_case(case.id, RetentionClass.SUMMARY)
    return crypto.seal(scope, text, belongs_to="somewhere")


def live_through(world) -> None:
    """Everything a case can go through, once."""
    now, case, by = clock.now(), world.case, world.coordinator
    secret = sealed(case)
    with builders.together():
        referral = builders.save(
            Referral(
                case_id=case.id, table_id=world.table.id, person_id=world.police.id,
                organisation_id=world.police_organisation.id, state=ReferralState.ACCEPTED,
                channel=Channel.CHAT, started_at=now, changed_at=now,
                sent_at=now - timedelta(days=20), decided_at=now - timedelta(days=18),
                decided_by_id=by.id,
            )
        )  # fmt: skip
        builders.save(
            ReferralQuestion(
                referral_id=referral.id, text_ct=secret, asked_by_id=by.id,
                asked_at=now - timedelta(days=19), answered_at=now - timedelta(days=19),
            )
        )  # fmt: skip
        builders.save(
            Handover(
                case_id=case.id, from_table_id=world.table.id, to_table_id=world.other_table.id,
                proposed_by_id=by.id, proposed_at=now - timedelta(days=9), due_at=now,
                refused_at=now - timedelta(days=8), refused_by_id=world.stranger.id,
                answer_ct=secret,
            )
        )  # fmt: skip
        for code, due, met in (("triage", -3, None), ("acceptance", -2, -2), ("triage", 4, None)):
            builders.save(
                CaseClock(
                    case_id=case.id, table_id=world.table.id, code=code, started_at=now,
                    due_at=now + timedelta(days=due),
                    met_at=now + timedelta(days=met) if met else None,
                )
            )  # fmt: skip
        builders.save(
            PhaseChange(
                case_id=case.id, phase=Phase.STABLE_SAFETY, from_at=now, set_by_id=by.id
            )
        )  # fmt: skip
        builders.save(
            NewFact(
                case_id=case.id, table_id=world.table.id, reported_by_id=world.care.id,
                organisation_id=world.care_organisation.id, what_ct=secret, source_ct=secret,
                is_danger=False, happened_at=now, reported_at=now, answered_at=now,
            )
        )  # fmt: skip
        builders.save(
            ItemOutcome(
                item_id=world.item.id, case_id=case.id, table_id=world.table.id, code="no-plan",
                recorded_by_id=by.id, recorded_at=now,
            )
        )  # fmt: skip
        builders.save(
            ExclusionOrder(
                case_id=case.id, table_id=case.table_id, served_at=now,
                ends_at=now + timedelta(days=10),
                recorded_by_id=by.id,
            )
        )  # fmt: skip


OF_STAFF = (
    "Op de lijst gezet", "Aangemeld", "na een chat", "Aanmelding beoordeeld", "geaccepteerd",
    "Vraag gesteld aan de aanmelder", "Vraag beantwoord door de aanmelder",
    "Overdracht voorgesteld", "Overdracht geweigerd", "Termijn verstreken", "te laat",
    "Binnen de termijn gedaan", "Termijn loopt tot", "stabiele veiligheid", "Nieuw feit gemeld",
    "Nieuw feit beantwoord", "Uitkomst vastgelegd", "Huisverbod uitgereikt", "Geagendeerd",
    "Casusregie aanvaard",
)  # fmt: skip


def test_staff_see_all_of_it_and_no_text(staff, world, lead):
    live_through(world)
    page = staff.page(f"/cases/{world.case.id}/line")
    for words in OF_STAFF:
        assert words in page.text, words
    assert "Kanarie" not in page.text
    assert f"/meetings/{world.meeting.id}" in page.html
    assert f"/cases/{world.case.id}/tasks/new" in page.links
    assert "Besproken" not in page.text
    change(AgendaItem, AgendaItem.id == world.item.id, closed_at=clock.now())
    assert "Besproken" in staff.page(f"/cases/{world.case.id}/line").text
    # Where it came to stand later nobody reads whom it was offered to in vain before.
    change(Case, Case.id == world.case.id, table_id=world.other_table.id)
    page = staff.sign_in(world.stranger.id).page(f"/cases/{world.case.id}/line").text
    assert "Op de lijst gezet" in page
    assert "Overdracht" not in page


def test_everybody_else_sees_the_own_part_alone(new_client, world, lead):
    live_through(world)
    path = f"/cases/{world.case.id}/line"
    of_lead = new_client().sign_in(world.police_colleague.id).page(path)
    seen = {words for words in OF_STAFF if words in of_lead.text}
    assert seen == {"stabiele veiligheid", "Casusregie aanvaard"}
    of_seat = new_client().sign_in(world.care.id).page(path)
    seen = {words for words in OF_STAFF if words in of_seat.text}
    assert seen == {"Geagendeerd", "Nieuw feit gemeld", "Nieuw feit beantwoord"}
    assert f"/meetings/{world.meeting.id}" not in of_seat.html
    # At the second case only the other one sits; staff of another table see neither.
    new_client().sign_in(world.police.id).page(f"/cases/{world.second_case.id}/line", status=404)
    new_client().sign_in(world.stranger.id).page(path, status=404)
    builders.recusal(world.care, world.case)
    new_client().sign_in(world.care.id).page(path, status=404)


def test_before_its_papers_open_a_seat_has_no_line(new_client, world):
    path = f"/cases/{world.case.id}/line"
    change(Meeting, opens_with_item=True)
    new_client().sign_in(world.care.id).page(path, status=404)
    change(Meeting, closed_at=clock.now())
    new_client().sign_in(world.care.id).page(path, status=404)
    change(Meeting, opens_with_item=False)
    new_client().sign_in(world.care.id).page(path)
    change(Meeting, closed_at=None, opens_at=clock.now() + timedelta(hours=1))
    new_client().sign_in(world.care.id).page(path, status=404)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_the_line_costs_does_not_grow(staff, world, lead):
    live_through(world)
    with counted() as once:
        staff.page(f"/cases/{world.case.id}/line")
    with builders.together():
        for day in range(60):
            builders.save(
                PhaseChange(
                    case_id=world.case.id, phase=Phase.RECOVERY, set_by_id=world.chair.id,
                    from_at=clock.now() - timedelta(days=day),
                )
            )  # fmt: skip
    with counted() as again:
        page = staff.page(f"/cases/{world.case.id}/line")
    assert page.text.count("herstel") >= 60
    assert len(again) == len(once) <= 10


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_refers_follows_the_own_referral_alone(client, world):
    sent = refer(world.table, world.police, world.police_organisation, state=ReferralState.RETURNED)
    asked_back(sent.referral, sent.case.id, world.coordinator, "Wie woont er in huis?")
    builders.item(world.meeting, sent.case)
    page = client.sign_in(world.police.id).page(f"/referrals/{sent.referral.id}")
    for words in ("Tijdlijn", "Aangemeld", "Vraag gesteld aan de aanmelder"):
        assert words in page.text
    for words in ("Geagendeerd", "Aanmelding beoordeeld", "Termijn", sent.case.reference):
        assert words not in page.text
