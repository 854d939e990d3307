"""Staff judge what was referred: the page, the outcomes, and what the referrer gets of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.referrals import triage
from app.domain import presets
from app.domain.kind_document import dump
from app.domain.kinds import CaseState, ReferralState, TableKind
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    AuditEvent,
    Case,
    CaseClock,
    KindVersion,
    Referral,
    ReferralQuestion,
    Seat,
)
from tests import builders
from tests.seats import actor_of
from tests.triage import refer

ALL_MET = tuple(one.code for one in presets.document_of(TableKind.MDA).criteria if one.is_required)


def answered(referred, who, text: str) -> None:
    actor = actor_of(who)
    with wall.acting_as(who.id), transaction() as session:
        referral = session.get_one(Referral, referred.referral.id)
        question = session.scalars(select(ReferralQuestion.id)).one()
        triage.answer_back(session, actor, referral, question, text)


def states(referred) -> tuple:
    with reading() as session:
        return (
            session.get_one(Referral, referred.referral.id).state,
            session.get_one(Case, referred.case.id).state,
        )


def test_staff_see_what_waits_and_everything_of_one(staff, world):
    referred = refer(world.table, world.police, world.police_organisation, late="Kanarielaat")
    page = staff.page("/triage")
    assert referred.case.reference in page.text
    assert "Politie" in page.text
    page = staff.page(f"/triage/{referred.referral.id}")
    for word in (builders.QUESTION, "Kanarielaat", "A. Yilmaz"):
        assert word in page.text


def test_a_referral_goes_back_and_forth_and_is_accepted_with_who_was_wanted(
    staff, world, app, frozen_clock
):
    referred = refer(
        world.table, world.police, world.police_organisation, met=ALL_MET,
        wanted=(world.care_organisation,),
    )  # fmt: skip
    at = f"/triage/{referred.referral.id}"
    assert staff.send(f"{at}/take-up").status_code == 303
    assert states(referred) == (ReferralState.IN_TRIAGE, CaseState.IN_TRIAGE)
    assert staff.fill(f"{at}/ask", {"question": ""}).status_code == 422
    assert staff.fill(f"{at}/ask", {"question": "Kanarievraag?"}).status_code == 303
    assert states(referred) == (ReferralState.RETURNED, CaseState.RETURNED)
    assert "Kanarievraag?" in staff.page(at).text
    answered(referred, world.police, "Kanarieantwoord")
    assert states(referred) == (ReferralState.IN_TRIAGE, CaseState.IN_TRIAGE)
    page = staff.page(at)
    assert "Kanarieantwoord" in page.text
    assert f"{len(ALL_MET)} van {len(ALL_MET)} verplichte criteria" in page.text
    meeting = builders.meeting(world.table, starts_at=clock.now() + timedelta(days=9))
    sent = staff.fill(
        f"{at}/accept",
        {"meeting": str(meeting.id), "partners": [str(world.care_organisation.id)],
         "message": "Kanariebericht"},
    )  # fmt: skip
    assert sent.status_code == 303
    assert states(referred) == (ReferralState.ACCEPTED, CaseState.ON_AGENDA)
    with reading() as session:
        seat = session.scalars(
            select(Seat).join(AgendaItem).where(AgendaItem.case_id == referred.case.id)
        ).one()
        assert seat.is_proposed
        assert seat.organisation_id == world.care_organisation.id
        ran = session.scalars(select(CaseClock).where(CaseClock.case_id == referred.case.id)).all()
    assert [one.met_by_id for one in ran] == [world.coordinator.id]
    assert "Kanariebericht" in staff.page(at).text
    for act in ("ask", "accept", "decline", "join"):
        assert staff.get(f"{at}/{act}").status_code == 422


def test_what_misses_a_required_criterion_asks_why_and_the_reason_is_recorded(staff, world):
    referred = refer(world.table, world.police, world.police_organisation, family_informed=None)
    assert (
        f"{len(ALL_MET)} verplichte criteria, het huishouden, of het gezin het weet"
        in staff.page(f"/triage/{referred.referral.id}").text
    )
    at = f"/triage/{referred.referral.id}/accept"
    assert staff.fill(at).status_code == 422
    assert states(referred)[0] is ReferralState.SENT
    assert staff.fill(at, {"reason": "Kanariereden"}).status_code == 303
    assert states(referred) == (ReferralState.ACCEPTED, CaseState.ACCEPTED)
    with reading() as session:
        line = session.scalars(
            select(AuditEvent).where(
                AuditEvent.object_kind == "referral", AuditEvent.outcome == "accepted"
            )
        ).one()
    assert line.sealed_reason
    assert b"Kanariereden" not in line.sealed_reason


@pytest.mark.parametrize("state", [ReferralState.ADVISED, ReferralState.REFUSED])
def test_advice_and_refusal_are_addressed_to_the_referrer_and_end_the_case(staff, world, state):
    referred = refer(world.table, world.police, world.police_organisation)
    at = f"/triage/{referred.referral.id}/decline"
    assert staff.fill(at, {"state": state.value, "message": ""}).status_code == 422
    assert staff.fill(at, {"state": state.value, "message": "Kanarieuitkomst"}).status_code == 303
    assert states(referred) == (state, CaseState.REFUSED)
    with reading() as session:
        kept = session.get_one(Case, referred.case.id)
        told = session.scalars(
            select(OutboxRow).where(OutboxRow.kind == triage.TELL_REFERRER)
        ).one()
    assert kept.closed_at == clock.now()
    assert "Kanarie" not in told.payload
    assert referred.case.reference not in told.payload


def test_a_double_is_closed_and_the_other_case_is_found_only_by_who_may_see_it(staff, world):
    referred = refer(world.table, world.police, world.police_organisation)
    at = f"/triage/{referred.referral.id}/join"
    elsewhere = builders.case(world.other_table, world.police_organisation)
    barred = builders.case(world.table, world.police_organisation)
    builders.exclusion(world.coordinator, barred, world.chair)
    answers = {
        staff.fill(at, {"reference": one}).text.replace(one, "X").split("csrf_token")[0]
        for one in (elsewhere.reference, barred.reference, "MDA-99999", referred.case.reference)
    }
    assert len(answers) == 1
    assert staff.fill(at, {"reference": world.case.reference.lower()}).status_code == 303
    assert states(referred) == (ReferralState.ACCEPTED, CaseState.CLOSED)


def test_nobody_else_reaches_it_and_who_is_barred_finds_no_trace(new_client, world):
    referred = refer(world.table, world.police, world.police_organisation)
    builders.exclusion(world.coordinator, referred.case, world.chair)
    at = f"/triage/{referred.referral.id}"
    for who in (world.coordinator, world.stranger, world.police, world.administrator):
        visitor = new_client().sign_in(who.id)
        for path in (at, f"{at}/accept", f"{at}/ask", f"{at}/decline", f"{at}/join"):
            assert visitor.get(path).status_code in {403, 404}, (who.name, path)
        assert visitor.send(f"{at}/take-up").status_code in {403, 404}
        if who.id in (world.coordinator.id, world.stranger.id):
            assert referred.case.reference not in visitor.page("/triage").html
    assert states(referred)[0] is ReferralState.SENT


def test_the_referrer_withdraws_while_it_waits_and_staff_read_why(staff, world):
    referred = refer(world.table, world.police, world.police_organisation)
    actor = actor_of(world.police)
    with wall.acting_as(world.police.id), transaction() as session:
        triage.withdraw(
            session, actor, session.get_one(Referral, referred.referral.id), "Kanarieweg"
        )
    assert states(referred) == (ReferralState.WITHDRAWN, CaseState.CLOSED)
    page = staff.page(f"/triage/{referred.referral.id}")
    assert "Reden van intrekken" in page.text
    assert "Kanarieweg" in page.text


def test_what_somebody_called_about_starts_where_every_referral_does(staff, world, new_client):
    builders.save(
        KindVersion(
            kind_code="mda", number=1, from_at=clock.now(), made_at=clock.now(),
            document=dump(presets.SHIPPED["mda"]), made_by_id=world.administrator.id,
        )
    )  # fmt: skip
    filled = {
        "table": str(world.table.id), "question": builders.QUESTION, "channel": "telefoon",
        "organisation": str(world.care_organisation.id), "caller": str(world.police.id),
    }  # fmt: skip
    assert staff.fill("/cases/new", filled).status_code == 422
    filled["organisation"] = str(world.police_organisation.id)
    assert staff.fill("/cases/new", filled).status_code == 303
    with reading() as session:
        made = session.scalars(select(Referral)).one()
        case = session.get_one(Case, made.case_id)
        line = session.scalars(
            select(AuditEvent).where(
                AuditEvent.object_kind == "referral", AuditEvent.event == "add"
            )
        ).one()
    assert (made.state, case.state) == (ReferralState.SENT, CaseState.REFERRED)
    assert line.on_behalf_of_id == world.police.id
    assert made.due_at
    assert made.kind_version == 1
    assert case.reference in staff.page("/triage").text
    assert "telefoon" in staff.page(f"/triage/{made.id}").text
    assert case.reference not in new_client().sign_in(world.police.id).page("/referrals").html
    at = f"/triage/{made.id}"
    said = {"urgency": "acute", "met": list(ALL_MET), "informed": "no"}
    assert staff.fill(at, said, action=at).status_code == 422, "why the family does not know"
    assert staff.fill(at, {**said, "why_not": "Kanariegevaar"}, action=at).status_code == 303
    page = staff.page(at).text
    assert f"{len(ALL_MET)} van {len(ALL_MET)} verplichte criteria" in page
    assert "Kanariegevaar" in page
    assert "acuut: vandaag" in page
    assert "verplichte criteria," not in page
    assert "of het gezin het weet" not in page
    written = refer(world.table, world.police, world.police_organisation)
    assert "Wat de beller zegt" not in staff.page(f"/triage/{written.referral.id}").text
    assert staff.send(f"/triage/{written.referral.id}", said).status_code == 422
