"""Actie-overleg: what is referred in the morning has an order of straf and zorg by the hour, and is done."""

from datetime import timedelta

from sqlalchemy import select

from app.domain.kinds import ActionState, Chain, OrganisationKind, PresenceState, TableKind
from app.infra import clock
from app.models import Action, AgendaItem, Case, ItemOutcome, Meeting, Seat
from tests import builders
from tests.live import change, stored
from tests.referring import rows, sent
from tests.seats import later


def test_action_table(app, frozen_clock, new_client):
    table = builders.table("Actie-overleg Deltaland", "AGO", kind=TableKind.ACTION)
    builders.scheme(table)
    police = builders.organisation("POL", OrganisationKind.POLICE, name="Politie")
    safety = builders.organisation("VT", OrganisationKind.VEILIG_THUIS, name="Veilig Thuis")
    for one in (police, safety):
        builders.covenant(one, table)
    leader = builders.chair(safety, table, "M. de Graaf")
    officer = builders.representative(police, table, "A. Yilmaz")
    helper = builders.representative(safety, table, "T. Mulder")
    staff, holder = new_client().sign_in(leader.id), new_client().sign_in(officer.id)

    # The police refer in the morning; it is accepted for the meeting of that afternoon.
    afternoon = builders.published(table, starts_at=clock.now() + timedelta(hours=3))
    referral = sent(holder, table)
    at = f"/triage/{referral.split('/')[2]}"
    staff.send(f"{at}/take-up")
    answer = staff.fill(f"{at}/accept", {"meeting": str(afternoon.id)})
    assert answer.status_code == 303, staff.last.text
    (case,), (item,) = rows(select(Case)), rows(select(AgendaItem))
    seats = [builders.seat(item, police, officer), builders.seat(item, safety, helper)]
    later(hours=3)
    staff.sign_in(leader.id)
    holder.sign_in(officer.id)
    change(Meeting, afternoon.id, started_at=clock.now())
    for seat in seats:
        builders.acceptance(officer if seat is seats[0] else helper, afternoon)
        change(Seat, seat.id, presence=PresenceState.PRESENT)

    # Who does what, when, in which order: by the line, in hours and in days.
    staff.send(f"/items/{item.id}/open")
    line = f"/meetings/{afternoon.id}/items/{item.id}/capture"
    for text in ("Aanhouden buiten heterdaad @pol >+4u", "Opvang regelen @vt >+1d"):
        told = staff.send(line, {"line": text, "seen": text, "sign": "a"})
        assert told.status_code == 303, told.text
    first, second = rows(select(Action).order_by(Action.step))
    assert [one.chain for one in (first, second)] == [Chain.JUSTICE, Chain.CARE]
    assert first.due_at == clock.now() + timedelta(hours=4)
    order = f"/cases/{case.id}/interventions"
    assert staff.send(f"/actions/{second.id}/step", {"to": "up"}).status_code == 303
    text = staff.page(order).text
    assert text.index("Opvang regelen") < text.index("Aanhouden buiten heterdaad")
    staff.send(f"/items/{item.id}/finish")
    finished = f"/items/{item.id}/finished"
    assert staff.fill(finished, {"outcome": "order-agreed"}).status_code == 303
    assert [one.code for one in rows(select(ItemOutcome))] == ["order-agreed"]

    # The police see the own step with its hour, and nothing of the other's.
    mine = f"/my-actions/{first.id}"
    seen = holder.page(mine).text
    assert "stap 2" in seen
    assert f"{clock.today():%d-%m-%Y}, 17.00" in seen
    assert "Opvang" not in seen + holder.page("/my-actions").text
    holder.page(order, status=404)
    later(hours=4, minutes=1)
    staff.sign_in(leader.id)
    holder.sign_in(officer.id)
    assert "te laat" in holder.page(mine).text
    assert "te laat" in staff.page(order).text
    assert holder.fill(mine, {"state": "done"}).status_code == 303
    assert stored(Action, first.id).state is ActionState.DONE
    assert "te laat" not in staff.page(order).text
    assert "Geaccepteerd" in holder.page(referral).text
