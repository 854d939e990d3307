"""ZSM: a referral becomes a line of the day, the prosecutor gets an advice, the case goes on."""

from sqlalchemy import select

from app.domain.kinds import CaseState, DecisionKind, DiscussionKind, TableKind, TableRoleName
from app.models import (
    AgendaItem,
    Case,
    CaseClock,
    CaseTable,
    Decision,
    ItemOutcome,
    Meeting,
    Seat,
    SeatHold,
    StandingPartner,
    Task,
)
from tests import builders, plan_tables
from tests.live import change, stored
from tests.referring import rows, sent
from tests.zsm import zsm_world


def test_zsm(app, frozen_clock, new_client):
    world = zsm_world()
    change(CaseTable, world.table.id, has_standing_seats=True)
    builders.save(StandingPartner(table_id=world.table.id, organisation_id=world.prosecution.id))
    builders.scheme(world.table)
    plan_tables.discussed_within_weeks(TableKind.ZSM, world.coordinator)
    mda = builders.table("MDA++ Deltaland", "MDA")
    receiver = builders.coordinator(world.safety, mda, "R. Ontvanger")
    officer = builders.representative(world.police, world.table, "A. Yilmaz")
    colleague = builders.person(world.police, "C. Jansen")
    builders.role(colleague, world.table, TableRoleName.REPRESENTATIVE)
    referrer, staff = new_client().sign_in(officer.id), new_client().sign_in(world.coordinator.id)

    # The police refer; the coordinator accepts and puts the case on today's list by its reference.
    referral = sent(referrer, world.table)
    (case,) = rows(select(Case))
    at = f"/triage/{referral.split('/')[2]}"
    assert staff.send(f"{at}/take-up").status_code == 303
    answer = staff.fill(f"{at}/accept", {})
    assert answer.status_code == 303, staff.last.text
    assert rows(select(CaseClock.met_at).where(CaseClock.code == "first")) == [None]
    number = {"number": case.reference, "question": "", "organisation": str(world.police.id)}
    assert staff.fill(world.today, number, action=world.today).status_code == 303
    (line,) = rows(select(AgendaItem))
    assert (line.case_id, line.discussion) == (case.id, DiscussionKind.NEW)
    (seat,) = rows(select(Seat))
    (hold,) = rows(select(SeatHold))
    assert (seat.organisation_id, hold.person_id) == (world.prosecution.id, world.prosecutor.id)

    # Advice and a condition; a second file of the day gets none.
    words = {"outcome": "advice-given", "advice": "Kanarieadvies: een gedragsaanwijzing.",
             "condition": "Kanarievoorwaarde: contactverbod."}  # fmt: skip
    assert staff.fill(f"/zsm/lines/{line.id}", words, action=str(line.id)).status_code == 303
    assert rows(select(CaseClock.met_at).where(CaseClock.code == "first")) != [None]
    other = {"number": "10-777-26", "question": "Vernieling.", "outcome": "no-advice"}
    assert staff.fill(world.today, other, action=world.today).status_code == 303
    outcomes = sorted(one.code for one in rows(select(ItemOutcome)))
    assert outcomes == ["advice-given", "no-advice"]
    kinds = [one.kind for one in rows(select(Decision).order_by(Decision.kind))]
    assert kinds == [DecisionKind.ADVICE, DecisionKind.BY_PROSECUTOR]
    assert stored(Case, case.id).state is CaseState.DISCUSSED
    for somebody in (referrer, new_client().sign_in(colleague.id)):
        assert "Kanarieadvies" not in somebody.page(referral if somebody is referrer else "/").text
        somebody.page(world.today, status=404)

    # The day is over; the prosecutor reads the advice in the own extract, never the outcome.
    (meeting,) = rows(select(Meeting))
    assert staff.send(f"/meetings/{meeting.id}/close").status_code == 303

    # And on to MDA++: it moves once that table accepts.
    to = {"to": f"table:{mda.id}", "reason": "Structureel onveilig."}
    assert staff.fill(f"/cases/{case.id}/handover", to).status_code == 303
    assert stored(Case, case.id).table_id == world.table.id
    holder = new_client().sign_in(receiver.id)
    (task,) = rows(select(Task).where(Task.person_id == receiver.id))
    holder.fill(f"/tasks/{task.id}", action="/accept")
    holder.fill(f"/tasks/{task.id}", action=f"/handovers/{task.id}/accept")
    assert stored(Case, case.id).table_id == mda.id
    counted = {one.code: one.table_id for one in rows(select(ItemOutcome))}
    assert counted == {"advice-given": world.table.id, "no-advice": world.table.id}
